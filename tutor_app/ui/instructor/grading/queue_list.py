"""The submissions of a batch as a list, the least sure first, each with a one-line reason."""

import streamlit as st

from tutor_app.grading.queue import Queue, Row
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.words import decided_words, question_words
from tutor_app.ui.session import Reviewing, held, put_back
from tutor_app.ui.words import counted, percent

PER_PAGE = 12
MATCHES_SHOWN = 8
ALL = "All"
SHOWN = ("Queue", "Decided", ALL)
TEACHING, UNREAD, DIFFERED = "To teach", "Unread", "Differed"
PICKED = {
    TEACHING: "{done} of {n} graded. Then grade the rest by them, under Trust.",
    UNREAD: "{done} of {n} read. The grader is sure of them; the least sure come first.",
    DIFFERED: "Answers of the audit to which you gave other points than were proposed.",
}
"""Lists that another page puts together, with what stands above them."""
EVERY_QUESTION = ""
"""A batch of several questions has a name for each of them."""


def row_at_hand(reviewing: Reviewing, queue: Queue) -> Row | None:
    """Return the chosen submission, else the least sure one; None until one is graded."""
    only = reviewing.question or None
    graded = (row for row in queue.rows(only) if row.state != "waiting")
    doubtful = queue.to_review(only)
    return queue.row(reviewing.submission_id) or next(iter(doubtful), next(graded, None))


