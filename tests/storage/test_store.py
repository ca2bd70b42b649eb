import json
import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tutor_app.domain.answer import Check, Reading, Verdict
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.errors import NotFoundError, StorageError
from tutor_app.storage.records import AccountRow, AuditRow, OpenQuestion
from tutor_app.storage.store import Store

NOW = datetime(2026, 3, 1, 9, 1, tzinfo=UTC)


def question(turn_id="t1", learner_id="ada"):
    return OpenQuestion(
        turn_id=turn_id,
        learner_id=learner_id,
        course_id="mechanics",
        item_id="drop",
        text="Does it fall on Mars?",
        created_at=NOW,
    )


def learner(account_id, name, simulated=False):
    return AccountRow(
        id=account_id,
        name=name,
        role="learner",
        password_hash="",
        simulated=simulated,
        created_at=NOW,
    )


def test_a_dialogue_comes_back_as_it_was_recorded_after_a_restart(path, dialogue, turn, seen):
    turns = (turn("t1", 1), turn("t2", 2, minutes=2))
    with Store(path) as store:
        store.start_dialogue(dialogue)
        for each in turns:
            store.record_turn(each, [seen()])
    with Store(path) as store:
        assert store.dialogue("d1") == dialogue.model_copy(update={"turns": turns})
        assert store.find_turn("t2") == turns[1]
        assert store.evidence("ada", "mechanics") == [seen(), seen()]


def test_starting_a_dialogue_again_on_a_rerun_changes_nothing(store, dialogue, turn):
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1"), [])
    store.start_dialogue(dialogue)
    assert [each.id for each in store.dialogue("d1").turns] == ["t1"]


def test_a_turn_id_is_recorded_once_however_often_the_page_reruns(store, dialogue, turn, seen):
    store.start_dialogue(dialogue)
    first = store.record_turn(turn("t1"), [seen()])
    again = store.record_turn(turn("t1", text="another text"), [seen()], question(), dispute=True)
    assert again == first
    assert len(store.dialogue("d1").turns) == len(store.evidence("ada", "mechanics")) == 1
    assert store.open_questions("mechanics") == store.disputes("mechanics") == []


