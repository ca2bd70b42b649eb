"""What is different in an edited rubric, in words, for whoever decides about grading again."""

from collections.abc import Mapping

from tutor_app.domain.rubric import Criterion, Level, Rubric

Part = tuple[str, float | None, tuple[str, ...]]
"""What a part of a criterion is called, gives and says."""


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
    if old.title != new.title:
        lines.append(f"it was called {old.title}")
    if old.type != new.type:
        lines.append(f"it is scored in another way ({old.type}, now {new.type})")
    if old.possible_points != new.possible_points:
        given = [", ".join(f"{p:g}" for p in one.possible_points) for one in (old, new)]
        lines.append(f"it gives {given[1]} points instead of {given[0]}")
    lines += _parts(
        "level",
        {one.title: (one.title, one.points, _words(one)) for one in old.levels},
        {one.title: (one.title, one.points, _words(one)) for one in new.levels},
    )
    lines += _parts(
        "key element",
        {one.id: (one.text, None, (one.text, *one.variants)) for one in old.key_elements},
        {one.id: (one.text, None, (one.text, *one.variants)) for one in new.key_elements},
    )
    if old.grader_note != new.grader_note:
        lines.append("the note for graders is another")
    return [f"{new.title}: {line}." for line in lines or ["something about it is other"]]


def _words(level: Level) -> tuple[str, ...]:
    return level.description, level.example, level.feedback


def _parts(kind: str, old: Mapping[str, Part], new: Mapping[str, Part]) -> list[str]:
    """Say which parts of a criterion are new, gone, worth something else or worded otherwise."""
    lines = [f"new {kind}, {_named(one)}" for key, one in new.items() if key not in old]
    lines += [f"{kind} gone, {_named(one)}" for key, one in old.items() if key not in new]
    for key in (key for key in new if key in old):
        (_, was, before), (_, now, after) = old[key], new[key]
        if was != now:
            lines.append(f"{kind} {_named(new[key])} gives {now:g} instead of {was:g}")
        if before != after:
            lines.append(f"{kind} {_named(new[key])} is worded otherwise")
    return lines


def _named(part: Part) -> str:
    return f"\N{LEFT DOUBLE QUOTATION MARK}{part[0].rstrip('.')}\N{RIGHT DOUBLE QUOTATION MARK}"
