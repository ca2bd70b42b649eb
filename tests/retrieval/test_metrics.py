import math

import pytest

from tutor_app.retrieval.metrics import bootstrap_interval, ndcg, recall, reciprocal_rank


def test_ndcg_of_a_perfect_ranking_is_one():
    assert ndcg([True, True, False], relevant=2) == pytest.approx(1)
    assert ndcg([True] * 10, relevant=30, k=10) == pytest.approx(1)


def test_ndcg_discounts_by_the_logarithm_of_the_rank():
    expected = (1 / math.log2(3)) / (1 + 1 / math.log2(3))
    assert ndcg([False, True, False], relevant=2) == pytest.approx(expected)


def test_ndcg_ignores_what_lies_below_k():
    assert ndcg([False] * 10 + [True], relevant=1, k=10) == 0


def test_ndcg_with_nothing_to_find_is_zero():
    assert ndcg([], relevant=0) == 0


def test_recall_counts_each_relevant_id_once():
    assert recall(["a", "a", "b", "x", "c"], {"a", "b", "c", "d"}, k=3) == 0.5
    assert recall(["a"], [], k=5) == 0


def test_the_reciprocal_rank_is_that_of_the_first_hit():
    assert reciprocal_rank([False, False, True, True]) == pytest.approx(1 / 3)
    assert reciprocal_rank([False]) == 0


def test_the_interval_is_seeded_holds_the_mean_and_shrinks_with_more_data():
    values = [0.0, 1.0] * 20
    low, high = bootstrap_interval(values)
    assert (low, high) == bootstrap_interval(values)
    assert low < 0.5 < high
    wide = high - low
    low, high = bootstrap_interval(values * 10)
    assert high - low < wide / 2


def test_the_interval_of_a_constant_is_that_constant():
    assert bootstrap_interval([0.25] * 5) == (0.25, 0.25)
    assert all(math.isnan(bound) for bound in bootstrap_interval([]))
