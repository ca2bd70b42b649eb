"""The course page: skills as a picture, what is missing, estimates, and a course of one's own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.coverage import skill_graph
from tutor_app.domain.course import Course
from tutor_app.errors import ContentError
from tutor_app.ui import resources
from tutor_app.ui.instructor.new_course import make_course
from tutor_app.ui.instructor.skill_map import dot, graph_sentence
from tutor_app.ui.session import Session

Page = Callable[..., Any]


@pytest.fixture
def small(server: Path) -> Path:
    """A course with two skills, one of them without items, and one bare item."""
    folder = server / "courses" / "small"
    (folder / "items").mkdir(parents=True)
    (folder / "course.yaml").write_text(
        "id: small\ntitle: Small\nlicence: CC0\nskills: [{id: a, title: Adding}, "
        "{id: b, title: Taking away, prerequisites: [a]}]\n"
    )
    (folder / "items" / "one.yaml").write_text(
        "id: one\ntitle: One and one\nprompt: What is 1 + 1?\nskills: [a]\n"
        "answer: {kind: numeric, value: '2'}\nsteps: [{id: s, goal: Add}]\n"
    )
    return folder


def test_the_picture_of_skills_says_what_it_shows(page: Page) -> None:
    screen = page("instructor.course", "instructor", view="Skills")
    assert "An arrow leads from a skill to one that needs it" in screen.text
    assert "Students begin with Motion and its graphs" in screen.text


def test_a_skill_without_items_is_dashed_and_titles_cannot_break_the_picture() -> None:
    course = Course.model_validate(
        {
            "id": "c",
            "title": "C",
            "licence": "CC0",
            "skills": [
                {"id": "a", "title": 'Say "x\\n" ]; evil'},
                {"id": "b", "title": "B", "prerequisites": ["a"]},
                {"id": "c", "title": "Alone"},
            ],
        }
    )
    graph = skill_graph(course, [])
    drawn = dot(graph, dark=True)
    assert drawn.count("dashed") == 2
    assert '"a" -> "b";' in drawn
    assert 'Say "x' not in drawn
    sentence = graph_sentence(graph, 3)
    assert "2 dashed skills have no items" in sentence
    assert "1 skill is not tied to others" in sentence


def test_more_skills_than_can_be_read_are_left_to_the_table() -> None:
    skills = [{"id": "s0", "title": "S0"}] + [
        {"id": f"s{n}", "title": f"S{n}", "prerequisites": [f"s{n - 1}"]} for n in range(1, 100)
    ]
    course = Course.model_validate({"id": "c", "title": "C", "licence": "CC0", "skills": skills})
    graph = skill_graph(course, [], most=60)
    assert (len(graph.nodes), graph.left_out, len(graph.edges)) == (60, 40, 59)


def test_a_gap_leads_to_the_place_to_fill_it(page: Page, small: Path) -> None:
    screen = page("instructor.course", "instructor", course_id="small", view="Coverage")
    assert "Taking away" in screen.text
    kinds = screen.test.selectbox[0]
    kinds.select(next(o for o in kinds.options and ["Items without hints"])).run()
    screen.click("Fill it in")
    assert screen.session.desk("course") == ("item", "small", "one")
    assert screen.session.part == "Hints"


def test_an_item_that_students_are_not_given_says_so_wherever_it_is_listed(
    page: Page, small: Path
) -> None:
    one = small / "items" / "one.yaml"
    one.write_text(one.read_text() + "not_askable: needs figure1.gif\n")
    contents = page("instructor.course", "instructor", course_id="small")
    assert contents.test.warning[0].value.replace("\\", "") == (
        "Students are not given this item: it needs figure1.gif."
    )
    assert "1 of 1 cannot be given to students" in contents.text
    screen = page("instructor.course", "instructor", course_id="small", view="Coverage")
    assert "1 of 1 item is not given to students" in screen.text
    assert "Nothing here keeps students from working" not in screen.text
    screen.test.selectbox[0].select("Items that students cannot be given").run()
    assert "Fill it in" not in [button.label for button in screen.test.button]
    screen.click("Edit")
    assert screen.session.part == "Sources"


def test_a_skill_without_items_leads_to_a_new_item_for_it(page: Page, small: Path) -> None:
    screen = page("instructor.course", "instructor", course_id="small", view="Coverage")
    screen.click("Write an item")
    assert screen.test.multiselect[0].value == ["b"]


def test_a_complete_course_says_so(page: Page) -> None:
    screen = page("instructor.course", "instructor", view="Coverage")
    assert "No optional part is missing: each of 36 items" in screen.text


def test_estimates_are_labelled_as_what_they_are(page: Page) -> None:
    screen = page("instructor.course", "instructor", view="Coverage")
    assert "It says nothing about real students" in screen.text
    assert not screen.test.dataframe
    screen.click("Estimate")
    table = screen.test.dataframe[0].value
    assert len(table) == len(resources.catalogue().course("mechanics").items)
    assert "n = 200" in " ".join(table.columns)
    assert (table["Not told apart"] == "not run").sum() == 8
    assert "is solved least often by 200 simulated learners" in screen.text


def test_skills_are_changed_without_yaml(page: Page, small: Path) -> None:
    screen = page("instructor.course", "instructor", course_id="small", view="Skills")
    screen.click("Change the skills").click("Add a skill")
    titles = [one for one in screen.test.text_input if one.label == "Title"]
    titles[2].input("Multiplying").run()
    screen.test.multiselect[2].select("b").run()
    screen.click("Save")
    resources.reload_files()
    skill = resources.catalogue().course("small").course.skills[2]
    assert (skill.id, skill.prerequisites) == ("multiplying", ["b"])


def test_a_skill_that_is_used_cannot_be_taken_out(page: Page, small: Path) -> None:
    screen = page("instructor.course", "instructor", course_id="small", view="Skills")
    screen.click("Change the skills")
    screen.test.menu_button[0].click("Remove").run()
    assert "1 of the items" in screen.text
    screen.click("Put the row back")
    assert "of the items" not in screen.text


def test_a_new_course_begins_with_its_skills(server: Path) -> None:
    session = Session()
    make_course(session, " Wave Optics ")
    assert session.course_id == "wave-optics"
    assert session.desk("course") == ("course", "wave-optics", "wave-optics")
    assert resources.catalogue().course("wave-optics").course.title == "Wave Optics"


@pytest.mark.parametrize(("title", "says"), [("???", "some letters"), ("Mechanics", "exists")])
def test_a_course_that_cannot_be_made_says_why(title: str, says: str, server: Path) -> None:
    with pytest.raises(ContentError, match=says):
        make_course(Session(), title)


def test_an_empty_course_says_what_will_be_here(page: Page, small: Path) -> None:
    (small / "items" / "one.yaml").unlink()
    screen = page("instructor.course", "instructor", course_id="small")
    assert "Items will be listed here" in screen.text
