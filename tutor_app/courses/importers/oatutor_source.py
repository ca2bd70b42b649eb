"""Read OATutor's folder layout: problems, steps, pathways of hints, skills and course plans.

    content-pool/<problem>/<problem>.json
    content-pool/<problem>/steps/<step>/<step>.json
    content-pool/<problem>/steps/<step>/tutoring/<step>DefaultPathway.json
    skillModel.json  coursePlans.json

A broken file costs its own step or problem and nothing else.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tutor_app.courses.importers.source import SourceFiles
from tutor_app.errors import ContentError, DocumentError

POOL = "content-pool"
_PATHWAY = "DefaultPathway.json"
_MAX_HINTS = 200


@dataclass(frozen=True)
class SourceHint:
    """A hint, or a scaffold: a question with its own answer.

    `figures` names the pictures its text refers to.
    """

    type: str
    title: str
    text: str
    answer: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceStep:
    """One step of a problem; `fault` says why it cannot be read, or is empty."""

    id: str
    title: str = ""
    body: str = ""
    answers: tuple[str, ...] = ()
    problem_type: str = ""
    answer_type: str = ""
    choices: tuple[str, ...] = ()
    hints: tuple[SourceHint, ...] = ()
    skills: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class SourceProblem:
    """A problem with its steps in order; `files` are its pictures and other files."""

    id: str
    title: str = ""
    body: str = ""
    course: str = ""
    lesson: str = ""
    lesson_id: str = ""
    licence: str = ""
    origin: str = ""
    steps: tuple[SourceStep, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A course plan: its name and language, and the skills of its lessons in order."""

    name: str
    language: str = "en"
    licence: str = ""
    lessons: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()


@dataclass
class Bank:
    """What a source holds, by name; problems are read one at a time."""

    files: SourceFiles
    root: str
    skills: dict[str, list[str]]
    plans: tuple[Plan, ...]
    below: dict[str, list[str]] = field(default_factory=dict)

    @property
    def problem_ids(self) -> list[str]:
        """The folders of the pool, in name order."""
        return sorted(self.below)

    def problem(self, problem_id: str) -> SourceProblem:
        """Read one problem; what is broken in it is said in the faults of its steps."""
        return _problem(self, problem_id)


def open_bank(files: SourceFiles) -> Bank:
    """Find the pool in a source, wherever its top folder is.

    Raises:
        ContentError: there is no content-pool, or no skillModel.json.
    """
    models = [name for name in files.names if name.rsplit("/", 1)[-1] == "skillModel.json"]
    if not models:
        raise ContentError("OATutor source: there is no skillModel.json. Give the content folder.")
    root = min(models, key=len).removesuffix("skillModel.json")
    below: dict[str, list[str]] = defaultdict(list)
    prefix = f"{root}{POOL}/"
    for name in files.names:
        if name.startswith(prefix) and name.count("/") > prefix.count("/"):
            below[name[len(prefix) :].split("/", 1)[0]].append(name)
    if not below:
        raise ContentError(f"OATutor source: there is no folder {POOL}/. Give the content folder.")
    skills = _loaded(files, f"{root}skillModel.json")
    known = {
        str(step): [str(one) for one in names if str(one).strip()]
        for step, names in (skills.items() if isinstance(skills, dict) else ())
        if isinstance(names, list)
    }
    return Bank(files, root, known, tuple(_plans(files, f"{root}coursePlans.json")), below)


def _plans(files: SourceFiles, name: str) -> Iterator[Plan]:
    if name not in files.names:
        return
    data = _loaded(files, name)
    for row in data if isinstance(data, list) else ():
        if not isinstance(row, dict) or not str(row.get("courseName", "")).strip():
            continue
        lessons = [one for one in row.get("lessons") or () if isinstance(one, dict)]
        objectives = [one.get("learningObjectives") for one in lessons]
        yield Plan(
            name=str(row["courseName"]).strip(),
            language=str(row.get("language") or "en"),
            licence=str(row.get("courseLicense") or ""),
            lessons=tuple(str(one.get("id", "")) for one in lessons),
            skills=tuple(
                dict.fromkeys(
                    str(skill) for known in objectives if isinstance(known, dict) for skill in known
                )
            ),
        )


