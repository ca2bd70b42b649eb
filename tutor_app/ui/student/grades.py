"""My grades: what the instructor released, criterion by criterion, and a way to ask again."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Account, Role
from tutor_app.domain.batch import Decision
from tutor_app.errors import TutorError
from tutor_app.grading.deciding import ask_regrade
from tutor_app.grading.own_grades import OwnCriterion, OwnGrade, own_grades
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Session, current, typed
from tutor_app.ui.student.learn import learn_page
from tutor_app.ui.words import date, newest_first

MAX_CHARACTERS = 2_000


def grades_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="My grades", icon=":material/grading:", url_path="grades")


def show() -> None:
    """Draw the learner's released marks, newest first."""
    session = current()
    account = session.person(Role.LEARNER)
    st.title("My grades", anchor=False)
    show_outcome(session)
    grades = own_grades(resources.store(), account.id)
    if not grades:
        st.markdown(
            "Marks will be here once your instructor releases them: each criterion with the words "
            "of yours that it rests on."
        )
        if st.button("Go to your item", type="primary"):
            st.switch_page(learn_page())
        return
    st.markdown(f"{newest_first(len(grades), 'mark')}. Released by your instructor.")
    for number, grade in enumerate(grades):
        label = f"{plain(grade.title)} · {points(grade.total)} of {points(grade.max_points)}"
        if grade.waiting:
            label += " · you asked for a second look"
        key = f"grade-{grade.batch_id}-{grade.submission_id}"
        with st.expander(label, expanded=number == 0, key=key):
            _grade(session, account, grade)


def _grade(session: Session, account: Account, grade: OwnGrade) -> None:
    st.markdown(plain(grade.question))
    st.caption("You handed in:")
    st.text(grade.text or "Nothing.")
    if grade.rule:
        st.caption(f"Decided by rule: {plain(grade.rule)}")
    if grade.said:
        st.markdown(plain(grade.said))
    for criterion in grade.criteria:
        _criterion(criterion)
    for one in grade.exchange:
        st.caption(f"{_who(one)}, {date(local(one.at))}")
        st.text(str(one.value) or "No words.")
    with st.container(horizontal=True, vertical_alignment="center"):
        _practise(session, grade)
        if grade.waiting:
            st.caption("Your request waits for your instructor.", width="content")
        else:
            _ask(account, grade)


def _criterion(one: OwnCriterion) -> None:
    with st.container(border=True, gap="small"):
        worth = points(one.points) if one.max_points <= 0 else (
            f"{points(one.points)} of {points(one.max_points)}"
        )  # fmt: skip
        level = f", {plain(one.level)}" if one.level else ""
        st.markdown(f"**{plain(one.title)}** · {worth}{level}")
        for quote in one.quotes:
            st.caption(f"You wrote: “{plain(quote)}”")
        if not one.quotes and one.points > 0:
            st.caption("No single sentence of yours is named for this.")
        if one.words:
            st.markdown(plain(one.words))


def _practise(session: Session, grade: OwnGrade) -> None:
    """Offer the exercise that this mark is about, or one that leans on the same rubric."""
    found = resources.practice_for(grade.rubric_id, grade.item)
    if found is None:
        return
    course_id, item_id = found
    if st.button("Practise this", key=f"practise-{grade.batch_id}-{grade.submission_id}"):
        session.course_id = course_id
        session.choose(item_id)
        st.switch_page(learn_page())


def _ask(account: Account, grade: OwnGrade) -> None:
    key = f"regrade-{grade.batch_id}-{grade.submission_id}"
    with st.popover("Ask for a second look", key=f"{key}-open"):
        st.text_area("What should be looked at again, and why?", key=key, max_chars=MAX_CHARACTERS)
        st.button("Send", key=f"{key}-send", on_click=_send, args=(account, grade, key))


def _send(account: Account, grade: OwnGrade, key: str) -> None:
    session = current()
    try:
        ask_regrade(resources.store(), grade.batch_id, grade.submission_id, account.id, typed(key))
    except TutorError as error:
        session.failure = str(error)
    else:
        session.notice = "Sent. You will find the answer here."


def _who(one: Decision) -> str:
    return "You asked" if one.kind == "regrade" else "Your instructor answered"


def points(value: float) -> str:
    """Return "2", "2.5" or "−1"."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")
