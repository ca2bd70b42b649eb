from pathlib import Path
from shutil import copytree

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import check_course, check_rubric
from tutor_app.courses.yaml_files import MistakesError
from tutor_app.errors import NotFoundError

CHECKOUT = Path(__file__).parents[2]
COURSE = """\
id: tiny
title: Tiny
licence: CC BY 4.0
skills:
  - {id: energy, title: Energy}
"""
ITEM = """\
id: drop
title: Drop
prompt: A ball falls [[h]]. How fast does it land?
skills: [energy]
quantities: {h: 20 m, g: 9.8 m/s^2}
answer: {kind: numeric, value: speed, unit: m/s}
steps:
  - {id: speed, goal: Get the speed, value: sqrt(2*g*h), unit: m/s}
misconceptions:
  - {id: no-root, title: No root, value: 2*g*h, question: 'Is [[yours]] a speed?'}
hints:
  - {level: nudge, text: What does it lose on the way?, cite: 'n#Falling'}
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    folder = tmp_path / "courses" / "tiny"
    (folder / "items").mkdir(parents=True)
    (folder / "notes").mkdir()
    (folder / "course.yaml").write_text(COURSE)
    (folder / "items" / "drop.yaml").write_text(ITEM)
    (folder / "notes" / "n.md").write_text("# N\n\n## Falling\n\nThings fall.\n")
    return folder


def report(folder: Path) -> list[str]:
    catalogue = Catalogue([folder.parent], [folder.parent / "rubrics"])
    found = check_course(catalogue, folder.name).mistakes
    return [str(m).removeprefix(str(folder)).lstrip("/") for m in found]


def edit(folder: Path, old: str, new: str) -> None:
    path = folder / "items" / "drop.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_sound_course_has_no_mistakes(tiny: Path) -> None:
    assert report(tiny) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("title: Drop", "titel: Drop", 1, "title: is missing"),
        ("skills: [energy]", "skills: [heat]", 4, "no skill 'heat'"),
        ("[[h]]", "[[x]]", 3, "x"),
        ("value: sqrt(2*g*h)", "value: sqrt(2*g*k)", 8, "k"),
        ("value: sqrt(2*g*h)", "value: 2*g*h", 8, ""),
        ("value: 2*g*h,", "value: sqrt(2*g*h),", 10, "the right answer"),
        ("'n#Falling'", "'n#Flying'", 12, "no section"),
        ("What does it lose on the way?", "Why? And how?", 12, "more than one question"),
        ("What does it lose on the way?", "so " * 46, 12, "46 words"),
        ("id: drop", "id: dropped", 1, "the file is"),
    ],
)
def test_a_mistake_names_its_file_and_line(
    tiny: Path, old: str, new: str, line: int, says: str
) -> None:
    edit(tiny, old, new)
    found = report(tiny)
    assert len(found) >= 1
    assert found[0].startswith(f"items/drop.yaml:{line}:")
    assert says in found[0]


def test_all_mistakes_of_all_files_come_in_one_run(tiny: Path) -> None:
    edit(tiny, "title: Drop", "titel: Drop")
    edit(tiny, "skills: [energy]", "skills: energy")
    (tiny / "course.yaml").write_text(COURSE.replace("licence", "license"))
    found = report(tiny)
    assert len(found) >= 4
    assert any("titel: unknown key" in line for line in found)


def test_a_file_that_is_not_yaml_says_where(tiny: Path) -> None:
    edit(tiny, "quantities: {h", "quantities: {{h")
    assert report(tiny)[0].startswith("items/drop.yaml:")
    assert "not YAML" in report(tiny)[0]


def test_a_key_given_twice_is_a_mistake(tiny: Path) -> None:
    edit(tiny, "title: Drop", "title: Drop\ntitle: Drop again")
    assert "not YAML" in report(tiny)[0]


def test_an_unknown_course_lists_the_known_ones_with_the_nearest(tiny: Path) -> None:
    with pytest.raises(NotFoundError, match="Did you mean 'tiny'"):
        Catalogue([tiny.parent], []).course("tinny")


def test_the_users_own_course_wins_over_the_shipped_one(tiny: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "tiny"
    copytree(tiny, own)
    (own / "course.yaml").write_text(COURSE.replace("title: Tiny", "title: Mine"))
    assert Catalogue([own.parent, tiny.parent], []).course("tiny").course.title == "Mine"


def test_every_shipped_course_and_rubric_is_sound_and_complete() -> None:
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    for course_id in catalogue.course_ids():
        found = check_course(catalogue, course_id)
        assert (found.mistakes, found.gaps) == ((), ())
    for rubric_id in catalogue.rubric_ids():
        assert check_rubric(catalogue, rubric_id) == ()


def test_the_mechanics_course_is_as_large_as_it_says() -> None:
    loaded = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"]).course("mechanics")
    assert len(loaded.items) >= 30
    assert sum(item.answer.kind == "text" for item in loaded.items.values()) >= 6
    assert len(loaded.notes) >= 12
    assert all(len(note.read_text().split()) >= 800 for note in loaded.notes)


def test_the_cell_biology_course_is_as_large_as_it_says() -> None:
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    loaded = catalogue.course("cell-biology")
    rubrics = [catalogue.rubric(f"cell-biology-{item_id}") for item_id in loaded.items]
    kinds = [criterion.type for rubric in rubrics for criterion in rubric.criteria]
    assert len(rubrics) >= 30
    assert len(loaded.notes) >= 10
    assert all(len(note.read_text().split()) >= 800 for note in loaded.notes)
    assert kinds.count("penalty") >= 4
    assert "holistic" in kinds


def test_the_python_course_is_as_large_as_it_says() -> None:
    loaded = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"]).course(
        "python-basics"
    )
    kinds = [item.answer.kind for item in loaded.items.values()]
    assert kinds.count("code") >= 20
    assert kinds.count("text") >= 12
    assert {skill for item in loaded.items.values() for skill in item.skills} == {
        skill.id for skill in loaded.course.skills
    }
    assert len(loaded.notes) >= 10
    assert all(len(note.read_text().split()) >= 800 for note in loaded.notes)


def test_a_rubric_whose_levels_do_not_add_up_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "r.yaml").write_text(
        "id: r\ntitle: R\nversion: 1\nquestion: Why?\nreference_answers: [Because.]\n"
        "criteria:\n  - id: a\n    title: A\n    points: 2\n    levels:\n"
        "      - {title: Yes, points: 1, description: good}\n"
        "      - {title: No, points: 0, description: bad}\n"
    )
    found = check_rubric(Catalogue([], [tmp_path]), "r")
    assert "worth 2 points" in str(found[0])


def test_a_mistake_in_a_course_raises_with_the_list(tiny: Path) -> None:
    edit(tiny, "title: Drop", "titel: Drop")
    with pytest.raises(MistakesError) as raised:
        Catalogue([tiny.parent], []).course("tiny")
    assert len(raised.value.mistakes) >= 2


FLOW = """\
id: drop
title: Flow
prompt: A channel has a cross section of 6 m². Water runs at 3 m/s. What is the discharge?
skills: [energy]
quantities: {A: 6 m^2, v: 3 m/s}
answer: {kind: numeric, value: A*v, unit: m^3/s}
steps:
  - {id: law, goal: Name the law, work: 'Q = A v.'}
  - {id: flow, goal: Get it, value: A*v, unit: m^3/s, work: 'Q = 6 m² · 3 m/s = 18 m³/s.'}
