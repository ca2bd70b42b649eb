"""How well the grader scores the criteria of gold answers whose rubrics it has not seen.

Every figure is of folds that leave whole rubrics out and train anew; the shipped weights are
trained on all of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Embed
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.evaluation.gold import GoldAnswer
from tutor_app.grading.agreement import weighted_kappa
from tutor_app.grading.criteria import scored
from tutor_app.grading.criterion_measures import Measured, measure
from tutor_app.grading.criterion_model import CriterionModel
from tutor_app.grading.criterion_training import Taught, folds, train
from tutor_app.grading.levels import unearned
from tutor_app.grading.pieces import take_apart
from tutor_app.grading.prepared import WrongIdeas, prepare

Array = NDArray[np.float64]
OnProgress = Callable[[int, int], None]
OUTER_FOLDS = 10
RESAMPLES = 1_000
_BINS = 10


@dataclass(frozen=True)
class Case:
    """One criterion of one gold answer; `measured` is empty where no model is asked."""

    answer: GoldAnswer
    criterion: Criterion
    measured: tuple[Measured, ...]

    def share(self, reading: Mapping[str, float]) -> float:
        """Return the share of the criterion's points in a reading (of a penalty, of its cost)."""
        return reading[self.criterion.id] / self.criterion.points


@dataclass(frozen=True)
class Proposed:
    """What the grader would propose for a case: share of the points, and how sure it is."""

    case: Case
    share: float
    confidence: float

    @property
    def right(self) -> bool:
        """The resolved reading gives these points."""
        return abs(self.share - self.case.share(self.case.answer.resolved)) < 0.006


@dataclass(frozen=True)
class CriteriaRow:
    """Figures of some proposals; `low` and `high` bound `kappa` at 95 %, resampling rubrics.

    Attributes:
        kappa: quadratically weighted, on shares of the criterion's points.
        totals: the same on shares of the rubric's total.
        exact: share with exactly the resolved points.
        half: the same for the more confident half.
        ece: expected calibration error, ten bins of equal size.
        readings: weighted kappa of the two readings with each other.
    """

    name: str
    decisions: int
    kappa: float
    low: float
    high: float
    totals: float
    exact: float
    half: float
    ece: float
    readings: float


@dataclass(frozen=True)
class CriteriaScoreboard:
    """One row per group of answers, and the accuracy by confidence of the first."""

    rows: tuple[CriteriaRow, ...]
    by_confidence: tuple[tuple[float, float, int], ...]

    def __str__(self) -> str:
        """Draw two Markdown tables."""
        lines = [
            "| answers | decisions | weighted kappa (95 %) | on totals | exact | surer half "
            "| ECE | readings' kappa |",
            "|" + "---|" * 8,
        ]
        lines += [
            f"| {r.name} | {r.decisions} | {r.kappa:.3f} ({r.low:.2f}-{r.high:.2f}) "
            f"| {r.totals:.3f} | {r.exact:.3f} | {r.half:.3f} | {r.ece:.3f} | {r.readings:.3f} |"
            for r in self.rows
        ]
        lines += ["", "| confidence | right | decisions |", "|---|---|---|"]
        lines += [f"| {said:.2f} | {right:.2f} | {n} |" for said, right, n in self.by_confidence]
        return "\n".join(lines)


def read_cases(
    answers: Sequence[GoldAnswer],
    rubrics: Mapping[str, Rubric],
    embed: Embed,
    wrong_ideas: WrongIdeas,
    on_progress: OnProgress = lambda done, total: None,
) -> list[Case]:
    """Measure every criterion of every answer; takes about 40 ms of CPU an answer."""
    prepared = {
        name: prepare(rubrics[name], embed, wrong_ideas(name))
        for name in dict.fromkeys(one.rubric for one in answers)
    }
    cases = []
    for number, one in enumerate(answers):
        rubric = rubrics[one.rubric]
        texts = take_apart(one.answer, rubric.question).texts
        measured = measure(texts, embed(texts), prepared[one.rubric]) if texts else {}
        cases += [Case(one, c, tuple(measured.get(c.id, ()))) for c in rubric.criteria]
        on_progress(number + 1, len(answers))
    return cases


def train_on(cases: Sequence[Case]) -> CriterionModel:
    """Train on all cases that a model is asked for and that have one target."""
    told = [case for case in cases if len(case.measured) == 1]
    return train(
        Taught(
            np.stack([case.measured[0].values for case in told]),
            np.array([case.share(case.answer.resolved) for case in told]),
            np.array([case.answer.rubric for case in told]),
        )
    )


