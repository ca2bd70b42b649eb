"""The submission as it was handed in, with the evidence of each criterion marked by its letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from string import ascii_uppercase

import streamlit as st

from tutor_app.domain.batch import Marked
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.ui.inert import plain
from tutor_app.ui.words import counted

MAX_SHOWN = 20_000
TINTS = 6
_INVISIBLE = {chr(code): f"U+{code:04X}" for code in (
    0x00AD, 0x061C, 0x180E, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202B, 0x202C, 0x202D,
    0x202E, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0x2066, 0x2067, 0x2068, 0x2069, 0xFEFF,
)}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """A stretch text[start:end] that shows something about the criterion of this place."""

    start: int
    end: int
    place: int


def letter(place: int) -> str:
    """Return the letter of the criterion at this place of its rubric: A, B, ..., Z, A2."""
    turn, place = divmod(place, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


def marks_of(marked: Marked, rubric: Rubric) -> list[Mark]:
    """Return the evidence of the proposal, in the order of the rubric's criteria."""
    if marked.grade is None:
        return []
    places = {one.id: place for place, one in enumerate(rubric.criteria)}
    return [
        Mark(quote.start, quote.end, places[one.criterion])
        for one in marked.grade.criteria
        if one.criterion in places
        for quote in one.evidence
    ]


def marked_html(text: str, marks: Iterable[Mark]) -> str:
    """Return the text as HTML in which only the marks act; marks may overlap.

    A stretch has the tint of its first criterion and the letters of all of them, at its end.
    """
    inside = [one for one in marks if 0 <= one.start < one.end <= len(text)]
    edges = sorted({0, len(text), *(e for one in inside for e in (one.start, one.end))})
    pieces = []
    for start, end in pairwise(edges):
        piece = _visible(text[start:end])
        here = sorted({one.place for one in inside if one.start <= start and end <= one.end})
        if not here:
            pieces.append(piece)
            continue
        ending = sorted({one.place for one in inside if one.place in here and one.end == end})
        letters = "".join(f'<b class="letter">{letter(place)}</b>' for place in ending)
        pieces.append(f'<mark class="tint-{here[0] % TINTS}">{piece}{letters}</mark>')
    return "".join(pieces)


def _visible(text: str) -> str:
    """Escape a text; characters that nobody would see become small boxes with their codes."""
    shown = escape(text)
    for sign, code in _INVISIBLE.items():
        if sign in shown:
            shown = shown.replace(sign, f'<span class="unseen">{code}</span>')
    return shown


def show_submission(marked: Marked, rubric: Rubric, title: str) -> None:
    """Draw what was handed in, what a reader would not see of it, and what was noticed."""
    submission = marked.submission
    _warn(submission, marked.grade.flags if marked.grade else ())
    text = submission.text
    if not text.strip():
        st.html('<div class="submission empty">Nothing was handed in.</div>')
        return
    marks = marks_of(marked, rubric)
    shown = max([MAX_SHOWN, *(mark.end for mark in marks if mark.end < 10 * MAX_SHOWN)])
    if len(text) > shown and st.toggle(
        f"Show all {len(text):,} characters", key=f"whole-{submission.id}"
    ):
        shown = len(text)
    body = marked_html(text[:shown], marks)
    _text(body, title)
    if len(text) > shown:
        st.caption(f"The first {shown:,} of {len(text):,} characters.")


def show_text(text: str, title: str) -> None:
    """Draw a text alone, without marks or remarks."""
    if text.strip():
        _text(_visible(text), title)
    else:
        st.html('<div class="submission empty">Nothing was handed in.</div>')


def _text(body: str, title: str) -> None:
    st.html(
        f'<div class="submission" tabindex="0" role="region" aria-label="{escape(title)}" '
        f'dir="auto">{body}</div>'
    )


def _warn(submission: Submission, flags: Iterable[str]) -> None:
    if submission.problem:
        st.error(plain(submission.problem), icon=":material/error:")
    said = [*flags, *(one for one in submission.remarks if one not in flags)]
    if said:
        st.warning("  \n".join(plain(one) for one in said), icon=":material/flag:")
    if submission.hidden:
        n = counted(len(submission.hidden), "stretch", "stretches")
        with st.expander(f"Hidden text: {n} that a reader would not see", expanded=True):
            for one in submission.hidden[:20]:
                st.html(f'<div class="hidden-text">{_visible(one[:2000])}</div>')
