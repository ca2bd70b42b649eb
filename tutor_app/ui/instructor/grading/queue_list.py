"""The submissions of a batch as a list, the least sure first, each with a one-line reason."""

import streamlit as st

from tutor_app.grading.queue import Queue, Row
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Reviewing, held
from tutor_app.ui.words import percent

PER_PAGE = 12
SHOWN = ("Queue", "Decided", "All")


def show_list(reviewing: Reviewing, queue: Queue, chosen: Row) -> None:
    """Draw one page of the list; a click puts a submission on the page."""
    with st.container(key="queue", gap="xsmall"):
        st.segmented_control(
            "Shown", SHOWN, default=reviewing.shown, required=True, label_visibility="collapsed",
            key="queue-shown", on_change=_show, args=(reviewing,),
        )  # fmt: skip
        rows = _rows(queue, reviewing.shown)
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


def _rows(queue: Queue, shown: str) -> list[Row]:
    if shown == "Queue":
        return queue.to_review()
    rows = queue.rows()
    return [row for row in rows if row.state == "decided"] if shown == "Decided" else rows


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
