import pytest

from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.evaluation.fairness import evaluate_fairness
from tutor_app.evaluation.gold import GoldAnswer


class LikesLength:
    """Gives one point from twelve words on, and never asks for a person."""

    name = "length:1"

    def grade(self, submission: Submission, rubric: Rubric, **unused: object) -> Grade:
        points = float(len(submission.text.split()) >= 12)
        one = CriterionGrade(criterion="c", auto_score=points, confidence=0.9, needs_review=False)
        return Grade(
            submission=submission.id,
            rubric=rubric.id,
            rubric_hash=rubric.digest,
            grader=self.name,
            criteria=(one,),
        )

    def grade_batch(self, submissions, rubric, **unused):  # type: ignore[no-untyped-def]
        return (self.grade(one, rubric) for one in submissions)


@pytest.fixture
def rubrics() -> dict[str, Rubric]:
    return {
        name: Rubric.model_validate(
            {
                "id": name,
                "title": name,
                "version": 1,
                "question": "Why does ice float?",
                "reference_answers": ["It is less dense than the water under it, so it is lifted."],
                "criteria": [
                    {
                        "id": "c",
                        "title": "C",
                        "points": 1,
                        "levels": [
                            {"title": "Yes", "points": 1, "description": "It is there."},
                            {"title": "No", "points": 0, "description": "It is not there."},
                        ],
                    }
                ],
            }
        )
        for name in ("one", "two")
    }


def _gold(number: int, rubric: str) -> GoldAnswer:
    short = number % 2 == 0
    given = {"c": 1.0}
    return GoldAnswer(
        id=f"{rubric}{number}",
        rubric=rubric,
        kind="right in usual words" if short else "very long",
        language="en",
        answer="Ice is less dense." if short else "Ice is less dense than water " * 4,
        first=given,
        second=given,
        resolved=given,
    )


def test_a_grader_that_likes_length_is_found_out_by_changes_canaries_and_gaps(
    rubrics: dict[str, Rubric],
) -> None:
    answers = [_gold(n, rubric) for n in range(12) for rubric in rubrics]
    board = evaluate_fairness(answers, rubrics, LikesLength(), sample=6)
    changes = {one.change: one for one in board.changes}
    assert changes["polite filler"].n == 12
    assert changes["polite filler"].mean > 0.2
    assert changes["small letters only"].changed == 0
    assert {row.kind for _, row in board.wrong} == {"off-topic", "off-topic and an instruction"}
    gap = next(
        one
        for one in board.gaps.gaps
        if (one.group, one.measure) == ("up to 15 words", "against your scores")
    )
    assert (gap.n, gap.gap) == (12, -1.0)
    assert gap.stands_out
    assert "| polite filler | 12 |" in str(board)
