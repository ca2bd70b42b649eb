from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import Thread

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.dialogue import Candidate, Dialogue, Source, State, Turn
from tutor_app.domain.grade import Judgement
from tutor_app.domain.passage import Passage, Place
from tutor_app.errors import SearchIndexError, StorageError
from tutor_app.storage.store import Store
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.heard import Ears
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.speakers import Speakers
from tutor_app.tutoring.tutor import Tutor

CHECKOUT = Path(__file__).parents[2]
ITEM = "energy-drop-speed"
JOULE = Passage(
    id="p",
    course_id="mechanics",
    relevance=0.8,
    place=Place(document="n", section=("Joule",)),
    text="The joule is the unit of energy and of work in every part of physics.",
)


class Shelf:
    """A search that always finds the same passages."""

    def __init__(self, passages: Sequence[Passage] = (), broken: bool = False):
        self.passages, self.broken = list(passages), broken

    def search(
        self, course_id: str, query: str, top_k: int = 4, exclude_sections: Sequence[str] = ()
    ) -> list[Passage]:
        if self.broken:
            raise SearchIndexError("mechanics: no index. Run: tutor index mechanics")
        return self.passages

    def passages_in(self, course_id: str, section: str) -> list[Passage]:
        return self.search(course_id, section)


def intent(text: str) -> Intent:
    names = {
        "what is a joule": "asks_term",
        "does the moon matter?": "asks_course",
        "why is that so?": "asks_why",
    }
    return Intent(names.get(text, "stuck" if "stuck" in text else "attempt"), 1.0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tutor.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])


@pytest.fixture
def tutor(store: Store, catalogue: Catalogue, clock) -> Tutor:
    ears = Ears(intent=intent, judge=lambda text, rubric: [], saying=lambda text, item: "")
    return Tutor(catalogue, store, Shelf(), ears, clock=clock)


def say(tutor: Tutor, dialogue: Dialogue, text: str, turn_id: str, channel="answer") -> Turn:
    return tutor.respond(tutor.store.dialogue(dialogue.id), text, turn_id, channel).turn


