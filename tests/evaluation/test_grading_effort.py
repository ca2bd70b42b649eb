"""The simulated instructor: what is counted, and that releases cost what they cost."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.evaluation.gold import GoldAnswer
from tutor_app.evaluation.grading_effort import Assumptions, measure_effort

LEVELS = [{"title": str(p), "points": p, "description": "d"} for p in (1, 0)]
RUBRIC = Rubric.model_validate(
    {
        "id": "ice", "title": "Ice", "version": 1, "question": "Why?", "reference_answers": ["x"],
        "criteria": [{"id": "a", "title": "A", "points": 1, "levels": LEVELS}],
    }
)  # fmt: skip
ANSWERS = [
    GoldAnswer(
        id=f"ice-{n}", rubric="ice", kind="k", language="en",
        answer=f"ten words of an answer that is {chr(97 + n % 26)} {chr(97 + n // 26)}",
        first={"a": 1.0}, second={"a": 1.0}, resolved={"a": float(n != 0)},
    )
    for n in range(260)
]  # fmt: skip


class Scripted:
    """A grader that is right but for every nth answer."""

    name = "scripted"

    def __init__(self, wrong_every: int) -> None:
        self._every = wrong_every

    def grade(self, submission: Submission, rubric: Rubric, **_: Any) -> Grade:
        wrong = int(submission.id.split("-")[1]) % self._every == 0
        one = CriterionGrade(
            criterion="a", auto_score=float(not wrong), confidence=0.99, needs_review=False
        )
        return Grade(
            submission=submission.id, rubric="ice", rubric_hash="", grader="g", criteria=(one,)
        )

    def grade_batch(
        self, submissions: Iterable[Submission], rubric: Rubric, **_: Any
    ) -> Iterator[Grade]:
        return (self.grade(one, rubric) for one in submissions)


def embed(texts: Sequence[str]) -> np.ndarray:
    rows = np.random.default_rng(0).normal(size=(len(texts), 16))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def measured(wrong_every: int) -> Any:
    return measure_effort(
        {"b": ANSWERS}, {"ice": RUBRIC}, Scripted(wrong_every), embed, targets=(0.1,), seeds=(1,)
    )


def test_reading_and_keys_are_counted_as_assumed() -> None:
    sheet, program, _ = measured(4).work
    cost = Assumptions()
    assert (sheet.read, sheet.keys) == (260, 260 * (2 + 2))
    words = sum(len(one.answer.split()) for one in ANSWERS)
    assert np.isclose(
        sheet.seconds,
        words * cost.second_per_word + 260 * cost.decide_s + sheet.keys * cost.key_s,
    )
    # Six teach at two keys, the others at one, and one more where the proposal is wrong.
    assert program.read == 260
    assert 6 * 2 + 254 + 59 <= program.keys <= 6 * 2 + 254 + 65
    assert sheet.off == program.off == 1


def test_a_good_grader_is_released_after_an_audit_and_a_poor_one_is_not() -> None:
    good = measured(10_000).work[2]
    assert good.released_in == 1
    assert good.read < 130
    poor = measured(4).work[2]
    assert poor.released_in == 0
    assert poor.read == 260


def test_the_assumptions_are_printed_with_their_reasons() -> None:
    text = str(measured(10_000))
    assert "| spreadsheet | 400 |" in text
    assert "238 words a minute" in text
    assert text.count("\n- ") == 9
