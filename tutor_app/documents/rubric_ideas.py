"""What a rubric looks for, as ideas that can be found in clauses."""

from collections.abc import Sequence

from tutor_app.documents.ideas import Embed, Idea, vectors_of
from tutor_app.documents.wording import clauses
from tutor_app.domain.rubric import Criterion, Level, Rubric


def rubric_ideas(rubric: Rubric, embed: Embed, wrong_ideas: Sequence[str]) -> dict[str, list[Idea]]:
    """Return the ideas of every criterion, one per key element.

    A criterion without key elements is one idea, its best level; without levels it has none.
    """
    wordings = {criterion.id: _wordings(criterion) for criterion in rubric.criteria}
    question = clauses(rubric.question)
    everything = [w for groups in wordings.values() for group in groups for w in group]
    centre = vectors_of(embed, (*everything, *question)).mean(axis=0)
    ideas = {}
    for criterion in rubric.criteria:
        poor = [level.example for level in _by_points(criterion)[1:] if level.example]
        wrong = [*poor, *wrong_ideas]
        elsewhere = [
            w for other, gs in wordings.items() if other != criterion.id for g in gs for w in g
        ]
        ideas[criterion.id] = [
            Idea(group, wrong, [*elsewhere, *question], embed, centre)
            for group in wordings[criterion.id]
        ]
    return ideas


def _wordings(criterion: Criterion) -> list[list[str]]:
    if criterion.key_elements:
        return [[element.text, *element.variants] for element in criterion.key_elements]
    if not criterion.levels:
        return []
    best = _by_points(criterion)[0]
    return [[text for text in (best.example, best.description) if text]]


def _by_points(criterion: Criterion) -> list[Level]:
    return sorted(criterion.levels, key=lambda level: -level.points)