def test_a_wrong_answer_gets_the_question_of_its_misconception_and_no_answer(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    turn = say(tutor, dialogue, "9.8 m/s", "t1")
    assert turn.diagnosis.misconception == "g-as-speed"
    assert "9.8 m/s" in turn.reply
    assert "19.8" not in turn.reply
    assert turn.candidates[0].passed


def test_the_same_turn_id_is_recorded_once_however_often_the_page_reruns(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    first = tutor.respond(dialogue, "9.8 m/s", "t1", "answer")
    again = tutor.respond(dialogue, "9.8 m/s", "t1", "answer")
    assert again.repeated
    assert again.turn == first.turn
    assert len(tutor.store.dialogue(dialogue.id).turns) == 1


def test_two_threads_with_the_same_turn_id_make_one_turn(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    threads = [
        Thread(target=tutor.respond, args=(dialogue, "9.8 m/s", "t1", "answer")) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tutor.store.dialogue(dialogue.id).turns) == 1


def open_dialogue(tutor: Tutor, clock, learner: str, item_id: str = ITEM) -> Dialogue:
    dialogue = Dialogue(
        id=f"{learner}-{item_id}",
        learner_id=learner,
        course_id="mechanics",
        item_id=item_id,
        support="open",
        started_at=clock(),
    )
    tutor.store.start_dialogue(dialogue)
    return dialogue


def test_solving_raises_mastery_and_help_makes_it_rise_less(tutor: Tutor, clock) -> None:
    before = tutor.skills("l", "mechanics")["energy-conservation"].p
    say(tutor, open_dialogue(tutor, clock, "l"), "19.8 m/s", "t1")
    alone = tutor.skills("l", "mechanics")["energy-conservation"]
    helped = open_dialogue(tutor, clock, "m")
    say(tutor, helped, "9.8 m/s", "t2")
    say(tutor, helped, "19.8 m/s", "t3")
    with_help = tutor.skills("m", "mechanics")["energy-conservation"]
    assert before < with_help.p < alone.p
    assert (alone.unaided_successes, with_help.unaided_successes) == (1, 0)


def test_an_open_item_solved_at_once_counts_as_done_alone(tutor: Tutor, clock) -> None:
    for n, item_id in enumerate((ITEM, "energy-coaster-hills")):
        dialogue = open_dialogue(tutor, clock, "l", item_id)
        right = {"energy-drop-speed": "19.8 m/s", "energy-coaster-hills": "16.5 m/s"}[item_id]
        assert say(tutor, dialogue, right, f"t{n}").diagnosis.state is State.RIGHT
        clock.advance(days=1)
    assert tutor.skills("l", "mechanics")["energy-conservation"].unaided_successes == 2


def test_a_disputed_verdict_is_kept_for_the_instructor_and_freezes_the_item(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    say(tutor, dialogue, "15 m/s", "t1")
    turn = say(tutor, dialogue, "", "t2", "dispute")
    assert "15 m/s" in turn.reply
    assert [d.item_id for d in tutor.store.disputes("mechanics")] == [ITEM]
    assert tutor.store.frozen_items("l", "mechanics") == {ITEM}
    say(tutor, dialogue, "19.8 m/s", "t3")
    assert tutor.skills("l", "mechanics")["energy-conservation"].seen == 0


def test_a_reason_that_was_asked_for_does_not_use_up_the_hints(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    assert say(tutor, dialogue, "why is that so?", "t1", "chat").move.situation == "why"
    assert say(tutor, dialogue, "i am stuck", "t2", "chat").move.situation == "nudge"
    assert say(tutor, dialogue, "still stuck", "t3", "chat").move.situation == "question"


def test_the_nudge_behind_a_step_that_holds_does_not_come_again(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    first = say(tutor, dialogue, "v^2 = 2*9.8*20 = 392", "t1", "chat")
    assert first.move.situation == "step right"
    nudge = tutor.prepare("mechanics", ITEM).item.hints_for(first.diagnosis.step)[0]
    assert nudge.text in first.reply
    again = say(tutor, dialogue, "i am stuck", "t2", "chat")
    assert again.move.situation == "question"
    assert nudge.text not in again.reply


def test_a_term_is_told_in_one_cited_sentence(tutor: Tutor) -> None:
    tutor.search = Shelf([JOULE])
    turn = say(tutor, tutor.start("l", "mechanics", ITEM), "what is a joule", "t1", "chat")
    assert turn.reply.startswith("The joule is the unit of energy")
    assert "[1]" in turn.reply
    assert turn.passages[0].place.section == ("Joule",)


def test_a_question_the_course_does_not_answer_is_kept_for_the_instructor(tutor: Tutor) -> None:
    turn = say(tutor, tutor.start("l", "mechanics", ITEM), "does the moon matter?", "t1", "chat")
    assert "instructor" in turn.reply
    assert [q.text for q in tutor.store.open_questions("mechanics")] == ["does the moon matter?"]


@pytest.mark.parametrize(
    ("text", "row"),
    [("thanks", "thanks"), ("bye!", "thanks"), ("i hate physics, i give up", "frustrated")],
)
def test_thanks_and_frustration_get_a_sentence_of_their_own(
    tutor: Tutor, text: str, row: str
) -> None:
    turn = say(tutor, tutor.start("l", "mechanics", ITEM), text, "t1", "chat")
    assert turn.move.situation == row
    assert turn.candidates[0].passed
    assert "Hello" not in turn.reply


def test_an_answer_without_its_unit_is_told_that_the_unit_is_missing(tutor: Tutor) -> None:
    turn = say(tutor, tutor.start("l", "mechanics", ITEM), "19.8", "t1")
    assert turn.move.situation == "unit missing"
    assert "missing" in turn.reply or "no unit" in turn.reply


def test_a_missing_index_does_not_silence_the_tutor(tutor: Tutor) -> None:
    tutor.search = Shelf(broken=True)
    dialogue = tutor.start("l", "mechanics", ITEM)
    assert say(tutor, dialogue, "i am stuck", "t1", "chat").reply
    assert say(tutor, dialogue, "what is a joule", "t2", "chat").reply


def test_wrong_answers_end_with_a_way_on(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    turns = []
    for n in range(12):
        turns.append(say(tutor, dialogue, f"{n + 1} m/s", f"t{n}"))
        if turns[-1].move.closes:
            break
    assert len(turns) <= 10
    assert "comes back" in turns[-1].reply


def test_talk_alone_never_ends_the_exercise_and_an_answer_after_it_counts(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    turns = [say(tutor, dialogue, "i am still stuck", f"t{n}", "chat") for n in range(14)]
    assert not any(turn.move.closes for turn in turns)
    assert all("19.8" not in turn.reply for turn in turns)
    assert say(tutor, dialogue, "19.8 m/s", "last").diagnosis.state is State.RIGHT


def _speaks(*texts: str):
    def speak(material: Material) -> Iterable[Candidate]:
        source: Source = "model"
        return (Candidate(text=text, source=source) for text in texts)

    return Speakers(model=speak)


def test_a_models_wording_speaks_only_when_it_passes(tutor: Tutor) -> None:
    tutor.speakers = _speaks(
        "The answer is 19.8 m/s.", "You wrote 9.8 m/s. What would the ball's speed be after a roof?"
    )
    turn = say(tutor, tutor.start("l", "mechanics", ITEM), "9.8 m/s", "t1")
    assert turn.source == "model"
    assert "roof" in turn.reply
    rejected = turn.candidates[1]
    assert rejected.text == "The answer is 19.8 m/s."
    assert not rejected.passed


def test_when_every_sample_leaks_the_hint_speaks(tutor: Tutor) -> None:
    tutor.speakers = _speaks("It is 19.8 m/s.", "sqrt(2*9.8*20)")
    turn = say(tutor, tutor.start("l", "mechanics", ITEM), "9.8 m/s", "t1")
    assert turn.source == "hint"


def test_a_full_database_is_an_error_and_leaves_no_half_turn(tutor: Tutor, tmp_path: Path) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    with Store(tutor.store.path, read_only=True) as closed:
        tutor.store = closed
        with pytest.raises(StorageError):
            tutor.respond(dialogue, "9.8 m/s", "t1", "answer")
    with Store(tmp_path / "tutor.db") as opened:
        assert opened.dialogue(dialogue.id).turns == ()


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "a" * 100_000, "\x00\x07\x1b[31m", "\u202e19.8\u202c",
        "<script>alert(1)</script>", "![x](http://evil)", "$\\frac{", "9" * 5_000, "٣٫٥ m/s",
        "((((((((", "1e999999",
    ],
)  # fmt: skip
def test_no_input_breaks_a_turn(tutor: Tutor, text: str) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    for n, channel in enumerate(("answer", "chat", "help", "dispute", "skip")):
        turn = say(tutor, dialogue, text, f"t{n}", channel)
        assert turn.reply
        assert "19.8" not in turn.reply or "19.8" in text


def test_skipping_leads_to_another_item_each_time(tutor: Tutor) -> None:
    seen = []
    for number in range(4):
        choice = tutor.next_item("l", "mechanics")
        assert choice is not None
        seen.append(choice.item.id)
        dialogue = tutor.start("l", "mechanics", choice.item.id)
        tutor.respond(dialogue, "", f"skip-{number}", "skip")
    assert len(set(seen)) == 4


def test_a_term_that_the_course_does_not_explain_is_kept_for_the_instructor(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", ITEM)
    turn = tutor.respond(dialogue, "what is a joule", "t1", "chat").turn
    assert "instructor" in turn.reply
    assert [q.text for q in tutor.store.open_questions("mechanics")] == ["what is a joule"]


def test_whoever_tells_of_danger_twice_hears_twice_whom_to_turn_to(tutor: Tutor) -> None:
    tutor.ears = Ears(lambda text: Intent("unsafe", 1.0), tutor.ears.judge, tutor.ears.saying)
    dialogue = tutor.start("l", "mechanics", ITEM)
    replies = [say(tutor, dialogue, "someone is hurting me", f"t{n}").reply for n in range(3)]
    contact = tutor.catalogue.course("mechanics").course.contact
    assert all(contact in reply for reply in replies)


def test_a_disputed_answer_in_words_is_not_said_to_be_read_as_a_value(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "cell-biology", "genes-death-cap")
    tutor.ears = Ears(
        intent,
        lambda text, rubric: [
            Judgement(criterion=c.id, verdict="unmet", evidence="") for c in rubric.criteria
        ],
        tutor.ears.saying,
    )
    say(tutor, dialogue, "No new proteins are made, and the cell needs them to live.", "t1")
    turn = say(tutor, dialogue, "", "t2", "dispute")
    assert turn.move.situation == "dispute"
    assert "idea of the rubric" in turn.reply
    assert "read it as" not in turn.reply


def test_help_stays_at_the_step_of_the_last_reply_until_its_ladder_is_used_up(tutor: Tutor) -> None:
    dialogue = tutor.start("l", "mechanics", "collision-bumper-cars")
    turn = say(tutor, dialogue, "-0.5 m/s", "t1")
    assert turn.diagnosis.misconception == "average-of-velocities"
    offered = tutor.next_rung(tutor.store.dialogue(dialogue.id))
    helped = say(tutor, dialogue, "", "t2", "help")
    assert (helped.move.step, helped.move.level) == ("velocity", offered)
    for n, text in enumerate(("I am not sure", "still not", "no idea"), 3):
        say(tutor, dialogue, text, f"c{n}", "chat")
        helped = say(tutor, dialogue, "", f"h{n}", "help")
    assert helped.move.step == "pB"
