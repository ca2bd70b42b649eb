"""The model of criteria: small enough to train here, the same after saving, and in bounds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import GradientBoostingClassifier

from tutor_app.errors import ModelError
from tutor_app.grading.criterion_measures import MEASURES
from tutor_app.grading.criterion_model import distribution, load_model, save_model
from tutor_app.grading.criterion_pairs import PAIR_MEASURES
from tutor_app.grading.criterion_training import Taught, folds, train
from tutor_app.grading.trees import Trees

SHIPPED = Path(__file__).parents[2] / "models/grader-criteria-0.2/model.safetensors"


@pytest.fixture(scope="module")
def taught() -> Taught:
    draw = np.random.default_rng(1)
    values = draw.normal(size=(300, len(MEASURES)))
    shares = np.digitize(values[:, 0] + 0.3 * draw.normal(size=300), [-0.5, 0.5]) / 2
    pairs = np.full((300, len(PAIR_MEASURES)), np.nan)
    pairs[::2] = (shares[::2, None] - 0.5) * 4 + draw.normal(size=(150, len(PAIR_MEASURES)))
    return Taught(values, shares, np.array([f"r{n % 6}" for n in range(300)]), pairs, np.ones(300))


def test_trees_give_the_numbers_of_the_library(taught: Taught) -> None:
    inputs, labels = taught.values.astype(np.float32), taught.shares > 0.25
    model = GradientBoostingClassifier(n_estimators=30, max_depth=3, random_state=0)
    model.fit(inputs, labels)
    assert np.allclose(Trees.of(model).log_odds(taught.values), model.decision_function(inputs))


def test_a_model_is_the_same_after_saving_and_ranks_what_it_learnt(
    taught: Taught, tmp_path: Path
) -> None:
    model = train(taught)
    save_model(model, tmp_path / "grader-x/model.safetensors")
    again = load_model(tmp_path / "grader-x/model.safetensors")
    assert again.name.startswith("grader-x:")
    made = again.log_odds(taught.values)
    assert np.allclose(made, model.log_odds(taught.values))
    assert (made[:, 1] <= made[:, 0]).all()
    assert made[taught.shares == 1, 1].mean() > made[taught.shares == 0, 1].mean() + 2
    read = again.log_odds(taught.values, taught.pairs)
    assert np.allclose(read, model.log_odds(taught.values, taught.pairs))
    assert np.array_equal(read[1::2], made[1::2])  # no pair was read there
    heard, denied = (np.full_like(taught.pairs, said) for said in (2.0, -2.0))
    for_it, against = (again.log_odds(taught.values, said) for said in (heard, denied))
    assert (for_it > against).all()


def test_the_shipped_model_can_be_loaded() -> None:
    assert load_model(SHIPPED).name.startswith("grader-criteria-0.2:")


def test_a_file_that_is_no_model_is_named(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"model\.safetensors: cannot be read"):
        load_model(path)


def test_folds_hold_every_rubric_out_once_and_whole(taught: Taught) -> None:
    held = list(folds(taught.rubrics, 4, seed=3))
    assert (np.sum(held, axis=0) == 1).all()
    for one in held:
        assert not set(taught.rubrics[one]) & set(taught.rubrics[~one])


@given(st.floats(-8, 8), st.floats(0, 8), st.integers(2, 6))
def test_a_distribution_sums_to_one_and_is_nowhere_negative(
    full: float, more: float, levels: int
) -> None:
    shares = np.linspace(1, 0, levels).tolist()
    chances = distribution(np.array([full + more, full]), shares)
    assert chances.shape == (levels,)
    assert chances.sum() == pytest.approx(1)
    assert (chances >= -1e-12).all()


def test_heavier_rows_set_how_sure_the_model_is(taught: Taught) -> None:
    """The same answers, given all by some and nothing by others."""
    kind = replace(taught, shares=np.ones(300), weights=np.full(300, 9.0))
    strict = replace(taught, shares=np.zeros(300), rubrics=np.char.add(taught.rubrics, "s"))
    log_odds = train(kind.and_(strict)).log_odds(taught.values)[:, 1]
    assert 0.8 < float(np.mean(1 / (1 + np.exp(-log_odds)))) < 0.95, "nine in ten"
