"""How much work grading is, with the program and with a spreadsheet, by a simulated instructor.

The instructor's marks are the first reading of the gold answers; the resolved marks say which of
them, and of the proposals that nobody read, are off. The seconds and keys are assumptions, printed
with the figures; they favour neither side: reading and deciding cost the same in both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from tutor_app.domain.batch import Marked
from tutor_app.domain.grade import Grade, GradedExample
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.evaluation.gold import GoldAnswer, Scores
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.grouping import choose_teaching, group_answers
from tutor_app.grading.release import (
    candidates,
    decide_release,
    draw_audit,
    make_plan,
    suggest,
)

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
SPREADSHEET = "spreadsheet"
READ_ALL = "program, everything read"


def _because(value: float, reason: str) -> float:
    made: float = field(default=value, metadata={"because": reason})
    return made


@dataclass(frozen=True)
class Assumptions:
    """Seconds and keys; `because` in each field's metadata says why."""

    second_per_word: float = _because(60 / 238, "238 words a minute, silent (Brysbaert 2019)")
    decide_s: float = _because(
        1.35, "per criterion, the mental operator M (Card, Moran & Newell 1980)"
    )
    key_s: float = _because(0.28, "per key, an average typist's operator K (same source)")
    sheet_keys: float = _because(2, "per criterion: a digit and Tab; the sheet sums by formula")
    sheet_row_keys: float = _because(2, "per answer: to the next row and back to its start")
    choose_keys: float = _because(1, "per criterion whose level is chosen: one key")
    next_keys: float = _because(1, "per answer in the program: accept, or go on to the next")
    group_keys: float = _because(1, "per group: give the same to answers like this one")
    teaching: float = _because(6, "answers per question graded first, the proposal hidden")

    def __str__(self) -> str:
        """List them with their reasons."""
        return "\n".join(
            f"- {one.name} = {getattr(self, one.name):.3g}: {one.metadata['because']}"
            for one in fields(self)
        )


