"""What a course lacks, by kind, and its skills as a graph of prerequisites."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor_app.courses.check import Gap
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item

KINDS = {
    "not_askable": "Items that students cannot be given",
    "misconceptions": "Items without misconceptions",
    "hints": "Items without hints",
    "ladder": "Steps without a nudge, question or concept",
    "citations": "Concept hints without a citation",
    "parallel": "Items without a similar item",
    "sections": "Items without sections of the notes",
    "difficulty": "Items without a difficulty",
}
"""The field of an item where something is missing, and what is said of it."""


@dataclass(frozen=True)
class Coverage:
    """What is missing.

    Attributes:
        empty_skills: ids of the skills that no item trains.
        gaps: kind (a key of KINDS, in its order) to the gaps; kinds without any are left out.
    """

    empty_skills: tuple[str, ...]
    gaps: dict[str, tuple[Gap, ...]]


def coverage(course: Course, items: Sequence[Item], gaps: Sequence[Gap]) -> Coverage:
    """Return what a course lacks; `gaps` are those that its check found."""
    trained = {skill for item in items for skill in item.skills}
    by_kind = {kind: tuple(gap for gap in gaps if gap.part == kind) for kind in KINDS}
    return Coverage(
        tuple(skill.id for skill in course.skills if skill.id not in trained),
        {kind: found for kind, found in by_kind.items() if found},
    )


@dataclass(frozen=True)
class SkillGraph:
    """The skills that are tied to others.

    Attributes:
        nodes: skill id to (title, number of items), in the order of the course.
        edges: (skill that comes first, skill that needs it).
        alone: how many skills neither need another nor are needed.
        left_out: how many tied skills do not fit the picture.
    """

    nodes: dict[str, tuple[str, int]]
    edges: tuple[tuple[str, str], ...]
    alone: int
    left_out: int


def skill_graph(course: Course, items: Sequence[Item], most: int = 80) -> SkillGraph:
    """Return the graph of prerequisites; of more than `most` tied skills the first are taken."""
    edges = [(before, skill.id) for skill in course.skills for before in skill.prerequisites]
    tied = {name for edge in edges for name in edge}
    counts = dict.fromkeys((skill.id for skill in course.skills), 0)
    for item in items:
        for name in item.skills:
            counts[name] = counts.get(name, 0) + 1
    nodes = {s.id: (s.title, counts[s.id]) for s in course.skills if s.id in tied}
    shown = dict(list(nodes.items())[:most])
    return SkillGraph(
        shown,
        tuple(edge for edge in edges if edge[0] in shown and edge[1] in shown),
        len(course.skills) - len(nodes),
        len(nodes) - len(shown),
    )
