from collections.abc import Callable

import pytest

from tutor_app.answers.check import check_answer
from tutor_app.answers.solution import solve
from tutor_app.domain.course import Course
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.dialogue import Candidate, Diagnosis, State
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage, Place
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.memory import MAX_RECALLED, ReplyMemory
from tutor_app.tutoring.plan import PlanInput, plan
from tutor_app.tutoring.state import DialogueState

EMBED = load_embedder().embed_array
Recall = Callable[..., list[Candidate]]


def known(reply: str, learner: str = "", any_learner: bool = True, **where: str) -> Demonstration:
    situation = {
        "id": "0" * 12,
        "course_id": "small",
        "item_id": "ball-drop",
        "step": "square",
        "state": "stuck",
        "row": "nudge",
        "kind": "focus",
        "strategy": "hint",
        "intention": "support thinking",
        "level": "nudge",
    } | where
    return Demonstration.model_validate(
        {
            "situation": situation,
            "learner": learner,
            "reply": reply,
            "any_learner": any_learner,
            "persona": "p",
            "teacher": "t",
            "request": "r",
            "prompt": "p",
        }
    )


@pytest.fixture
def recall(course: Course, item: Item) -> Recall:
    def remember(
        *some: Demonstration,
        said: str = "i am lost",
        state: State = State.STUCK,
        answer: str = "",
        replies: tuple[str, ...] = (),
        definition: str = "",
        seed: str = "seed",
        **shown: str,
    ) -> list[Candidate]:
        solution = solve(item)
        check = check_answer(answer, item.answer, solution) if answer else None
        step = shown.pop("step", "square")
        diagnosis = Diagnosis(state=state, step=step, quoted=said, check=check, **shown)
        move = plan(PlanInput(diagnosis, DialogueState(), course.policy, item))
        passages = (
            Passage(id="p", course_id="small", text=definition, place=Place(document="n")),
        ) * bool(definition)
        now = DialogueState(replies=replies)
        material = Material(
            course, item, solution, move, diagnosis, now, passages, {}, definition, seed
        )
        return list(ReplyMemory(some, EMBED).recall(material))

    return remember


def texts(candidates: list[Candidate]) -> list[str]:
    return [candidate.text for candidate in candidates]


def test_a_reply_is_filled_with_this_items_and_this_learners_values(recall: Recall) -> None:
    wrong = {"state": "wrong", "row": "misconception", "misconception": "g-as-speed"}
    found = recall(
        known("You wrote [[yours]] for [[h]]: “[[quoted]]”. Why?", **wrong),
        said="it is 9.8",
        state=State.WRONG,
        answer="9.8 m/s",
        misconception="g-as-speed",
    )
    assert texts(found) == ["You wrote 9.8 m/s for 20 m: “it is 9.8”. Why?"]
    assert found[0].source == "memory"


def test_a_reply_with_a_slot_that_this_turn_cannot_fill_is_passed_over(recall: Recall) -> None:
    some = [known("Why [[yours]]?"), known("Why [[m]]?"), known("Why [[speed]]?"), known("Why?")]
    assert texts(recall(*some)) == ["Why?"]
    assert texts(recall(known("“[[quoted]]”?"), known("Why?"), said="")) == ["Why?"]


def test_words_like_another_learners_bring_the_reply_to_those_words_first(recall: Recall) -> None:
    particular = known("Head-on is one thing. Why?", "what does head-on even mean", False)
    general = known("Why?")
    assert texts(recall(general, particular, said="what does head on mean even?")) == [
        particular.reply,
        general.reply,
    ]


def test_a_reply_to_other_words_is_not_said(recall: Recall) -> None:
    particular = known("Head-on is one thing. Why?", "what does head-on even mean", False)
    assert recall(particular, said="i give up for today") == []
    assert recall(particular, said="") == []


def test_a_pressed_button_brings_what_suits_any_stuck_learner(recall: Recall) -> None:
    particular = known("Head-on is one thing. Why?", "i am lost", False)
    found = recall(particular, known("Why?"), said="", state=State.HELP)
    assert texts(found) == ["Why?"]


@pytest.mark.parametrize(
    "where",
    [
        {"item_id": "other"},
        {"step": "speed"},
        {"row": "question"},
        {"state": "asks why"},
        {"misconception": "g-as-speed"},
    ],
)
def test_memory_is_silent_on_every_other_situation(recall: Recall, where: dict[str, str]) -> None:
    assert recall(known("Why?", **where)) == []


def test_a_general_reply_to_a_like_state_comes_after_the_own_ones(recall: Recall) -> None:
    some = [
        known("Look up first?", state="no attempt"),
        known("Head-on is one thing. Why?", "i am lost", False, state="no attempt"),
        known("Why is it there?"),
    ]
    assert texts(recall(*some)) == ["Why is it there?", "Look up first?"]


def test_an_idea_is_never_answered_as_if_nothing_were_tried(recall: Recall) -> None:
    shown = {"row": "misconception", "misconception": "g-as-speed"}
    turn = {"state": State.WRONG, "answer": "9.8 m/s", "misconception": "g-as-speed"}
    assert recall(known("Why?", state="stuck", **shown), **turn) == []
    assert texts(recall(known("Why?", state="wrong", **shown), **turn)) == ["Why?"]


def test_a_reply_that_was_said_before_is_not_said_again(recall: Recall) -> None:
    first = "What does the ball at [[h]] have before it moves at all?"
    said = "What does the ball at 20 m have before it moves at all"
    other = "Begin below: what has the ball won there?"
    assert texts(recall(known(first), known(other), replies=(said,))) == [other]


def test_at_most_four_are_recalled_and_each_turn_begins_elsewhere(recall: Recall) -> None:
    some = [known(f"{word} is what you look at?") for word in "top edge fall ground speed".split()]
    starts = {texts(recall(*some, seed=str(n)))[0] for n in range(30)}
    assert len(recall(*some)) == MAX_RECALLED
    assert starts == {one.reply for one in some}
    assert texts(recall(*some, seed="x")) == texts(recall(*some, seed="x"))


def test_a_definition_comes_with_its_citation_and_its_passage(recall: Recall) -> None:
    term = known("[[definition]] Where is it here?", row="term", state="asks what it means")
    found = recall(term, state=State.ASKS_TERM, definition="Energy is stored work.")
    assert texts(found) == ["Energy is stored work. [1] Where is it here?"]
    assert len(found[0].passages) == 1
    assert recall(term, state=State.ASKS_TERM) == []


def test_a_right_answer_has_no_step_and_is_found(recall: Recall) -> None:
    right = known(
        "[[yours]] fits, as all of it was stored above.", row="right", state="right", step=""
    )
    found = recall(right, state=State.RIGHT, answer="19.8 m/s", step="")
    assert texts(found) == ["19.8 m/s fits, as all of it was stored above."]


def test_slots_in_the_learners_own_words_are_not_filled(recall: Recall) -> None:
    assert texts(recall(known("“[[quoted]]”?"), said="[[h]] {q1}")) == ["“[[h]] {q1}”?"]


def test_memory_knows_how_much_it_knows() -> None:
    assert len(ReplyMemory([known("Why?"), known("How?", row="question")], EMBED)) == 2
    assert len(ReplyMemory([], EMBED)) == 0
