"""The fields of each kind of answer: one function a kind, listed in KINDS at the end."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from tutor_app.courses.drafts import Place
from tutor_app.ui.instructor.form import Form

EXPRESSION = "Names of quantities and earlier steps, like sqrt(2*g*h)"


@dataclass(frozen=True)
class Kind:
    """How one kind of answer is named and edited.

    Attributes:
        title: its name in the list of kinds.
        fields: draws its fields, given the form and the known rubrics.
        computed: steps and misconceptions have expressions.
        wrong: the field of a misconception by which this kind recognizes it.
    """

    title: str
    fields: Callable[[Form, list[str]], None]
    computed: bool = False
    wrong: str = "value"


def _numeric(form: Form, rubrics: list[str]) -> None:
    at = ("answer", "numeric")
    left, right = st.columns([2, 1])
    with left:
        form.text("Right answer", *at, "value", hint=EXPRESSION, example="speed", live=True)
    with right:
        form.text("Unit", *at, "unit", example="m/s", live=True)
    left, middle, right = st.columns(3)
    with left:
        form.number(
            "Tolerance", *at, "tolerance", least=0.001, most=0.49, step=0.01,
            hint="Relative: 0.02 takes answers within 2 %.",
        )  # fmt: skip
    with middle:
        form.number(
            "Absolute tolerance", *at, "tolerance_abs", step=0.1,
            hint="In the unit of the answer. Where it is given, it counts and the other does not.",
        )  # fmt: skip
    with right:
        form.number("Digits shown", *at, "digits", least=1, most=8, step=1)


def _symbolic(form: Form, rubrics: list[str]) -> None:
    at = ("answer", "symbolic")
    left, right = st.columns([2, 1])
    with left:
        form.text("Right formula", *at, "value", example="m*g/2", live=True)
    with right:
        form.text(
            "Stands for", *at, "target", example="T",
            hint='The symbol left of the equals sign, which a student may write too: "T = ...".',
        )  # fmt: skip
    st.markdown("**Symbols that a student may use**")
    form.rows(_symbol, *at, "symbols", add="Add a symbol")


def _symbol(form: Form, at: Place) -> None:
    form.text("Symbol", *at, "name", example="m")
    form.text("What it means", *at, "value", example="the mass of the box")


def _choice(form: Form, rubrics: list[str]) -> None:
    at = ("answer", "choice")
    form.rows(_option, *at, "options", add="Add an option")
    texts = {row["id"]: row["text"] for row in form.get(*at, "options")}
    form.one_of(
        "Right option", list(texts), *at, "correct",
        named=lambda one: f"{one}) {texts.get(one, '')}" if one else "Choose",
    )  # fmt: skip
    form.mistakes(*at)


def _option(form: Form, at: Place) -> None:
    form.text(f"Option {form.get(*at, 'id')}", *at, "text")
    form.mistakes(*at, "id")


def _text(form: Form, rubrics: list[str]) -> None:
    form.one_of(
        "Rubric", rubrics, "answer", "text", "rubric", named=lambda one: one or "Choose",
        hint="The rubric asks the same question and says what a good answer shows.",
    )  # fmt: skip


def _exact(form: Form, rubrics: list[str]) -> None:
    at = ("answer", "exact")
    form.lines(
        "What is right, one a line", *at, "accepted",
        hint="As a student would type it: 3/4, x >= -3, (-inf, 2], y = 2x + 1, no solution. Equal "
        "forms need not be listed. The first one is shown where the answer may be.",
    )  # fmt: skip
    form.tick("The parts of a list may come in any order", *at, "any_order")


def _code(form: Form, rubrics: list[str]) -> None:
    at = ("answer", "code")
    with st.container(key="program-fields"):
        form.text(
            "A program that passes every test", *at, "solution", tall=180, hint="Never shown."
        )
        form.text("What stands in the editor at the start", *at, "starter", tall=110)
    form.lines(
        "What a program may not use, one name a line", *at, "without",
        hint="Functions, methods or modules, like max, sort or statistics. Say so in the task too: "
        "a program that uses one is not run, and it costs no attempt.",
    )  # fmt: skip
    form.rows(_test, *at, "tests", add="Add a test", title=lambda n, row: f"Test {n}")
    form.mistakes(*at)


def _test(form: Form, at: Place) -> None:
    form.text("What it tries", *at, "about", hint="Students read this.")
    left, right = st.columns(2)
    with left:
        form.text("Call", *at, "call", example="double(3)")
        form.text("Typed input", *at, "stdin", tall=80)
    with right:
        form.text("Gives", *at, "expect", none=True, example="6")
        form.text("Prints", *at, "stdout", none=True, tall=80)
    steps = [row["id"] for row in form.get("steps") if row["id"]]
    form.one_of("Step", ["", *steps], *at, "step", named=lambda one: one or "No step")
    form.tick("Hidden: students see what it tries, but not the call", *at, "hidden")
    form.mistakes(*at, "id")


KINDS = {
    "numeric": Kind("A number", _numeric, computed=True),
    "symbolic": Kind("A formula", _symbolic, computed=True),
    "exact": Kind("Written out exactly", _exact),
    "choice": Kind("A choice", _choice, wrong="option"),
    "text": Kind("Words, by a rubric", _text, wrong="says"),
    "code": Kind("A Python program", _code, wrong="program"),
}


def kind_title(kind: str) -> str:
    """Return the name of a kind of answer for people."""
    return KINDS[kind].title if kind in KINDS else kind
