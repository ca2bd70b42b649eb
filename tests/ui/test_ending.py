from datetime import UTC, datetime, timedelta

import pytest

from tutor_app.domain.dialogue import Diagnosis, Dialogue, State, Turn, TutorMove
from tutor_app.domain.passage import Passage, Place
from tutor_app.tutoring.mastery import SkillState
from tutor_app.ui.student.ending import alone_line, back_line, help_line, shares

GOALS = {"square": "relate the height to the speed", "speed": "get the speed"}
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def turn(
    state: State,
    shown: tuple[str, ...] = (),
    step: str = "",
    closes: bool = False,
    situation: str = "nudge",
    passages: tuple[Passage, ...] = (),
) -> Turn:
    move = TutorMove(
        kind="probe", situation=situation, strategy="", intention="", step=step, closes=closes
    )
    return Turn(
        id=str(id(object())), dialogue_id="d", number=1, text="t",
        channel="help" if state is State.HELP else "answer",
        diagnosis=Diagnosis(state=state, steps_shown=shown), move=move, reply="r",
        source="hint", passages=passages, created_at=NOW,
    )  # fmt: skip


def dialogue(*turns: Turn) -> Dialogue:
    return Dialogue(id="d", learner_id="l", course_id="c", item_id="i", started_at=NOW, turns=turns)


def test_a_step_shown_before_any_hint_on_it_counts_as_alone() -> None:
    done = shares(
        dialogue(
            turn(State.STEP_RIGHT, ("square",), step="speed"),
            turn(State.RIGHT, closes=True),
        ),
        GOALS,
        frozenset(),
    )
    assert alone_line(done) == "relate the height to the speed."
    assert help_line(done) == "get the speed; 1 reply."


def test_right_at_once_is_the_whole_item_alone() -> None:
    done = shares(dialogue(turn(State.RIGHT, closes=True)), GOALS, frozenset())
    assert alone_line(done) == "the whole item."
    assert help_line(done) == "nothing; you needed none."


def test_steps_that_were_given_are_neither_alone_nor_the_whole_item() -> None:
    done = shares(dialogue(turn(State.RIGHT, closes=True)), GOALS, frozenset({"square"}))
    assert alone_line(done) == "get the speed."
    assert help_line(done) == "given at the start: relate the height to the speed."


def test_skipping_at_once_claims_nothing() -> None:
    done = shares(dialogue(turn(State.SKIP, closes=True)), GOALS, frozenset())
    assert alone_line(done) == "nothing on this item yet."


def test_solved_after_a_hint_is_nowhere_alone() -> None:
    done = shares(
        dialogue(
            turn(State.HELP, step="square"),
            turn(State.RIGHT, closes=True),
        ),
        GOALS,
        frozenset(),
        "speed",
    )
    assert alone_line(done) == "nothing on this item yet."
    assert help_line(done) == "the whole item; 1 hint."
    assert done.open == ()


def test_only_hints_that_help_opened_are_counted_as_hints() -> None:
    talked = [turn(State.WRONG, step="square"), turn(State.HELP, situation="try first")]
    done = shares(dialogue(*talked, turn(State.RIGHT, closes=True)), GOALS, frozenset(), "speed")
    assert help_line(done) == "the whole item; 2 replies."
    opened = [*talked, turn(State.HELP), turn(State.HELP, situation="question")]
    done = shares(dialogue(*opened, turn(State.RIGHT, closes=True)), GOALS, frozenset(), "speed")
    assert help_line(done) == "the whole item; 2 hints; 2 replies."


def test_the_answer_of_an_unsolved_item_stays_open() -> None:
    done = shares(
        dialogue(
            turn(State.NEAR, ("square", "speed"), step="speed"),
            turn(State.SKIP, closes=True),
        ),
        GOALS,
        frozenset(),
        "speed",
    )
    assert alone_line(done) == "relate the height to the speed."
    assert help_line(done) == "1 reply."
    assert done.open == ("get the speed",)


@pytest.mark.parametrize("closing", [State.RIGHT, State.SKIP])
@pytest.mark.parametrize("given", [frozenset(), frozenset({"square"})])
@pytest.mark.parametrize("first", [State.HELP, State.STEP_RIGHT, State.NEAR, State.WRONG])
def test_every_step_stands_in_exactly_one_part(
    first: State, given: frozenset[str], closing: State
) -> None:
    shown = ("square", "speed") if first is not State.HELP else ()
    done = shares(
        dialogue(turn(first, shown, step="square"), turn(closing, closes=True)),
        GOALS,
        given,
        "speed",
    )
    parts = [*done.alone, *done.helped, *done.given, *done.open]
    assert sorted(parts) == sorted(GOALS.values())
    assert bool(done.open) == (closing is State.SKIP)


def test_skipping_without_any_help_does_not_say_that_none_was_needed() -> None:
    done = shares(dialogue(turn(State.SKIP, closes=True)), GOALS, frozenset(), "speed")
    assert help_line(done) == "nothing."


def test_the_last_line_names_what_is_still_open() -> None:
    state = SkillState("s", 0.2)
    assert back_line(state, state, "Energy", NOW, ("get the speed",)) == (
        "another day. Still open: get the speed. Energy: not started."
    )


def test_the_last_line_tells_the_day_and_how_mastery_moved() -> None:
    before = SkillState("s", 0.2)
    after = SkillState("s", 0.41, 1, due=NOW + timedelta(days=3))
    assert back_line(after, before, "Energy", NOW) == (
        "in 3 days. Energy stands at 41\u00a0%, before this item at 20\u00a0% (n = 1)."
    )


def test_a_skill_whose_only_item_is_disputed_waits_and_shows_no_share() -> None:
    state = SkillState("s", 0.25)
    assert back_line(state, state, "Energy", NOW, waits=True) == (
        "another day. Energy: waits for your instructor."
    )


def test_a_counted_skill_with_a_disputed_item_says_that_one_waits() -> None:
    state = SkillState("s", 0.41, 1, due=NOW + timedelta(days=3))
    assert back_line(state, state, "Energy", NOW, waits=True) == (
        "in 3 days. Energy stands at 41\u00a0% (n = 1); a disputed item waits for your instructor."
    )


def test_a_question_counts_as_answered_only_where_the_course_answers_it() -> None:
    note = Passage(id="p", course_id="c", text="Work is ...", place=Place(document="notes"))
    asked = [
        turn(State.ASKS_TERM, situation="term", passages=(note,)),
        turn(State.ASKS_TERM, situation="term"),
        turn(State.ASKS_COURSE, situation="course question"),
        turn(State.DISPUTES, situation="dispute", step="square"),
    ]
    done = shares(dialogue(*asked, turn(State.RIGHT, closes=True)), GOALS, frozenset(), "speed")
    assert help_line(done) == "the whole item; 1 question answered."
