"""The parts of an item in the editor: question, answer, steps, misconceptions, hints, more."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from tutor_app.courses.check import MAX_HINT_WORDS
from tutor_app.courses.drafts import Place
from tutor_app.documents.sentences import count_words
from tutor_app.domain.course import Course, HintLevel
from tutor_app.ui.instructor.answer_fields import EXPRESSION, KINDS, kind_title
from tutor_app.ui.instructor.form import Form

FILLED = "[[h]] is replaced by the value of h."


@dataclass(frozen=True)
class Material:
    """What an item may refer to.

    Attributes:
        course: the course, with its skills.
        sections: every "document#Heading" of its notes.
        rubrics: the known rubrics.
        criteria: those of the chosen rubric, id to title.
    """

    course: Course
    sections: tuple[str, ...]
    rubrics: tuple[str, ...]
    criteria: dict[str, str]

    def skill(self, skill_id: str) -> str:
        """Return the title of a skill, or what stands for none."""
        titles = {skill.id: skill.title for skill in self.course.skills}
        return titles.get(skill_id, skill_id) or "That of the item"


@dataclass(frozen=True)
class Part:
    """One part of the editor, and the fields of the draft that it holds."""

    title: str
    fields: tuple[str, ...]
    draw: Callable[[Form, Material], None]


def _question(form: Form, material: Material) -> None:
    form.text("Title", "title")
    form.text("Question", "prompt", tall=140, hint=f"Markdown; formulas between dollars. {FILLED}")
    left, right = st.columns([2, 1])
    with left:
        form.many_of(
            "Skills", [s.id for s in material.course.skills], "skills", named=material.skill
        )
    with right:
        form.one_of(
            "Difficulty", [None, 1, 2, 3, 4, 5], "difficulty",
            named=lambda n: "Not said" if n is None else f"{n} of 5",
        )  # fmt: skip
    st.markdown("**Given quantities**")
    st.caption(
        "A number with a name can be computed with, and be another one in a similar item. "
        "`[[A]]` in the question is filled with the number of the quantity A."
    )
    form.rows(_quantity, "quantities", add="Add a quantity")


def _quantity(form: Form, at: Place) -> None:
    form.text("Name", *at, "name", example="h")
    form.text("Value", *at, "value", example="20 m", live=True)
    form.text("In the similar item", *at, "other", example="45 m")


def _answer(form: Form, material: Material) -> None:
    form.one_of("Kind of answer", list(KINDS), "answer", "kind", named=kind_title)
    kind = form.get("answer", "kind")
    if kind in KINDS:
        KINDS[kind].fields(form, list(material.rubrics))
    else:
        st.caption("This kind of answer is written in the item's file; it is kept as it is.")
    form.mistakes("answer", kind)


def _steps(form: Form, material: Material) -> None:
    def draw(form: Form, at: Place) -> None:
        kind = form.get("answer", "kind")
        form.text(
            "What this step is after", *at, "goal",
            hint="In words that do not give the step away.",
        )  # fmt: skip
        if KINDS.get(kind, KINDS["numeric"]).computed or form.get(*at, "value"):
            name, value, unit = st.columns([1, 2, 1])
            with value:
                form.text("Computed as", *at, "value", hint=EXPRESSION, live=True)
            with unit:
                form.text("Unit", *at, "unit")
        else:
            name = st.container()
        with name:
            form.text("Name", *at, "id", example=f"step_{int(at[-1]) + 1}")
        if kind == "text":
            form.one_of(
                "Settles the criterion", list(material.criteria), *at, "criterion",
                named=lambda one: material.criteria.get(one, one) or "Choose",
            )  # fmt: skip
        form.text("Worked line", *at, "work", tall=80, hint=FILLED)
        form.text("Why this step", *at, "why", tall=80)
        form.one_of(
            "Skill", ["", *(s.id for s in material.course.skills)], *at, "skill",
            named=material.skill,
        )  # fmt: skip

    form.rows(draw, "steps", add="Add a step", title=lambda n, row: f"Step {n}")


def _misconceptions(form: Form, material: Material) -> None:
    st.caption("Ways to go wrong that students really take, and a question that makes each fail.")

    def draw(form: Form, at: Place) -> None:
        form.text("The wrong idea", *at, "title")
        kind = form.get("answer", "kind")
        wrong = KINDS[kind].wrong if kind in KINDS else "value"
        if wrong == "value" or form.get(*at, "value"):
            form.text("Leads to", *at, "value", hint=f"{EXPRESSION}, as plain numbers.", live=True)
        if wrong == "option":
            options = [row["id"] for row in form.get("answer", "choice", "options")]
            form.one_of(
                "Shown by option", ["", *options], *at, "option", named=lambda one: one or "None"
            )
        if wrong == "says":
            form.lines("What students with this idea write, one a line", *at, "says")
        if wrong == "program":
            form.text("A whole wrong program", *at, "program", tall=140)
        form.text(
            "Question to ask then", *at, "question", tall=80,
            hint=f"At most {MAX_HINT_WORDS} words, one question. [[yours]] is what they wrote.",
        )  # fmt: skip
        _words(form, at, "question")
        _step(form, at)

    form.rows(
        draw, "misconceptions", add="Add a misconception",
        title=lambda n, row: f"Misconception {n}",
    )  # fmt: skip


def _hints(form: Form, material: Material) -> None:
    st.caption("Each step has a ladder: a nudge first, then a question, then a concept.")

    def draw(form: Form, at: Place) -> None:
        left, right = st.columns(2)
        with left:
            form.one_of("Level", [level.value for level in HintLevel], *at, "level")
        with right:
            _step(form, at)
        form.text("Text", *at, "text", tall=80, hint=f"At most {MAX_HINT_WORDS} words. {FILLED}")
        _words(form, at, "text")
        form.text(
            "What its own question comes to", *at, "answer",
            hint="A student who says this has answered the hint. Never shown before.",
        )  # fmt: skip
        form.one_of(
            "Rests on", ["", *material.sections], *at, "cite", named=lambda one: one or "Nothing"
        )

    form.tick(
        "The hints are one path, opened in this order", "hints_in_order",
        hint="Otherwise each step's ladder goes by level.",
    )  # fmt: skip
    form.rows(draw, "hints", add="Add a hint", title=lambda n, row: f"Hint {n}")


def _parallel(form: Form, material: Material) -> None:
    if form.get("quantities"):
        st.caption(
            "A similar item with other numbers is shown solved to those who need one. Its numbers "
            "stand beside the quantities, in the part Question."
        )
    else:
        st.caption("A similar item, solved, for those who need an example first.")
    form.text("Question of the similar item", "parallel", "prompt", tall=110)
    form.text("Its answer", "parallel", "answer", tall=80)
    form.lines(
        "Its solution, a paragraph a line", "parallel", "worked", apart="\n\n", tall=140,
        hint="Leave an empty line between two lines. The last one is left to the student.",
    )  # fmt: skip
    form.mistakes("parallel", within=True)


def _sources(form: Form, material: Material) -> None:
    form.many_of(
        "Sections of the notes that it belongs to", material.sections, "sections",
    )  # fmt: skip
    form.many_of(
        "Sections that give it away", material.sections, "spoilers",
        hint="Worked solutions. They are never shown with this item.",
    )  # fmt: skip
    form.text("Licence, if it is not that of the course", "licence")
    form.text(
        "Why students cannot be given it", "not_askable", example="They can",
        hint="For example a figure is missing. Empty it once that is put right.",
    )  # fmt: skip
    if form.new:
        form.text("File name", "id", example="made from the title")


def _words(form: Form, at: Place, part: str) -> None:
    if count := count_words(form.get(*at, part)):
        st.caption(f"{count} of {MAX_HINT_WORDS} words")


def _step(form: Form, at: Place) -> None:
    steps = [row["id"] or f"step_{n}" for n, row in enumerate(form.get("steps"), 1)]
    form.one_of("Step", ["", *steps], *at, "step", named=lambda one: one or "The first")


PARTS = (
    Part("Question", ("title", "prompt", "skills", "difficulty", "quantities"), _question),
    Part("Answer", ("answer",), _answer),
    Part("Steps", ("steps",), _steps),
    Part("Misconceptions", ("misconceptions",), _misconceptions),
    Part("Hints", ("hints", "hints_in_order"), _hints),
    Part("Similar item", ("parallel",), _parallel),
    Part("Sources", ("sections", "spoilers", "licence", "not_askable", "id"), _sources),
)
