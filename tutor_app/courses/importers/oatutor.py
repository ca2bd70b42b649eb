"""OATutor's problem banks: each step of a problem becomes an item, a course plan a course."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor_app.courses.importers.oatutor_items import (
    Refused,
    build_item,
    item_id,
    title_of,
)
from tutor_app.courses.importers.oatutor_source import (
    Bank,
    Plan,
    SourceProblem,
    SourceStep,
    open_bank,
)
from tutor_app.courses.importers.report import ImportReport, OnProgress, PartRow
from tutor_app.courses.importers.source import SourceFiles, open_source
from tutor_app.courses.new_course import slug, unused
from tutor_app.courses.yaml_text import yaml_text
from tutor_app.domain.course import Course, HintLevel, Policy, Skill
from tutor_app.domain.item import Item
from tutor_app.errors import ContentError

PROMISE = 0.98
_LANGUAGES = {"se": "sv"}
_OPEN = dict.fromkeys(HintLevel, 0) | {HintLevel.ANSWER: Policy().attempts_for(HintLevel.ANSWER)}
"""OATutor opens its hints to whoever asks."""
_LICENCE_NAME = re.compile(r"<([^>]+)>")


@dataclass
class _Making:
    """A course in the making."""

    folder: Path
    plan: Plan | None
    skills: dict[str, str] = field(default_factory=dict)
    order: dict[str, int] = field(default_factory=dict)
    titles: Counter[str] = field(default_factory=Counter)
    ids: set[str] = field(default_factory=set)
    licences: Counter[str] = field(default_factory=Counter)
    rows: list[PartRow] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def skill(self, name: str) -> str:
        """Return the id of a skill; the first time it is added to the course."""
        if name not in self.skills:
            made = slug(name.replace("_", " "), longest=70) or "skill"
            self.skills[name] = unused(made, set(self.skills.values()))
        return self.skills[name]


def is_oatutor(names: Sequence[str]) -> bool:
    """Say whether the files of a source are an OATutor problem bank."""
    return any(name.rsplit("/", 1)[-1] == "skillModel.json" for name in names)


def course_plans(files: SourceFiles) -> dict[str, int]:
    """Return how many problems each course plan of a source has."""
    bank = open_bank(files)
    counts = Counter(bank.problem(name).course for name in bank.problem_ids)
    return {plan.name: counts.get(plan.name, 0) for plan in bank.plans}


def plan_name(files: SourceFiles, wanted: str) -> str:
    """Return the whole name of a course plan; ContentError when there is none or several."""
    return _plan(open_bank(files), wanted).name


def import_oatutor(
    source: Path, folder: Path, on_progress: OnProgress, plan: str = ""
) -> ImportReport:
    """Write a course of the problems of a bank, or of one of its course plans.

    Args:
        source: an archive or a folder in OATutor's layout.
        folder: the empty folder of the new course; its name is the course's id.
        on_progress: told how many problems are done.
        plan: name of a course plan, or a part of it that no other plan has; all problems if empty.

    Raises:
        ContentError: the source is no OATutor bank, or has no such plan.
        DocumentError: the archive is damaged or breaks a limit.
    """
    with open_source(source) as files:
        bank = open_bank(files)
        chosen = _plan(bank, plan) if plan else None
        making = _Making(folder, chosen)
        (folder / "items").mkdir()
        (folder / "notes").mkdir()
        names = bank.problem_ids
        steps = 0
        for done, name in enumerate(names, 1):
            problem = bank.problem(name)
            if chosen is None or problem.course == chosen.name:
                steps += len(problem.steps)
                _write_problem(problem, making)
            on_progress(done, len(names))
        if not making.written:
            raise ContentError(_nothing(bank, making, steps))
        title = chosen.name if chosen else folder.name.replace("-", " ").capitalize()
        _write_course(making, title, bank)
    return _report(making, title, steps)


def _plan(bank: Bank, wanted: str) -> Plan:
    names = [plan.name for plan in bank.plans]
    own = wanted.strip().casefold()
    exact = [plan for plan in bank.plans if plan.name.casefold() == own]
    near = exact or [plan for plan in bank.plans if own in plan.name.casefold()]
    if len(near) != 1:
        what = "is not in the source" if not near else "fits several course plans"
        raise ContentError(f"course plan {wanted!r}: {what}. Known: {'; '.join(names) or 'none'}.")
    return near[0]


def _nothing(bank: Bank, making: _Making, steps: int) -> str:
    plan = making.plan
    where = f"course plan {plan.name!r}" if plan else "OATutor source"
    if plan and not steps:
        return (
            f"{where}: none of the {len(bank.below)} problems of the bank names it as its course, "
            f"so its {len(plan.lessons)} lessons have none. Choose another plan."
        )
    if not steps:
        return f"{where}: the {len(bank.below)} problems of its pool have no steps."
    reasons = Counter(row.reason for row in making.rows).most_common(3)
    why = "; ".join(f"{count} x {reason}" for reason, count in reasons)
    return f"{where}: none of its {steps} steps could be imported ({why})."


def _write_problem(problem: SourceProblem, making: _Making) -> None:
    for number, step in enumerate(problem.steps):
        # the names of knowledge components; the lesson where a step has none
        names = step.skills or (problem.lesson or "Exercises",)
        wanted = unused(item_id(step.id), making.ids)
        title = title_of(problem, number)
        made = build_item(problem, number, wanted, title, [making.skill(name) for name in names])
        if isinstance(made, Refused):
            making.rows.append(PartRow(step.id, "refused", made.reason))
            continue
        making.ids.add(made.id)
        making.titles[title] += 1
        if making.titles[title] > 1:
            made = made.model_copy(update={"title": f"{title} · {making.titles[title]}"})
        making.licences[_licence_name(problem.licence)] += 1
        path = Path("items") / f"{made.id}.yaml"
        (making.folder / path).write_text(item_text(made), encoding="utf-8")
        making.written.append(path.as_posix())
        making.rows.append(_row(step, made))


def _row(step: SourceStep, item: Item) -> PartRow:
    if item.not_askable:
        return PartRow(step.id, "marked", f"not askable: {item.not_askable}")
    return PartRow(step.id, "imported", "" if step.skills else "has no skill; its lesson is used")


def item_text(item: Item) -> str:
    """Return an item as the text of its file, without the fields that are empty."""
    return yaml_text(_filled(item.model_dump(mode="json")))


def _filled(data: Any) -> Any:
    if isinstance(data, dict):
        kept = {key: _filled(value) for key, value in data.items()}
        return {k: v for k, v in kept.items() if v not in ("", None, [], {}, False)}
    return [_filled(one) for one in data] if isinstance(data, list) else data


def _write_course(making: _Making, title: str, bank: Bank) -> None:
    used = _skills_in_use(making)
    language = _LANGUAGES.get(making.plan.language, making.plan.language) if making.plan else "en"
    course = Course(
        id=making.folder.name,
        title=title,
        language=language if re.fullmatch("[a-z]{2}", language) else "en",
        licence=", ".join(name for name, _ in making.licences.most_common()) or "not stated",
        description=(
            "Imported from an OATutor problem bank (CAHLR, oatutor.io). The licence and origin of "
            "each exercise stand in its file."
        ),
        skills=used,
        policy=Policy(attempts_before=_OPEN),
    )
    data = _filled(course.model_dump(mode="json", exclude={"skills": {"__all__": {"bkt"}}}))
    data["policy"] = {"attempts_before": {level.value: n for level, n in _OPEN.items()}}
    (making.folder / "course.yaml").write_text(yaml_text(data), encoding="utf-8")
    making.written.insert(0, "course.yaml")


def _skills_in_use(making: _Making) -> list[Skill]:
    """Return the skills in the order of the plan's lessons; those it does not name at the end."""
    planned = making.plan.skills if making.plan else ()
    place = {name: n for n, name in enumerate(planned)}
    names = sorted(making.skills, key=lambda name: place.get(name, len(place)))
    return [Skill(id=making.skills[name], title=skill_title(name)) for name in names]