@dataclass
class Work:
    """What was done in one way of grading."""

    way: str
    answers: int = 0
    read: int = 0
    keys: float = 0.0
    seconds: float = 0.0
    off: int = 0
    batches: int = 0
    released_in: int = 0

    def add(self, other: "Work") -> None:
        """Sum another batch in."""
        for name in ("answers", "read", "keys", "seconds", "off", "batches", "released_in"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class EffortScoreboard:
    """Work per way of grading, all batches together."""

    work: tuple[Work, ...]
    assumptions: Assumptions

    def __str__(self) -> str:
        """Draw a Markdown table, with the assumptions below it."""
        lines = [
            "| way | keys per 100 answers | minutes per 100 | read | batches with a release "
            "| totals off |",
            "|" + "---|" * 6,
        ]
        for w in self.work:
            per = 100 / w.answers
            lines.append(
                f"| {w.way} | {w.keys * per:.0f} | {w.seconds * per / 60:.1f} "
                f"| {w.read / w.answers:.0%} | {w.released_in} of {w.batches} "
                f"| {w.off / w.answers:.1%} |"
            )
        return "\n".join(
            [
                *lines,
                "",
                "Totals off: against what both readings, or a third, settled on. The instructor "
                "is the first reading.",
                "",
                str(self.assumptions),
            ]
        )


@dataclass
class _Desk:
    """Counts what one instructor does to the answers of one batch."""

    work: Work
    cost: Assumptions
    final: dict[str, Scores] = field(default_factory=dict)

    def by_hand(self, one: GoldAnswer, *, keys: float, row_keys: float) -> None:
        """Read an answer and give every criterion its points."""
        self._read(one, keys * len(one.first) + row_keys)

    def check(self, one: GoldAnswer, grade: Grade) -> None:
        """Read an answer with its proposal, correct what is wrong and accept."""
        wrong = sum(
            grade.points[name] is None or abs((grade.points[name] or 0.0) - points) > 1e-6
            for name, points in one.first.items()
        )
        self._read(one, wrong * self.cost.choose_keys + self.cost.next_keys)

    def _read(self, one: GoldAnswer, keys: float) -> None:
        self.final[one.id] = one.first
        self.work.read += 1
        self.work.keys += keys
        self.work.seconds += (
            len(one.answer.split()) * self.cost.second_per_word
            + len(one.first) * self.cost.decide_s
            + keys * self.cost.key_s
        )


def measure_effort(
    batches: Mapping[str, Sequence[GoldAnswer]],
    rubrics: Mapping[str, Rubric],
    grader: AnyGrader,
    embed: Embed,
    *,
    targets: Sequence[float] = (0.05, 0.1, 0.2),
    seeds: Sequence[int] = range(5),
    assumptions: Assumptions | None = None,
    on_progress: Callable[[str], None] = lambda _: None,
) -> EffortScoreboard:
    """Grade every batch in a spreadsheet, in the program, and with releases at each target.

    Args:
        batches: answers by the name of the batch; the questions of one are pooled in its audit.
        rubrics: by id.
        grader: whose proposals are shown and released.
        embed: for the teaching sample.
        targets: shares of the marks released unread that may differ, each tried once.
        seeds: of the audits; figures are means over them.
        assumptions: seconds and keys.
        on_progress: called with the name of each batch.
    """
    cost = assumptions or Assumptions()
    ways = [SPREADSHEET, READ_ALL, *(f"program, release at {t:.0%}" for t in targets)]
    total = {way: Work(way) for way in ways}
    for name, answers in batches.items():
        on_progress(name)
        taught, same = _teaching(answers, embed, cost)
        grades = _proposals(answers, taught, rubrics, grader)
        for seed in seeds:
            total[SPREADSHEET].add(_in_a_sheet(answers, rubrics, cost))
            for way, target in zip(ways[1:], (None, *targets), strict=True):
                total[way].add(
                    _in_the_program(way, answers, rubrics, grades, taught, same, cost, target, seed)
                )
    return EffortScoreboard(tuple(total.values()), cost)


def _in_a_sheet(
    answers: Sequence[GoldAnswer], rubrics: Mapping[str, Rubric], cost: Assumptions
) -> Work:
    desk = _Desk(Work(SPREADSHEET, batches=1), cost)
    for one in answers:
        desk.by_hand(one, keys=cost.sheet_keys, row_keys=cost.sheet_row_keys)
    return _settled(desk, answers, rubrics)


def _in_the_program(
    way: str, answers: Sequence[GoldAnswer], rubrics: Mapping[str, Rubric],
    grades: Mapping[str, Grade], taught: Sequence[str], same: Mapping[str, str],
    cost: Assumptions, target: float | None, seed: int,
) -> Work:  # fmt: skip
    """Teach, release what an audit allows, and read the rest with the proposals in view."""
    desk = _Desk(Work(way, batches=1), cost)
    by_id = {one.id: one for one in answers}
    for name in taught:
        desk.by_hand(by_id[name], keys=cost.choose_keys, row_keys=cost.next_keys)
    for name, like in same.items():
        # Word for word the same but for case and punctuation: nothing is read twice.
        desk.final[name] = by_id[like].first
    for _ in set(same.values()):
        desk.work.keys += cost.group_keys
        desk.work.seconds += cost.group_keys * cost.key_s
    if target is not None:
        for name, grade in grades.items():
            if grade.rule and name not in desk.final:
                desk.final[name] = {c: p for c, p in grade.points.items() if p is not None}
        _release(desk, by_id, rubrics, grades, target, seed)
    for one in answers:
        if one.id not in desk.final:
            desk.check(one, grades[one.id])
    return _settled(desk, answers, rubrics)


def _release(
    desk: _Desk, by_id: Mapping[str, GoldAnswer], rubrics: Mapping[str, Rubric],
    grades: Mapping[str, Grade], target: float, seed: int,
) -> None:  # fmt: skip
    open_ones = [
        Marked(submission=_submission(one), grade=grades[name])
        for name, one in by_id.items()
        if name not in desk.final
    ]
    found = candidates(open_ones, rubrics)
    try:
        thresholds, size = suggest(found, target=target)
        widest = sum(one.confidence >= thresholds[-1] for one in found)
        if size > widest / 2:
            return  # An audit that reads more than it saves is not started.
        plan = make_plan(found, target=target, thresholds=thresholds, audit_size=size, seed=seed)
    except GradingError:
        return
    drawn = draw_audit(plan, found)
    for name in drawn:
        desk.by_hand(by_id[name], keys=desk.cost.choose_keys, row_keys=desk.cost.next_keys)
    verdict = decide_release(plan, found, {name: by_id[name].first for name in drawn})
    for name in verdict.released:
        desk.final[name] = {c: p for c, p in grades[name].points.items() if p is not None}
    desk.work.released_in += bool(verdict.released)


def _settled(desk: _Desk, answers: Sequence[GoldAnswer], rubrics: Mapping[str, Rubric]) -> Work:
    desk.work.answers = len(answers)
    desk.work.off = sum(
        abs(rubrics[a.rubric].total(desk.final[a.id]) - rubrics[a.rubric].total(a.resolved)) > 0.006
        for a in answers
    )
    return desk.work


def _teaching(
    answers: Sequence[GoldAnswer], embed: Embed, cost: Assumptions
) -> tuple[list[str], dict[str, str]]:
    """Return the answers that teach, and which others say the very same as one of them."""
    taught: list[str] = []
    same: dict[str, str] = {}
    for question in sorted({one.rubric for one in answers}):
        own = [one for one in answers if one.rubric == question]
        vectors = embed([one.answer for one in own])
        groups = group_answers([one.answer for one in own], vectors, alike=1.0)
        chosen = choose_teaching(groups, vectors, [0.0] * len(own), size=int(cost.teaching))
        for place in chosen:
            taught.append(own[place].id)
            same |= {own[i].id: own[place].id for i in groups.members(place) if i != place}
    return taught, same


def _proposals(
    answers: Sequence[GoldAnswer], taught: Sequence[str],
    rubrics: Mapping[str, Rubric], grader: AnyGrader,
) -> dict[str, Grade]:  # fmt: skip
    found = {}
    for question in sorted({one.rubric for one in answers}):
        own = [one for one in answers if one.rubric == question]
        examples = [GradedExample(text=a.answer, points=a.first) for a in own if a.id in taught]
        stream = (_submission(one) for one in own)
        for grade in grader.grade_batch(stream, rubrics[question], examples=examples):
            found[grade.submission] = grade
    return found


def _submission(one: GoldAnswer) -> Submission:
    return Submission(id=one.id, learner=one.id, question=one.rubric, text=one.answer)
