"""The answer box with its echo, the chat box, and the buttons beside them."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial

import streamlit as st

from tutor_app.answers.reader_directions import directed
from tutor_app.domain.answer import Reading
from tutor_app.domain.dialogue import Dialogue
from tutor_app.domain.item import ChoiceAnswer, Item
from tutor_app.errors import StorageError
from tutor_app.tutoring.diagnosis import MAX_CHARACTERS
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui.failures import show_unsent
from tutor_app.ui.inert import calm
from tutor_app.ui.session import Session, fill_once, put_back, typed
from tutor_app.ui.student.draft import asked_for, show_draft
from tutor_app.ui.student.program import MAX_TYPED, show_editor
from tutor_app.ui.words import CHECKS_LEFT, NO_HINT_LEFT, help_label

Keep = Callable[[], None]
"""Called when what stands in the answer box has changed."""
HOW_TO_TYPE = {
    "numeric": "A number with its unit",
    "symbolic": "Typed like m*g/2, x^2 or theta",
    "exact": "Typed like 3/4, 2*sqrt(5), x^2-1, (2, -3), [1, 5) or no solution",
}


def show_boxes(tutor: Tutor, dialogue: Dialogue, item: Item, session: Session) -> None:
    """Draw the answer box, its buttons and the chat box for the next turn."""
    turn_id = session.turn_id
    key = f"answer-{turn_id}"
    if _fits(dialogue.draft, item):
        fill_once(key, dialogue.draft)
    if session.unsent is not None:
        show_unsent(session)
        if session.unsent.channel == "chat":
            put_back(f"chat-{turn_id}", session.unsent.text)
    with st.container(key="answer-box"):
        keep = partial(_keep, tutor, dialogue.id, key)
        if item.answer.kind == "choice":
            show_options(item.answer, key, keep)
        elif item.answer.kind == "code":
            show_editor(item.answer, dialogue, key, keep)
        elif item.answer.kind == "text":
            st.text_area("Your answer", key=key, max_chars=MAX_TYPED, height=110, on_change=keep)
        else:
            _line(tutor, dialogue, item, key, keep)
    rung = tutor.next_rung(dialogue)
    with st.container(horizontal=True, vertical_alignment="center", key="answer-buttons"):
        st.button(
            "Check",
            type="primary",
            key=f"check-{turn_id}",
            on_click=_check,
            args=(session, turn_id, key, item.answer.kind),
            shortcut="Ctrl+Enter" if item.answer.kind in ("text", "code") else None,
        )
        st.button(
            help_label(rung),
            key=f"help-{turn_id}",
            disabled=rung is None,
            on_click=session.ask,
            args=(turn_id, "help"),
        )
        st.button(
            "I think I'm right",
            key=f"dispute-{turn_id}",
            type="tertiary",
            on_click=session.ask,
            args=(turn_id, "dispute"),
        )
        if item.answer.kind == "text":
            st.button(
                "Check a draft",
                type="tertiary",
                key=f"draft-{turn_id}",
                on_click=_check_draft,
                args=(session, dialogue.id, key),
                help="Which criteria of the rubric your text meets so far. Costs no attempt.",
            )
        if warning := CHECKS_LEFT.get(tutor.checks_left(dialogue)):
            st.caption(warning, width="content")
    if rung is None:
        st.caption(NO_HINT_LEFT)
    if session.notice:
        st.caption(session.take_notice())
    show_draft(tutor, dialogue, session)
    with st.container(key="chat-box"):
        st.chat_input(
            "Or talk about it",
            key=f"chat-{turn_id}",
            max_chars=MAX_CHARACTERS,
            on_submit=_talk,
            args=(session, turn_id, dialogue.id if item.answer.kind == "text" else ""),
        )


@st.fragment
def _line(tutor: Tutor, dialogue: Dialogue, item: Item, key: str, keep: Keep) -> None:
    """Draw the box for a number or a formula, and say how it is read while it is typed."""
    bare = item.answer.kind == "numeric" and not item.answer.unit
    text = st.text_input(
        "Your answer",
        key=key,
        live=True,
        on_change=keep,
        autocomplete="off",
        placeholder="A number" if bare else HOW_TO_TYPE[item.answer.kind],
    )
    typed_now = directed(text or "", item).text
    # the line has its room before it is there: Check must not move away under the mouse
    with st.container(key="echo-line" if item.answer.kind == "numeric" else "echo-formula"):
        st.caption(echo(tutor.read(dialogue, typed_now)) if typed_now.strip() else " ")


def echo(reading: Reading) -> str:
    """Return "I read this as ..." as Markdown."""
    if reading.value is None and not reading.formula and not reading.exact:
        return "I cannot read an answer in this yet."
    return f"I read this as {calm(reading.echo)}"


def show_options(answer: ChoiceAnswer, key: str, keep: Keep | None = None) -> str | None:
    """Draw the options to choose from; returns the letter of the chosen one."""
    texts = {option.id: f"{option.id}) {option.text}" for option in answer.options}
    return st.radio(
        "Your answer",
        list(texts),
        format_func=texts.__getitem__,
        index=None,
        key=key,
        on_change=keep,
    )


def _fits(draft: str, item: Item) -> bool:
    """Say whether a draft can stand in the box; an option may have been taken out since."""
    if item.answer.kind == "choice":
        return draft in {option.id for option in item.answer.options}
    return bool(draft)


def _keep(tutor: Tutor, dialogue_id: str, key: str) -> None:
    """Keep what stands in the answer box, for a reload and for a look at another page."""
    # where it cannot be kept it still stands in the box, and Check will say what is wrong
    with suppress(StorageError):
        tutor.store.keep_draft(dialogue_id, typed(key))


def too_long(text: str) -> str:
    """Say by how much a text is too long to be read."""
    return (
        f"Your text has {len(text):,} characters; I read {MAX_CHARACTERS:,}. "
        "Shorten it, then press again."
    )


def _check(session: Session, turn_id: str, key: str, kind: str) -> None:
    text = typed(key).strip()
    if len(text) > MAX_CHARACTERS:
        session.notice = too_long(text)
    elif text:
        session.checked_draft = None
        session.ask(turn_id, "answer", text)
    else:
        first = {"choice": "Choose an option", "code": "Write your program"}.get(
            kind, "Type your answer"
        )
        session.notice = f"{first} first, or ask for help."


def _check_draft(session: Session, dialogue_id: str, key: str, text: str = "") -> None:
    """Lay a draft, or else what stands in the answer box, beside the rubric."""
    text = text or typed(key).strip()
    if len(text) > MAX_CHARACTERS:
        session.notice = too_long(text)
    elif text:
        session.checked_draft = dialogue_id, text
    else:
        session.notice = "Type your draft into the answer box first."


def _talk(session: Session, turn_id: str, text_dialogue: str) -> None:
    text = typed(f"chat-{turn_id}").strip()
    draft = asked_for(text) if text_dialogue else None
    if draft is not None:
        _check_draft(session, text_dialogue, f"answer-{turn_id}", draft)
    elif text:
        session.ask(turn_id, "chat", text)
