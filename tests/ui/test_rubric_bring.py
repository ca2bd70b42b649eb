"""A rubric that is brought: its reading, what is asked for, suggestions, and a trial."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.domain.grade import CriterionGrade, Evidence, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.exchange.rubrics.read import read_pasted
from tutor_app.ui import resources
from tutor_app.ui.instructor.rubric_reading import reading_html
from tutor_app.ui.session import Bringing

Page = Callable[..., Any]
TABLE = (
    "Leaf\nCriteria\tClear\tMissing\n"
    "Water\tSays that water leaves the cells\tSays nothing of it\n"
    "Salt\tSays that there is more salt outside\tSays nothing of it"
)
RUBRIC = "mechanics-airbag"


def test_a_pasted_table_is_read_and_goes_on_in_the_editor_with_the_points_given(
    page: Page, server: Path
) -> None:
    screen = page("instructor.rubrics", "instructor").click("Bring a rubric")
    screen.test.text_area(key="rubric-table").set_value(TABLE).run()
    screen.click("Read the table")
    assert "2 criteria, no points yet" in screen.text
    assert "the question that is judged" in screen.text
    screen.test.number_input(key="points-0").set_value(2.0).run()
    screen.test.number_input(key="points-1").set_value(0.0).run()
    screen.click("Go on in the editor")
    assert screen.session.bringing is None
    draft = screen.session.drafts["rubric", "", ""].draft
    assert [c["points"] for c in draft["criteria"]] == [2.0, 2.0]
    assert [v["points"] for v in draft["criteria"][1]["levels"]] == [2.0, 0.0]
    assert "2 fields to fill in, then it can be saved" in screen.text
    assert not (server / "rubrics").exists()


def test_what_cannot_be_read_is_told_and_the_box_stays(page: Page) -> None:
    screen = page("instructor.rubrics", "instructor", bringing=Bringing())
    screen.test.text_area(key="rubric-table").set_value("just a sentence").run()
    screen.click("Read the table")
    assert "no columns were found" in screen.text
    assert screen.test.text_area(key="rubric-table").value == "just a sentence"


def test_a_suggestion_becomes_an_idea_only_when_it_is_taken(page: Page) -> None:
    screen = page(
        "instructor.rubrics", "instructor", desks={"rubrics": ("rubric", "", RUBRIC)},
        part="Criteria",
    )  # fmt: skip
    editing = screen.session.drafts["rubric", "", RUBRIC]
    editing.draft["criteria"][0]["key_elements"] = []
    screen.test.run()
    offered = [button for button in screen.test.button if button.label == "Take"]
    assert offered
    assert editing.draft["criteria"][0]["key_elements"] == [], "a suggestion is no idea yet"
    offered[0].click().run()
    assert not screen.test.exception
    (idea,) = editing.draft["criteria"][0]["key_elements"]
    assert idea["text"].endswith(".")
    assert idea["text"] in screen.text or any(
        box.value == idea["text"] for box in screen.test.text_area
    )


class ScriptedGrader:
    """Finds the first word of an answer in it, and is 82 % sure."""

    def grade(self, submission: Submission, rubric: Rubric) -> Grade:
        word = submission.text.split()[0]
        first, *others = rubric.criteria
        met = CriterionGrade(
            criterion=first.id, level=first.levels[0].title, auto_score=first.points,
            evidence=(Evidence(start=0, end=len(word), quote=word),), confidence=0.82,
            needs_review=False,
        )  # fmt: skip
        unmet = [CriterionGrade(criterion=c.id, level="-", auto_score=0.0) for c in others]
        return Grade(
            submission=submission.id, rubric=rubric.id, rubric_hash=rubric.digest,
            grader="scripted", criteria=(met, *unmet),
        )  # fmt: skip


def test_three_answers_are_scored_with_the_rubric_as_it_stands(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resources, "grader", ScriptedGrader)
    screen = page(
        "instructor.rubrics", "instructor", desks={"rubrics": ("rubric", "", RUBRIC)},
        part="Try it",
    )  # fmt: skip
    boxes = [box for box in screen.test.text_area if box.label.startswith("Answer")]
    assert len(boxes) == 3
    boxes[1].set_value("Longer stop, smaller force.").run()
    assert not screen.test.exception
    rubric = resources.catalogue().rubric(RUBRIC)
    worth, most = rubric.criteria[0].points, rubric.max_points
    assert f"{worth:g} of {most:g} points proposed" in screen.text
    assert "82\u00a0% sure" in screen.text
    assert "“Longer”" in screen.text
    assert "would be looked at" in screen.text


def test_the_reading_shows_cells_of_the_file_as_text_and_nothing_of_it_acts() -> None:
    (reading,) = read_pasted(
        "Criteria\tGood (1)\tBad (0)\n<img src=x onerror=alert(1)>\t<b>all</b>\tnone\nTotal\t1\t"
    )
    html = reading_html(reading)
    assert "<img" not in html
    assert "&lt;b&gt;all&lt;/b&gt;" in html
    assert "Left out: a total" in html
    assert html.count("<td") == 1 + 3 * 3, "the corner, and three rows of three cells"
