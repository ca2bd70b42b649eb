"""What many learners get wrong in the same way, in their own words; the instructor decides."""

import streamlit as st

from tutor_app import factory
from tutor_app.domain.batch import Batch
from tutor_app.domain.rubric import Rubric
from tutor_app.grading.marks import Mark
from tutor_app.grading.misconceptions import CommonIdea, WrongAnswer, common_misconceptions
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session
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
    with st.spinner("Reading what earned no points", show_time=True):
        found = _ideas(key, rubric, done)
    if not found:
        st.caption("No wrong idea is shared by three students or more.")
    titles = {one.id: one.title for one in rubric.criteria}
    for idea in found:
        with st.container(border=True, gap="xsmall"):
            st.markdown(
                f"**{counted(len(idea.submissions), 'answer')}** ({percent(idea.share)}), most "
                f"without points for {plain(titles.get(idea.criterion, idea.criterion))}"
            )
            for sentence in idea.says[:3]:
                st.text(f"“{sentence}”")


@st.cache_resource(show_spinner=False, max_entries=10)
def _ideas(key: str, _rubric: Rubric, _done: list[Mark]) -> list[CommonIdea]:
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
    return common_misconceptions(wrong, _rubric, embed, lambda text: "", len(_done))


def _quotes(one: Mark) -> tuple[str, ...]:
    grade = one.marked.grade
    earned = {c for c, p in one.points.items() if p}
    return tuple(
        quote.quote
        for criterion in (grade.criteria if grade else ())
        if criterion.criterion in earned
        for quote in criterion.evidence
    )
