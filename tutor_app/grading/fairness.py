"""Does the grader treat groups of answers differently? Gaps with intervals and n.

How to use, for one question of a batch:

    rows = [scored(marked, rubric) for marked in store.grading.marked(batch_id)]
    report = gaps([row for row in rows if row], rubric, seed=0)
    print(report)

and, to see what the grader does to the same answer with another name, with typos or with padding,
`tutor_app.grading.counterfactuals.counterfactuals`.

Two kinds of gap are shown. "Against your scores" compares proposals with the scores that a person
gave to the same answers: a gap there is the grader's doing. "Proposals" compares groups with
each other: a gap there may as well come from what the groups know.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from tutor_app.domain.rubric import Rubric
from tutor_app.grading.counterfactuals import total_of
from tutor_app.grading.spelling import Spelling
from tutor_app.storage.grading import Marked

SMALLEST = 10
"""Groups with fewer answers are not reported: the figure would be noise, and point at people."""
RESAMPLES = 2_000
LEVEL = 0.9
Measure = Literal["against your scores", "proposals", "sent to review"]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Scored:
    """One graded answer, without who wrote it.

    Attributes:
        text: the answer.
        language: two-letter code or "".
        groups: what the instructor gave ("section": "B").
        proposed: the grader's total, None while pending.
        manual: the total of a person's scores, where every criterion has one.
        needs_review: the grader asked for a person.
        worth: the rubric's points; figures are shares of it, so that questions can be pooled.
    """

    text: str
    language: str = ""
    groups: dict[str, str] = field(default_factory=dict)
    proposed: float | None = None
    manual: float | None = None
    needs_review: bool = False
    worth: float = 1.0


@dataclass(frozen=True)
class Gap:
    """One group against all other answers.

    Attributes:
        by: what the groups are made by: "length", "spelling", "language" or the instructor's word.
        group: the group.
        measure: "against your scores" (mean of proposed minus manual), "proposals" (mean
            proposed), both as shares of the rubric's points; "sent to review" (share of answers).
        n: answers of the group that the figure rests on; `others` those of the rest.
        value: the group's own figure.
        gap: the group's figure minus that of the others.
        low: lower end of the gap's 90 % bootstrap interval; `high` its upper end.
    """

    by: str
    group: str
    measure: Measure
    n: int
    others: int
    value: float
    gap: float
    low: float
    high: float

    @property
    def stands_out(self) -> bool:
        """The interval leaves zero out; with many groups some do so by chance."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True)
class FairnessReport:
    """The gaps, and the groups that were too small to show."""

    gaps: tuple[Gap, ...]
    too_small: int

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = [
            f"| by | group | measure | n | others | figure | gap | {LEVEL:.0%} interval |",
            "|" + "---|" * 8,
        ]
        lines += [
            f"| {g.by} | {g.group} | {g.measure} | {g.n} | {g.others} | {g.value:+.1%} "
            f"| {g.gap:+.1%} | {g.low:+.1%} to {g.high:+.1%}{' *' if g.stands_out else ''} |"
            for g in self.gaps
        ]
        if self.too_small:
            lines.append(f"\nGroups of fewer than {SMALLEST} answers, not shown: {self.too_small}")
        return "\n".join(lines)


def scored(marked: Marked, rubric: Rubric) -> Scored | None:
    """Return what the report needs of a marked submission; None where nothing was proposed."""
    if marked.grade is None or marked.submission.problem:
        return None
    given = {one.id: marked.manual(one.id) for one in rubric.criteria}
    whole = {name: points for name, points in given.items() if points is not None}
    return Scored(
        text=marked.submission.text,
        language=marked.submission.language,
        groups=marked.submission.groups,
        proposed=total_of(marked.grade, rubric),
        manual=rubric.total(whole) if len(whole) == len(given) else None,
        needs_review=marked.grade.needs_review,
        worth=rubric.max_points or 1.0,
    )


def gaps(rows: Sequence[Scored], *rubrics: Rubric, seed: int = 0) -> FairnessReport:
    """Compare every group of ten answers or more with the rest.

    Args:
        rows: the answers to one question, or to several that are pooled.
        rubrics: theirs.
        seed: of the bootstrap (Efron and Tibshirani 1993, percentile intervals).
    """
    rng = np.random.default_rng(seed)
    found: list[Gap] = []
    small = 0
    for by, names in _groupings(rows, rubrics):
        for group in sorted(set(filter(None, names))):
            inside = np.array([name == group for name in names])
            outside = np.array([name not in (None, group) for name in names])
            if inside.sum() < SMALLEST:
                small += 1
                continue
            for measure, values in _measures(rows):
                here = values[inside & ~np.isnan(values)]
                rest = values[outside & ~np.isnan(values)]
                if len(here) >= SMALLEST and len(rest) >= SMALLEST:
                    found.append(_gap(by, group, measure, here, rest, rng))
    return FairnessReport(tuple(found), small)


def _gap(
    by: str, group: str, measure: Measure, here: Floats, rest: Floats, rng: np.random.Generator
) -> Gap:
    resampled = _resampled_means(here, rng) - _resampled_means(rest, rng)
    low, high = np.quantile(resampled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Gap(
        by=by,
        group=group,
        measure=measure,
        n=len(here),
        others=len(rest),
        value=float(here.mean()),
        gap=float(here.mean() - rest.mean()),
        low=float(low),
        high=float(high),
    )


def _resampled_means(values: Floats, rng: np.random.Generator) -> Floats:
    """Draw bootstrap means; totals take few values, so their counts are drawn at once."""
    each, counts = np.unique(values, return_counts=True)
    drawn = rng.multinomial(len(values), counts / len(values), size=RESAMPLES)
    means: Floats = drawn @ each / len(values)
    return means


def _measures(rows: Sequence[Scored]) -> list[tuple[Measure, Floats]]:
    worth = np.array([r.worth for r in rows])
    proposed = np.array([np.nan if r.proposed is None else r.proposed for r in rows]) / worth
    manual = np.array([np.nan if r.manual is None else r.manual for r in rows]) / worth
    return [
        ("against your scores", proposed - manual),
        ("proposals", proposed),
        ("sent to review", np.array([float(r.needs_review) for r in rows])),
    ]


def _groupings(
    rows: Sequence[Scored], rubrics: Sequence[Rubric]
) -> Iterable[tuple[str, list[str | None]]]:
    spelling = Spelling(rubrics, (row.text for row in rows))
    yield "length", [_length(len(row.text.split())) for row in rows]
    yield "spelling", [_spelling(spelling.error_rate(row.text, row.language)) for row in rows]
    yield "language", [row.language or None for row in rows]
    for name in sorted({name for row in rows for name in row.groups}):
        yield name, [row.groups.get(name) or None for row in rows]


def _length(words: int) -> str:
    if words <= 15:
        return "up to 15 words"
    return "16 to 40 words" if words <= 40 else "more than 40 words"


def _spelling(rate: float | None) -> str | None:
    if rate is None:
        return None
    if rate == 0:
        return "no word misspelt"
    return "up to 5 % misspelt" if rate <= 0.05 else "more than 5 % misspelt"