def test_threads_that_race_with_one_turn_id_record_it_once(store, dialogue, turn, seen):
    store.start_dialogue(dialogue)
    barrier = threading.Barrier(4)
    returned = []

    def record(text):
        barrier.wait()
        returned.append(store.record_turn(turn("t1", text=text), [seen(), seen("forces")]).text)

    threads = [threading.Thread(target=record, args=(f"text {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (recorded,) = store.dialogue("d1").turns
    assert returned == [recorded.text] * 4
    assert len(store.evidence("ada", "mechanics")) == 2


def test_two_tabs_that_count_the_same_number_both_keep_their_turn(store, dialogue, turn):
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1", 1), [])
    assert store.record_turn(turn("t2", 1), []).number == 2
    assert [(each.id, each.number) for each in store.dialogue("d1").turns] == [("t1", 1), ("t2", 2)]


def test_a_turn_id_of_another_dialogue_is_refused(store, dialogue, other_dialogue, turn):
    store.start_dialogue(dialogue)
    store.start_dialogue(other_dialogue("d2", learner_id="bob"))
    store.record_turn(turn("t1"), [])
    with pytest.raises(StorageError, match="another dialogue"):
        store.record_turn(turn("t1", dialogue_id="d2"), [])


def test_a_turn_of_a_deleted_dialogue_is_refused_in_words(store, dialogue, turn):
    store.start_dialogue(dialogue)
    store.delete_dialogue("d1")
    with pytest.raises(NotFoundError, match="may have been deleted"):
        store.record_turn(turn("t1"), [])


def test_when_a_later_part_of_the_turn_fails_no_part_of_it_is_kept(store, dialogue, turn, seen):
    store.start_dialogue(dialogue)

    def evidence():
        yield seen()
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        store.record_turn(turn("t1"), evidence())
    assert store.find_turn("t1") is None
    assert store.evidence("ada", "mechanics") == []


@pytest.mark.parametrize(
    "text", ["", "\x00\x07 \u202e abc", "<script>'; DROP TABLE turns;--", "x" * 100_000, "a\ud800b"]
)
def test_any_text_is_kept(store, dialogue, turn, text):
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1", text=text), [])
    assert store.dialogue("d1").turns[0].text == text.replace("\ud800", "\ufffd")


def test_an_answer_read_as_infinite_does_not_spoil_the_dialogue(store, dialogue, turn):
    reading = Reading(echo="too large", value=float("inf"), numbers=(float("inf"), 2.0))
    check = Check(verdict=Verdict.CANNOT_TELL, reading=reading)
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1", diagnosis=Diagnosis(state=State.CANNOT_TELL, check=check)), [])
    assert store.dialogue("d1").turns[0].diagnosis.check == check
    json.dumps(store.export_learner("ada"), allow_nan=False)


def test_a_draft_is_kept_and_exported_until_an_answer_takes_its_place(store, dialogue, turn):
    store.start_dialogue(dialogue)
    store.keep_draft(dialogue.id, "half a thought \ud800")
    store.record_turn(turn("t1").model_copy(update={"channel": "help"}), [])
    assert store.dialogue(dialogue.id).draft == "half a thought \ufffd"
    exported = store.export_learner(dialogue.learner_id)["dialogues"]
    assert [one["draft"] for one in exported] == ["half a thought \ufffd"]
    store.record_turn(turn("t2").model_copy(update={"channel": "answer"}), [])
    assert store.dialogue(dialogue.id).draft == ""
    store.keep_draft("deleted meanwhile", "words")


def test_dialogues_are_listed_newest_first_with_their_state(store, dialogue, other_dialogue, turn):
    store.start_dialogue(dialogue)
    store.start_dialogue(other_dialogue("d2", course_id="waves"))
    store.start_dialogue(other_dialogue("d3", learner_id="bob"))
    store.record_turn(turn("t1", 1, "d2"), [])
    store.record_turn(turn("t2", 1), [])
    store.record_turn(turn("t3", 2, closes=True, minutes=5), [])
    listed = [(d.id, d.turns, d.closed, d.last_at.minute) for d in store.dialogues("ada")]
    assert listed == [("d1", 2, True, 5), ("d2", 1, False, 1)]
    assert [d.id for d in store.dialogues("ada", "waves")] == ["d2"]


def test_deleting_a_dialogue_takes_its_words_and_leaves_the_evidence(store, dialogue, turn, seen):
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1"), [seen()], question(), dispute=True)
    store.add_feedback("t1", helpful=False)
    store.delete_dialogue("d1")
    with pytest.raises(NotFoundError):
        store.dialogue("d1")
    assert store.find_turn("t1") is None
    assert store.open_questions("mechanics") == store.disputes("mechanics") == []
    assert store.evidence("ada", "mechanics") == [seen()]


def test_a_disputed_item_is_frozen_for_its_learner_only(store, dialogue, other_dialogue, turn):
    store.start_dialogue(dialogue)
    store.start_dialogue(other_dialogue("d2", learner_id="bob"))
    disputed = store.record_turn(turn("t1"), [], dispute=True)
    store.record_turn(turn("t2", dialogue_id="d2"), [])
    assert store.frozen_items("ada", "mechanics") == {"drop"}
    assert store.frozen_items("bob", "mechanics") == set()
    (dispute,) = store.disputes("mechanics")
    assert (dispute.learner_id, dispute.item_id, dispute.turn) == ("ada", "drop", disputed)


def test_open_questions_wait_for_the_instructor_of_their_course(store, dialogue, turn):
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1"), [], question())
    assert store.open_questions("mechanics") == [question()]
    assert store.open_questions("waves") == []


def test_a_second_thumb_replaces_the_first(store, dialogue, turn):
    store.start_dialogue(dialogue)
    store.record_turn(turn("t1"), [])
    store.add_feedback("t1", helpful=True)
    store.add_feedback("t1", helpful=False, reason="it gave the answer")
    (feedback,) = store.export_learner("ada")["feedback"]
    assert (feedback["helpful"], feedback["reason"]) == (0, "it gave the answer")
    with pytest.raises(NotFoundError, match="no turn 't9'"):
        store.add_feedback("t9", helpful=True)


def test_an_export_holds_everything_of_one_learner_and_nothing_of_another(
    store, dialogue, other_dialogue, turn, seen
):
    store.accounts.add(learner("ada", "Ada"))
    store.start_dialogue(dialogue)
    store.start_dialogue(other_dialogue("d2", learner_id="bob"))
    store.record_turn(turn("t1", text="hers"), [seen()], question(), dispute=True)
    store.record_turn(
        turn("t2", 1, "d2", text="his"), [seen(learner_id="bob")], question("t2", "bob")
    )
    exported = store.export_learner("ada")
    text = json.dumps(exported)
    assert "hers" in text
    assert "his" not in text.replace("this", "")
    assert exported["account"]["name"] == "Ada"
    assert [d["id"] for d in exported["dialogues"]] == ["d1"]
    assert len(exported["evidence"]) == len(exported["open_questions"]) == 1
    assert exported["disputed_turns"] == ["t1"]


def test_deleted_data_is_nowhere_in_the_files(store, path, dialogue, turn, seen):
    secret = "my grandmother lives in Kyiv"
    store.accounts.add(learner("ada", "Ada Lovelace"))
    store.start_dialogue(dialogue)
    for number in range(30):
        store.record_turn(turn(f"t{number}", number, text=f"{secret} {number}"), [seen()])

    def on_disk():
        return b"".join(file.read_bytes() for file in path.parent.glob("tutor.db*"))

    assert secret.encode() in on_disk()
    assert store.delete_learner("ada") is True
    assert secret.encode() not in on_disk()
    assert b"Lovelace" not in on_disk()
    assert store.dialogues("ada") == store.evidence("ada", "mechanics") == []
    assert store.accounts.find("Ada Lovelace") is None
    assert store.delete_learner("ada") is False


def test_simulated_learners_are_removed_and_people_stay(
    store, dialogue, other_dialogue, turn, seen
):
    store.accounts.add(learner("ada", "Ada"))
    store.accounts.add(learner("sim", "Sim 1", simulated=True))
    store.start_dialogue(dialogue)
    store.start_dialogue(other_dialogue("d2", learner_id="sim"))
    store.record_turn(turn("t2", 1, "d2"), [seen(learner_id="sim")])
    assert store.delete_simulated() == 1
    assert store.dialogues("sim") == store.evidence("sim", "mechanics") == []
    assert [row.name for row in store.accounts.read_all()] == ["Ada"]
    assert len(store.dialogues("ada")) == 1


def test_nested_calls_are_one_transaction(store, dialogue, turn):
    def fail_late():
        with store.transaction():
            store.start_dialogue(dialogue)
            store.record_turn(turn("t1"), [])
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        fail_late()
    assert store.dialogues("ada") == []


def test_the_audit_trail_can_neither_be_changed_nor_shortened(store, path):
    store.audit.append(AuditRow(at=NOW, who="a1", what="signed in", details={"n": 1}))
    with closing(sqlite3.connect(path)) as other:
        for statement in ("DELETE FROM audit", "UPDATE audit SET who = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                other.execute(statement)
    assert [(row.who, row.details) for row in store.audit.newest()] == [("a1", {"n": 1})]


def test_health_measures_the_file_and_finds_it_sound(store, path):
    health = store.storage_health()
    assert health.problems == ()
    assert health.database_bytes >= path.stat().st_size > 0
    assert health.free_bytes > 0
