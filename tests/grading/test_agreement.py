"""Agreement between raters, against published tables and scikit-learn."""

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from tutor_app.grading.agreement import (
    Rating,
    agreement,
    choose_repeats,
    compare,
    consistency,
    icc2_1,
    weighted_kappa,
)

SCALE = [2.0, 1.0, 0.0]
# Shrout & Fleiss 1979, table 2: six targets, four judges; their ICC(2,1) is .29.
SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)


def pair(n: int = 200, seed: int = 0) -> tuple[list[float], list[float]]:
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 3, n).astype(float)
    b = np.where(rng.random(n) < 0.7, a, rng.integers(0, 3, n)).astype(float)
    return list(a), list(b)


def names(n: int) -> list[str]:
    return [f"s{i:04}" for i in range(n)]


def ratings(rater: str, points: list[float], criterion: str = "c") -> list[Rating]:
    return [
        Rating(rater=rater, submission=s, criterion=criterion, points=p)
        for s, p in zip(names(len(points)), points, strict=True)
    ]


def test_icc_is_what_shrout_and_fleiss_print() -> None:
    assert icc2_1(SHROUT_FLEISS) == pytest.approx(0.29, abs=0.006)


def test_the_figures_of_a_pair_are_those_of_scikit_learn_and_of_the_anova() -> None:
    a, b = pair()
    got = compare(a, b, [SCALE] * 200, names(200), draws=0)
    assert got["kappa"].value == pytest.approx(cohen_kappa_score(a, b))
    assert got["qwk"].value == pytest.approx(cohen_kappa_score(a, b, weights="quadratic"))
    assert weighted_kappa(a, b) == pytest.approx(cohen_kappa_score(a, b, weights="quadratic"))
    assert got["icc"].value == pytest.approx(icc2_1(np.stack([a, b], axis=1)))
    assert got["pearson"].value == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert got["rmse"].value == pytest.approx(np.sqrt(np.mean((np.array(a) - b) ** 2)) / 2)
    assert got["exact"].value == pytest.approx(np.mean(np.array(a) == b))
    assert got["adjacent"].value == pytest.approx(np.mean(np.abs(np.array(a) - b) <= 1))


def test_an_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    held = 0
    for seed in range(60):
        a, b = pair(80, seed)
        one = compare(a, b, [SCALE] * 80, names(80), draws=300, seed=seed)["exact"]
        assert one.low is not None
        assert one.high is not None
        held += one.low <= 0.8 <= one.high  # 0.7 + 0.3 / 3
    assert 51 <= held <= 60


def test_the_bootstrap_draws_answers_not_criteria() -> None:
    a, b = pair(60)
    once = compare(a, b, [SCALE] * 60, names(60))["qwk"]
    copied = compare(a * 4, b * 4, [SCALE] * 240, names(60) * 4)["qwk"]
    assert copied.low == pytest.approx(once.low, abs=0.02)
    apart = compare(a * 4, b * 4, [SCALE] * 240, names(240))["qwk"]
    assert apart.low is not None
    assert copied.low is not None
    assert apart.low > copied.low + 0.03


def test_pairs_are_compared_on_what_both_rated_and_people_come_first() -> None:
    a, b = pair(30)
    model = ratings("a model", a)
    rows = agreement(
        [*model, *ratings("Eva", a)[:20], *ratings("Max", b)[10:]],
        {"c": SCALE},
        models={"a model"},
        draws=50,
    )
    assert [(r.first, r.second, r.people, r.decisions) for r in rows] == [
        ("Eva", "Max", True, 10),
        ("Eva", "a model", False, 20),
        ("Max", "a model", False, 20),
    ]
    assert rows[1].exact.value == 1


def test_one_rater_alone_agrees_with_nobody() -> None:
    assert agreement(ratings("Eva", [1, 2]), {"c": SCALE}) == []


def test_constant_points_have_no_correlation_and_no_made_up_interval() -> None:
    got = compare([2.0] * 5, [2.0] * 5, [SCALE] * 5, names(5))
    assert (got["exact"].value, got["qwk"].value, got["kappa"].value) == (1, 1, 1)
    assert got["pearson"].value is None
    assert got["icc"].value is None
    assert str(got["icc"]) == "nothing varies"
    one_sided = compare([2.0] * 4, [2.0, 1.0, 0.0, 2.0], [SCALE] * 4, names(4))
    assert one_sided["kappa"].value == 0
    assert one_sided["pearson"].value is None


