from datetime import UTC, datetime

import pytest

from tutor_app.domain.batch import Decision
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.queue import Queue, neutral_order


@pytest.fixture
def batch_id(store, made) -> str:
    """Eight graded answers; the two about nothing could not be scored."""
    started = made.start(store)
    run_batch(store, started.batch.id, made.WordGrader(unsure_of="Nothing"), made.no_item)
    return started.batch.id


def test_what_has_no_score_waits_and_what_the_rule_is_sure_of_does_not(store, batch_id):
    queue = Queue(store.grading, batch_id).refresh()
    assert {row.id for row in queue.to_review()} == {"4", "8"}
    assert queue.row("4").reason == "The call failed."
    standing = queue.standing()
    assert (standing.total, standing.graded, standing.in_queue, standing.decided) == (8, 8, 2, 0)


def test_what_anybody_decides_is_seen_at_the_next_look_and_so_is_its_undoing(store, batch_id):
    queue = Queue(store.grading, batch_id).refresh()
    decisions = Decisions(store, batch_id, "somebody else")
    done = decisions.give(["4"], {"force": 2, "mass": 0})
    assert queue.refresh().row("4").state == "decided"
    assert [row.id for row in queue.to_review()] == ["8"]
    decisions.undo(done.action)
    assert queue.refresh().row("4").state == "pending"


def test_an_accepted_proposal_is_decided_and_half_of_one_is_not(store, batch_id):
    queue = Queue(store.grading, batch_id)
    decisions = Decisions(store, batch_id, "me")
    decisions.give(["1"], {"force": 2})
    assert queue.refresh().row("1").state == "sure"
    decisions.accept(["1"])
    assert queue.refresh().row("1").state == "decided"


def test_going_on_leads_through_the_queue_and_never_back_to_the_one_before(store, made):
    started = made.start(store, count=12)
    run_batch(store, started.batch.id, made.WordGrader(unsure_of="force"), made.no_item)
    queue = Queue(store.grading, started.batch.id).refresh()
    wanted = [row.id for row in queue.to_review()]
    assert len(wanted) > 3
    seen = [wanted[0]]
    while len(seen) < len(wanted):
        seen.append(queue.after(seen[-1]).id)
    assert seen == wanted
    assert queue.after(wanted[-1]).id == wanted[0]


def test_a_regrade_request_comes_first(store, batch_id):
    asked = Decision(
        action="a1", submission="1", question="Q1", kind="regrade", value="Please look.",
        who="ada", at=datetime.now(UTC),
    )  # fmt: skip
    store.grading.decide(batch_id, [asked])
    row = Queue(store.grading, batch_id).refresh().to_review()[0]
    assert row.id == "1"
    assert row.asks_again


def test_the_order_and_the_numbers_say_nothing_about_who_wrote(store, batch_id):
    ids = [str(n) for n in range(1, 9)]
    order = neutral_order(batch_id, ids)
    assert order == neutral_order(batch_id, reversed(ids))
    assert order != ids
    rows = Queue(store.grading, batch_id).refresh().rows()
    assert [row.id for row in rows] == order
    assert [row.number for row in rows] == list(range(1, 9))
