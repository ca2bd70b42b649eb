"""Groups of answers, and which ones an instructor grades first."""

import numpy as np
import pytest

from tutor_app.grading import grouping
from tutor_app.grading.grouping import choose_teaching, group_answers, normalised


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def around(centres: int, each: int, spread: float, seed: int = 0, size: int = 32) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middle = rng.normal(size=(centres, size))
    return unit(np.repeat(middle, each, axis=0) + spread * rng.normal(size=(centres * each, size)))


def words(n: int) -> list[str]:
    letters = "abcdefghij"
    return ["".join(letters[int(d)] for d in f"{i:06}") for i in range(n)]


def test_case_spaces_and_punctuation_make_no_other_answer() -> None:
    texts = ["It floats.", "it  FLOATS", "It sinks!", "It sinks"]
    groups = group_answers(texts, unit(np.eye(4)))
    assert groups.members(0) == [0, 1]
    assert groups.members(3) == [2, 3]
    assert normalised("  “It”\n floats! ") == "it floats"


def test_near_answers_are_together_and_every_pair_is_near() -> None:
    vectors = around(5, 12, 0.05)
    groups = group_answers(words(60), vectors, alike=0.9)
    assert list(groups.sizes) == [12] * 5
    assert [len(set(groups.labels[i * 12 : i * 12 + 12])) for i in range(5)] == [1] * 5
    spread = around(40, 5, 0.5, seed=2)
    loose = group_answers(words(200), spread, alike=0.8)
    assert 1 < loose.sizes.max() < 60
    for group in range(loose.sizes.size):
        inside = spread[loose.labels == group]
        assert (inside @ inside.T).min() >= 0.8 - 1e-5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Energy is conserved here", "Energy is not conserved here"),
        ("it doesn't sink", "it does sink"),
        ("la energía no se conserva", "la energía se conserva"),
        ("The force is 20 N", "The force is 25 N"),
        ("it moves at -3 m/s", "it moves at 3 m/s"),
    ],
)
def test_one_click_never_crosses_a_negation_or_a_number(one: str, other: str) -> None:
    groups = group_answers([one, other], unit(np.ones((2, 8))))
    assert len(groups.sizes) == 2


def test_the_medoid_is_the_member_nearest_to_the_middle() -> None:
    angles = np.array([0.0, 0.1, 0.2, 0.1001, 2.0])
    vectors = unit(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    groups = group_answers(words(5), vectors, alike=0.97)
    assert groups.medoids[0] in (1, 3)
    assert groups.medoids[1] == 4


def test_teaching_covers_the_clusters_then_the_doubtful_and_no_group_twice() -> None:
    vectors = around(6, 20, 0.05)
    texts = words(120)
    groups = group_answers(texts, vectors, alike=0.9999)  # every answer its own group
    confidences = np.full(120, 0.9)
    confidences[[7, 33, 99]] = 0.1
    got = choose_teaching(groups, vectors, confidences, size=12, seed=1)
    assert len(got) == 12
    assert len({int(groups.labels[i]) for i in got}) == 12
    assert {i // 20 for i in got[:6]} == set(range(6))
    assert {7, 33, 99} <= set(got)
    again = choose_teaching(groups, vectors, confidences, size=12, done=got, seed=1)
    assert not {int(groups.labels[i]) for i in got} & {int(groups.labels[i]) for i in again}


def test_the_same_seed_gives_the_same_and_few_groups_give_few() -> None:
    vectors = around(3, 10, 0.05)
    groups = group_answers(words(30), vectors, alike=0.9)
    doubt = np.linspace(0, 1, 30)
    got = choose_teaching(groups, vectors, doubt, size=20)
    assert len(got) == 3
    assert got == choose_teaching(groups, vectors, doubt, size=20)
    assert choose_teaching(groups, vectors, doubt, size=20, done=range(30)) == []


def test_no_answers_have_no_groups() -> None:
    groups = group_answers([], np.empty((0, 8), dtype=np.float32))
    assert groups.sizes.size == 0
    assert choose_teaching(groups, np.empty((0, 8), dtype=np.float32), []) == []


def test_many_answers_are_cut_into_cells_and_copies_still_meet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    largest = 0
    real = grouping._linked

    def watched(points: np.ndarray, alike: float) -> np.ndarray:
        nonlocal largest
        largest = max(largest, len(points))
        return real(points, alike)

    monkeypatch.setattr(grouping, "_linked", watched)
    vectors = around(1_000, 5, 0.05, size=64)
    groups = group_answers(words(5_000), vectors, alike=0.9)
    assert 500 < largest <= grouping.CELL
    assert np.mean(groups.sizes == 5) > 0.85  # a cut parts some; a wrong one would part most
