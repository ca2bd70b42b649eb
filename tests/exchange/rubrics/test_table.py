"""Rubrics in tables of all the shapes that people make, pasted as text."""

import pytest

from tutor_app.errors import DocumentError
from tutor_app.exchange.rubrics.read import read_pasted, read_rubrics
from tutor_app.exchange.rubrics.reading import RubricReading

Levels = list[list[tuple[str, float | None, str]]]


def only(text: str) -> RubricReading:
    (reading,) = read_pasted(text)
    return reading


def levels(reading: RubricReading) -> Levels:
    return [[(v.title, v.points, v.description) for v in c.levels] for c in reading.rubric.criteria]


ABC: Levels = [[("Excellent", 4.0, "a"), ("Good", 3.0, "b"), ("Poor", 0.0, "none")]]


@pytest.mark.parametrize(
    "text",
    [
        "Criteria\tExcellent (4)\tGood (3)\tPoor (0)\nContent\ta\tb\tnone",
        "Criteria\tExcellent 4 points\tGood 3 pts\tPoor 0 pts.\nContent\ta\tb\tnone",
        "Aspect\t4 - Excellent\t3: Good\t0 – Poor\nContent\ta\tb\tnone",
        "Criteria\tExcellent\tGood\tPoor\nContent\t(4 pts) a\tb [3]\t0 points: none",
        "Criteria\tExcellent\tGood\tPoor\n\t4\t3\t0\nContent\ta\tb\tnone",
        "Criteria\tExcellent\tGood\tPoor\nPoints\t4\t3\t0\nContent\ta\tb\tnone",
        "Criteria;Poor (0);Good (3);Excellent (4)\nContent;none;b;a",
        "| Criteria | Excellent (4) | Good (3) | Poor (0) |\n|---|:-:|---|---|\n"
        "| **Content** | a | b | none |",
        "Criteria   Excellent (4)   Good (3)   Poor (0)\nContent   a   b   none",
        "Criteria\tMax\tExcellent 100%\tGood 75%\tPoor 0%\nContent\t4\ta\tb\tnone",
        "Criterion\tLevel\tPoints\tDescription\nContent\tExcellent\t4\ta\n\tGood\t3\tb\n"
        "\tPoor\t0\tnone",
        "Criterion\tLevel\tPoints\tDescription\nContent\tExcellent\t4\ta\nContent\tGood\t3\tb\n"
        "Content\tPoor\t0\tnone",
        "Level\tContent\tLanguage\n4 Excellent\ta\tx\n3 Good\tb\ty\n0 Poor\tnone\tz",
        "Criteria\tExcellent (4-3.5)\tGood (3 to 1)\tPoor (0)\nContent\ta\tb\tnone",
        "Criteria\tExcellent (4)\tGood (3)\tPoor (0)\nContent\ta\tb\tnone\nTotal\t4\t\t",
        "Criteria\tExcellent (4)\tGood (3)\tPoor (0)\nContent\ta\tb\tnone\nTotal: 4 points\t\t\t",
    ],
)  # fmt: skip
def test_tables_of_many_shapes_say_the_same(text: str) -> None:
    reading = only(text)
    assert levels(reading)[:1] == ABC
    assert reading.rubric.criteria[0].title == "Content"
    assert reading.rubric.criteria[0].points == 4.0


def test_one_scale_for_the_whole_answer_is_holistic() -> None:
    for text in ("Score\tDescription\n2\tall\n1\thalf\n0\tnothing", "2\t1\t0\nall\thalf\tnothing"):
        reading = only(text)
        assert reading.rubric.criteria[0].type == "holistic"
        assert levels(reading) == [
            [("2 points", 2.0, "all"), ("1 point", 1.0, "half"), ("0 points", 0.0, "nothing")]
        ]


def test_a_list_of_points_becomes_criteria_that_are_met_or_not() -> None:
    reading = only("Names osmosis\t2\nSays where to\t1\nSpelling\t-1")
    assert [(c.type, c.points) for c in reading.rubric.criteria] == [
        ("levels", 2.0), ("levels", 1.0), ("penalty", -1.0),
    ]  # fmt: skip
    assert levels(reading)[0] == [
        ("Shown", 2.0, "Names osmosis"), ("Not shown", 0.0, "Not so: Names osmosis"),
    ]  # fmt: skip
    assert "There are no levels" in reading.remarks[0]


