"""Say what went wrong: what happened, what is safe, what to do. Never a traceback."""

import streamlit as st

from tutor_app.courses.yaml_files import MistakesError
from tutor_app.errors import AccessError, SearchIndexError, StorageError, TutorError
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session

MAX_MISTAKES = 20


def show_failure(error: TutorError) -> None:
    """Draw one error in place of a page, or above what was typed."""
    if isinstance(error, MistakesError):
        _show_mistakes(error)
        return
    st.error(plain(str(error)), icon=":material/error:")
    if isinstance(error, StorageError):
        st.caption("Nothing you did before is lost. Reload this page when it is put right.")
    elif not isinstance(error, AccessError | SearchIndexError):
        st.caption("What you did before is safe. If this stays, show the line above to the admin.")


def _show_mistakes(error: MistakesError) -> None:
    count = len(error.mistakes)
    files = "one mistake" if count == 1 else f"{count} mistakes"
    st.error(
        f"This course cannot be opened: its files have {files}. What you did before is safe. "
        "Someone who can edit the files must correct these lines.",
        icon=":material/error:",
    )
    shown = "\n".join(str(mistake) for mistake in error.mistakes[:MAX_MISTAKES])
    more = f"\n... and {count - MAX_MISTAKES} more" if count > MAX_MISTAKES else ""
    st.code(shown + more, language=None, wrap_lines=True)


def show_unsent(session: Session) -> None:
    """Say that a turn was not answered, and offer to try it again; what was typed is kept."""
    st.error(plain(session.failure), icon=":material/error:")
    st.button("Try again", key=f"again-{session.turn_id}", on_click=session.ask_again)
    st.caption("What you typed is still in the box, and nothing before it is lost.")


def show_outcome(session: Session) -> None:
    """Say once how the button that was pressed last turned out."""
    if failure := session.take_failure():
        st.error(plain(failure), icon=":material/error:")
    if notice := session.take_notice():
        st.success(notice)
