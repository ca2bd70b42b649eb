import numpy as np
import pytest

from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.repeats import repeats
from tutor_app.grading.similar import find_similar


@pytest.fixture
def batch_id(store, made) -> str:
    started = made.start(store, count=20)
    run_batch(store, started.batch.id, made.WordGrader(), made.no_item)
    return started.batch.id


def test_too_few_decided_answers_bring_none_back(store, batch_id):
    Decisions(store, batch_id, "me").accept(["1", "2"])
    assert repeats(store, batch_id, "Q1", "me").chosen == ()


def test_ten_come_back_and_the_second_marks_are_compared_with_the_first(store, batch_id):
    decisions = Decisions(store, batch_id, "me")
    for number in range(1, 21):
        decisions.accept([str(number)])
    found = repeats(store, batch_id, "Q1", "me")
    assert len(found.left) == 10
    for number, name in enumerate(found.left):
        points = dict(store.grading.marked_one(batch_id, name).grade.points)
        if number == 0:
            points["mass"] = 2.0 - points["mass"]
        decisions.blind(name, points)
        # what is graded again stays in the sample
        assert set(repeats(store, batch_id, "Q1", "me").chosen) >= set(found.left[: number + 1])
    done = repeats(store, batch_id, "Q1", "me")
    assert done.left == ()
    (own,) = [one for one in done.own if one.criterion == "all"]
    assert own.exact.value == pytest.approx(19 / 20)
    (model,) = [one for one in done.proposals if one.criterion == "all"]
    assert model.exact.value == 1


def test_a_second_rater_grades_blind_what_others_decided_and_agreement_is_with_them(
    store, batch_id
):
    first, second = (Decisions(store, batch_id, who) for who in ("me", "you"))
    for number in range(1, 13):
        first.accept([str(number)])
    second.give(["12"], {"force": 0, "mass": 0})
    assert repeats(store, batch_id, "Q1", "you").chosen == (), "one of their own is too few"
    found = repeats(store, batch_id, "Q1", "you", of_others=True)
    assert len(found.left) == 10
    assert "12" not in found.left
    mine = repeats(store, batch_id, "Q1", "me")
    assert len(mine.left) == 10
    for name in found.left:
        points = dict(store.grading.marked_one(batch_id, name).grade.points)
        second.blind(name, points | {"mass": 2.0 - points["mass"]})
    assert repeats(store, batch_id, "Q1", "me") == mine, "nothing of it is about the first rater"
    done = repeats(store, batch_id, "Q1", "you", of_others=True)
    (both,) = [one for one in done.own if one.criterion == "all"]
    assert both.exact.value == pytest.approx(0.5)
    assert all(
        store.grading.marked_one(batch_id, name).manual("mass") is None for name in found.left
    ), "no mark changes"


def test_what_was_graded_by_one_click_on_a_group_does_not_come_back(store, batch_id):
    decisions = Decisions(store, batch_id, "me")
    decisions.give([str(number) for number in range(1, 16)], {"force": 2, "mass": 2})
    assert repeats(store, batch_id, "Q1", "me").chosen == ()
    for number in range(11, 21):
        decisions.give([str(number)], {"force": 2, "mass": 0})
    assert set(repeats(store, batch_id, "Q1", "me").chosen) == {str(n) for n in range(11, 21)}


def test_similar_answers_are_found_once_encoded_and_those_of_other_words_are_not(store, made):
    texts = ["The force!", "the FORCE", "Something else", "the force"]
    submissions = [
        one.model_copy(update={"text": text})
        for one, text in zip(made.make_submissions(4), texts, strict=True)
    ]
    batch_id = made.start(store, submissions=submissions).batch.id
    encoded = []

    def embed(given: list[str]) -> np.ndarray:
        encoded.extend(given)
        return np.eye(8, dtype=np.float32)[: len(given)]

    similar = find_similar(store, batch_id, "Q1", embed)
    assert len(encoded) == 2
    ids = ["1", "2", "3", "4"]
    assert set(similar.like(ids[0])) == {ids[0], ids[1], ids[3]}
    assert similar.like(ids[0])[0] == ids[0]
    assert similar.like(ids[2]) == (ids[2],)
    assert len(similar.teaching({}, set(), size=2)) == 2
