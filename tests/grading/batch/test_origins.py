import csv

from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.exporting import export_batch
from tutor_app.grading.origins import Origin, origin_of
from tutor_app.grading.queue import Queue, settled

FULL = {"force": 2.0, "mass": 2.0}


def begin(store, made):
    batch_id = made.start(store).batch.id
    run_batch(store, batch_id, made.WordGrader(), made.no_item)
    return batch_id, Decisions(store, batch_id, "me")


def found(store, batch_id, name):
    marked = store.grading.marked_one(batch_id, name)
    sizes = store.grading.group_sizes(batch_id)
    return origin_of(marked.decisions, settled(marked), sizes)


def test_points_are_told_by_the_click_that_gave_them(store, made):
    batch_id, decisions = begin(store, made)
    decisions.give(["1", "2", "3"], FULL)
    decisions.give(["4"], FULL)
    decisions.accept(["5"])
    decisions.audit("6", FULL)
    assert found(store, batch_id, "1") == Origin(2, 2, 3)
    assert str(found(store, batch_id, "2")) == "decided in a group of 3"
    for name in ("4", "5", "6"):
        assert str(found(store, batch_id, name)) == "decided one by one"
    assert str(origin_of((), FULL, {})) == "proposed, not decided by a person"


def test_a_mark_of_a_group_that_is_looked_at_again_is_given_one_by_one(store, made):
    batch_id, decisions = begin(store, made)
    group = decisions.give(["1", "2"], FULL)
    decisions.give(["1"], {"force": 2.0})
    decisions.give(["2"], {"force": 1.0})
    decisions.give(["2"], {"force": 2.0})
    assert found(store, batch_id, "1").together == found(store, batch_id, "2").together == 1
    decisions.undo(group.action)
    assert found(store, batch_id, "1").together == 1
    assert store.grading.marked_one(batch_id, "1").manual("mass") is None


def test_the_queue_counts_groups_that_were_made_since_it_looked_last(store, made):
    batch_id, decisions = begin(store, made)
    queue = Queue(store.grading, batch_id).refresh()
    assert queue.standing().in_groups == 0
    done = decisions.give(["1", "2"], FULL)
    assert queue.refresh().row("2").together == 2
    assert (queue.standing().decided, queue.standing().in_groups) == (2, 2)
    decisions.undo(done.action)
    assert queue.refresh().standing().in_groups == 0


def test_an_export_says_how_each_mark_came_to_be_when_it_was_released(store, made, tmp_path):
    batch_id, decisions = begin(store, made)
    decisions.give(["1", "2"], FULL)
    decisions.accept(["3"])
    decisions.give(["4"], {"mass": 1.0})
    decisions.release()
    decisions.give(["1"], {"force": 0.0, "mass": 0.0})
    made_file = export_batch(store, batch_id, "per-item", tmp_path)
    with made_file.path.open(encoding="utf-8-sig", newline="") as file:
        how = {row["Submission ID"]: row["How"] for row in csv.DictReader(file)}
    assert how == {
        "1": "decided in a group of 2",
        "2": "decided in a group of 2",
        "3": "decided one by one",
        "4": "decided in part one by one",
    } | {str(n): "proposed, not decided by a person" for n in range(5, 9)}
