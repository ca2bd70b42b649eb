"""Explain code: a program in plain words, line by line, by concept, or as a whole."""

import re
from html import escape

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Account, Role
from tutor_app.answers.code.explain import Explanation, Line, explain
from tutor_app.answers.code.parsing import MAX_CHARACTERS
from tutor_app.errors import AnswerSyntaxError
from tutor_app.tutoring.explaining import passages_on
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui import resources
from tutor_app.ui.inert import calm, plain
from tutor_app.ui.passages import show_citations
from tutor_app.ui.session import Session, current, fill_once
from tutor_app.ui.student.program import last_program

WAYS = ("Line by line", "By concept", "In summary")
_CODE = re.compile(r"`([^`]+)`")


def explain_page(*, visible: bool) -> StreamlitPage:
    """Return the page for the navigation; hidden in a course without programs."""
    return st.Page(
        show,
        title="Explain code",
        icon=":material/code:",
        url_path="explain",
        visibility="visible" if visible else "hidden",
    )


def show() -> None:
    """Draw the box for code and what its lines do."""
    session = current()
    account = session.person(Role.LEARNER)
    tutor = resources.tutor()
    st.title("Explain code", anchor=False)
    st.markdown("It says what the lines do as they stand, not what they should do.")
    fill_once("explain-code", _own_program(tutor, session, account))
    with st.container(key="explain-box"):
        text = st.text_area("Code", key="explain-code", max_chars=MAX_CHARACTERS, height=220)
    way = st.segmented_control("How", WAYS, default=WAYS[0], required=True, key="explain-way")
    st.button("Explain", type="primary", key="explain")
    if not (text or "").strip():
        st.caption("Type or paste Python here. A program that you check in Learn stands here, too.")
        return
    try:
        found = explain(text)
    except AnswerSyntaxError as error:
        st.info(plain(str(error).removeprefix("Explain: ")))
        return
    if way == WAYS[1]:
        _show_concepts(found, tutor, session)
    elif way == WAYS[2]:
        st.markdown(calm(found.summary))
    else:
        st.html(lines_html(found.lines))


def _own_program(tutor: Tutor, session: Session, account: Account) -> str:
    """Return the last program of the dialogue on the Learn page, if it is this person's."""
    if not session.dialogue_id:
        return ""
    dialogue = tutor.store.dialogue(session.dialogue_id)
    item = tutor.prepare(dialogue.course_id, dialogue.item_id).item
    own = dialogue.learner_id == account.id and item.answer.kind == "code"
    return last_program(dialogue) if own else ""


def _show_concepts(found: Explanation, tutor: Tutor, session: Session) -> None:
    spoilers = tutor.catalogue.course(session.course_id).items.values()
    hidden = [section for item in spoilers for section in item.spoiler_sections]
    with st.spinner("Looking in the course", show_time=True):
        places = passages_on(found.concepts, tutor.search, session.course_id, hidden)
    for number, concept in enumerate(found.concepts):
        lines = ", ".join(map(str, concept.lines))
        of = "line" if len(concept.lines) == 1 else "lines"
        st.markdown(f"**{plain(concept.name)}**, {of} {lines}. {plain(concept.meaning)}")
        if place := places.get(concept.name):
            show_citations("", (place,), f"concept-{number}")


def lines_html(lines: tuple[Line, ...]) -> str:
    """Return the program with a sentence under each line; all code is escaped."""
    rows = []
    for line in lines:
        if line.code.strip():
            words = _CODE.sub(r"<code>\1</code>", escape(line.words))
            rows.append(f"<li value='{line.number}'><pre>{escape(line.code)}</pre>{words}</li>")
    return f"<ol class='explained'>{''.join(rows)}</ol>"
