"""Sign in: three demo accounts at one click where they are allowed, else a name and a password."""

import streamlit as st

from tutor_app.access.demo import DEMO_ACCOUNTS
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.session import current, start_over

_DOES = {
    "student": "Work on one item at a time, with hints.",
    "instructor": "See the course, its rubrics and open questions.",
    "admin": "See the state of the system and the accounts.",
}


def show() -> None:
    """Draw the sign-in page and let the tutor load meanwhile."""
    resources.accounts()
    resources.loading_tutor()
    st.title("Tutor", anchor=False)
    st.markdown("Questions that help you find the answer yourself, on this computer alone.")
    if notice := current().take_notice():
        st.info(notice)
    demo = resources.demo_allowed()
    if demo:
        _demo_buttons()
    if demo:
        with st.expander("Sign in with your own account"):
            _form(primary=False)
    else:
        _form(primary=True)


def _demo_buttons() -> None:
    st.caption("Demo accounts. They work only while this computer alone can reach the app.")
    for name, _ in DEMO_ACCOUNTS:
        with st.container(horizontal=True, vertical_alignment="center", key=f"demo-{name}"):
            pressed = st.button(
                f"Continue as {name}",
                key=f"continue-{name}",
                type="primary" if name == "student" else "secondary",
                width=210,
            )
            st.caption(_DOES[name], width="stretch")
        if pressed:
            _sign_in(name, name)


def _form(*, primary: bool) -> None:
    with st.form("sign-in", border=False):
        name = st.text_input("Name", autocomplete="username")
        password = st.text_input("Password", type="password", autocomplete="current-password")
        if st.form_submit_button("Sign in", type="primary" if primary else "secondary"):
            _sign_in(name, password)


def _sign_in(name: str, password: str) -> None:
    try:
        account = resources.accounts().sign_in(name, password)
    except TutorError as error:
        show_failure(error)
    else:
        start_over(account)
        st.rerun()
