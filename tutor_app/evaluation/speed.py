"""How long a verified turn takes, where the time goes, and what a class of twenty feels."""

import os
import random
import statistics
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import uuid4

import psutil

from tutor_app.domain.dialogue import Channel
from tutor_app.tutoring.simulated_learner import right_answer, wrong_answers
from tutor_app.tutoring.tutor import Tutor

QUESTIONS = (
    "i dont know how to start",
    "what does the word in the question mean?",
    "why do we do this step?",
    "can you just tell me the answer",
    "does a heavier ball fall faster?",
)


@dataclass(frozen=True)
class TurnSpeed:
    """CPU time of verified turns, one after the other, in milliseconds; all threads count.

    Attributes:
        runs: (p50, p95) of each run.
        shares: share of the CPU time by step, summing to 1.
        turns: turns in one run.
    """

    runs: Sequence[tuple[float, float]]
    shares: dict[str, float]
    turns: int

    @property
    def p50_ms(self) -> float:
        """Median over the runs of the median turn."""
        return statistics.median(run[0] for run in self.runs)

    @property
    def p95_ms(self) -> float:
        """Median over the runs of the 95th percentile."""
        return statistics.median(run[1] for run in self.runs)


@dataclass(frozen=True)
class ClassLoad:
    """Wall times of a class that takes a turn each every `period_s` seconds."""

    students: int
    turns: int
    p50_ms: float
    p95_ms: float
    failures: int
    load_average: float
    memory_mib: float


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def measure_turns(
    tutor: Tutor, course_id: str, runs: int = 3, on_progress: Callable[[str], None] = lambda s: None
) -> TurnSpeed:
    """Take the same mixed turns on every item of a course, `runs` times."""
    figures: list[tuple[float, float]] = []
    spent: dict[str, float] = defaultdict(float)
    turns = 0
    _one_run(tutor, course_id, defaultdict(float), limit=3)  # warm up
    for number in range(runs):
        on_progress(f"run {number + 1} of {runs}")
        times = _one_run(tutor, course_id, spent)
        turns = len(times)
        figures.append((percentile(times, 0.5), percentile(times, 0.95)))
    total = sum(spent.values()) or 1.0
    return TurnSpeed(figures, {name: ms / total for name, ms in spent.items()}, turns)


def _one_run(
    tutor: Tutor, course_id: str, spent: dict[str, float], limit: int | None = None
) -> list[float]:
    times = []
    learner = f"bench-{uuid4().hex}"
    for number, item_id in enumerate(list(tutor.catalogue.course(course_id).items)[:limit]):
        prepared = tutor.prepare(course_id, item_id)
        script: list[tuple[Channel, str]] = [
            *(("answer", text) for text in wrong_answers(prepared)[:2]),
            ("chat", QUESTIONS[number % len(QUESTIONS)]),
            ("help", ""),
            ("answer", right_answer(prepared)),
        ]
        dialogue = tutor.start(learner, course_id, item_id)
        for channel, text in script:
            marks: list[tuple[str, float]] = []
            tutor.respond(
                dialogue,
                text,
                uuid4().hex,
                channel,
                on_progress=lambda s, m=marks: m.append((s, time.process_time())),  # type: ignore[misc]
            )
            end = time.process_time()
            for (step, start), (_, stop) in zip(marks, [*marks[1:], ("", end)], strict=True):
                spent[step] += (stop - start) * 1000
            times.append((end - marks[0][1]) * 1000)
            dialogue = tutor.store.dialogue(dialogue.id)
    tutor.store.delete_learner(learner)
    return times


def measure_class(
    tutor: Tutor,
    course_id: str,
    students: int = 20,
    period_s: float = 20.0,
    duration_s: float = 180.0,
    on_progress: Callable[[float], None] = lambda seconds: None,
) -> ClassLoad:
    """Let `students` threads take one turn each per period; wall time as the student feels it."""
    walls: list[float] = []
    failures = 0
    lock = threading.Lock()
    items = list(tutor.catalogue.course(course_id).items)
    stop_at = time.monotonic() + duration_s

    def student(number: int) -> None:
        nonlocal failures
        choose = random.Random(number)
        learner = f"bench-class-{number}"
        time.sleep(period_s * number / students)
        while time.monotonic() < stop_at:
            dialogue = tutor.start(learner, course_id, choose.choice(items))
            prepared = tutor.prepare(course_id, dialogue.item_id)
            text = choose.choice([*wrong_answers(prepared)[:1], *QUESTIONS, right_answer(prepared)])
            began = time.monotonic()
            reply = tutor.respond(dialogue, text, uuid4().hex, "answer")
            with lock:
                walls.append((time.monotonic() - began) * 1000)
                failures += not reply.turn.reply
            on_progress(max(0.0, stop_at - time.monotonic()))
            time.sleep(max(0.0, began + period_s - time.monotonic()))
        tutor.store.delete_learner(learner)

    with ThreadPoolExecutor(students) as pool:
        for done in [pool.submit(student, number) for number in range(students)]:
            done.result()
    return ClassLoad(
        students,
        len(walls),
        percentile(walls, 0.5),
        percentile(walls, 0.95),
        failures,
        os.getloadavg()[0],
        psutil.Process().memory_info().rss / 2**20,
    )
