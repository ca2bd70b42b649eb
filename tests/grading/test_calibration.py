"""Confidences that mean what they say."""

import numpy as np
import pytest
from scipy.special import expit

from tutor_app.domain.grade import CriterionGrade, Grade
from tutor_app.grading.calibration import (
    Calibration,
    calibrated,
    expected_calibration_error,
    fit_calibration,
    refine,
    reliability,
)


def made(n: int, slope: float = 1.0, offset: float = 0.0, seed: int = 0) -> tuple:
    """Return raw confidences, whether right, and the true chance."""
    rng = np.random.default_rng(seed)
    z = rng.normal(0.5, 1.5, n)
    chance = expit(slope * z + offset)
    return expit(z), rng.random(n) < chance, chance


def questions(n: int, number: int = 10) -> list[str]:
    return [f"q{i % number}" for i in range(n)]


def test_the_error_is_the_mean_gap_of_equally_full_bins() -> None:
    confidence, right = [0.9] * 10 + [0.6] * 10, [1] * 10 + [0] * 10
    assert expected_calibration_error(confidence, right, bins=2) == pytest.approx(0.35)
    assert expected_calibration_error([], []) == 0
    bins = reliability(confidence, right, bins=2)
    assert [(b.answers, b.right) for b in bins] == [(10, 0.0), (10, 1.0)]
    assert bins[0].high == pytest.approx(1 - 0.025 ** (1 / 10))
    assert bins[1].high == 1


def test_equal_confidences_share_a_bin_whatever_their_order() -> None:
    bins = reliability([0.5] * 7 + [0.8], [1, 0, 1, 0, 1, 0, 1, 1], bins=4)
    assert [b.answers for b in bins] == [7, 1]


@pytest.mark.parametrize(("slope", "offset"), [(0.3, 0.0), (1.0, -1.5), (0.5, 1.0)])
def test_overconfident_and_shifted_confidences_are_put_right(slope: float, offset: float) -> None:
    raw, right, _ = made(2_000, slope, offset)
    report = fit_calibration(raw, right, questions(2_000))
    assert report.ece_before > 0.08
    assert report.ece < 0.04
    fresh, _, chance = made(5_000, slope, offset, seed=1)
    assert np.abs(report.calibration.apply(fresh) - chance).mean() < 0.03


def test_a_bent_curve_is_worth_an_isotonic_map() -> None:
    rng = np.random.default_rng(0)
    raw = rng.random(3_000)
    right = rng.random(3_000) < np.where(raw < 0.7, 0.3, 0.95)
    report = fit_calibration(raw, right, questions(3_000))
    assert report.calibration.method == "isotonic"
    low, high = report.calibration.apply([0.4, 0.9])
    assert low == pytest.approx(0.3, abs=0.05)
    assert high == pytest.approx(0.95, abs=0.03)


def test_good_confidences_are_left_alone() -> None:
    raw, right, _ = made(400)
    report = fit_calibration(raw, right, questions(400))
    assert report.calibration.apply(raw) == pytest.approx(raw, abs=0.12)


def test_whole_questions_are_left_out() -> None:
    # The confidence only knows the question: inside a fold that would look like skill.
    rng = np.random.default_rng(3)
    level = rng.random(12)
    at = np.repeat(np.arange(12), 50)
    raw = (at + 0.5) / 12
    right = rng.random(600) < level[at]
    honest = fit_calibration(raw, right, [f"q{i}" for i in at], folds=4)
    leaky = fit_calibration(raw, right, [f"a{i}" for i in range(600)], folds=4)
    assert honest.log_losses["isotonic"] > leaky.log_losses["isotonic"] + 0.02


def test_few_answers_move_the_shipped_calibration_little_and_many_move_it_all_the_way() -> None:
    shipped = Calibration(method="platt", slope=0.8, offset=0.2)
    raw, right, chance = made(20_000, 1.0, -1.5)
    before = shipped.apply(raw)

    def gap(n: int) -> float:
        return float(np.abs(refine(shipped, raw[:n], right[:n]).apply(raw) - chance).mean())

    start = float(np.abs(before - chance).mean())
    assert np.abs(refine(shipped, raw[:5], right[:5]).apply(raw) - before).mean() < 0.1
    assert gap(60) < 0.6 * start
    assert gap(20_000) < 0.02
    assert refine(shipped, [], []) == shipped


def test_refining_on_average_never_makes_good_confidences_much_worse() -> None:
    worse = []
    for seed in range(40):
        raw, right, chance = made(20, seed=seed)
        worse.append(np.abs(refine(Calibration(), raw, right).apply(raw) - chance).mean())
    assert np.mean(worse) < 0.06


def test_an_isotonic_map_is_refined_on_top_and_survives_json() -> None:
    raw, right, _ = made(500, 0.4)
    shipped = fit_calibration(raw, right, questions(500)).calibration
    again = Calibration.model_validate_json(refine(shipped, raw[:30], right[:30]).model_dump_json())
    out = again.apply(np.linspace(0, 1, 50))
    assert again.answers == 530
    assert np.all(np.diff(out) >= -1e-12)
    assert 0 < out.min() < out.max() < 1


def test_one_question_and_one_sided_answers_are_no_trouble() -> None:
    raw, _, _ = made(6)
    report = fit_calibration(raw, np.ones(6), ["q"] * 6)
    assert report.folds == 0
    assert np.all(report.calibration.apply(raw) < 1)
    assert fit_calibration([0.7], [True], ["q"]).answers == 1


def test_a_grade_is_calibrated_criterion_by_criterion() -> None:
    raw = (("a", 0.9), ("b", 0.5))
    criteria = tuple(CriterionGrade(criterion=c, confidence=p) for c, p in raw)
    grade = Grade(submission="s", rubric="r", rubric_hash="", grader="g", criteria=criteria)
    got = calibrated(grade, Calibration(slope=0.5))
    assert [c.confidence for c in got.criteria] == pytest.approx([0.75, 0.5])
