import random
from collections.abc import Iterator

from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.likeness import near_duplicates, shared_share

WORDS = [f"word{n}" for n in range(500)]


def _text(seed: int, words: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def _submissions(*texts: str) -> Iterator[Submission]:
    for number, text in enumerate(texts):
        yield Submission(id=f"s{number}", learner=f"u{number}", text=text)


def test_two_answers_with_the_same_wording_are_paired_with_a_figure(ice_rubric: Rubric) -> None:
    half = _text(1, 40) + " " + _text(9, 40)
    found = near_duplicates(_submissions(_text(1, 40), _text(2), half, _text(3)), ice_rubric)
    assert [(one.first, one.second, one.words) for one in found] == [("s0", "s2", 40)]
    assert found[0].share == 1.0
    assert not found[0].same_learner


def test_a_word_changed_here_and_there_does_not_hide_a_copy(ice_rubric: Rubric) -> None:
    words = _text(4, 80).split()
    words[20] = words[60] = "other"
    (pair,) = near_duplicates(_submissions(_text(4, 80), " ".join(words)), ice_rubric)
    assert 0.8 < pair.share < 0.95


def test_short_answers_are_alike_by_nature_and_left_out(ice_rubric: Rubric) -> None:
    short = "Ice is less dense than water because water expands when it freezes."
    assert near_duplicates(_submissions(short, short, short), ice_rubric) == []


def test_what_all_have_from_the_question_and_the_reference_does_not_count(
    ice_rubric: Rubric,
) -> None:
    given = f"{ice_rubric.question} {ice_rubric.reference_answers[0]}"
    pair = _submissions(f"{given} {_text(5, 12)}", f"{given} {_text(6, 12)}")
    assert near_duplicates(pair, ice_rubric) == []


def test_a_crowd_of_copies_is_paired_in_linear_time(ice_rubric: Rubric) -> None:
    crowd = [f"{_text(7)} {n}" for n in range(200)]
    found = near_duplicates(_submissions(*crowd), ice_rubric)
    assert {one.second for one in found} == {f"s{n}" for n in range(1, 200)}
    assert len(found) <= 3 * 200


def test_two_tries_of_one_learner_are_marked_as_such(ice_rubric: Rubric) -> None:
    first, second = _submissions(_text(8), _text(8))
    (pair,) = near_duplicates(
        [first, second.model_copy(update={"learner": first.learner})], ice_rubric
    )
    assert pair.same_learner


def test_the_share_is_of_the_first_text() -> None:
    assert shared_share(_text(1, 30), _text(1, 30) + " " + _text(2, 300)) == 1.0
    assert shared_share("too short", "too short") == 0.0
