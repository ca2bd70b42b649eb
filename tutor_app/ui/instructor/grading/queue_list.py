"""The submissions of a batch as a list, the least sure first, each with a one-line reason."""

import streamlit as st

from tutor_app.grading.queue import Queue, Row
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Reviewing, held
from tutor_app.ui.words import percent

PER_PAGE = 12
SHOWN = ("Queue", "Decided", "All")
TEACHING = "To teach"


def show_list(reviewing: Reviewing, queue: Queue, chosen: Row) -> None:
    """Draw one page of the list; a click puts a submission on the page."""
    with st.container(key="queue", gap="xsmall"):
        shown = (TEACHING, *SHOWN[:2]) if reviewing.teaching else SHOWN
        if reviewing.shown not in shown:
            reviewing.shown = shown[0]
        st.segmented_control(
            "Shown", shown, default=reviewing.shown, required=True, label_visibility="collapsed",
            key="queue-shown", on_change=_show, args=(reviewing,),
        )  # fmt: skip
        rows = _rows(reviewing, queue)
        if not rows:
            st.caption("Nothing waits for you here." if reviewing.shown == "Queue" else "None yet.")
            return
        pages = -(-len(rows) // PER_PAGE)
        at = next((n for n, row in enumerate(rows) if row.id == chosen.id), 0)
        page = min(pages, at // PER_PAGE + 1)
        if pages > 1:
            page = st.pagination(pages, key=f"queue-page-{page}", default=page)
        for row in rows[(page - 1) * PER_PAGE : page * PER_PAGE]:
            _line(reviewing, row, chosen=row.id == chosen.id)
        st.toggle(
            "Show names", value=reviewing.names, key="queue-names", on_change=_names,
            args=(reviewing,), help="Marks are fairer while you do not know who wrote an answer.",
        )  # fmt: skip


def _rows(reviewing: Reviewing, queue: Queue) -> list[Row]:
    if reviewing.shown == "Queue":
        return queue.to_review()
    if reviewing.shown == TEACHING:
        return [row for one in reviewing.teaching if (row := queue.row(one)) is not None]
    rows = queue.rows()
    return [row for row in rows if row.state == "decided"] if reviewing.shown == "Decided" else rows


def following_row(reviewing: Reviewing, queue: Queue, row: Row) -> Row | None:
    """Return what to look at next: the next to teach with, else the least sure of the queue."""
    if reviewing.shown == TEACHING:
        left = [one for one in _rows(reviewing, queue) if one.state != "decided"]
        return next((one for one in left if one.id != row.id), None)
    return queue.after(row.id)


def _line(reviewing: Reviewing, row: Row, *, chosen: bool) -> None:
    name = row.learner if reviewing.names else f"{row.number}"
    sure = {"decided": "decided", "waiting": "waiting", "unread": "not read"}.get(
        row.state, "no score" if row.state == "pending" else percent(row.confidence)
    )
    with st.container(key=f"line{'-chosen' if chosen else ''}-{row.number}", gap=None):
        st.button(
            f"**{plain(name)}** · {sure}", key=f"row-{row.id}", type="tertiary", width="stretch",
            on_click=reviewing.open, args=(row.id,), wrap=True,
        )  # fmt: skip
        st.caption(plain(row.reason))


def _show(reviewing: Reviewing) -> None:
    reviewing.shown = held("queue-shown")


def _names(reviewing: Reviewing) -> None:
    reviewing.names = held("queue-names")
