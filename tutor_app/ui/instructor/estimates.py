"""Difficulty and ambiguity as simulated learners show them: an estimate and nothing else."""

from typing import Any

import pandas as pd
import streamlit as st

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.evaluation.item_estimates import LEARNERS, LEVELS, ItemEstimate
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted, percent

AT_ONCE = 200
"""Items that are estimated in one go; larger courses are estimated skill by skill."""

_INTERVAL = f"Interval at {percent(0.5)}, n = {LEARNERS}"


def show_estimates(session: Session, loaded: LoadedCourse) -> None:
    """Offer to estimate the items, and draw what came of it."""
    st.subheader("How hard, and how clear", anchor=False)
    st.caption(
        "An estimate by simulated learners, who know a skill or not and go wrong only in the ways "
        "that the item's misconceptions describe. It compares items and finds answers that look "
        "alike. It says nothing about real students."
    )
    ids = tuple(loaded.items)
    if len(ids) > AT_ONCE:
        skill = st.selectbox(
            "Skill", [skill.id for skill in loaded.course.skills],
            format_func=lambda name: loaded.course.skill(name).title, key="estimate-skill",
        )  # fmt: skip
        ids = tuple(i.id for i in loaded.items.values() if skill in i.skills)[:AT_ONCE]
    wanted = (session.course_id, *ids)
    if session.estimated != wanted:
        if st.button("Estimate", icon=":material/groups:", disabled=not ids):
            session.estimated = wanted
            _run(session.course_id, ids)
            st.rerun()
        return
    found = _run(session.course_id, ids)
    st.markdown(estimate_sentence(loaded, found))
    st.dataframe(
        estimate_table(loaded, found),
        hide_index=True,
        width="stretch",
        column_config=_short_heads(),
    )
    _confusions(loaded, found)


def _run(course_id: str, ids: tuple[str, ...]) -> list[ItemEstimate]:
    bar = st.empty()
    found = []
    for done, item_id in enumerate(ids):
        found.append(resources.item_estimate(course_id, item_id))
        if done % 5 == 4:
            bar.progress((done + 1) / len(ids), text=f"Estimated {done + 1} of {len(ids)} items")
    bar.empty()
    return found


def estimate_sentence(loaded: LoadedCourse, found: list[ItemEstimate]) -> str:
    """Say what the table shows."""
    half = LEVELS.index(0.5)
    by_share = sorted(found, key=lambda one: one.shares[half].share)
    hardest = loaded.items[by_share[0].item_id].title
    unclear = sum(bool(one.confusions) for one in found)
    judged = sum(one.judged for one in found)
    return (
        f"Of {counted(len(found), 'item')}, **{plain(hardest)}** is solved least often by "
        f"{LEARNERS} simulated learners who know each of its skills with a chance of "
        f"{percent(0.5)}. "
        f"{counted(unclear, 'item has', 'items have')} answers that are not told apart, of "
        f"{judged} whose answers were run; answers in words and programs are not. *{percent(0.2)}* "
        "heads the share that solves it alone who know each skill with that chance."
    )


def estimate_table(loaded: LoadedCourse, found: list[ItemEstimate]) -> pd.DataFrame:
    """Return one row an item, hardest first."""
    half = LEVELS.index(0.5)
    rows = []
    for one in sorted(found, key=lambda one: one.shares[half].share):
        low, high = one.shares[half].interval
        unclear = one.unclear_share
        rows.append(
            {
                "Item": loaded.items[one.item_id].title,
                **{_alone(share.mastery): percent(share.share) for share in one.shares},
                _INTERVAL: f"{percent(low)} to {percent(high)}",
                "Not told apart": "not run" if unclear is None else percent(unclear),
                "Difficulty given": loaded.items[one.item_id].difficulty,
            }
        )
    return pd.DataFrame(rows)


def _short_heads() -> dict[str, Any]:
    """Head the columns so that all of them fit; the whole name is the help of the head."""
    column = st.column_config.Column
    heads: dict[str, Any] = {
        _alone(p): column(
            percent(p), width=60,
            help=f"Share that solves it alone who know each skill with a chance of {percent(p)}.",
        )
        for p in LEVELS
    }  # fmt: skip
    heads["Item"] = column(width="medium")
    heads[_INTERVAL] = column(
        "Range",
        width=100,
        help=f"{percent(0.95)} interval of the share at {percent(0.5)}, n = {LEARNERS} learners.",
    )
    heads["Not told apart"] = column(
        "Unclear", width=75, help="Share of answers that are not told apart."
    )
    heads["Difficulty given"] = column("Given", width=60, help="The difficulty that you gave.")
    return heads


def _alone(mastery: float) -> str:
    return f"Alone at {percent(mastery)}"


def _confusions(loaded: LoadedCourse, found: list[ItemEstimate]) -> None:
    unclear = [one for one in found if one.confusions]
    if not unclear:
        return
    with st.expander(f"Answers that are not told apart, in {counted(len(unclear), 'item')}"):
        for one in unclear:
            st.markdown(f"**{plain(loaded.items[one.item_id].title)}**")
            st.markdown(
                "\n".join(
                    f"- {plain(c.typed)} comes from *{plain(c.came_from)}* and shows "
                    f"*{plain(c.taken_for)}*"
                    for c in one.confusions
                )
            )
        st.caption(
            "Where an answer shows no misconception, it was rounded too far to be recognized, or "
            "nobody wrote down how it comes about."
        )