def test_every_cell_says_what_it_became() -> None:
    reading = only(
        "Essay\nQuestion: Why?\nCriteria,Good (2),Poor (0),Comments\nIdeas,many,none,look twice\n"
        "Total,2,,"
    )
    assert {cell.place: cell.became for cell in reading.cells} == {
        "A1": "title of the rubric",
        "A2": "the question",
        "A3": "heading",
        "B3": "level “Good”, 2 points",
        "C3": "level “Poor”, 0 points",
        "D3": "heading",
        "A4": "the criterion “Ideas”",
        "B4": "level “Good” of “Ideas”, 2 points",
        "C4": "level “Poor” of “Ideas”, 0 points",
        "D4": "note for graders of “Ideas”",
        "A5": "a total; the program sums the points itself",
        "B5": "a total; the program sums the points itself",
    }
    assert reading.rubric.title == "Essay"
    assert reading.rubric.question == "Why?"


def test_without_points_the_titles_of_the_levels_are_asked_for() -> None:
    reading = only("Criteria\tExcellent\tPoor\nIdeas\ta\tb\nForm\tc\td")
    assert reading.pointless_levels == ("Excellent", "Poor")
    assert "points of the levels of 2 of 2 criteria" in reading.missing
    assert "the question that is judged" in reading.missing
    assert "a reference answer" in reading.missing


@pytest.mark.parametrize("heading", ["No (0)", "Standard (0)", "Note (0)", "No"])
def test_levels_named_like_other_columns_are_levels(heading: str) -> None:
    (found,) = levels(only(f"Criterion\tYes (2)\t{heading}\nOsmosis\tnames it\tdoes not"))
    assert [(points, text) for _, points, text in found] == [(2.0, "names it"), (0.0, "does not")]


def test_a_criterion_is_worth_nothing_known_while_points_of_a_level_are_missing() -> None:
    reading = only("Criterion\tLevel\tPoints\tDescription\nA\tHigh\t\tx\nA\tLow\t0\ty")
    assert reading.rubric.criteria[0].points is None
    assert reading.pointless_levels == ("High",)


def test_points_that_are_words_are_said_and_left_to_the_person() -> None:
    reading = only("Criteria\tMax\tGood\tPoor\nIdeas\tfull\ta\tb")
    assert reading.rubric.criteria[0].points is None
    assert "B2: “full” is no number. Type the points in." in reading.remarks


def test_shares_in_words_count_where_the_points_are_known() -> None:
    reading = only("Criteria\tPoints\tfull\thalf\tnone\nIdeas\t3\ta\tb\tc")
    assert levels(reading) == [[("full", 3.0, "a"), ("half", 1.5, "b"), ("none", 0.0, "c")]]


def test_a_range_says_that_its_upper_end_counts() -> None:
    reading = only("Criteria\tGood (4-3)\tPoor (0)\nIdeas\ta\tb")
    assert reading.rubric.criteria[0].points == 4.0
    assert "its upper end counts: 4." in reading.remarks[0]


def test_a_total_that_differs_is_said() -> None:
    reading = only("Criteria\tPoints\tGood\tPoor\nIdeas\t2\ta\tb\nTotal\t10\t\t")
    assert "says 10 points in all, its criteria add up to 2" in " ".join(reading.remarks)


def test_criteria_of_one_name_stay_two_criteria() -> None:
    reading = only("Criteria\tGood (1)\tPoor (0)\nIdeas\ta\tb\nIdeas\tc\td")
    assert [c.title for c in reading.rubric.criteria] == ["Ideas", "Ideas"]


def test_sixty_criteria_are_read() -> None:
    rows = [f"Criterion {n}\tyes\tno" for n in range(60)]
    assert len(only("\n".join(["What\tGood (1)\tPoor (0)", *rows])).rubric.criteria) == 60


def test_two_hundred_columns_are_no_rubric() -> None:
    sheet = ",".join(f"Column {n}" for n in range(200)) + "\n" + ",".join("x" * 200)
    with pytest.raises(DocumentError, match="199 columns beside the criteria"):
        read_rubrics("wide.csv", sheet.encode())


@pytest.mark.parametrize("text", ["", "  \n ", "just a sentence", "one line\nand another one"])
def test_what_is_no_table_is_told_with_what_is_wanted(text: str) -> None:
    with pytest.raises(DocumentError, match=r"pasted table: (is empty|no columns were found)"):
        read_pasted(text)


def test_a_pasted_yaml_or_json_rubric_is_read_too() -> None:
    assert only("Ideas:\n  type: checkbox\n  max_mark: 1\n").format == "MarkUs YAML"
    json = '{"rubric_items": [{"order": 0, "points": 1, "description": "Ideas"}]}'
    assert only(json).format == "PrairieLearn JSON"
