"""What many learners get wrong in the same way, in their own words; the instructor decides."""

from functools import partial

import streamlit as st

from tutor_app import factory
from tutor_app.courses.drafts import draft_of_item, new_row
from tutor_app.courses.own_files import stamp
from tutor_app.domain.batch import Batch
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.marks import Mark
from tutor_app.grading.misconceptions import CommonIdea, WrongAnswer, common_misconceptions
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Desk, Editing, Session
from tutor_app.ui.words import counted, percent


def show_wrong_ideas(
    session: Session, batch: Batch, question: str, rubric: Rubric, done: list[Mark]
) -> None:
    """Offer to look for them, which reads every answer, and draw what was found."""
    st.subheader("What many get wrong", anchor=False)
    key = f"{batch.id}|{question}|{rubric.digest}"
    if session.reviewing.ideas_of != key and not st.button(
        "Look for ideas that several students share", icon=":material/manage_search:"
    ):
        st.caption("Reads the sentences that earned no points and groups those that are alike.")
        return
    session.reviewing.ideas_of = key
    exercise = resources.practice_for(rubric.id, "")
    with st.spinner("Reading what earned no points", show_time=True):
        found = _ideas(key, rubric, done, exercise)
    if not found:
        st.caption("No wrong idea is shared by three students or more.")
    titles = {one.id: one.title for one in rubric.criteria}
    for place, idea in enumerate(found):
        with st.container(border=True, gap="xsmall"):
            st.markdown(
                f"**{counted(len(idea.submissions), 'answer')}** ({percent(idea.share)}), most "
                f"without points for {plain(titles.get(idea.criterion, idea.criterion))}"
            )
            for sentence in idea.says[:3]:
                st.text(f"“{sentence}”")
            if exercise is not None:
                _teach(session, exercise, idea, f"teach-{key}-{place}")


def _teach(session: Session, exercise: tuple[str, str], idea: CommonIdea, key: str) -> None:
    """Offer to put an idea into the exercise, where the tutor will hear it and ask its question."""
    loaded = resources.catalogue().course(exercise[0])
    if idea.known:
        item = loaded.item(exercise[1])
        title = next((m.title for m in item.misconceptions if m.id == idea.known), idea.known)
        st.caption(f"The tutor knows this one in “{item.title}”: {plain(title)}.")
        return
    if st.button(
        "Draft it for the tutor", key=key, icon=":material/edit_note:",
        help="Opens the exercise with this idea filled in; you write the question that the tutor "
        "asks then. Nothing changes before you save.",
    ):  # fmt: skip
        draft_misconception(session, exercise, idea)
        st.rerun()


def draft_misconception(session: Session, exercise: tuple[str, str], idea: CommonIdea) -> None:
    """Open the editor of the exercise with one more misconception in its draft."""
    course_id, item_id = exercise
    session.course_id = course_id
    desk: Desk = ("item", course_id, item_id)
    if desk not in session.drafts:
        item = resources.catalogue().course(course_id).item(item_id)
        path = resources.own_files().item_path(course_id, item_id)
        session.drafts[desk] = Editing(draft_of_item(item), stamp(path))
    draft = session.drafts[desk].draft
    steps = {step["criterion"]: step["id"] for step in draft["steps"]}
    row = {
        **new_row("misconceptions"),
        "says": list(idea.says),
        "step": steps.get(idea.criterion, ""),
    }
    draft["misconceptions"].append(row)
    session.edit("item", item_id, "Misconceptions")
    session.goto = "Course"


@st.cache_resource(show_spinner=False, max_entries=10)
def _ideas(
    key: str, _rubric: Rubric, _done: list[Mark], exercise: tuple[str, str] | None
) -> list[CommonIdea]:
    wrong = [
        WrongAnswer(
            submission=one.marked.submission.id,
            text=one.marked.submission.text,
            missed=missed,
            evidence=_quotes(one),
        )
        for one in _done
        if (missed := tuple(c for c, p in one.points.items() if p is not None and p <= 0))
        and one.marked.submission.text.strip()
    ]
    embed = factory.build_embedder(resources.settings()).embed_array
    item = resources.catalogue().course(exercise[0]).item(exercise[1]) if exercise else None
    voices = partial(_voiced, item) if item else _nothing_known
    return common_misconceptions(wrong, _rubric, embed, voices, len(_done))


def _nothing_known(text: str) -> str:
    return ""


def _voiced(item: Item, text: str) -> str:
    """Return the misconception of an exercise that a text voices, as the tutor hears it."""
    return resources.tutor().ears.saying(text, item)


def _quotes(one: Mark) -> tuple[str, ...]:
    grade = one.marked.grade
    earned = {c for c, p in one.points.items() if p}
    return tuple(
        quote.quote
        for criterion in (grade.criteria if grade else ())
        if criterion.criterion in earned
        for quote in criterion.evidence
    )
