"""The skills of a learner as a picture: one bar a skill, in the order of the prerequisites."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import altair as alt
import pandas as pd

from tutor_app.domain.course import Course
from tutor_app.domain.dialogue import Evidence
from tutor_app.tutoring.mastery import SkillState
from tutor_app.ui.words import counted, percent, standing

COLOURS = {
    "mastered": "#2F7F79",
    "nearly there": "#5B7FB8",
    "in progress": "#B5762A",
    "not started": "#8A8178",
    "waits for your instructor": "#8A8178",
}
"""Told apart by colour-blind people, and at least 3:1 against both backgrounds."""
TEXT_AND_TRACK = {"light": ("#2A2622", "#E4DCD0"), "dark": ("#ECE7DF", "#3A352F")}
_ROW_PX = 44


@dataclass(frozen=True)
class SkillRow:
    """One bar: mastery `p` in [0, 1], and the words beside it."""

    title: str
    p: float
    standing: str
    label: str


def waiting(evidence: Iterable[Evidence], disputed: frozenset[str]) -> frozenset[str]:
    """Return ids of skills with an item that is finished, but disputed and so not counted yet."""
    return frozenset(one.skill_id for one in evidence if one.item_id in disputed)


def skill_rows(
    course: Course, skills: Mapping[str, SkillState], waits: frozenset[str] = frozenset()
) -> list[SkillRow]:
    """Return one row a skill; a course lists every skill after its prerequisites."""
    return [_row(skill.title, skills[skill.id], waits=skill.id in waits) for skill in course.skills]


def _row(title: str, state: SkillState, *, waits: bool) -> SkillRow:
    words = standing(state, waits=waits)
    if not state.seen:
        return SkillRow(title, 0.0, words, words)
    return SkillRow(title, state.p, words, f"{words}, {percent(state.p)} (n = {state.seen})")


def sentence(rows: list[SkillRow]) -> str:
    """Say in one sentence what the picture shows."""
    begun = [row for row in rows if row.standing != "not started"]
    mastered = sum(row.standing == "mastered" for row in rows)
    return (
        f"You have worked on {len(begun)} of {counted(len(rows), 'skill')} and mastered "
        f"{mastered}. A bar is how sure the tutor is that you know the skill."
    )


def skill_chart(rows: list[SkillRow], *, dark: bool) -> alt.LayerChart | alt.FacetChart:
    """Draw the bars with their words above them, so that they fit a narrow screen."""
    text, track = TEXT_AND_TRACK["dark" if dark else "light"]
    data = pd.DataFrame(
        {
            "order": n,
            "skill": row.title,
            "p": row.p,
            "standing": row.standing,
            "label": row.label,
            "words": f"{row.title}: {row.label}",
            "one": 1,
        }
        for n, row in enumerate(rows)
    )
    base = alt.Chart(data).encode(
        y=alt.Y("order:O", axis=None, scale=alt.Scale(paddingInner=0.1)),
        tooltip=[alt.Tooltip("words:N", title="Skill")],
    )
    behind = base.mark_bar(color=track, height=8, cornerRadius=4, yOffset=10).encode(
        x=alt.X("one:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    )
    bars = base.mark_bar(height=8, cornerRadius=4, yOffset=10).encode(
        x="p:Q",
        color=alt.Color(
            "standing:N",
            legend=None,
            scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())),
        ),
    )
    titles = base.mark_text(align="left", dy=-7, color=text, fontSize=14).encode(
        x=alt.value(0), text="skill:N"
    )
    labels = base.mark_text(align="right", dy=-7, color=text, fontSize=13).encode(
        x=alt.value("width"), text="label:N"
    )
    drawn = alt.layer(behind, bars, titles, labels).properties(height=_ROW_PX * len(rows))
    look = alt.Config(font="Source Sans, sans-serif", view=alt.ViewConfig(stroke=None))
    return drawn.properties(config=look)
