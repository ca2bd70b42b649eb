"""What the editors of items, rubrics and courses share: their head, their parts and their bar."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import streamlit as st

from tutor_app.courses.drafts import value_at
from tutor_app.courses.editing import NEEDED, Checked
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.form import Form
from tutor_app.ui.session import Desk, Editing, current
from tutor_app.ui.words import counted

OWN_COPY = (
    "This course came with the program. Saving makes your own copy of it in `{folder}`, which "
    "students see from then on; what came with the program stays as it is."
)


def show_head(page: str, back: str, title: str) -> None:
    """Draw the way back, the title, and once how the last save turned out."""
    session = current()
    st.button(
        back, icon=":material/arrow_back:", key="back",
        on_click=session.leave_desk, args=(page,),
    )  # fmt: skip
    st.title(plain(title), anchor=False)
    if notice := session.take_notice():
        st.success(plain(notice), icon=":material/check:")


def choose_part(editing: Editing, parts: dict[str, tuple[str, ...]], checked: Checked) -> str:
    """Draw the parts of an editor and where mistakes are; returns the chosen part.

    Args:
        editing: what is edited.
        parts: title of a part to the fields of the draft that it holds.
        checked: the mistakes.
    """
    session = current()
    titles = list(parts)
    if session.part not in titles:
        session.part = next((t for t in titles if session.part in parts[t]), titles[0])

    def go(title: str) -> None:
        session.part = title

    with st.container(horizontal=True, gap="small", key="editor-parts"):
        for title in titles:
            found = checked.mistakes.items()
            count = sum(len(m) for at, m in found if at[:1] and at[0] in parts[title])
            st.button(
                f"{title}: {count}" if count else title,
                key=f"{editing.key}-part-{title}",
                on_click=go,
                args=(title,),
                type="secondary" if title == session.part else "tertiary",
                icon=":material/edit:" if count else None,
                help=f"{counted(count, 'field')} to look at here" if count else None,
            )
    return session.part


def show_rest(form: Form, fields: tuple[str, ...]) -> None:
    """Say the mistakes of a part that no field of it has shown, and those of the whole."""
    for at, messages in form.checked.mistakes.items():
        if at not in form.shown and (not at or at[0] in fields):
            words = ".".join(str(p + 1) if isinstance(p, int) else p for p in at)
            for message in messages:
                text = f"{words}: {message}" if words else message
                st.markdown(f":red[:material/error: {plain(text)}]")


def show_bar(
    desk: Desk, editing: Editing, checked: Checked, path: Path, save: Callable[[], str]
) -> None:
    """Draw the bar with Save and the ways back: a removed row, the last save, all changes.

    Args:
        desk: what is edited.
        editing: its draft.
        checked: nothing with a mistake can be saved.
        path: its file in the home, where it has one.
        save: saves, and returns the id that it is saved under.
    """
    changed = editing.changed or not desk[2]
    with st.container(key="save-bar"):
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.button(
                "Save", type="primary", key=f"{editing.key}-save", shortcut="Ctrl+S",
                disabled=bool(checked.count) or not changed,
            )  # fmt: skip
            st.caption(_standing(checked, changed=changed), width="stretch")
            undo = _ways_back(desk, editing, path)
        if pressed:
            _do(lambda: _saved(desk, save()))
        elif undo:
            _do(lambda: _undo(desk, path))


def _standing(checked: Checked, *, changed: bool) -> str:
    needed = sum(m.count(NEEDED) for m in checked.mistakes.values())
    wrong = checked.count - needed
    parts = [counted(wrong, "mistake to put right", "mistakes to put right")] if wrong else []
    parts += [f"{counted(needed, 'field')} to fill in"] if needed else []
    if parts:
        return f"{' and '.join(parts)}, then it can be saved"
    return "Not saved yet" if changed else "Saved"


def _ways_back(desk: Desk, editing: Editing, path: Path) -> bool:
    """Draw the ways back; returns whether the last save is to be undone."""
    if editing.removed is not None:
        st.button(
            "Put the row back", key=f"{editing.key}-back", type="tertiary",
            icon=":material/undo:", on_click=_put_row_back, args=(editing,),
        )  # fmt: skip
    if editing.changed:
        with st.popover("Discard", type="tertiary"):
            st.markdown("What you changed since the last save will be gone.")
            if st.button("Discard my changes", key=f"{editing.key}-discard"):
                _forget(desk)
                st.rerun()
        return False
    return resources.own_files().can_undo(path) and st.button(
        "Undo the last save", key=f"{editing.key}-undo", type="tertiary", icon=":material/undo:"
    )


def _saved(desk: Desk, name: str) -> None:
    session = current()
    part = session.part
    _forget(desk)
    session.edit(desk[0], name, part)
    session.notice = session.notice or "Saved."
    resources.reload_files()


def _undo(desk: Desk, path: Path) -> None:
    resources.own_files().undo(path)
    _forget(desk)
    current().notice = "The last save is undone."
    resources.reload_files()


def _forget(desk: Desk) -> None:
    """Forget the draft, so that the editor opens the file anew; a new thing leaves its editor."""
    session = current()
    session.drafts.pop(desk, None)
    if not desk[2]:
        session.leave_desk("rubrics" if desk[0] == "rubric" else "course")


def _do(change: Callable[[], None]) -> None:
    try:
        change()
    except TutorError as error:
        show_failure(error)
    else:
        st.rerun()


def _put_row_back(editing: Editing) -> None:
    if editing.removed is not None:
        place, number, row = editing.removed
        # the list may be gone with the row that held it
        with suppress(KeyError, IndexError):
            value_at(editing.draft, place).insert(number, row)
        editing.removed = None
