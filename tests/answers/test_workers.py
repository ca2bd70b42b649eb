import signal
import threading
from collections.abc import Iterator

import pytest

from tutor_app.answers.workers import SympyWorkers

PATIENCE_S = 300.0
"""For what a crowded machine only delays; what is wrong fails at once."""
SLOW = "+".join(f"sin(a*b^{n})^{n}*cos(b)^{n}*tan(a)^{n}" for n in range(2, 14))


@pytest.fixture(scope="module")
def workers() -> Iterator[SympyWorkers]:
    started = SympyWorkers(seconds=PATIENCE_S)
    assert started.wait_ready(PATIENCE_S)
    yield started
    started.close()


def test_sympy_tells_equal_from_different(workers: SympyWorkers) -> None:
    assert workers.equal("(a+b)^2", "a^2 + 2*a*b + b^2", ["a", "b"]) is True
    assert workers.equal("(a+b)^2", "a^2 + b^2", ["a", "b"]) is False


def test_a_worker_answers_from_any_thread(workers: SympyWorkers) -> None:
    answers: list[bool | None] = []

    def ask() -> None:
        answers.append(workers.equal("2*a", "a + a", ["a"]))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 4


def test_a_question_that_takes_too_long_ends_in_time_and_the_worker_is_replaced(
    workers: SympyWorkers,
) -> None:
    assert workers.equal("a*b", "b*a", ["a", "b"]) is True
    hasty = SympyWorkers(seconds=0.1)
    assert hasty.wait_ready(PATIENCE_S)
    process = hasty._idle.queue[0]._process
    assert hasty.equal(SLOW, SLOW.replace("+", "-"), ["a", "b"]) is None
    # killed, and not ended by its own last resort ten seconds later
    assert process.returncode == -signal.SIGKILL
    assert hasty.wait_ready(PATIENCE_S)
    assert hasty._idle.queue[0]._process is not process
    hasty.close()


def test_what_cannot_be_parsed_gets_no_answer_and_harms_nobody(workers: SympyWorkers) -> None:
    assert workers.equal("a +", "a", ["a"]) is None
    assert workers.equal("a", "a", ["a"]) is True


def test_a_worker_that_is_still_starting_delays_nobody() -> None:
    fresh = SympyWorkers(seconds=0.001)
    assert fresh.equal("a", "a", ["a"]) is None
    fresh.close()


def test_closed_workers_answer_nothing() -> None:
    closed = SympyWorkers(seconds=0.1)
    closed.close()
    assert closed.equal("a", "a", ["a"]) is None
