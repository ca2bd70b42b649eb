import numpy as np
import pytest

from tutor_app.domain.rubric import Rubric
from tutor_app.grading.misconceptions import WrongAnswer, common_misconceptions

AXES = ("heavy", "air", "expands", "cold")


def embed(texts):
    """Unit vectors that point to the words of AXES, and somewhere of their own."""
    rows = []
    for n, text in enumerate(texts):
        row = np.full(len(AXES) + len(texts), 1e-3)
        row[: len(AXES)] += [word in text for word in AXES]
        row[len(AXES) + n] += 0.1
        rows.append(row / np.linalg.norm(row))
    width = 64
    return np.array([np.pad(r, (0, width - len(r))) for r in rows], dtype=np.float32)


def wrong(name: str, text: str) -> WrongAnswer:
    return WrongAnswer(name, text, ("density",))


@pytest.fixture
def answers() -> list[WrongAnswer]:
    same = [wrong(f"a{n}", f"Ice has some air in it, says pupil {n}.") for n in range(4)]
    known = [wrong(f"b{n}", f"Ice is too heavy for water, pupil {n}.") for n in range(3)]
    return [*same, *known, wrong("c", "The cold does it all by itself.")]


def voices(text: str) -> str:
    return "weight" if "heavy" in text else ""


def test_ideas_of_several_learners_come_first_known_ones_by_their_name(
    answers: list[WrongAnswer], ice_rubric: Rubric
) -> None:
    found = common_misconceptions(answers, ice_rubric, embed, voices, total=20)
    assert [(one.known, len(one.submissions), one.share) for one in found] == [
        ("", 4, 0.2),
        ("weight", 3, 0.15),
    ]
    assert found[0].criterion == "density"
    assert all("air" in said for said in found[0].says)


def test_the_same_words_are_quoted_once(ice_rubric: Rubric) -> None:
    said = ["Ice has some air in it", "Ice has some air in it.", "ice has some air in it!"]
    answers = [wrong(f"a{n}", text) for n, text in enumerate(said)]
    (idea,) = common_misconceptions(answers, ice_rubric, embed, voices, total=20)
    assert len(idea.submissions) == 3
    assert len(idea.says) == 1


def test_one_learner_who_repeats_an_idea_is_one(ice_rubric: Rubric) -> None:
    text = "Ice has some air in it. The air in it is light. It floats on air inside."
    assert common_misconceptions([wrong("a", text)], ice_rubric, embed, voices, total=20) == []


def test_an_idea_of_few_in_a_large_batch_is_not_common(
    answers: list[WrongAnswer], ice_rubric: Rubric
) -> None:
    assert common_misconceptions(answers, ice_rubric, embed, voices, total=1_000) == []


def test_words_that_earned_points_elsewhere_are_no_misconception(ice_rubric: Rubric) -> None:
    said = "Ice has some air in it, that is all."
    earned = [WrongAnswer(f"a{n}", said, ("density",), (said,)) for n in range(5)]
    assert common_misconceptions(earned, ice_rubric, embed, voices, total=5) == []


def test_nothing_wrong_gives_nothing(ice_rubric: Rubric) -> None:
    assert common_misconceptions([], ice_rubric, embed, voices, total=0) == []
