from datetime import UTC, datetime

import numpy as np
import pytest

from tutor_app.domain.rubric import Criterion, Level, Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.fairness import Gap, Scored, gaps, scored
from tutor_app.grading.spelling import Spelling
from tutor_app.storage.grading import Decision, Marked

WORDS = ["ice", "water", "dense", "floats", "freezes", "larger", "volume", "because"] * 2 + ["and"]


def _rows(count: int, proposed: float, manual: float | None, **more: str) -> list[Scored]:
    return [
        Scored("Ice is less dense than water.", "en", dict(more), proposed, manual, worth=2)
        for _ in range(count)
    ]


def _find(found: tuple[Gap, ...], group: str, measure: str) -> Gap:
    (gap,) = (one for one in found if (one.group, one.measure) == (group, measure))
    return gap


def test_a_grader_that_takes_points_from_one_section_stands_out(ice_rubric: Rubric) -> None:
    rows = [
        *_rows(30, 2, 2, section="A"),
        *_rows(25, 1, 2, section="B"), *_rows(5, 2, 2, section="B"),
    ]  # fmt: skip
    gap = _find(gaps(rows, ice_rubric).gaps, "B", "against your scores")
    assert (gap.n, gap.others) == (30, 30)
    assert gap.gap == pytest.approx(-25 / 30 / 2)
    assert gap.low < gap.gap < gap.high < 0
    assert gap.stands_out


def test_a_section_that_knows_less_is_no_gap_against_the_instructors_scores(
    ice_rubric: Rubric,
) -> None:
    rows = [*_rows(30, 2, 2, section="A"), *_rows(30, 1, 1, section="B")]
    found = gaps(rows, ice_rubric).gaps
    assert _find(found, "B", "against your scores").gap == 0
    assert not _find(found, "B", "against your scores").stands_out
    assert _find(found, "B", "proposals").gap == -0.5


def test_groups_of_fewer_than_ten_are_counted_but_not_shown(ice_rubric: Rubric) -> None:
    rows = [*_rows(30, 2, None, section="A"), *_rows(9, 1, None, section="B")]
    report = gaps(rows, ice_rubric)
    assert {one.group for one in report.gaps if one.by == "section"} == set()
    assert report.too_small == 1
    assert "fewer than 10 answers, not shown: 1" in str(report)


def test_with_few_scores_by_hand_only_the_proposals_are_compared(ice_rubric: Rubric) -> None:
    rows = [
        *_rows(30, 2, None, section="A"), *_rows(9, 2, 2, section="A"),
        *_rows(30, 1, None, section="B"),
    ]  # fmt: skip
    measures = {one.measure for one in gaps(rows, ice_rubric).gaps}
    assert measures == {"proposals", "sent to review"}


def test_the_interval_covers_the_true_gap_about_as_often_as_it_says(ice_rubric: Rubric) -> None:
    rng, covered = np.random.default_rng(5), 0
    for trial in range(60):
        drawn = rng.choice([0.0, 1.0, 2.0], size=60, p=[0.2, 0.3, 0.5])
        rows = [
            Scored("same words", "", {"half": "AB"[n % 2]}, float(points))
            for n, points in enumerate(drawn)
        ]
        gap = _find(gaps(rows, ice_rubric, seed=trial).gaps, "A", "proposals")
        covered += gap.low <= 0 <= gap.high
    assert 47 <= covered <= 60


def test_length_and_spelling_make_groups(ice_rubric: Rubric) -> None:
    short = [Scored("Ice floats.", "en", {}, 1) for _ in range(12)]
    bad = [
        Scored(" ".join(f"{word}{'xqz'[n % 3] * (n + 1)}" for word in WORDS), "en", {}, 1)
        for n in range(12)
    ]
    groups = {(one.by, one.group) for one in gaps([*short, *bad], ice_rubric).gaps}
    assert ("length", "up to 15 words") in groups
    assert ("length", "16 to 40 words") in groups
    assert ("spelling", "no word misspelt") in groups
    assert ("spelling", "more than 5 % misspelt") in groups


def test_spelling_knows_the_course_the_class_and_names() -> None:
    levels = [
        Level(title="Yes", points=1, description="tonoplast named"),
        Level(title="No", points=0, description="not"),
    ]
    rubric = Rubric(
        id="r", title="R", version=1, question="Why?", reference_answers=["x"],
        criteria=[Criterion(id="c", title="C", points=1, levels=levels)],
    )  # fmt: skip
    spelling = Spelling([rubric], ["the qwxyz"] * 3)
    assert spelling.error_rate("The tonoplast and the qwxyz of Mendelejew's DNA") == 0
    assert spelling.error_rate("The watter movves out") == pytest.approx(0.5)
    assert spelling.error_rate("El agua sale de la célula", "es") is None
    assert spelling.error_rate("水が出る", "ja") is None
    assert spelling.error_rate("12 = 4", "en") is None


def test_a_marked_submission_gives_its_totals_and_nothing_about_who_wrote_it(
    ice_rubric: Rubric, rule_grader: type
) -> None:
    submission = Submission(
        id="s", learner="u", name="Ann Lee", text="dense", language="en", groups={"section": "B"}
    )
    grade = rule_grader(lambda text: 1.0).grade(submission, ice_rubric)
    by_hand = Decision(
        action="a", submission="s", criterion="density", kind="score", value=2.0, who="i",
        at=datetime.now(UTC),
    )  # fmt: skip
    row = scored(Marked(submission=submission, grade=grade, decisions=(by_hand,)), ice_rubric)
    assert row == Scored("dense", "en", {"section": "B"}, 1.0, 2.0, False, 2.0)
    assert scored(Marked(submission=submission), ice_rubric) is None