def test_criteria_of_different_worth_are_taken_together_in_shares() -> None:
    rows = agreement(
        [
            *ratings("Eva", [4, 0, 2]), *ratings("Max", [2, 0, 2]),
            *ratings("Eva", [1, 0, 1], "d"), *ratings("Max", [1, 0, 0], "d"),
        ],
        {"c": [4, 2, 0], "d": [1, 0]}, draws=0,
    )  # fmt: skip
    assert [r.criterion for r in rows] == ["c", "d", "all"]
    assert rows[-1].decisions == 6
    assert rows[-1].submissions == 3
    assert rows[-1].rmse.value == pytest.approx(np.sqrt((0.25 + 1) / 6))


def test_repeats_are_spread_over_the_scores_and_the_same_for_a_seed() -> None:
    totals = {f"s{i}": float(i // 10) for i in range(100)}
    got = choose_repeats(totals, size=10, seed=3)
    assert sorted(totals[s] for s in got) == [float(i) for i in range(10)]
    assert got == choose_repeats(totals, size=10, seed=3)
    assert set(got) != set(choose_repeats(totals, size=10, seed=4))
    assert [totals[s] for s in got] != sorted(totals[s] for s in got)
    assert len(choose_repeats({"a": 1.0, "b": 2.0}, size=10, seed=1)) == 2
    assert choose_repeats({}, seed=1) == []


def test_the_instructors_own_consistency_stands_beside_the_proposals() -> None:
    first = ratings("Eva", [2, 1, 0, 2, 1])
    again = ratings("Eva", [2, 1, 0, 1])
    own, model = consistency(first, again, ratings("m", [2, 2, 0, 0, 0]), {"c": SCALE}, draws=20)
    assert (own[0].decisions, own[0].exact.value) == (4, 0.75)
    assert (model[0].decisions, model[0].exact.value) == (4, 0.5)
    assert own[0].people
    assert not model[0].people


def test_many_answers_are_bootstrapped_a_block_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tutor_app.grading.agreement._CELLS", 50_000)
    a, b = pair(5_000)
    got = compare(a, b, [SCALE] * 5_000, names(5_000), draws=250)
    assert got["exact"].value == pytest.approx(0.8, abs=0.01)
    assert got["exact"].value is not None
    assert got["exact"].low is not None
    half = got["exact"].value - got["exact"].low
    assert half == pytest.approx(1.96 * 0.4 / 5_000**0.5, rel=0.3)


def test_weighted_kappa_is_one_for_equal_zero_for_chance_and_negative_for_opposite_readings() -> (
    None
):
    assert weighted_kappa([0, 1, 2, 2], [0, 1, 2, 2]) == 1
    assert weighted_kappa([0, 0, 1, 1], [0, 1, 0, 1]) == pytest.approx(0)
    assert weighted_kappa([0, 1], [1, 0]) == pytest.approx(-1)
    # Cohen (1968): 1 - mean squared distance over the one expected from the margins
    assert weighted_kappa([0, 0, 1, 2], [0, 1, 1, 2]) == pytest.approx(1 - 0.25 / 1.25)


def test_a_share_without_an_exception_has_the_exact_bound_and_the_rest_no_interval() -> None:
    points = [4, 2, 0, 4, 2, 0, 4, 2, 0, 4]
    got = compare(points, points, [SCALE] * 10, names(10), draws=100)
    low = got["exact"].low
    assert (got["exact"].value, got["exact"].high) == (1, 1)
    # all of ten: 0.025 to the power of one tenth
    assert low is not None
    assert abs(low - 0.025**0.1) < 1e-9
    assert (got["qwk"].value, got["qwk"].low, got["qwk"].high) == (1, None, None)
    assert str(got["kappa"]) == "1.00"
    never = compare([4] * 10, [0] * 10, [SCALE] * 10, names(10), draws=100)["exact"]
    assert (never.value, never.low) == (0, 0)
    assert never.high is not None
    assert abs(never.high - (1 - 0.025**0.1)) < 1e-9
