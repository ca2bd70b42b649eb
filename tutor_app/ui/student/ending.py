"""How a dialogue ends: what you did alone, what with help, when it comes back."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from tutor_app.answers.solution import fill
from tutor_app.domain.dialogue import Dialogue, State
from tutor_app.tutoring.mastery import SkillState, trace
from tutor_app.tutoring.state import LADDER_SITUATIONS, UNAIDED_SITUATIONS
from tutor_app.tutoring.tutor import Prepared, Tutor
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Session
from tutor_app.ui.student.numbers import unbroken
from tutor_app.ui.student.skills import waiting
from tutor_app.ui.words import counted, day, percent, standing

QUESTIONS = frozenset({"term", "course question"})


@dataclass(frozen=True)
class Shares:
    """Goals of the steps; each step stands in exactly one of the first four.

    Attributes:
        alone: shown before the tutor had helped with anything.
        helped: shown after that.
        given: worked out at the start.
        open: not shown yet.
        solved: the answer was right in the end.
        example: a solved example of the same kind stood at the start.
        hints: hints that the learner opened with Help.
        replies: other replies that helped with a step.
        answers: questions of the learner's that the course answered.
    """

    alone: tuple[str, ...] = ()
    helped: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    solved: bool = False
    example: bool = False
    hints: int = 0
    replies: int = 0
    answers: int = 0


def show_ending(tutor: Tutor, dialogue: Dialogue, prepared: Prepared, session: Session) -> None:
    """Draw the three lines and the way to the next item."""
    skills = tutor.skills(dialogue.learner_id, dialogue.course_id)
    course = tutor.catalogue.course(dialogue.course_id).course
    skill = skills[prepared.item.skills[0]]
    before = _mastery_before(tutor, dialogue)[skill.skill_id]
    waits = waiting(
        tutor.store.evidence(dialogue.learner_id, dialogue.course_id),
        tutor.store.frozen_items(dialogue.learner_id, dialogue.course_id),
    )
    # what closes a computed item or a choice is its answer; in words or code each step is a part
    in_parts = prepared.item.answer.kind in ("text", "code")
    last = "" if in_parts else prepared.item.steps[-1].id
    done = shares(dialogue, goals(prepared), tutor.opening(dialogue).given, last)
    title = course.skill(skill.skill_id).title
    with st.container(key="ending"):
        with st.container(border=True):
            st.markdown(f"**On your own:** {unbroken(alone_line(done))}")
            st.markdown(f"**With help:** {unbroken(help_line(done))}")
            back = back_line(
                skill, before, title, local(tutor.clock()), done.open, waits=skill.skill_id in waits
            )
            st.markdown(f"**Comes back:** {back}")
        if choice := tutor.next_item(dialogue.learner_id, dialogue.course_id):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(
                    "Next item",
                    type="primary",
                    key=f"next-{dialogue.id}",
                    icon=":material/arrow_forward:",
                    icon_position="right",
                    on_click=session.leave,
                    args=(dialogue.id,),
                )
                st.caption(f"{choice.item.title} · {choice.reason}", width="stretch")


def goals(prepared: Prepared) -> dict[str, str]:
    """Return the goal of each step, by step id and in order, fit to follow a colon."""
    names = prepared.solution.names
    filled = {step.id: fill(step.goal, names).strip().rstrip(".") for step in prepared.item.steps}
    return {step: goal[:1].lower() + goal[1:] for step, goal in filled.items()}


def shares(
    dialogue: Dialogue, goals: dict[str, str], given: frozenset[str], answer_step: str = ""
) -> Shares:
    """Sort the steps by who did them: every step into one part.

    Args:
        dialogue: a dialogue with all its turns.
        goals: goal by step id, in order.
        given: ids of the steps worked out at the start.
        answer_step: the step whose value is the answer, done only once the item is solved.
    """
    with_help: dict[str, bool] = {}
    solved, helped, hints, replies, answers = False, False, 0, 0, 0
    for turn in dialogue.turns:
        solved = solved or turn.diagnosis.state is State.RIGHT
        shown = set(goals) if solved else set(turn.diagnosis.steps_shown) - {answer_step}
        for step in shown - given - set(with_help):
            with_help[step] = helped
        if turn.move.closes or turn.move.situation in UNAIDED_SITUATIONS:
            continue
        helped = True
        if turn.move.situation in QUESTIONS:
            # a question that the course does not answer has no passage, and goes to the instructor
            answers += bool(turn.passages)
        elif turn.channel == "help" and turn.move.situation in LADDER_SITUATIONS:
            hints += 1
        elif turn.move.situation != "dispute":
            replies += 1
    done = {step: with_help.get(step) for step in goals}
    return Shares(
        alone=tuple(goals[step] for step, late in done.items() if late is False),
        helped=tuple(goals[step] for step, late in done.items() if late),
        given=tuple(goal for step, goal in goals.items() if step in given),
        open=tuple(goals[s] for s, late in done.items() if late is None and s not in given),
        solved=solved,
        example=dialogue.support == "worked",
        hints=hints,
        replies=replies,
        answers=answers,
    )


def alone_line(done: Shares) -> str:
    """Say what the learner did alone."""
    if not done.alone:
        return "nothing on this item yet."
    whole = done.solved and not done.helped and not done.given
    told = "the whole item" if whole else "; ".join(done.alone)
    return f"{told}, after a solved example." if done.example else f"{told}."


def help_line(done: Shares) -> str:
    """Say what was done with help, and how much help there was."""
    whole = done.solved and not done.alone and not done.given
    parts = ["the whole item"] if whole else list(done.helped)
    if done.given:
        parts.append(f"given at the start: {'; '.join(done.given)}")
    if done.example:
        parts.append("a solved example at the start")
    if done.hints:
        parts.append(counted(done.hints, "hint"))
    if done.replies:
        parts.append(counted(done.replies, "reply", "replies"))
    if done.answers:
        parts.append(counted(done.answers, "question answered", "questions answered"))
    if not parts:
        return "nothing; you needed none." if done.solved else "nothing."
    return f"{'; '.join(parts)}."


def back_line(
    skill: SkillState,
    before: SkillState,
    title: str,
    now: datetime,
    still_open: tuple[str, ...] = (),
    *,
    waits: bool = False,
) -> str:
    """Say when the skill comes back, what is open then, and how sure the tutor is of it now.

    `waits`: an item of the skill is disputed and not counted yet.
    """
    when = day(skill.due.astimezone(now.tzinfo), now) if skill.due else "another day"
    left = f" Still open: {'; '.join(still_open)}." if still_open else ""
    if not skill.seen:
        return f"{when}.{left} {title}: {standing(skill, waits=waits)}."
    change = f"{title} stands at {percent(skill.p)}"
    if skill.seen > before.seen:
        change += f", before this item at {percent(before.p)}"
    open_dispute = "; a disputed item waits for your instructor" if waits else ""
    return f"{when}.{left} {change} (n = {skill.seen}){open_dispute}."


def _mastery_before(tutor: Tutor, dialogue: Dialogue) -> dict[str, SkillState]:
    learner_id, course_id = dialogue.learner_id, dialogue.course_id
    return trace(
        tutor.catalogue.course(course_id).course,
        [e for e in tutor.store.evidence(learner_id, course_id) if e.dialogue_id != dialogue.id],
        tutor.store.frozen_items(learner_id, course_id),
    )