def skill_title(name: str) -> str:
    """Return a knowledge component's name as a title: "solve_equations" is "Solve equations"."""
    words = " ".join(name.replace("_", " ").split())
    return f"{words[:1].upper()}{words[1:]}"


def _licence_name(text: str) -> str:
    found = _LICENCE_NAME.search(text)
    return found[1] if found else text or "not stated"


def _report(making: _Making, title: str, steps: int) -> ImportReport:
    outcomes = Counter(row.outcome for row in making.rows)
    present = steps - outcomes["marked"]
    counts: dict[str, float] = {
        "steps": steps,
        "imported": outcomes["imported"],
        "not askable": outcomes["marked"],
        "refused": outcomes["refused"],
        "skills": len(making.skills),
    }
    missed = list(_missed(making, present, outcomes["imported"], steps))
    return ImportReport(
        format="oatutor",
        course_id=making.folder.name,
        title=title,
        counts=counts,
        parts=tuple(making.rows),
        written=tuple(making.written),
        missed=tuple(missed),
    )


def _missed(making: _Making, present: int, imported: int, steps: int) -> Iterator[str]:
    if len(making.rows) != steps:
        yield f"{steps - len(making.rows)} of {steps} steps are not in the report"
    if present and imported < PROMISE * present:
        yield f"{imported} of {present} steps whose figures are there were imported"
