"""A program: the editor it is written in, and what it did in each test."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from tutor_app.domain.answer import CodeOutcome
from tutor_app.domain.dialogue import Channel, Dialogue
from tutor_app.domain.item import CodeAnswer, Item
from tutor_app.tutoring.diagnosis import MAX_CHARACTERS
from tutor_app.ui.session import fill_once

MAX_TYPED = 10 * MAX_CHARACTERS
"""A box refuses what is beyond its limit and is silent: a long text gets in, to be told so."""
_MARKS = {True: ("✓", "passes"), False: ("✗", "not yet")}


def is_program(channel: Channel, item: Item) -> bool:
    """Say whether what was said in a turn is a program."""
    return channel == "answer" and item.answer.kind == "code"


def last_program(dialogue: Dialogue) -> str:
    """Return what was checked last in a dialogue on a program, or ""."""
    checked = (turn.text for turn in reversed(dialogue.turns) if turn.channel == "answer")
    return next((text for text in checked if text), "")


def show_editor(answer: CodeAnswer, dialogue: Dialogue, key: str, keep: Callable[[], None]) -> None:
    """Draw the editor, with the last program of this dialogue in it or the starter."""
    fill_once(key, last_program(dialogue) or answer.starter)
    st.text_area(
        "Your program",
        key=key,
        max_chars=MAX_TYPED,
        height=260,
        on_change=keep,
        help="Ctrl+Enter runs it against the tests. Tab leaves the box; spaces move a line in.",
    )


def show_outcomes(outcomes: Sequence[CodeOutcome], *, open_table: bool) -> None:
    """Draw the table of tests, folded for all programs but the last one."""
    if not outcomes:
        return
    passed = sum(outcome.passed for outcome in outcomes)
    label = f"{passed} of {len(outcomes)} tests pass"
    with st.expander(label, expanded=open_table and passed < len(outcomes)):
        st.html(table(outcomes))


def table(outcomes: Sequence[CodeOutcome]) -> str:
    """Return the tests as an HTML table; everything that a program wrote is escaped."""
    rows = []
    for outcome in outcomes:
        mark, word = _MARKS[outcome.passed]
        run = _code(outcome.call) if outcome.call else _given(outcome)
        cells = (
            f"<td class='mark' data-passed='{outcome.passed}'>{mark} {word}</td>"
            f"<td>{escape(outcome.about)}{run}</td>"
        )
        if outcome.hidden:
            came = escape(outcome.trouble) if outcome.trouble else "a hidden test"
            cells += f"<td></td><td>{came}</td>"
        else:
            came = escape(outcome.trouble) if outcome.trouble else _code(outcome.got or "nothing")
            cells += f"<td>{_code(outcome.expected or 'nothing')}</td><td>{came}</td>"
        rows.append(f"<tr>{cells}</tr>")
    heads = "".join(f"<th scope='col'>{h}</th>" for h in ("", "Test", "Expected", "Your program"))
    return (
        "<div class='tests' tabindex='0' role='region' aria-label='Tests'>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _given(outcome: CodeOutcome) -> str:
    return f"<span>, typed in:</span>{_code(outcome.stdin)}" if outcome.stdin else ""


def _code(text: str) -> str:
    return f"<pre>{escape(text.rstrip())}</pre>"
