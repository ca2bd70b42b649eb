"""The clock is around what is graded, and every grader gets the same work."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.submission import Submission
from tutor_app.evaluation.speed_grading import RUNS, measure_criteria_speed

RUBRIC = Catalogue([], [Path(__file__).parents[2] / "rubrics"]).rubric("mechanics-airbag")


class Busy:
    """Takes so many seconds of CPU for each submission."""

    name = "busy"

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.graded = 0

    def grade_batch(self, submissions: Iterable[Submission], *_: object, **__: object) -> Any:
        return self._grade(submissions)

    def _grade(self, submissions: Iterable[Submission]) -> Iterator[str]:
        for one in submissions:
            end = time.process_time() + self.seconds
            while time.process_time() < end:
                pass
            self.graded += 1
            yield one.id


def test_twice_the_work_is_half_the_rate() -> None:
    some = [Submission(id=str(n), learner="x", text="airbag") for n in range(5)]
    slow, quick = Busy(0.02), Busy(0.01)
    rates = measure_criteria_speed(
        {"slow": slow, "quick": quick},  # type: ignore[dict-item]
        [(RUBRIC, some)],
    )
    assert slow.graded == quick.graded == 5 * (RUNS + 1)
    assert 1.6 < rates["quick"] / rates["slow"] < 2.4
    assert rates["slow"] <= len(RUBRIC.criteria) / 0.02
