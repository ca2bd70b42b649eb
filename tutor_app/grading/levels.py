"""The scores of a criterion by name."""

from tutor_app.domain.rubric import Criterion

APPLIES = "applies"
DOES_NOT_APPLY = "does not apply"


def unearned(criterion: Criterion) -> float:
    """Return what an answer gets that shows nothing: the lowest score, 0 for a penalty."""
    return 0.0 if criterion.type == "penalty" else criterion.possible_points[-1]


def title_of(criterion: Criterion, points: float) -> str:
    """Return the title of the level that gives these points, in a checklist "2 of 3"."""
    if criterion.type == "penalty":
        return APPLIES if points < 0 else DOES_NOT_APPLY
    if criterion.type == "checklist":
        parts = len(criterion.key_elements)
        return f"{round(points / criterion.points * parts)} of {parts}"
    titles = [level.title for level in criterion.levels if abs(level.points - points) < 1e-9]
    return titles[0] if titles else ""


def worth_now(points: float, then: Criterion, now: Criterion) -> float | None:
    """Return what the level that gave these points gives in the edited criterion.

    None where the points lay between levels, or no level has that title any more.
    """
    if not any(abs(one - points) < 1e-9 for one in then.possible_points):
        return None
    return {title_of(now, one): one for one in now.possible_points}.get(title_of(then, points))
