"""An item as a student sees it, with what they do not see below: try an answer, read the hints."""

import streamlit as st

from tutor_app.answers.check import check_answer, matching_misconception
from tutor_app.answers.filling import fill
from tutor_app.answers.reader import read
from tutor_app.answers.reader_directions import directed
from tutor_app.answers.solution import Solution
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import Item
from tutor_app.errors import ContentError
from tutor_app.tutoring.worked import opening
from tutor_app.ui.inert import calm, plain
from tutor_app.ui.student.answer import HOW_TO_TYPE, echo, show_options
from tutor_app.ui.student.card import show_prompt
from tutor_app.ui.student.numbers import unbroken
from tutor_app.ui.words import SUPPORTS, verdict_words

VERDICTS = {
    Verdict.RIGHT: (":material/check_circle:", "green"),
    Verdict.CANNOT_TELL: (":material/help:", "yellow"),
}


def show_preview(item: Item, solution: Solution, key: str) -> None:
    """Draw an item without mistakes: its card, an answer box to try, and the help it has."""
    show_prompt(fill(item.prompt, solution.names))
    if example := opening(item, solution, "worked").text:
        with st.expander(f"{SUPPORTS['worked']}, for those who need one"):
            st.markdown(unbroken(example))
    with st.container(key="answer-box"):
        _try(item, solution, f"{key}-try")
    _ladder(item, solution)
    _misconceptions(item, solution)


def _try(item: Item, solution: Solution, key: str) -> None:
    answer = item.answer
    if answer.kind == "choice":
        text = show_options(answer, key) or ""
    elif answer.kind in HOW_TO_TYPE:
        text = (
            st.text_input("Your answer", key=key, live=True, placeholder=HOW_TO_TYPE[answer.kind])
            or ""
        )
    else:
        st.text_area("Your answer", key=key, height=110)
        st.caption("Answers of this kind are judged while students work; they are not tried here.")
        return
    if not text.strip():
        st.caption("Try an answer: what the tutor makes of it is said here.")
        return
    typed = directed(text, item).text
    check = check_answer(typed, answer, solution)
    if answer.kind != "choice":
        st.caption(echo(read(typed, answer)))
    icon, colour = VERDICTS.get(check.verdict, (":material/cancel:", "red"))
    st.markdown(f":{colour}[{icon} {verdict_words(check.verdict)}]. {calm(check.reason)}")
    name = matching_misconception(check.reading, item, solution)
    if found := next((m for m in item.misconceptions if m.id == name), None):
        st.markdown(f"It shows the misconception **{plain(found.title)}**.")


def _ladder(item: Item, solution: Solution) -> None:
    with st.expander(f"Hints: {len(item.hints)}"):
        if not item.hints:
            st.caption("None. The tutor can only say that an answer is not right yet.")
        for number, step in enumerate(item.steps, 1):
            st.markdown(f"**Step {number}.** {_filled(step.goal, solution)}")
            lines = [
                f"- *{hint.level}:* {_filled(hint.text, solution)}"
                + (f" ({plain(hint.cite)})" if hint.cite else "")
                for hint in item.hints_for(step.id)
            ]
            st.markdown("\n".join(lines) or "- no hints")


def _misconceptions(item: Item, solution: Solution) -> None:
    with st.expander(f"Misconceptions: {len(item.misconceptions)}"):
        if not item.misconceptions:
            st.caption("None. A wrong answer is not told from another one.")
        for one in item.misconceptions:
            value = solution.mal_rules.get(one.id)
            leads = f" · {value:.4g}" if value is not None else ""
            leads = f" · option {one.option}" if one.option else leads
            st.markdown(f"**{plain(one.title)}**{leads}")
            st.markdown(_filled(one.question, solution, yours="their answer"))


def _filled(text: str, solution: Solution, **more: str) -> str:
    try:
        return unbroken(fill(text, {**solution.names, **more}))
    except ContentError:
        return text
