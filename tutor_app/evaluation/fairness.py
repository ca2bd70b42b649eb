"""The grader on the gold answers: what moves a grade that must not, canaries, gaps by group."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.evaluation.gold import GoldAnswer
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.canaries import CanaryReport, CanaryRow, check_canaries
from tutor_app.grading.counterfactuals import (
    CounterfactualReport,
    counterfactuals,
    total_of,
)
from tutor_app.grading.fairness import FairnessReport, Scored, gaps

WAYS_OF_WRITING = frozenset(
    {"right in usual words", "right in unusual words", "poor English", "very long"}
)
"""Kinds of gold answers that differ in how, not in what, is said."""


@dataclass(frozen=True)
class PooledChange:
    """One change over all rubrics; means and the largest as shares of a rubric's points."""

    change: str
    n: int
    mean: float
    mean_size: float
    largest: float
    changed: int


@dataclass(frozen=True)
class FairnessBoard:
    """All of it, with the canaries that came out otherwise than they must."""

    grader: str
    changes: tuple[PooledChange, ...]
    canaries: tuple[CanaryReport, ...]
    gaps: FairnessReport

    @property
    def wrong(self) -> list[tuple[str, CanaryRow]]:
        """Return (rubric, canary) for each one that nobody would have looked at."""
        return [(r.rubric, row) for r in self.canaries for row in r.rows if row.outcome == "wrong"]

    def __str__(self) -> str:
        """Draw three Markdown tables."""
        return "\n".join(
            [f"# {self.grader}", "", *self._changes(), "", *self._canaries(), "", str(self.gaps)]
        )

    def _changes(self) -> list[str]:
        return [
            "| change | n | mean | mean size | largest | totals that moved |",
            "|" + "---|" * 6,
            *(
                f"| {c.change} | {c.n} | {c.mean:+.1%} | {c.mean_size:.1%} | {c.largest:+.0%} "
                f"| {c.changed} |"
                for c in self.changes
            ),
        ]

    def _canaries(self) -> list[str]:
        found: dict[str, Counter[str]] = {}
        for report in self.canaries:
            for row in report.rows:
                found.setdefault(row.kind, Counter())[row.outcome] += 1
        outcomes = ("as expected", "wrong, in the queue", "wrong", "no score")
        return [
            f"| canary | decisions | {' | '.join(outcomes)} |",
            "|" + "---|" * 6,
            *(
                f"| {kind} | {counts.total()} | {' | '.join(str(counts[o]) for o in outcomes)} |"
                for kind, counts in found.items()
            ),
        ]


def evaluate_fairness(
    answers: Sequence[GoldAnswer],
    rubrics: Mapping[str, Rubric],
    grader: AnyGrader,
    *,
    seed: int = 0,
    sample: int = 30,
    on_rubric: Callable[[str], None] = lambda rubric_id: None,
) -> FairnessBoard:
    """Grade the gold answers, changed and unchanged, and the canaries of their rubrics.

    Args:
        answers: gold answers.
        rubrics: by id.
        grader: any.
        seed: of the samples and the typos.
        sample: answers per rubric that are changed.
        on_rubric: called after each rubric.
    """
    by_rubric: dict[str, list[GoldAnswer]] = {}
    for one in answers:
        by_rubric.setdefault(one.rubric, []).append(one)
    moved, birds, rows = [], [], []
    for rubric_id, some in sorted(by_rubric.items()):
        rubric = rubrics[rubric_id]
        submissions = [_submission(one) for one in some]
        moved.append(counterfactuals(grader, submissions, rubric, seed=seed, sample=sample))
        birds.append(check_canaries(grader, rubric))
        rows += _scored(some, submissions, rubric, grader)
        on_rubric(rubric_id)
    used = [rubrics[rubric_id] for rubric_id in sorted(by_rubric)]
    return FairnessBoard(grader.name, _pooled(moved), tuple(birds), gaps(rows, *used, seed=seed))


def _submission(one: GoldAnswer) -> Submission:
    return Submission(
        id=one.id,
        learner="gold",
        text=one.answer,
        language=one.language,
        groups={"writing": one.kind} if one.kind in WAYS_OF_WRITING else {},
    )


def _scored(
    some: Sequence[GoldAnswer],
    submissions: Sequence[Submission],
    rubric: Rubric,
    grader: AnyGrader,
) -> list[Scored]:
    return [
        Scored(
            text=one.answer,
            language=one.language,
            groups=submission.groups,
            proposed=total_of(grade, rubric),
            manual=rubric.total(one.resolved),
            needs_review=grade.needs_review,
            worth=rubric.max_points,
        )
        for one, submission, grade in zip(
            some, submissions, grader.grade_batch(submissions, rubric), strict=True
        )
    ]


def _pooled(reports: Sequence[CounterfactualReport]) -> tuple[PooledChange, ...]:
    pooled = []
    for rows in zip(*(report.rows for report in reports), strict=True):
        worth = [report.max_points for report in reports]
        n = sum(row.n for row in rows)
        pairs = list(zip(rows, worth, strict=True))
        pooled.append(
            PooledChange(
                change=rows[0].change,
                n=n,
                mean=sum(row.n * row.mean / points for row, points in pairs) / max(1, n),
                mean_size=sum(row.n * row.mean_size / points for row, points in pairs) / max(1, n),
                largest=max((row.largest / points for row, points in pairs), key=abs),
                changed=sum(row.changed for row in rows),
            )
        )
    return tuple(pooled)
