"""Any criterion as levels, for systems that know nothing else, and what gets lost on the way."""

from tutor_app.domain.rubric import Criterion, Level, Rubric

APPLIES, DOES_NOT = "Applies", "Does not apply"


def as_levels(criterion: Criterion) -> list[Level]:
    """Return the levels of a criterion, best first.

    A checklist becomes a level for each number of ideas that an answer shows; a penalty becomes
    one level that takes points off and one that does not.
    """
    if criterion.type == "penalty":
        return [
            Level(title=DOES_NOT, points=0.0, description=f"Not so: {criterion.title}"),
            Level(title=APPLIES, points=criterion.points, description=criterion.title),
        ]
    if criterion.type == "checklist":
        return _counted(criterion)
    return sorted(criterion.levels, key=lambda level: -level.points)


def _counted(criterion: Criterion) -> list[Level]:
    ideas = [idea.text for idea in criterion.key_elements]
    listed = " / ".join(ideas)
    levels = []
    for n in range(len(ideas), -1, -1):
        if n == len(ideas):
            title, text = "All of it" if n > 1 else "Shown", f"Shows: {listed}"
        elif n:
            title, text = f"{n} of {len(ideas)}", f"Shows {n} of these {len(ideas)}: {listed}"
        else:
            title, text = "None of it" if len(ideas) > 1 else "Not shown", f"Shows none: {listed}"
        points = criterion.points * n / len(ideas)
        levels.append(Level(title=title, points=points, description=text))
    return levels


def pieces_lost(rubric: Rubric, *, question: bool = True) -> list[str]:
    """Return sentences about what such a system has no place for.

    Args:
        rubric: what is written.
        question: the question is lost, too.
    """
    criteria = rubric.criteria
    both = "The question and the reference answers"
    lost = [f"{both if question else 'The reference answers'} are left out."]
    if any(c.key_elements and c.type != "checklist" for c in criteria):
        lost.append("Key elements are left out.")
    if any(c.grader_note for c in criteria):
        lost.append("Notes for graders are left out: students might see them there.")
    levels = [level for c in criteria for level in c.levels]
    if any(level.example for level in levels):
        lost.append("Examples of the levels are left out.")
    if any(level.feedback for level in levels):
        lost.append("Feedback of the levels is left out.")
    if any(c.type == "checklist" for c in criteria):
        lost.append("A checklist becomes levels that count its ideas.")
    if rubric.min_points or rubric.max_extra:
        lost.append("The fewest points in all and the extra points are left out.")
    return lost
