"""The app: who is signed in decides which pages there are. Run by `tutor serve`."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app import __version__
from tutor_app.access.roles import Account, Role
from tutor_app.errors import TutorError
from tutor_app.ui import resources, sign_in
from tutor_app.ui.admin.models import models_page
from tutor_app.ui.admin.people import people_page
from tutor_app.ui.admin.refresh import refresh_page
from tutor_app.ui.admin.system import system_page
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.course import course_page
from tutor_app.ui.instructor.grading.page import grading_page
from tutor_app.ui.instructor.material import material_page
from tutor_app.ui.instructor.questions import questions_page
from tutor_app.ui.instructor.rubrics import rubrics_page
from tutor_app.ui.resources import course_title
from tutor_app.ui.session import Session, current
from tutor_app.ui.student.dialogues import dialogues_page
from tutor_app.ui.student.explain import explain_page
from tutor_app.ui.student.grades import grades_page
from tutor_app.ui.student.learn import learn_page
from tutor_app.ui.student.my_data import my_data_page
from tutor_app.ui.student.progress import progress_page

_HERE = Path(__file__).parent
_SCRIPT = (_HERE / "page.js").read_text(encoding="utf-8")


def main() -> None:
    """Draw the sidebar and the chosen page; an error of ours becomes a message."""
    st.set_page_config(
        page_title="Tutor",
        page_icon=str(_HERE / "icon.svg"),
        layout="centered",
        menu_items={"About": f"Tutor {__version__}. Everything stays on this computer."},
    )
    st.html(_HERE / "style.css")
    st.html(f"<script>{_SCRIPT}</script>", unsafe_allow_javascript=True)
    st.logo(str(_HERE / "icon.svg"), size="large")
    try:
        sign_in.resume()
        sign_in.keep_token()
        session = current()
        if session.account is None:
            first = st.Page(sign_in.show, title="Sign in", default=True)
            st.navigation([first, *_same_addresses([], sign_in.show)], position="hidden").run()
            return
        heading = "" if session.account.role is Role.ADMIN else _heading(session)
        own = _pages(session.account.role)
        others = _same_addresses(own, lambda: st.switch_page(own[0]))
        page = st.navigation({heading: [*own, *others]})
        _person(session.account)
        if goto := session.take_goto():
            st.switch_page(next(one for one in own if one.title == goto))
        page.run()
    except TutorError as error:
        show_failure(error)


def _pages(role: Role) -> list[StreamlitPage]:
    match role:
        case Role.LEARNER:
            explain = explain_page(visible=resources.has_programs(current().course_id))
            return [
                learn_page(),
                progress_page(),
                grades_page(),
                explain,
                dialogues_page(),
                my_data_page(),
            ]
        case Role.INSTRUCTOR:
            return [
                course_page(), rubrics_page(), grading_page(), material_page(), questions_page(),
            ]  # fmt: skip
        case Role.ADMIN:
            return [system_page(), models_page(), refresh_page(), people_page()]


def _same_addresses(own: list[StreamlitPage], show: Callable[[], None]) -> list[StreamlitPage]:
    """Return hidden pages at the addresses that a person does not have (yet).

    A bookmark or a reload then leads to the sign-in page, and from there to the page itself, where
    Streamlit would say that the page does not exist.
    """
    known = {page.url_path for page in own}
    return [
        st.Page(show, title="Tutor", url_path=page.url_path, visibility="hidden")
        for role in Role
        for page in _pages(role)
        if page.url_path and page.url_path not in known
    ]


def _heading(session: Session) -> str:
    """Let people choose a course where there are several; return what heads the list of pages."""
    known = resources.catalogue().course_ids()
    if session.course_id not in known:
        session.course_id = _last_course(session.account, known)
    if len(known) > 1:
        chosen = st.sidebar.selectbox(
            "Course", known, index=known.index(session.course_id), format_func=course_title
        )
        if chosen != session.course_id:
            session.course_id = chosen
            session.open("")
        return ""
    return course_title(session.course_id) if known else ""


def _last_course(account: Account | None, known: list[str]) -> str:
    """Return the course that a person worked in last, or the first there is."""
    past = resources.store().dialogues(account.id) if account else []
    worked = (dialogue.course_id for dialogue in past)
    return next((one for one in worked if one in known), known[0] if known else "")


def _person(account: Account) -> None:
    with st.sidebar.container(key="person"):
        kind = "demo account" if account.demo else account.role.label
        st.caption(f"{plain(account.name)} · {kind}")
        # a demo account has a password that everyone knows
        if not account.demo and st.button(
            "Change password", type="tertiary", icon=":material/key:"
        ):
            sign_in.offer_new_password(account)
        st.button("Sign out", type="tertiary", icon=":material/logout:", on_click=sign_in.sign_out)


main()
