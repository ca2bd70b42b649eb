from collections.abc import Callable
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.distillation.collect import collect
from tutor_app.domain.course import Course
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.dialogue import Candidate
from tutor_app.domain.item import Item
from tutor_app.evaluation.rehearsal import Rehearsal, Stage
from tutor_app.evaluation.wording import (
    CHECKS,
    RawFigures,
    WholeFigures,
    WordingScoreboard,
    raw_figures,
    rehearse_all,
    said,
    whole_figures,
)
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.speakers import Speakers

GOOD = "Think of the ball at rest at the top. Which store of energy is full up there?"
LEAK = "It lands at nineteen point eight meters per second."
FALSE = "The mass is seventeen kilograms; what follows?"
UNGROUNDED = "Energy is kept, as the course says [3]. What is full at the top?"
TWO = "What is it? And where is it?"
LOOP = "Go up and look at the top, then go up and look at the ground."


@pytest.fixture
def stage(course: Course, item: Item, tmp_path: Path) -> Stage:
    return Stage(LoadedCourse(course, {item.id: item}, tmp_path), {})


@pytest.fixture
def demonstrations(course: Course, item: Item, tmp_path: Path) -> list[Demonstration]:
    stuck = collect(LoadedCourse(course, {item.id: item}, tmp_path))[0]
    return [
        Demonstration(
            situation=stuck, learner=learner, reply=GOOD, any_learner=True,
            persona="p", teacher="t", request="r", prompt="p",
        )
        for learner in ("lost", "no idea", "i have [[yours]]", "help", "what now", "hm", "eh")
    ]  # fmt: skip


@pytest.fixture
def turns(demonstrations: list[Demonstration], stage: Stage) -> list[Rehearsal]:
    return rehearse_all(demonstrations, stage)


def scripted(*said: tuple[str, bool]) -> Callable[[Material], tuple[str, bool]]:
    lines = iter(said)
    return lambda material: next(lines)


def test_turns_whose_learners_line_cannot_be_filled_are_left_out(turns: list[Rehearsal]) -> None:
    assert [turn.learner for turn in turns] == ["lost", "no idea", "help", "what now", "hm", "eh"]


def test_every_share_is_of_all_turns(turns: list[Rehearsal]) -> None:
    sample = scripted(
        (GOOD, True), (GOOD, True), (LEAK, False), (TWO, True), ("", False), (LOOP, True)
    )
    row = raw_figures("model", turns, sample)
    assert row.total == 6
    assert row.unfilled == pytest.approx(1 / 6)
    assert row.stopped == pytest.approx(4 / 6)
    assert row.repeats == pytest.approx(1 / 6)
    assert row.distinct == pytest.approx(4 / 6)
    assert row.failed["leakage"] == pytest.approx(1 / 6)
    assert row.failed["form"] == pytest.approx(1 / 6)
    assert row.passed == pytest.approx(3 / 6)


@pytest.mark.parametrize(
    ("text", "check"),
    [(LEAK, "leakage"), (FALSE, "numbers"), (UNGROUNDED, "grounding"), (TWO, "form")],
)
def test_each_kind_of_fault_is_counted_under_its_check(
    turns: list[Rehearsal], text: str, check: str
) -> None:
    row = raw_figures("model", turns[:1], scripted((text, True)))
    assert row.failed[check] == 1.0
    assert row.passed == 0.0
    assert set(row.failed) == set(CHECKS)


def test_no_turns_give_noughts(stage: Stage) -> None:
    row = raw_figures("model", [], scripted())
    assert (row.total, row.passed, row.distinct) == (0, 0.0, 0.0)
    assert whole_figures("tutor", [], Speakers()).spoke == {}


def test_who_speaks_is_counted_after_the_checks(turns: list[Rehearsal]) -> None:
    lines = iter([GOOD, LEAK, GOOD, LEAK, TWO, TWO])

    def speak(material: Material) -> list[Candidate]:
        return [Candidate(text=next(lines), source="model")]

    row = whole_figures("tutor", turns, Speakers(model=speak))
    assert row.spoke == {"model": pytest.approx(2 / 6), "hint": pytest.approx(4 / 6)}


def test_what_is_said_has_passed_every_check(turns: list[Rehearsal]) -> None:
    def speak(material: Material) -> list[Candidate]:
        return [Candidate(text=text, source="memory") for text in (LEAK, UNGROUNDED, GOOD)]

    best = said(turns[0], Speakers(memory=speak, order={"nudge": ("memory", "hint")}))
    assert (best.text, best.passed) == (GOOD, True)


def test_the_tables_hold_every_figure() -> None:
    failed = dict(zip(CHECKS, (0.1, 0.2, 0.3, 0.4), strict=True))
    raw = RawFigures("raw", 7, 0.5, 0.05, failed, 0.9, 0.01, 0.8)
    whole = WholeFigures("whole", 7, {"model": 0.25, "hint": 0.75})
    text = str(WordingScoreboard((raw,), (whole,)))
    assert (
        "| raw | 7 | 50.0% | 10.0% | 20.0% | 30.0% | 40.0% | 5.0% | 90.0% | 1.0% | 80.0% |" in text
    )
    assert "| whole | 7 | 25.0% | 0.0% | 75.0% | 0.0% |" in text
    heads = [line.count("|") for line in text.split("\n") if line]
    assert heads == [12, 12, 12, 7, 7, 7]
