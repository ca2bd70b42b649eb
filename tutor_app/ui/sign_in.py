"""Sign in: three demo accounts at one click where they are allowed, else a name and a password.

Who is signed in may change the password.
"""

import json

import streamlit as st

from tutor_app.access.accounts import MIN_PASSWORD, SESSION_S
from tutor_app.access.demo import DEMO_ACCOUNTS
from tutor_app.access.roles import Account
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure, show_outcome
from tutor_app.ui.session import current, start_over, typed

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
        start_over(account, token=resources.accounts().open_session(account.id))
        st.rerun()


def cookie_name() -> str:
    """Return the name of the cookie; browsers share cookies between the ports of a computer."""
    return f"tutor_session_{st.get_option('server.port')}"


def resume() -> None:
    """Sign in who was signed in before the page was reloaded; a new tab is a reload, too."""
    session = current()
    token = st.context.cookies.get(cookie_name(), "")
    if session.account is None and not session.signed_out and token:
        account = resources.accounts().resume(token)
        if account is not None:
            start_over(account, token=token)


def keep_token() -> None:
    """Hand the token to the browser, or have its copy thrown away after a sign-out."""
    session = current()
    if session.token or session.signed_out:
        kept = f"{json.dumps(cookie_name())}, {json.dumps(session.token)}, {SESSION_S:.0f}"
        st.html(f"<script>window.tutorKeep?.({kept})</script>", unsafe_allow_javascript=True)


def sign_out() -> None:
    """End the session here and in the browser."""
    resources.accounts().close_session(current().token)
    start_over()


@st.dialog("Change your password")
def offer_new_password(account: Account) -> None:
    """Open a box that asks for the old password once and for the new one twice."""
    show_outcome(current())
    with st.form("new-password", border=False):
        st.text_input(
            "Old password", type="password", autocomplete="current-password", key="old-password"
        )
        st.text_input(
            f"New password, at least {MIN_PASSWORD} characters",
            type="password",
            autocomplete="new-password",
            key="new-password-1",
        )
        st.text_input(
            "New password again",
            type="password",
            autocomplete="new-password",
            key="new-password-2",
        )
        st.form_submit_button(
            "Change it", type="primary", on_click=_change_password, args=(account,)
        )


def _change_password(account: Account) -> None:
    session = current()
    if typed("new-password-1") != typed("new-password-2"):
        session.failure = "The two new passwords differ; nothing was changed. Type them again."
        return
    try:
        resources.accounts().change_password(
            account.id, typed("old-password"), typed("new-password-1"), token=session.token
        )
    except TutorError as error:
        session.failure = str(error)
    else:
        session.notice = "Your password is changed. Use the new one from now on."
