"""How well the grader scores the criteria of gold answers whose rubrics it has not seen.

Every figure is of folds that leave whole rubrics out and train anew; the shipped weights are
trained on all of them, and on the practice rubrics.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Encoder
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.evaluation.gold import GoldAnswer
from tutor_app.grading.agreement import weighted_kappa
from tutor_app.grading.criteria import ask, read, scored
from tutor_app.grading.criterion_measures import Measured
from tutor_app.grading.criterion_model import SHARES, CriterionModel
from tutor_app.grading.criterion_pairs import PAIR_MEASURES, ReadPairs, measure_pairs
from tutor_app.grading.criterion_training import Taught, folds, train
from tutor_app.grading.levels import unearned
from tutor_app.grading.pieces import take_apart
from tutor_app.grading.prepared import WrongIdeas, prepare

Array = NDArray[np.float64]
OnProgress = Callable[[int, int], None]
OUTER_FOLDS = 5
RESAMPLES = 1_000
GOLD_WEIGHT = 10.0
"""Of the practice answers many are traps. Answers such as a class gives set how sure to be."""
_BINS = 10


@dataclass(frozen=True)
class Case:
    """One criterion of one gold answer.

    Attributes:
        measured: its targets; empty where no model is asked.
        pairs: their pair measures, (targets, len(PAIR_MEASURES)); NaN where there are none.
    """

    answer: GoldAnswer
    criterion: Criterion
    measured: tuple[Measured, ...]
    pairs: Array

    def without_pairs(self) -> "Case":
        """Return the case as if no cross-encoder had been asked."""
        return replace(self, pairs=np.full_like(self.pairs, np.nan))

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


@dataclass(frozen=True)
class UnseenRow:
    """What a model says of rubrics that nothing in it has learnt from.

    Attributes:
        right: share of decisions "all the points or not" that are right.
        kappa: weighted kappa on three levels: all the points, some, none.
        overpaid: of the criteria that deserve nothing, those called fully met.
        unnoticed: those called fully met with a confidence over 0.75.
    """

    name: str
    decisions: int
    right: float
    kappa: float
    overpaid: float
    unnoticed: float

    def __str__(self) -> str:
        """Draw a row of a Markdown table."""
        return (
            f"| {self.name} | {self.decisions:,} | {self.right:.1%} | {self.kappa:.3f} "
            f"| {self.overpaid:.1%} | {self.unnoticed:.1%} |"
        )


UNSEEN_HEADING = """| unpractised rubrics | decisions | full or not: right | weighted kappa \
| undeserved called full | surely so |
|---|---|---|---|---|---|"""


def measure_unseen(name: str, model: CriterionModel, unseen: Taught) -> UnseenRow:
    """Measure a model on rubrics that neither its heads nor its cross-encoder know."""
    some, full = (1 / (1 + np.exp(-model.log_odds(unseen.values, unseen.pairs)))).T
    deserved = unseen.shares > SHARES[1]
    nothing = unseen.shares <= SHARES[0]
    return UnseenRow(
        name,
        len(deserved),
        float(np.mean((full > 0.5) == deserved)),
        weighted_kappa((some > 0.5) / 2 + (full > 0.5) / 2, deserved / 2 + ~nothing / 2),
        float(np.mean(full[nothing] > 0.5)),
        float(np.mean(full[nothing] > 0.75)),
    )


def read_cases(
    answers: Sequence[GoldAnswer],
    rubrics: Mapping[str, Rubric],
    encoder: Encoder,
    wrong_ideas: WrongIdeas,
    pairs: ReadPairs | None = None,
    on_progress: OnProgress = lambda done, total: None,
) -> list[Case]:
    """Measure every criterion of every answer; takes about 40 ms of CPU an answer.

    Args:
        answers: gold answers.
        rubrics: by id.
        encoder: the bundled MiniLM.
        wrong_ideas: rubric id to sentences that voice known misconceptions.
        pairs: the cross-encoder; it has seen none of these answers.
        on_progress: told answers done and all.
    """
    prepared = {
        name: prepare(rubrics[name], encoder.embed_array, wrong_ideas(name))
        for name in dict.fromkeys(one.rubric for one in answers)
    }
    cases = []
    for number, one in enumerate(answers):
        criteria, ready = rubrics[one.rubric].criteria, prepared[one.rubric]
        texts = take_apart(one.answer, rubrics[one.rubric].question).texts
        if not texts:
            cases += [Case(one, c, (), np.zeros((0, len(PAIR_MEASURES)))) for c in criteria]
            continue
        asked = ask(read([(one.answer, texts)], ready, encoder)[0], ready)[0]
        said = measure_pairs(pairs, [asked], ready)[0] if pairs is not None else {}
        for c in criteria:
            found = tuple(asked.measured[c.id])
            none = np.full((len(found), len(PAIR_MEASURES)), np.nan)
            cases.append(Case(one, c, found, np.stack(said[c.id]) if said else none))
        on_progress(number + 1, len(answers))
    return cases


def train_on(cases: Sequence[Case], practice: Taught | None = None) -> CriterionModel:
    """Train on all cases that a model is asked for and that have one target, and on practice."""
    told = [case for case in cases if len(case.measured) == 1]
    gold = Taught(
        np.stack([case.measured[0].values for case in told]),
        np.array([case.share(case.answer.resolved) for case in told]),
        np.array([case.answer.rubric for case in told]),
        np.stack([case.pairs[0] for case in told]),
        np.full(len(told), GOLD_WEIGHT),
    )
    return train(gold if practice is None else gold.and_(practice))


def propose_by_folds(
    cases: Sequence[Case],
    practice: Taught | None = None,
    seed: int = 0,
    on_progress: OnProgress = lambda done, total: None,
) -> list[Proposed]:
    """Return a proposal per case, each from a model that has not seen the case's rubric."""
    rubrics = np.array([case.answer.rubric for case in cases])
    made: dict[int, Proposed] = {}
    for fold, held in enumerate(folds(rubrics, OUTER_FOLDS, seed)):
        rest = [case for case, out in zip(cases, held, strict=True) if not out]
        model = train_on(rest, practice)
        for place in np.flatnonzero(held):
            made[int(place)] = propose_one(cases[int(place)], model)
        on_progress(fold + 1, OUTER_FOLDS)
    return [made[place] for place in range(len(cases))]


def propose_one(case: Case, model: CriterionModel) -> Proposed:
    """Return what the grader proposes with this model."""
    criterion = case.criterion
    if not case.measured:
        return Proposed(case, unearned(criterion) / criterion.points, 1.0)
    log_odds = model.log_odds(np.stack([one.values for one in case.measured]), case.pairs)
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
