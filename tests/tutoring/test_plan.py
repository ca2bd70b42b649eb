from datetime import UTC, datetime

import pytest

from tutor_app.domain.answer import Check, Reading, Verdict
from tutor_app.domain.course import HintLevel, Policy
from tutor_app.domain.dialogue import Diagnosis, State, Turn
from tutor_app.domain.item import Item, TextAnswer
from tutor_app.tutoring.plan import PlanInput, checks_left, choose_support, next_rung, plan
from tutor_app.tutoring.state import DialogueState, after


def situation(item: Item, diagnosis: Diagnosis, policy: Policy | None = None, **state: object):
    support = state.pop("support", "open")
    return PlanInput(diagnosis, DialogueState(**state), policy or Policy(), item, support)


def wrong(**fields: object) -> Diagnosis:
    check = Check(verdict=Verdict.WRONG, reading=Reading(echo="9.8 m/s"))
    return Diagnosis(state=State.WRONG, step="square", check=check, counted=True, **fields)


def test_a_right_answer_closes_the_dialogue(item: Item) -> None:
    move = plan(situation(item, Diagnosis(state=State.RIGHT)))
    assert move.closes
    assert move.situation == "right"


def test_a_first_wrong_answer_without_a_known_idea_gets_a_nudge(item: Item) -> None:
    move = plan(situation(item, wrong()))
    assert (move.situation, move.level, move.kind) == ("nudge", HintLevel.NUDGE, "focus")


def test_a_misconception_gets_the_question_that_tests_it_then_the_concept_then_an_example(
    item: Item,
) -> None:
    rows = [
        plan(situation(item, wrong(misconception="g-as-speed"), misconceptions=("g-as-speed",) * n))
        for n in range(3)
    ]
    assert [m.situation for m in rows] == ["misconception", "teach", "similar example"]


def test_after_three_questions_on_a_step_something_is_taught(item: Item) -> None:
    stuck = Diagnosis(state=State.STUCK, step="square")
    assert plan(situation(item, stuck, questions={"square": 2})).kind != "tell"
    assert plan(situation(item, stuck, questions={"square": 3})).situation == "teach"


def test_a_beginner_is_taught_after_two_questions(item: Item) -> None:
    stuck = Diagnosis(state=State.STUCK, step="square")
    move = plan(situation(item, stuck, questions={"square": 2}, support="worked"))
    assert move.situation == "teach"


def test_the_last_allowed_check_puts_the_item_aside_with_a_way_on(item: Item) -> None:
    move = plan(situation(item, wrong(), Policy(checks_per_item=2), attempts=1))
    assert move.situation == "put aside"
    assert move.closes


@pytest.mark.parametrize("turns", range(12))
@pytest.mark.parametrize("attempts", range(3))
def test_the_last_check_is_named_when_the_next_wrong_answer_closes_and_only_then(
    item: Item, attempts: int, turns: int
) -> None:
    at = situation(item, wrong(), Policy(checks_per_item=3), attempts=attempts, tutor_turns=turns)
    assert (checks_left(item, at.state, at.policy) == 1) == plan(at).closes


def test_a_wrong_answer_after_ten_tutor_turns_closes_the_dialogue(item: Item) -> None:
    assert plan(situation(item, wrong(), tutor_turns=9)).situation == "put aside"
    assert not plan(situation(item, wrong(), tutor_turns=8)).closes


TALK = (
    State.STUCK, State.NO_ATTEMPT, State.ASKS_ANSWER, State.ASKS_WHY, State.ASKS_TERM, State.HELP,
    State.SOCIAL, State.OFF_TOPIC, State.DONE, State.THANKS, State.FRUSTRATED, State.CANNOT_TELL,
)  # fmt: skip


@pytest.mark.parametrize("state", TALK)
@pytest.mark.parametrize("turns", [2, 9, 30])
def test_talk_and_questions_never_close_the_item(item: Item, state: State, turns: int) -> None:
    used = {
        "tutor_turns": turns,
        "told": frozenset({"square"}),
        "questions": {"square": 3},
        "asked_answer": 3,
        "situations": ("teach", "similar example", "no rung"),
    }
    move = plan(situation(item, Diagnosis(state=state, step="square"), **used))
    assert not move.closes
    assert move.situation != "put aside"


def test_after_the_example_the_item_stays_open_while_checks_are_left(item: Item) -> None:
    used = {
        "told": frozenset({"square"}),
        "situations": ("teach", "similar example"),
        "example": True,
    }
    assert plan(situation(item, wrong(), **used)).situation == "show working"
    shown = used | {"situations": ("similar example", "show working")}
    assert plan(situation(item, wrong(), **shown)).situation == "no rung"
    again = wrong(misconception="g-as-speed")
    known = used | {"misconceptions": ("g-as-speed",) * 2}
    assert not plan(situation(item, again, **known)).closes