parallel: {quantities: {A: 5 m^2, v: 2 m/s}}
"""
SLOTTED = FLOW.replace("cross section of 6 m²", "cross section of [[A]]").replace(
    "6 m² · 3 m/s = 18 m³/s", "[[A]] · [[v]] = [[flow]]"
)


def test_a_similar_item_that_reads_the_same_as_the_item_is_a_mistake(tiny: Path) -> None:
    path = tiny / "items" / "drop.yaml"
    path.write_text(FLOW)
    found = report(tiny)
    assert [line.split(": ")[0:2] for line in found] == [
        ["items/drop.yaml:3", "prompt"],
        ["items/drop.yaml:9", "steps.2.work"],
    ]
    assert all("reads the same" in line and "[[A]]" in line for line in found)
    path.write_text(SLOTTED)
    assert report(tiny) == [], "the law may stand in both"


def test_worked_lines_with_the_items_own_numbers_are_a_mistake(tiny: Path) -> None:
    half = SLOTTED.replace("[[A]] · [[v]] = [[flow]]", "6 m² · 3 m/s = 18 m³/s")
    (tiny / "items" / "drop.yaml").write_text(half)
    assert [line.split(": ")[1] for line in report(tiny)] == ["steps.2.work"]


def test_a_similar_item_written_out_that_is_the_item_itself_is_a_mistake(tiny: Path) -> None:
    own = "parallel: {prompt: 'A channel has a cross  section of [[A]]', answer: x}"
    text = SLOTTED[: SLOTTED.index("parallel:")]
    (tiny / "items" / "drop.yaml").write_text(
        text + own.replace("[[A]]", "6 m². Water runs at 3 m/s. What is the discharge?")
    )
    assert [line.split(": ")[1] for line in report(tiny)] == ["parallel.prompt"]


@pytest.mark.parametrize(
    ("level", "text", "tells"),
    [
        ("nudge", "The answer is 18 m³/s.", True),
        ("concept", "Is it 18000 l/s?", True),
        ("answer", "The answer is 18 m³/s.", False),
        ("nudge", "What are 6 m² at 3 m/s?", False),
        ("nudge", "Look at page 18 of the notes.", False),
    ],
)
def test_a_hint_that_states_the_answer_below_its_level_is_a_gap(
    tiny: Path, level: str, text: str, tells: bool
) -> None:
    hint = f"hints:\n  - {{level: {level}, step: flow, text: '{text}'}}\n"
    (tiny / "items" / "drop.yaml").write_text(SLOTTED + hint)
    catalogue = Catalogue([tiny.parent], [tiny.parent / "rubrics"])
    told = [gap for gap in check_course(catalogue, "tiny").gaps if "answer away" in gap.message]
    assert len(told) == tells


def test_a_hint_that_states_the_whole_right_option_is_a_gap(tiny: Path) -> None:
    options = "[{id: a, text: It rises}, {id: b, text: It falls}]"
    answer = f"{{kind: choice, correct: b, options: {options}}}"
    text = SLOTTED.replace("{kind: numeric, value: A*v, unit: m^3/s}", answer)
    text = text[: text.index("parallel:")] + "hints:\n"
    (tiny / "items" / "drop.yaml").write_text(
        text
        + "  - {level: nudge, text: 'Think again: it falls.'}\n"
        + "  - {level: nudge, text: 'Which way does it go?'}\n"
    )
    catalogue = Catalogue([tiny.parent], [tiny.parent / "rubrics"])
    gaps = [str(gap) for gap in check_course(catalogue, "tiny").gaps]
    assert [gap for gap in gaps if "answer away" in gap] == [
        "drop: hint 1 gives the answer away; it will not be said to students"
    ]
