"""The figures of the criterion grader are of rubrics that it has not seen."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.rubric import Rubric
from tutor_app.evaluation.criteria import (
    Case,
    measure_criteria,
    measure_unseen,
    propose_by_folds,
    propose_one,
    read_cases,
    train_on,
)
from tutor_app.evaluation.gold import load_gold
from tutor_app.evaluation.practice import load_practice, taught_by
from tutor_app.grading.criterion_model import CriterionModel
from tutor_app.grading.criterion_pairs import PAIR_MEASURES
from tutor_app.grading.criterion_training import Taught
from tutor_app.retrieval.embedder import load_embedder

CHECKOUT = Path(__file__).parents[2]
NAMES = ("mechanics-airbag", "mechanics-two-coins", "cell-biology-meiosis-mule")
ENCODER = load_embedder()


class Half:
    """Finds every pair as likely as not."""

    name = "half"

    def __call__(
        self, pairs: Sequence[tuple[str, str]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return np.zeros((len(pairs), 3)), np.zeros((len(pairs), 1))


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    catalogue = Catalogue([], [CHECKOUT / "rubrics"])
    rubrics: dict[str, Rubric] = {name: catalogue.rubric(name) for name in NAMES}
    every = {name: catalogue.rubric(name) for name in catalogue.rubric_ids()}
    gold = load_gold(CHECKOUT / "datasets/gold", every)
    some = [one for name in NAMES for one in [g for g in gold if g.rubric == name][:14]]
    nothing = some[0].model_copy(update={"id": "none", "answer": " "})
    return read_cases([*some, nothing], rubrics, ENCODER, lambda name: (), Half())


def test_nothing_is_proposed_for_nothing_without_a_model(cases: list[Case]) -> None:
    found = [one for one in cases if one.answer.id == "none"]
    assert len(found) == 3
    assert not any(one.measured for one in found)
    proposed = [propose_one(one, train_on(cases)) for one in found]
    assert {one.share for one in proposed} == {0.0}


def test_every_case_is_proposed_once_and_all_figures_are_there(cases: list[Case]) -> None:
    board = measure_criteria(propose_by_folds(cases))
    everything, english, asked = board.rows
    assert everything.decisions == len(cases)
    assert asked.decisions == sum(bool(one.measured) for one in cases) < len(cases) - 2
    assert everything.readings > 0.9
    assert "not empty, not copied" in str(board)
    assert english.low <= english.kappa <= english.high


def test_practice_is_learnt_from_and_says_nothing_of_pairs(cases: list[Case]) -> None:
    practice = load_practice(CHECKOUT / "datasets/grading/practice")[:2]
    taught = taught_by(practice, ENCODER)
    assert np.isnan(taught.pairs).all()
    assert set(taught.rubrics) == {one.rubric.id for one in practice}
    heard = taught_by(practice[:1], ENCODER, Half())
    assert heard.pairs.shape == (len(heard.shares), len(PAIR_MEASURES))
    assert np.isfinite(heard.pairs).all()
    alone, both = train_on(cases), train_on(cases, taught)
    values = np.stack([one.measured[0].values for one in cases if one.measured])
    assert not np.allclose(alone.log_odds(values), both.log_odds(values))


class Says(CriterionModel):
    """Says what it is told, whatever is measured."""

    def __init__(self, log_odds: list[tuple[float, float]]):
        object.__setattr__(self, "said", np.array(log_odds))

    def log_odds(
        self, values: NDArray[np.float64], pairs: NDArray[np.float64] | None = None
    ) -> NDArray[np.float64]:
        said: NDArray[np.float64] = self.__dict__["said"]
        return said


def test_an_unseen_rubric_is_measured_by_what_it_should_have_got() -> None:
    shares = np.array([1.0, 0.5, 0.0, 0.0])
    unseen = Taught(np.zeros((4, 1)), shares, np.array(["r"] * 4), np.zeros((4, 1)), np.ones(4))
    right = measure_unseen("right", Says([(9, 9), (9, -9), (-9, -9), (-9, -9)]), unseen)
    assert (right.right, right.kappa, right.overpaid, right.unnoticed) == (1, 1, 0, 0)
    generous = measure_unseen("generous", Says([(9, 9), (9, 9), (9, 9), (0.5, 0.5)]), unseen)
    assert (generous.right, generous.overpaid, generous.unnoticed) == (0.25, 1, 0.5)
    assert generous.decisions == 4
    assert str(generous).startswith("| generous | 4 | 25.0% |")