def test_a_missing_unit_and_a_wrong_one_are_different_situations(item: Item) -> None:
    rows = []
    for unit in ("", "kg"):
        reading = Reading(echo="19.8", value=19.8, unit=unit)
        check = Check(verdict=Verdict.UNIT, reading=reading)
        near = Diagnosis(state=State.NEAR, step="speed", check=check, counted=True)
        rows.append(plan(situation(item, near)).situation)
    assert rows == ["unit missing", "unit"]


def test_frustration_is_named_once_and_then_the_step_gets_smaller(item: Item) -> None:
    fed_up = Diagnosis(state=State.FRUSTRATED, step="square")
    assert plan(situation(item, fed_up)).situation == "frustrated"
    assert plan(situation(item, fed_up, situations=("frustrated",))).situation == "nudge"


def test_asking_for_the_answer_never_gets_it_while_policy_withholds_it(item: Item) -> None:
    asks = Diagnosis(state=State.ASKS_ANSWER, step="square")
    for turns in range(10):
        move = plan(situation(item, asks, asked_answer=turns, tutor_turns=turns, attempts=5))
        assert not move.answer_allowed


def test_three_bare_answers_in_a_row_are_asked_for_their_working(item: Item) -> None:
    move = plan(situation(item, wrong(), unworked=2, attempts=2))
    assert move.situation == "show working"


def test_an_answer_in_words_is_never_asked_for_its_working(item: Item) -> None:
    answer = TextAnswer(kind="text", rubric="some-rubric")
    in_words = item.model_copy(update={"answer": answer})
    assert plan(situation(in_words, wrong(), unworked=5, attempts=2)).situation == "nudge"
    used = {
        "told": frozenset({"square"}),
        "situations": ("teach", "similar example"),
        "example": True,
        "unworked": 5,
    }
    assert plan(situation(in_words, wrong(), **used)).situation == "no rung"


def test_three_hints_in_a_row_are_followed_by_a_try(item: Item) -> None:
    opened = Diagnosis(state=State.HELP, step="square")
    assert plan(situation(item, opened, clicks=2)).situation == "try first"


@pytest.mark.parametrize("state", [s for s in State if s is not State.WRONG])
def test_every_state_has_a_move_with_a_reason(item: Item, state: State) -> None:
    move = plan(situation(item, Diagnosis(state=state, step="square")))
    assert move.reason


def test_the_help_button_climbs_the_ladder_and_skips_missing_rungs(item: Item) -> None:
    policy = Policy()
    assert next_rung(item, "square", DialogueState(), policy) is HintLevel.NUDGE
    used = DialogueState(rungs={"speed": HintLevel.NUDGE}, attempts=1)
    assert next_rung(item, "speed", used, policy) is HintLevel.EXAMPLE


def test_the_answer_rung_exists_only_where_policy_shows_answers(item: Item) -> None:
    top = DialogueState(rungs={"square": HintLevel.EXAMPLE}, attempts=3)
    assert next_rung(item, "square", top, Policy()) is None
    assert next_rung(item, "square", top, Policy(show_answer=True)) is HintLevel.ANSWER
    fewer = DialogueState(rungs={"square": HintLevel.EXAMPLE}, attempts=2, clicks=9)
    assert next_rung(item, "square", fewer, Policy(show_answer=True)) is None


def test_support_fades_as_mastery_grows() -> None:
    assert choose_support(0.2, 0) == "worked"
    assert choose_support(0.2, 1) == "open"
    assert choose_support(0.5, 0) == "faded"
    assert choose_support(0.7, 0) == "open"


def test_a_question_back_at_a_greeting_uses_up_no_hint(item: Item) -> None:
    state = DialogueState()
    for number, said in enumerate([State.SOCIAL, State.OFF_TOPIC, State.STUCK, State.SOCIAL], 1):
        diagnosis = Diagnosis(state=said, step="square")
        move = plan(PlanInput(diagnosis, state, Policy(), item))
        turn = Turn(
            id=str(number), dialogue_id="d", number=number, channel="chat", text="hello",
            diagnosis=diagnosis, move=move, reply="Where would you start?", source="hint",
            created_at=datetime.now(UTC),
        )  # fmt: skip
        state = after(state, turn)
    assert state.questions["square"] == 1
    stuck = Diagnosis(state=State.STUCK, step="square")
    assert plan(PlanInput(stuck, state, Policy(), item, "worked")).situation == "question"