def show_list(reviewing: Reviewing, queue: Queue, chosen: Row | None) -> None:
    """Draw one page of the list; a click puts a submission on the page."""
    with st.container(key="queue", gap="xsmall"):
        if len(queue.rubrics) > 1:
            _choose_question(reviewing, queue)
        if len(queue.rows()) > PER_PAGE:
            _look_up(reviewing, queue)
        shown = (reviewing.picked_as, *SHOWN) if reviewing.picked else SHOWN
        if reviewing.shown not in shown:
            reviewing.shown = shown[0]
        # what was looked for changes it, too
        put_back("queue-shown", reviewing.shown)
        st.segmented_control(
            "Shown", shown, required=True, label_visibility="collapsed",
            key="queue-shown", on_change=_show, args=(reviewing,),
        )  # fmt: skip
        rows = _rows(reviewing, queue)
        if reviewing.shown in PICKED:
            done = sum(row.state == "decided" for row in rows)
            st.caption(PICKED[reviewing.shown].format(done=done, n=len(rows)))
        if not rows:
            st.caption("Nothing waits for you here." if reviewing.shown == "Queue" else "None yet.")
            return
        pages = -(-len(rows) // PER_PAGE)
        at = next((n for n, row in enumerate(rows) if row == chosen), 0)
        page = min(pages, at // PER_PAGE + 1)
        if pages > 1:
            page = st.pagination(pages, key=f"queue-page-{page}", default=page)
        for row in rows[(page - 1) * PER_PAGE : page * PER_PAGE]:
            question = question_words(row.question) if len(queue.rubrics) > 1 else ""
            _line(reviewing, row, question, chosen=row == chosen)
        st.toggle(
            "Show names", value=reviewing.names, key="queue-names", on_change=_names,
            args=(reviewing,), help="Marks are fairer while you do not know who wrote an answer.",
        )  # fmt: skip


def _look_up(reviewing: Reviewing, queue: Queue) -> None:
    """Draw the box that leads to one student, and who fits what was typed into it."""
    st.text_input(
        "Find a student", key="queue-find", placeholder="Name, ID or number",
        on_change=_find, args=(reviewing, queue),
        help="Opens what one student handed in, and names them; all others stay unnamed.",
    )  # fmt: skip
    if not reviewing.sought:
        return
    found = queue.find(reviewing.sought)
    words = counted(len(found), "submission fits", "submissions fit") if found else "Nothing fits"
    st.caption(f"{words} “{plain(reviewing.sought)}”.")
    for row in found[:MATCHES_SHOWN]:
        question = f" · {plain(question_words(row.question))}" if len(queue.rubrics) > 1 else ""
        known = f", {plain(row.student)}" if row.student != row.learner else ""
        with st.container(key=f"line-found-{row.number}"):
            st.button(
                f"{plain(row.learner)}{known}{question}", key=f"found-{row.id}", type="tertiary",
                width="stretch", wrap=True, on_click=_open_found, args=(reviewing, row),
            )  # fmt: skip
    if len(found) > MATCHES_SHOWN:
        st.caption("Type more of the name to see the others.")


def _find(reviewing: Reviewing, queue: Queue) -> None:
    reviewing.sought = held("queue-find").strip()
    found = queue.find(reviewing.sought)
    if len(found) == 1:
        _open_found(reviewing, found[0])


def _open_found(reviewing: Reviewing, row: Row) -> None:
    sought = reviewing.sought
    reviewing.open(row.id)
    # a number says nothing about who wrote it
    reviewing.found = row.id if sought != str(row.number) else ""
    reviewing.shown, reviewing.question = ALL, EVERY_QUESTION
    put_back("queue-find", "")


def _choose_question(reviewing: Reviewing, queue: Queue) -> None:
    questions = [EVERY_QUESTION, *queue.rubrics]
    put_back("queue-question", reviewing.question)
    st.selectbox(
        "Question", questions, key="queue-question",
        label_visibility="collapsed", on_change=_filter, args=(reviewing, queue),
        format_func=lambda one: question_words(one) or "All questions",
    )  # fmt: skip


def _rows(reviewing: Reviewing, queue: Queue) -> list[Row]:
    question = reviewing.question or None
    if reviewing.shown == "Queue":
        return queue.to_review(question)
    if reviewing.shown in PICKED:
        found = (row for one in reviewing.picked if (row := queue.row(one)) is not None)
        return [row for row in found if question in (None, row.question)]
    rows = queue.rows(question)
    return [row for row in rows if row.state == "decided"] if reviewing.shown == "Decided" else rows


def following_row(reviewing: Reviewing, queue: Queue, row: Row) -> Row | None:
    """Return what to look at next: in a list that was put together, else of the queue."""
    if reviewing.shown in PICKED:
        rows = _rows(reviewing, queue)
        at = next((n for n, one in enumerate(rows) if one.id == row.id), -1)
        if reviewing.shown == DIFFERED:
            # they are decided, and looked at once more
            return next(iter(rows[at + 1 :]), None)
        left = (one for one in [*rows[at + 1 :], *rows[: max(at, 0)]] if one.state != "decided")
        return next(left, None)
    return queue.after(row.id, reviewing.question or None)


def _line(reviewing: Reviewing, row: Row, question: str, *, chosen: bool) -> None:
    name = row.learner if reviewing.names else f"{row.number}"
    said = {
        "decided": decided_words(row.together), "waiting": "waiting", "unread": "not read",
        "rivals": "several answers", "aside": "does not count", "pending": "no score",
    }  # fmt: skip
    sure = said.get(row.state) or percent(row.confidence)
    with st.container(key=f"line{'-chosen' if chosen else ''}-{row.number}", gap=None):
        st.button(
            f"**{plain(name)}** · {sure}", key=f"row-{row.id}", type="tertiary", width="stretch",
            on_click=reviewing.open, args=(row.id,), wrap=True,
        )  # fmt: skip
        st.caption((f"**{plain(question)}** · " if question else "") + plain(row.reason))


def _show(reviewing: Reviewing) -> None:
    reviewing.shown = held("queue-shown")


def _filter(reviewing: Reviewing, queue: Queue) -> None:
    reviewing.question = held("queue-question") or EVERY_QUESTION
    row = queue.row(reviewing.submission_id)
    if row is not None and reviewing.question not in (EVERY_QUESTION, row.question):
        reviewing.open("")


def _names(reviewing: Reviewing) -> None:
    reviewing.names = held("queue-names")
