"""My data: a copy of everything that is kept about a learner, and its deletion."""

import json

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.own_data import delete_data, export_data
from tutor_app.access.roles import Account, Role
from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.session import current, start_over


def my_data_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="My data", icon=":material/shield_person:", url_path="my-data")


def show() -> None:
    """Draw what is kept, the export and the deletion."""
    session = current()
    account = session.person(Role.LEARNER)
    store = resources.store()
    st.title("My data", anchor=False)
    show_outcome(session)
    st.markdown(
        "Kept on this computer only: your account name, your dialogues with what you typed (also "
        "what you have not checked yet), your thumbs, the questions passed on to the instructor, "
        "what you handed in for grading with its released grades and your requests for a second "
        "look, and when you signed in. "
        "Your password is kept as a hash that cannot be read back."
    )
    st.download_button(
        "Download everything",
        lambda: json.dumps(
            export_data(store, account.id, by=account.id), ensure_ascii=False, indent=2
        ),
        file_name="my-data.json",
        mime="application/json",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    st.subheader("Delete everything", anchor=False)
    st.markdown(
        "Your account and all of the above, for good. Backups that the admin has made before "
        "may still hold it until they are deleted."
    )
    if st.button("Delete my account and everything in it"):
        _ask_to_delete(account)


@st.dialog("Delete everything?")
def _ask_to_delete(account: Account) -> None:
    st.markdown(
        "Your dialogues, your progress and your account are deleted for good, and you are signed "
        "out. Download a copy first if you may want one."
    )
    with st.container(horizontal=True):
        pressed = st.button(
            "Delete everything",
            type="primary",
            key="delete-everything",
            on_click=_delete,
            args=(account,),
        )
        if st.button("Keep it", key="keep-everything") or pressed:
            st.rerun()


def _delete(account: Account) -> None:
    try:
        delete_data(resources.store(), account.id, by=account.id)
    except TutorError as error:
        current().failure = str(error)
        return
    # a demo account comes back empty, so that the buttons of the sign-in page go on working
    resources.accounts.clear()
    start_over(notice="Everything about you is deleted.")