def propose_by_folds(
    cases: Sequence[Case],
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> list[Proposed]:
    """Return a proposal per case, each from a model that has not seen the case's rubric."""
    rubrics = np.array([case.answer.rubric for case in cases])
    made: dict[int, Proposed] = {}
    for fold, held in enumerate(folds(rubrics, OUTER_FOLDS, seed)):
        model = train_on([case for case, out in zip(cases, held, strict=True) if not out])
        for place in np.flatnonzero(held):
            made[int(place)] = propose_one(cases[int(place)], model)
        on_progress(fold + 1, OUTER_FOLDS)
    return [made[place] for place in range(len(cases))]


def propose_one(case: Case, model: CriterionModel) -> Proposed:
    """Return what the grader proposes with this model."""
    criterion = case.criterion
    if not case.measured:
        return Proposed(case, unearned(criterion) / criterion.points, 1.0)
    log_odds = model.log_odds(np.stack([one.values for one in case.measured]))
    chances = scored(criterion, case.measured, list(log_odds)).probabilities
    best = int(chances.argmax())
    points = criterion.possible_points[best]
    return Proposed(case, points / criterion.points, float(chances[best]))


def measure_criteria(proposed: Sequence[Proposed]) -> CriteriaScoreboard:
    """Draw up the figures: all answers, those in English, and by course."""
    english = [one for one in proposed if one.case.answer.language == "en"]
    rows = [_row("all", proposed), _row("in English", english)]
    asked = [one for one in proposed if one.case.measured]
    rows.append(_row("not empty, not copied", asked))
    bins = np.array_split(sorted(asked, key=lambda one: one.confidence), _BINS)
    by_confidence = tuple(
        (float(np.mean([one.confidence for one in some])),
         float(np.mean([one.right for one in some])), len(some))
        for some in bins
    )  # fmt: skip
    return CriteriaScoreboard(tuple(rows), by_confidence)


def _row(name: str, proposed: Sequence[Proposed]) -> CriteriaRow:
    said = np.array([one.share for one in proposed])
    true = np.array([one.case.share(one.case.answer.resolved) for one in proposed])
    right = np.array([one.right for one in proposed])
    sure = np.array([one.confidence for one in proposed])
    rubrics = np.array([one.case.answer.rubric for one in proposed])
    low, high = _interval(said, true, rubrics)
    order = np.argsort(-sure, kind="stable")
    readings = [
        (one.case.share(one.case.answer.first), one.case.share(one.case.answer.second))
        for one in proposed
    ]
    first, second = zip(*readings, strict=True)
    return CriteriaRow(
        name=name,
        decisions=len(proposed),
        kappa=weighted_kappa(said, true),
        low=low,
        high=high,
        totals=_on_totals(proposed),
        exact=float(right.mean()),
        half=float(right[order[: len(order) // 2]].mean()),
        ece=_calibration_error(sure, right),
        readings=weighted_kappa(first, second),
    )


def _interval(said: Array, true: Array, rubrics: NDArray[np.str_]) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the weighted kappa; rubrics are drawn, not answers."""
    rows = {name: np.flatnonzero(rubrics == name) for name in np.unique(rubrics)}
    names = list(rows)
    draw = np.random.default_rng(0)
    found = []
    for _ in range(RESAMPLES):
        chosen = np.concatenate(
            [rows[names[n]] for n in draw.integers(len(names), size=len(names))]
        )
        found.append(weighted_kappa(said[chosen], true[chosen]))
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def _on_totals(proposed: Sequence[Proposed]) -> float:
    said: dict[str, float] = {}
    true: dict[str, float] = {}
    most: dict[str, float] = {}
    for one in proposed:
        name, worth = one.case.answer.id, one.case.criterion.points
        said[name] = said.get(name, 0.0) + one.share * worth
        true[name] = true.get(name, 0.0) + one.case.answer.resolved[one.case.criterion.id]
        most[name] = most.get(name, 0.0) + max(0.0, worth)
    # a penalty never takes an answer below nothing
    return weighted_kappa(
        [max(0.0, said[name]) / most[name] for name in said],
        [max(0.0, true[name]) / most[name] for name in said],
    )


def _calibration_error(sure: Array, right: NDArray[np.bool_]) -> float:
    order = np.argsort(sure, kind="stable")
    apart = [
        abs(sure[some].mean() - right[some].mean()) * len(some)
        for some in np.array_split(order, _BINS)
        if len(some)
    ]
    return float(sum(apart) / len(sure))
