from typing import Any

import pytest

from tests.grading.no_encoder import NoEncoder
from tutor_app.domain.grade import Grade
from tutor_app.domain.item import Item
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.grading.assigning import rubric_of_item
from tutor_app.grading.by_answer import TESTED, grade_by_answer
from tutor_app.grading.criterion_model import CriterionModel
from tutor_app.grading.grader import Grader

GRADER = Grader(NoEncoder(), CriterionModel({}))


def grade(item: Item, text: str) -> Grade:
    one = Submission(id="s", learner="ann", text=text)
    return GRADER.grade(one, rubric_of_item("course/item", item, 4), item=item)


def changed(item: Item, answer: dict[str, Any]) -> Item:
    plain = item.model_dump() | {"answer": answer, "misconceptions": [], "hints": []}
    return Item.model_validate(plain)


@pytest.mark.parametrize(
    ("text", "points", "review"),
    [
        ("19.8 m/s", 4, False),
        ("v = 71 km/h", 4, False),
        ("-19.8 m/s", 2, True),
        ("9.8 m/s", 0, False),
        ("", 0, False),
        ("no idea", None, True),
    ],
)
def test_a_number_is_right_nearly_right_wrong_or_pending(
    item: Item, text: str, points: float | None, review: bool
) -> None:
    made = grade(item, text).criteria[0]
    assert (made.auto_score, made.needs_review) == (points, review)


@pytest.mark.parametrize(
    ("text", "by_rule"),
    [
        ("19.8 m/s", True),
        ("9.8 m/s", True),
        ("19.8 m/s because the drop is 20 m", False),
        ("I think it is 9.8 m/s", False),
        ("-19.8 m/s", False),
        ("no idea", False),
    ],
)
def test_only_a_bare_result_is_decided_by_rule(item: Item, text: str, by_rule: bool) -> None:
    assert bool(grade(item, text).rule) == by_rule


def test_a_choice_is_decided_by_its_letter(item: Item) -> None:
    options = [{"id": "a", "text": "faster"}, {"id": "b", "text": "slower"}]
    choice = changed(item, {"kind": "choice", "options": options, "correct": "b"})
    assert grade(choice, "b").points == {"answer": 4}
    assert grade(choice, "a").points == {"answer": 0}
    assert [bool(grade(choice, one).rule) for one in ("(A)", "slower", "b because", "not a")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_a_program_that_passes_some_tests_gets_a_part_and_a_look(item: Item) -> None:
    tests = [
        {"id": "two", "about": "two", "call": "double(2)", "expect": "4"},
        {"id": "three", "about": "three", "call": "double(3)", "expect": "6"},
    ]
    solution = "def double(n):\n    return 2 * n"
    code = changed(item, {"kind": "code", "solution": solution, "tests": tests})
    assert grade(code, solution).points == {"answer": 4}
    half = grade(code, "def double(n):\n    return n * n").criteria[0]
    assert (half.auto_score, half.level, half.needs_review) == (2, "Some tests pass", True)
    assert "1 of 2 tests pass." in half.reasons
    assert (grade(code, solution).rule, half.rule) == (TESTED, "")
    wrong = grade(code, "def double(n):\n    return n")
    assert (wrong.points, wrong.rule) == ({"answer": 0}, ""), "another name fails all tests too"


def test_criteria_that_no_answer_settles_stay_pending(item: Item) -> None:
    rubric = rubric_of_item("course/item", item, 2)
    way = rubric.criteria[0].model_copy(update={"id": "way"})
    both = rubric.model_copy(update={"criteria": [way, rubric.criteria[0]]})
    assert [one.auto_score for one in grade_by_answer("19.8 m/s", both, item)] == [None, 2]


def test_an_answer_in_words_needs_a_rubric_of_its_own(item: Item) -> None:
    words = changed(item, {"kind": "text", "rubric": "some-rubric"})
    with pytest.raises(GradingError, match="it has the rubric some-rubric"):
        rubric_of_item("course/item", words)