def _problem(bank: Bank, problem_id: str) -> SourceProblem:
    names = bank.below[problem_id]
    top = f"{bank.root}{POOL}/{problem_id}/"
    step_ids = sorted(
        {name[len(top) :].split("/")[1] for name in names if name.startswith(f"{top}steps/")}
    )
    try:
        data = _mapping(bank.files, f"{top}{problem_id}.json")
    except DocumentError as error:
        faulty = tuple(SourceStep(step, fault=str(error)) for step in step_ids or [problem_id])
        return SourceProblem(problem_id, steps=faulty)
    first = _first_variant(data.get("variabilization"))
    steps = tuple(_step(bank, f"{top}steps/{step}/", step, first) for step in step_ids)
    if not steps:
        steps = (SourceStep(problem_id, fault="the problem has no steps"),)
    return SourceProblem(
        id=problem_id,
        title=_text(data, "title", first),
        body=_text(data, "body", first),
        course=_text(data, "courseName"),
        lesson=_text(data, "lesson"),
        lesson_id=_text(data, "lessonId"),
        licence=_text(data, "license"),
        origin=_text(data, "oer"),
        steps=steps,
        files=tuple(n.rsplit("/", 1)[-1] for n in names if not n.endswith(".json")),
    )


def _step(bank: Bank, top: str, step_id: str, outer: dict[str, str]) -> SourceStep:
    try:
        data = _mapping(bank.files, f"{top}{step_id}.json")
        first = {**outer, **_first_variant(data.get("variabilization"))}
        pathway = f"{top}tutoring/{step_id}{_PATHWAY}"
        hints = _loaded(bank.files, pathway) if pathway in bank.files.names else []
    except DocumentError as error:
        return SourceStep(step_id, fault=str(error))
    return SourceStep(
        id=step_id,
        title=_text(data, "stepTitle", first),
        body=_text(data, "stepBody", first),
        answers=_texts(data.get("stepAnswer"), first),
        problem_type=_text(data, "problemType"),
        answer_type=_text(data, "answerType"),
        choices=_texts(data.get("choices"), first),
        hints=tuple(_hints(hints, first))[:_MAX_HINTS],
        skills=tuple(dict.fromkeys(bank.skills.get(step_id, ()))),
    )


def _hints(data: Any, first: dict[str, str]) -> Iterator[SourceHint]:
    """Yield the hints in order, each followed by the hints that belong to it."""
    for row in data if isinstance(data, list) else ():
        if not isinstance(row, dict):
            continue
        own = {**first, **_first_variant(row.get("variabilization"))}
        answers = _texts(row.get("hintAnswer"), own)
        yield SourceHint(
            type=_text(row, "type"),
            title=_text(row, "title", own),
            text=_text(row, "text", own),
            answer=answers[0] if answers else "",
            choices=_texts(row.get("choices"), own),
        )
        yield from _hints(row.get("subHints"), own)


def _first_variant(data: Any) -> dict[str, str]:
    """Return the first value of each variable: the values of one place belong together."""
    if not isinstance(data, dict):
        return {}
    return {str(k): str(v[0]) for k, v in data.items() if isinstance(v, list) and v}


def _text(data: dict[str, Any], key: str, variables: dict[str, str] | None = None) -> str:
    value = data.get(key)
    return _filled(value, variables or {}) if isinstance(value, str | int | float) else ""


def _texts(data: Any, variables: dict[str, str]) -> tuple[str, ...]:
    if not isinstance(data, list):
        return ()
    return tuple(_filled(one, variables) for one in data if isinstance(one, str | int | float))


def _filled(value: str | int | float, variables: dict[str, str]) -> str:
    text = str(value)
    for name, chosen in variables.items():
        text = text.replace(f"@{{{name}}}", chosen)
    return text.strip()


def _mapping(files: SourceFiles, name: str) -> dict[str, Any]:
    data = _loaded(files, name)
    if not isinstance(data, dict):
        raise DocumentError(f"{name}: is not a JSON object. Repair the file.")
    return data


def _loaded(files: SourceFiles, name: str) -> Any:
    """Read a JSON file.

    Raises:
        DocumentError: it is missing, broken, or no JSON in UTF-8.
    """
    try:
        return json.loads(files.read(name).decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DocumentError(f"{name}: is not JSON ({error}). Repair the file.") from error
