"""What is different in an edited rubric, in words, for whoever decides about grading again."""

from tutor_app.domain.rubric import Criterion, Rubric


def rubric_changes(old: Rubric, new: Rubric) -> list[str]:
    """Return one line for each difference that can change a mark; the order counts for nothing."""
    before = {one.id: one for one in old.criteria}
    after = {one.id: one for one in new.criteria}
    lines = [f"New criterion: {one.title}." for key, one in after.items() if key not in before]
    lines += [f"Criterion gone: {one.title}." for key, one in before.items() if key not in after]
    for key in before.keys() & after.keys():
        lines += _criterion(before[key], after[key])
    if old.question != new.question:
        lines.append("The question is worded anew.")
    if old.reference_answers != new.reference_answers:
        lines.append("The reference answers are others.")
    if (old.min_points, old.max_extra) != (new.min_points, new.max_extra):
        lines.append("The least or the most points of the whole are others.")
    return sorted(lines)


def _criterion(old: Criterion, new: Criterion) -> list[str]:
    if old == new:
        return []
    lines = []
    if old.type != new.type:
        lines.append(f"{new.title}: it is scored in another way ({old.type}, now {new.type}).")
    if old.possible_points != new.possible_points:
        given = [", ".join(f"{p:g}" for p in one.possible_points) for one in (old, new)]
        lines.append(f"{new.title}: it gives {given[1]} points instead of {given[0]}.")
    return lines or [f"{new.title}: its words are others."]
