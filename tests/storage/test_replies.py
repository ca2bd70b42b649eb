from datetime import UTC, datetime

import pytest

from tutor_app.errors import NotFoundError
from tutor_app.storage.records import InstructorReply, OpenQuestion

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def reply(turn_id="t1", **more):
    return InstructorReply(turn_id=turn_id, who="prof", at=NOW, **more)


@pytest.fixture
def disputed(store, dialogue, turn, seen):
    store.start_dialogue(dialogue)
    question = OpenQuestion(
        turn_id="t1", learner_id="ada", course_id="mechanics", item_id="drop",
        text="Why is there no air?", created_at=NOW,
    )  # fmt: skip
    store.record_turn(turn("t1"), [seen()], question, dispute=True)
    return store


def test_a_replied_question_waits_no_longer_and_its_learner_reads_the_reply(disputed):
    disputed.replies.add(reply(text="We leave it out."))
    assert disputed.open_questions("mechanics") == []
    (found,) = disputed.replies.of_learner("ada", "mechanics")
    assert (found.asked, found.item_id, found.reply.text) == (
        "Why is there no air?", "drop", "We leave it out.",
    )  # fmt: skip
    assert disputed.replies.of_learner("bob", "mechanics") == []


def test_a_learner_who_was_right_has_the_item_counted_as_right(disputed):
    disputed.replies.add(reply(verdict="right"))
    assert disputed.disputes("mechanics") == []
    assert disputed.frozen_items("ada", "mechanics") == frozenset()
    (evidence,) = disputed.evidence("ada", "mechanics")
    assert evidence.correct
    assert not evidence.aided


def test_a_verdict_that_stands_unfreezes_the_item_and_changes_no_evidence(disputed):
    before = disputed.evidence("ada", "mechanics")
    disputed.replies.add(reply(verdict="stands", text="Take the root."))
    assert disputed.frozen_items("ada", "mechanics") == frozenset()
    assert disputed.evidence("ada", "mechanics") == before


def test_a_reply_that_is_taken_back_lets_the_turn_wait_again(disputed):
    disputed.replies.add(reply(verdict="stands"))
    disputed.replies.take_back("t1")
    assert len(disputed.disputes("mechanics")) == len(disputed.open_questions("mechanics")) == 1


def test_a_reply_to_a_deleted_turn_says_so(store):
    with pytest.raises(NotFoundError, match="may have deleted it"):
        store.replies.add(reply())


def test_replies_leave_with_their_learner_and_are_in_the_export(disputed):
    disputed.replies.add(reply(text="We leave it out."))
    assert disputed.export_learner("ada")["replies"][0]["text"] == "We leave it out."
    disputed.delete_learner("ada")
    assert disputed.replies.of_course("mechanics") == []
