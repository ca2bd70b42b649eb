"""What one check of a program costs: wall and CPU time of the sandbox with five tests."""

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import quantiles

from tutor_app.answers.code.sandbox import isolation, run_program

PROGRAM = (
    "def count_vowels(text):\n    count = 0\n    for letter in text:\n"
    "        if letter in 'aeiou':\n            count += 1\n    return count\n"
)
TESTS = tuple(
    (f"count_vowels({text!r})", "") for text in ("", "banana", "xyz", "aeiou", "a tree " * 20)
)


@dataclass(frozen=True)
class CheckCost:
    """Milliseconds per check; CPU is that of every process of the sandbox together."""

    checks: int
    wall_p50_ms: float
    wall_p95_ms: float
    cpu_p50_ms: float
    cpu_p95_ms: float
    isolated: tuple[str, ...]


def measure_checks(
    checks: int, on_progress: Callable[[int], None] = lambda done: None
) -> CheckCost:
    """Run a small program with five tests again and again, a fresh interpreter each time."""
    walls, cpus = [], []
    run_program(PROGRAM, TESTS)
    for number in range(checks):
        before, began = _children_s(), time.perf_counter()
        run_program(PROGRAM, TESTS)
        walls.append((time.perf_counter() - began) * 1000)
        cpus.append((_children_s() - before) * 1000)
        on_progress(number + 1)
    wall, cpu = quantiles(walls, n=20), quantiles(cpus, n=20)
    return CheckCost(checks, wall[9], wall[18], cpu[9], cpu[18], tuple(sorted(isolation())))


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
