"""How a dialogue ends: what you did alone, what with help, when it comes back."""

from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from tutor_app.answers.solution import fill
from tutor_app.domain.dialogue import Dialogue, State
from tutor_app.tutoring.mastery import SkillState, trace
from tutor_app.tutoring.state import UNAIDED_SITUATIONS
from tutor_app.tutoring.tutor import Prepared, Tutor
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, day, percent


@dataclass(frozen=True)
class Shares:
    """Goals of the steps by who did them.

    Attributes:
        solved: the answer was right in the end.
        example: a solved example of the same kind stood at the start.
        hints: tutor turns that helped with a step.
    """

    alone: tuple[str, ...] = ()
    helped: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    solved: bool = False
    example: bool = False
    hints: int = 0


def show_ending(tutor: Tutor, dialogue: Dialogue, prepared: Prepared, session: Session) -> None:
    """Draw the three lines and the way to the next item."""
    skills = tutor.skills(dialogue.learner_id, dialogue.course_id)
    course = tutor.catalogue.course(dialogue.course_id).course
    skill = skills[prepared.item.skills[0]]
    before = _mastery_before(tutor, dialogue)[skill.skill_id]
    done = shares(dialogue, goals(prepared), tutor.opening(dialogue).given)
    title = course.skill(skill.skill_id).title
    with st.container(key="ending"):
        with st.container(border=True):
            st.markdown(f"**On your own:** {alone_line(done)}")
            st.markdown(f"**With help:** {help_line(done)}")
            st.markdown(f"**Comes back:** {back_line(skill, before, title, local(tutor.clock()))}")
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


def shares(dialogue: Dialogue, goals: dict[str, str], given: frozenset[str]) -> Shares:
    """Sort the steps: given at the start, shown before any help on them, shown after it."""
    helped_on: set[str] = set()
    with_help: dict[str, bool] = {}
    solved, hints = False, 0
    for turn in dialogue.turns:
        solved = solved or turn.diagnosis.state is State.RIGHT
        shown = set(goals) if solved else set(turn.diagnosis.steps_shown)
        for step in shown - given - set(with_help):
            with_help[step] = step in helped_on
        if turn.move.step and not turn.move.closes | (turn.move.situation in UNAIDED_SITUATIONS):
            helped_on.add(turn.move.step)
            hints += 1
    return Shares(
        alone=tuple(goal for step, goal in goals.items() if with_help.get(step) is False),
        helped=tuple(goal for step, goal in goals.items() if with_help.get(step)),
        given=tuple(goal for step, goal in goals.items() if step in given),
        solved=solved,
        example=dialogue.support == "worked",
        hints=hints,
    )


def alone_line(done: Shares) -> str:
    """Say what the learner did alone."""
    if done.solved and not done.helped and not done.given:
        return "the whole item."
    return f"{'; '.join(done.alone)}." if done.alone else "nothing on this item yet."


def help_line(done: Shares) -> str:
    """Say what was done with help, and how much help there was."""
    parts = list(done.helped)
    if done.given:
        parts.append(f"given at the start: {'; '.join(done.given)}")
    if done.example:
        parts.append("a solved example at the start")
    if done.hints:
        parts.append(counted(done.hints, "hint"))
    return f"{'; '.join(parts)}." if parts else "nothing; you needed none."


def back_line(skill: SkillState, before: SkillState, title: str, now: datetime) -> str:
    """Say when the skill comes back and how sure the tutor is of it now."""
    when = day(skill.due.astimezone(now.tzinfo), now) if skill.due else "after a few other items"
    change = f"{title} stands at {percent(skill.p)}"
    if skill.seen > before.seen:
        change += f", before this item at {percent(before.p)}"
    return f"{when}. {change} (n = {skill.seen})."


def _mastery_before(tutor: Tutor, dialogue: Dialogue) -> dict[str, SkillState]:
    learner_id, course_id = dialogue.learner_id, dialogue.course_id
    return trace(
        tutor.catalogue.course(course_id).course,
        [e for e in tutor.store.evidence(learner_id, course_id) if e.dialogue_id != dialogue.id],
        tutor.store.frozen_items(learner_id, course_id),
    )
