"""Learn: one item, ready to answer. The first page of a student."""

import json
from collections.abc import Sequence

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Account, Role
from tutor_app.domain.dialogue import Dialogue
from tutor_app.errors import AccessError, NotFoundError, TutorError
from tutor_app.storage.records import DialogueSummary
from tutor_app.tutoring.tutor import Prepared, Tutor
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Asked, Session, current
from tutor_app.ui.student.answer import show_boxes
from tutor_app.ui.student.card import show_prompt
from tutor_app.ui.student.choose import offer_items
from tutor_app.ui.student.ending import show_ending
from tutor_app.ui.student.export import offer_export
from tutor_app.ui.student.numbers import unbroken
from tutor_app.ui.student.program import is_program
from tutor_app.ui.student.turns import show_learner, show_turns
from tutor_app.ui.words import SUPPORTS, said

ANOTHER = "Choose another exercise"


def learn_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Learn", icon=":material/edit_note:", url_path="learn", default=True)


def show() -> None:
    """Draw the item at hand with its dialogue, and take the turn that was asked for."""
    session = current()
    account = session.person(Role.LEARNER)
    tutor = resources.tutor()
    dialogue = _dialogue(tutor, session, account)
    if dialogue is None:
        st.info("This course has no items yet. They will be here once the instructor adds some.")
        return
    prepared = tutor.prepare(dialogue.course_id, dialogue.item_id)
    if problem := resources.index_problem(dialogue.course_id):
        st.warning(f"Replies carry no citations for now. {plain(problem)}")
    _header(tutor, session, dialogue, prepared)
    _item_card(tutor, dialogue, prepared)
    show_turns(dialogue, prepared.item, tutor.store, xray=session.xray)
    if session.asked is not None:
        _take_turn(tutor, session, dialogue, prepared, session.asked)
    elif tutor.state(dialogue).closed:
        show_ending(tutor, dialogue, prepared, session)
    else:
        show_boxes(tutor, dialogue, prepared.item, session)
    place = f"window.tutorPage?.({json.dumps(dialogue.id)}, {len(dialogue.turns)})"
    st.html(f"<script>{place}</script>", unsafe_allow_javascript=True)


def _dialogue(tutor: Tutor, session: Session, account: Account) -> Dialogue | None:
    """Return the dialogue on the page: the open one, or the last unfinished, or a new one."""
    # an instructor may take an item out while somebody works on it
    items = tutor.catalogue.course(session.course_id).items if session.course_id else {}
    if session.dialogue_id:
        try:
            dialogue = tutor.store.dialogue(session.dialogue_id)
        except NotFoundError:
            session.open("")
        else:
            if dialogue.learner_id != account.id:
                raise AccessError("This dialogue: it belongs to someone else. Go to My dialogues.")
            if dialogue.item_id in items:
                return dialogue
            session.open("")
            session.notice = "That exercise is no longer in the course. Here is another one."
    held = [d for d in tutor.store.dialogues(account.id, session.course_id) if d.item_id in items]
    if session.item_id:
        return _chosen(tutor, session, account, held)
    newest = next(iter(held), None)
    if newest is not None and not newest.closed:
        session.open(newest.id, "You began this one and have not finished it.")
        return tutor.store.dialogue(newest.id)
    choice = tutor.next_item(account.id, session.course_id)
    if choice is None:
        return None
    dialogue = tutor.start(account.id, session.course_id, choice.item.id)
    session.open(dialogue.id, choice.reason)
    return dialogue


def _chosen(
    tutor: Tutor, session: Session, account: Account, held: Sequence[DialogueSummary]
) -> Dialogue:
    """Return the unfinished dialogue on the item that the learner chose, or a new one."""
    item_id = session.item_id
    begun = next((d for d in held if d.item_id == item_id and not d.closed), None)
    if begun is not None:
        session.open(begun.id, "You chose this one" + (", begun before." if begun.turns else "."))
        return tutor.store.dialogue(begun.id)
    dialogue = tutor.start(account.id, session.course_id, item_id)
    session.open(dialogue.id, "You chose this one.")
    return dialogue


def _header(tutor: Tutor, session: Session, dialogue: Dialogue, prepared: Prepared) -> None:
    course = prepared.loaded.course
    skill = course.skill(prepared.item.skills[0]).title
    with st.container(horizontal=True, vertical_alignment="center", key="item-header"):
        st.caption(f"{course.title} · {skill}", width="stretch")
        if not tutor.state(dialogue).closed:
            st.button(
                "Skip",
                type="tertiary",
                key=f"skip-{session.turn_id}",
                on_click=session.ask,
                args=(session.turn_id, "skip"),
            )
        chosen = st.menu_button(
            "More",
            [
                ANOTHER,
                "Start again",
                "Export",
                "Hide the X-ray" if session.xray else "Show the X-ray",
            ],
            key=f"more-{session.turn_id}",
            type="tertiary",
            icon=":material/more_horiz:",
        )
    if chosen == ANOTHER:
        offer_items(tutor, session, dialogue)
    elif chosen == "Export":
        offer_export(dialogue, prepared)
    elif chosen == "Start again":
        _start_again(tutor, session, dialogue)
        st.rerun()
    elif chosen is not None:
        session.xray = not session.xray
        st.rerun()


def _start_again(tutor: Tutor, session: Session, dialogue: Dialogue) -> None:
    if session.dialogue_id == dialogue.id:
        again = tutor.start(dialogue.learner_id, dialogue.course_id, dialogue.item_id)
        session.open(again.id, "You started this item again.")


def _item_card(tutor: Tutor, dialogue: Dialogue, prepared: Prepared) -> None:
    session = current()
    show_prompt(prepared.prompt)
    if session.reason:
        st.caption(session.reason)
    if opening := tutor.opening(dialogue).text:
        label = SUPPORTS[dialogue.support]
        begun = bool(dialogue.turns)
        with st.expander(label, expanded=not begun, key=f"opening-{dialogue.id}-{begun}"):
            st.markdown(unbroken(opening))


def _take_turn(
    tutor: Tutor, session: Session, dialogue: Dialogue, prepared: Prepared, asked: Asked
) -> None:
    """Answer the turn; its id stays until the reply is recorded, so a rerun cannot double it."""
    program = is_program(asked.channel, prepared.item) and bool(asked.text)
    show_learner(said(asked.channel, asked.text, prepared.item), code=program)
    with st.container(key="running"):
        step = st.empty()

    def name_step(name: str) -> None:
        step.caption(f"{name[:1].upper()}{name[1:]} …")

    try:
        tutor.respond(
            dialogue,
            asked.text,
            asked.turn_id,
            asked.channel,
            on_progress=name_step,
        )
    except TutorError as error:
        session.failed(str(error))
    else:
        session.answered()
    st.rerun()
