"""Reads a chat model's verdicts out of whatever it wrote; what is unclear is no score."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from pydantic import BaseModel, ValidationError

from tutor_app.grading.llm_prompt import Ask

_READ = 60_000
"""Characters of a reply that are read."""
_TRIED = 200
"""Places at which JSON may begin that are tried."""
_BEGINS = re.compile(r"\{\s*\"|\[\s*\{")
_JSON = json.JSONDecoder()


class Verdict(BaseModel):
    """What the model says about one id; every field is asked for."""

    criterion: str
    verdict: Literal["MET", "LEVEL", "UNMET", "CANNOT_ASSESS"]
    level: str
    quote: str
    reason: str


class Reply(BaseModel):
    """The form of a reply, for models that can be held to one."""

    criteria: list[Verdict]


@dataclass(frozen=True)
class Reading:
    """What could be read.

    Attributes:
        verdicts: by id, each of them sound.
        problems: what is wrong, in words that the model can mend it by.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def mended_by(self, other: "Reading", asks: Sequence[Ask]) -> "Reading":
        """Keep what was sound here, take the rest from a second reading."""
        both = {**other.verdicts, **self.verdicts}
        missing = [ask.id for ask in asks if ask.id not in both]
        return Reading(both, other.problems if missing else ())


def read_reply(said: str, asks: Sequence[Ask]) -> Reading:
    """Read the verdicts from JSON, fenced or with prose around it.

    Two different lists of verdicts in one reply are a problem: one of them may be the learner's.

    Args:
        said: the whole reply.
        asks: what was asked.
    """
    lists = list(_verdict_lists(said[:_READ]))
    if not lists:
        return Reading({}, ('There is no JSON object with a list "criteria" in it.',))
    if any(one != lists[0] for one in lists[1:]):
        return Reading({}, ("There is more than one list of verdicts. Send one.",))
    return _checked(lists[0], asks)


def _checked(entries: list[Any], asks: Sequence[Ask]) -> Reading:
    known = {ask.id: ask for ask in asks}
    found: dict[str, Verdict] = {}
    problems: list[str] = []
    twice: set[str] = set()
    for entry in entries:
        verdict, problem = _verdict(entry, known)
        if verdict is None:
            problems.append(problem)
        elif verdict.criterion in found and found[verdict.criterion] != verdict:
            twice.add(verdict.criterion)
            problems.append(f'"{verdict.criterion}" has two verdicts.')
        else:
            found[verdict.criterion] = verdict
    for name in twice:
        del found[name]
    if missing := [name for name in known if name not in found and name not in twice]:
        problems.append(f"There is no usable verdict for {', '.join(missing)}.")
    return Reading(found, tuple(dict.fromkeys(problems)))


def _verdict(entry: Any, known: Mapping[str, Ask]) -> tuple[Verdict | None, str]:
    if not isinstance(entry, dict):
        return None, 'An entry of "criteria" is no object.'
    empty = {"level": "", "quote": "", "reason": ""}
    given = {key: value for key, value in entry.items() if value is not None}
    if isinstance(given.get("verdict"), str):
        given["verdict"] = given["verdict"].strip().upper().replace(" ", "_")
    try:
        verdict = Verdict.model_validate(empty | given)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return None, f'"{entry.get("criterion", "?")}": {where}: {first["msg"]}.'
    ask = known.get(verdict.criterion.strip())
    if ask is None:
        return None, f'There is no id "{verdict.criterion[:60]}".'
    level, problem = _level(verdict, ask)
    return (None, problem) if problem else (
        verdict.model_copy(update={"criterion": ask.id, "level": level}),
        "",
    )  # fmt: skip


def _level(verdict: Verdict, ask: Ask) -> tuple[str, str]:
    """Return the level's own title, or what is wrong with the one that was given."""
    titles = {_plain(level.title): level.title for level in ask.levels}
    known = ", ".join(f'"{title}"' for title in titles.values())
    if verdict.verdict == "LEVEL":
        if not titles:
            return "", f'"{ask.id}" has no levels; say MET or UNMET.'
        if _plain(verdict.level) not in titles:
            return "", f'"{ask.id}" has no level "{verdict.level[:60]}". Its levels: {known}.'
        return titles[_plain(verdict.level)], ""
    if verdict.verdict == "CANNOT_ASSESS" or not titles:
        return "", ""
    meant = ask.levels[0 if verdict.verdict == "MET" else -1].title
    if verdict.level.strip() and _plain(verdict.level) != _plain(meant):
        return "", (
            f'"{ask.id}": {verdict.verdict} is the level "{meant}", but level says '
            f'"{verdict.level[:60]}". Its levels: {known}.'
        )
    return meant, ""


def _plain(title: str) -> str:
    return " ".join(title.strip().strip("\"'.").casefold().split())


def _verdict_lists(said: str) -> Iterator[list[Any]]:
    """Yield whole lists; of a list that was cut off nothing counts but for a lone entry."""
    end, found, entries = 0, False, list[Any]()
    for start in islice(_BEGINS.finditer(said), _TRIED):
        if start.start() < end:
            continue
        try:
            value, end = _JSON.raw_decode(said, start.start())
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(value, dict) and isinstance(value.get("criteria"), list):
            found = True
            yield value["criteria"]
        elif isinstance(value, list) and value and all(_is_entry(one) for one in value):
            found = True
            yield value
        elif _is_entry(value):
            entries.append(value)
    if len(entries) == 1 and not found:
        yield entries


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and "criterion" in value and "verdict" in value
