"""Gold answers: learner answers scored per criterion by two readers who did not see each other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from tutor_app.domain.base import Slug, Strict, Text
from tutor_app.domain.grade import Judgement
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError
from tutor_app.grading.agreement import weighted_kappa

Scores = dict[str, float]
Judge = Callable[[str, Rubric], Sequence[Judgement]]
_ROUNDED = 0.006


class GoldAnswer(Strict):
    """One answer; each reading maps every criterion to points.

    Attributes:
        kind: what the writer had in mind; the readers did not see it.
        first: one reading.
        second: the other; the two had not seen each other.
        resolved: where both agree, what they say; elsewhere what a third reading decided.
    """

    id: Text
    rubric: Slug
    kind: Text
    language: Literal["en", "es", "es-en"]
    answer: str
    first: Scores
    second: Scores
    resolved: Scores


@dataclass(frozen=True)
class GoldRow:
    """One rubric, or all of them.

    Attributes:
        decisions: criteria times answers.
        same: share of decisions on which the readings agree.
        kappa: quadratically weighted (Cohen 1968), on shares of a criterion's points.
        precision: of the criteria that the tutor's judge calls met, those with full points.
        recall: of the criteria with full points, those that the judge calls met.
    """

    name: str
    answers: int
    decisions: int
    same: float
    kappa: float
    precision: float
    recall: float


@dataclass(frozen=True)
class GoldScoreboard:
    """The rows, the last one for all rubrics together."""

    rows: tuple[GoldRow, ...]

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = [
            "| rubric | answers | decisions | readings agree | weighted kappa "
            "| judge: precision | recall |",
            "|" + "---|" * 7,
        ]
        lines += [
            f"| {r.name} | {r.answers} | {r.decisions} | {r.same:.0%} | {r.kappa:.2f} "
            f"| {r.precision:.2f} | {r.recall:.2f} |"
            for r in self.rows
        ]
        return "\n".join(lines)


def load_gold(folder: Path, rubrics: Mapping[str, Rubric]) -> list[GoldAnswer]:
    """Load all answers of a folder of <rubric-id>.jsonl files.

    Raises:
        ContentError: a line is no gold answer, names no known rubric, leaves a criterion out, or
            gives points that the criterion cannot give.
    """
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            where = f"{path}, line {number}"
            try:
                one = GoldAnswer.model_validate_json(line)
            except ValidationError as error:
                raise ContentError(f"{where}: this is no gold answer: {error}") from None
            if one.rubric not in rubrics:
                raise ContentError(f"{where}: there is no rubric {one.rubric!r}.")
            for scores in (one.first, one.second, one.resolved):
                if fault := score_fault(scores, rubrics[one.rubric]):
                    raise ContentError(f"{where}: {fault}")
            found.append(one)
    return found


def score_fault(scores: Scores, rubric: Rubric) -> str:
    """Say why these cannot be a rubric's scores; "" when they can."""
    wanted = {criterion.id for criterion in rubric.criteria}
    if set(scores) != wanted:
        return f"scores {sorted(scores)} are not for the criteria {sorted(wanted)}."
    for criterion in rubric.criteria:
        given = scores[criterion.id]
        if not any(abs(given - points) < _ROUNDED for points in criterion.possible_points):
            return f"{criterion.id!r} cannot give {given:g} points."
    return ""


def measure_gold(
    answers: Sequence[GoldAnswer], rubrics: Mapping[str, Rubric], judge: Judge
) -> GoldScoreboard:
    """Compare the two readings, and the tutor's judge with the resolved scores."""
    by_rubric: dict[str, list[GoldAnswer]] = {}
    for one in answers:
        by_rubric.setdefault(one.rubric, []).append(one)
    said = {one.id: _met(one, rubrics[one.rubric], judge) for one in answers}
    rows = [_row(name, some, rubrics, said) for name, some in sorted(by_rubric.items())]
    return GoldScoreboard((*rows, _row("all", answers, rubrics, said)))


def _met(one: GoldAnswer, rubric: Rubric, judge: Judge) -> frozenset[str]:
    return frozenset(j.criterion for j in judge(one.answer, rubric) if j.verdict == "met")


def _row(
    name: str,
    answers: Sequence[GoldAnswer],
    rubrics: Mapping[str, Rubric],
    said: Mapping[str, frozenset[str]],
) -> GoldRow:
    cells = [(one, c) for one in answers for c in rubrics[one.rubric].criteria]
    worth = [c.points or 1.0 for _, c in cells]
    shares = [
        (one.first[c.id] / w, one.second[c.id] / w)
        for (one, c), w in zip(cells, worth, strict=True)
    ]
    earned = [(one, c) for one, c in cells if c.type != "penalty"]
    met = {(one.id, c.id) for one, c in earned if c.id in said[one.id]}
    full = {(one.id, c.id) for one, c in earned if abs(one.resolved[c.id] - c.points) < _ROUNDED}
    return GoldRow(
        name=name,
        answers=len(answers),
        decisions=len(cells),
        same=float(np.mean([abs(a - b) < _ROUNDED for a, b in shares])),
        kappa=weighted_kappa(*zip(*shares, strict=True)),
        precision=len(met & full) / len(met) if met else 1.0,
        recall=len(met & full) / len(full) if full else 1.0,
    )
