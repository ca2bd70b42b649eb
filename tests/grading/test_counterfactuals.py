import random

import pytest

from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.counterfactuals import NAMES, counterfactuals, with_typos

ANSWER = "Ice is less dense than water, because freezing water expands to 1.09 times its volume."


def _class(size: int = 40) -> list[Submission]:
    return [Submission(id=f"s{n}", learner=f"u{n}", text=f"{ANSWER} ({n})") for n in range(size)]


def test_a_grader_that_reads_meaning_only_is_not_moved(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    report = counterfactuals(rule_grader(lambda text: 1.0), _class(), ice_rubric, seed=1)
    assert len(report.rows) == 6
    for row in report.rows:
        assert (row.n, row.mean, row.largest, row.changed, row.worst) == (30, 0, 0, 0, "")


def test_a_grader_that_counts_words_is_found_out_by_padding(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    long = rule_grader(lambda text: 2.0 if len(text.split()) > 20 else 1.0)
    rows = {r.change: r for r in counterfactuals(long, _class(), ice_rubric, seed=1).rows}
    assert (rows["polite filler"].mean, rows["polite filler"].changed) == (1.0, 30)
    assert rows["no punctuation"].changed == 0


def test_a_grader_that_likes_one_name_is_found_out_by_the_other_name(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    partial = rule_grader(lambda text: 2.0 if NAMES[0] in text else 1.0)
    rows = {r.change: r for r in counterfactuals(partial, _class(), ice_rubric, seed=1).rows}
    assert rows["a name above the answer"].mean == 1.0
    assert rows["another name above it"].mean == -1.0
    assert rows["another name above it"].worst


def test_answers_without_a_score_are_counted_apart(ice_rubric: Rubric, rule_grader: type) -> None:
    silent = rule_grader(lambda text: None if NAMES[0] in text else 1.0)
    report = counterfactuals(silent, _class(12), ice_rubric, seed=1)
    row = report.rows[0]
    assert (row.n, row.unscored, row.mean) == (0, 12, 0.0)


def test_the_same_seed_draws_the_same_answers_and_the_same_typos(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    graders = [rule_grader(lambda text: 1.0) for _ in range(3)]
    for grader, seed in zip(graders, (1, 1, 2), strict=True):
        counterfactuals(grader, _class(), ice_rubric, seed=seed)
    first, again, other = ([one.text for one in grader.seen] for grader in graders)
    assert first == again != other


@pytest.mark.parametrize("seed", range(5))
def test_three_of_a_hundred_characters_get_a_typo_and_no_number_does(seed: int) -> None:
    text = ANSWER * 5
    typed = with_typos(text, random.Random(seed))
    assert typed != text
    assert typed.count("1.09") == 5
    assert abs(len(typed) - len(text)) <= round(len(text) * 0.03)


def test_empty_and_unreadable_submissions_are_passed_over(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    grader = rule_grader(lambda text: 1.0)
    odd = [
        Submission(id="a", learner="a", text="  "),
        Submission(id="b", learner="b", text="x", problem="The file is broken."),
    ]
    report = counterfactuals(grader, odd, ice_rubric, seed=1)
    assert grader.seen == []
    assert all(row.n == 0 for row in report.rows)
