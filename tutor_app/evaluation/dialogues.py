"""Replies to dialogues from outside the courses: JSON lines in, JSON lines out."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tutor_app.errors import DocumentError
from tutor_app.tutoring.outside.context import OutsideContext, OutsideReply
from tutor_app.tutoring.outside.respond import Speak, respond

MAX_LINE = 1_000_000


@dataclass(frozen=True)
class BrokenLine:
    """A line that holds no context. `number` counts from 1."""

    number: int
    id: str
    reason: str


@dataclass(frozen=True)
class DialogueReport:
    """What one run did.

    Attributes:
        replies: contexts answered.
        passed: of these, those whose reply passed every check.
        broken: the lines that could not be read.
    """

    replies: int
    passed: int
    broken: tuple[BrokenLine, ...]


def evaluate_dialogues(source: Path, target: Path, speak: Speak | None = None) -> DialogueReport:
    """Answer every context of a file.

    Args:
        source: JSON lines of {id, problem, reference_solution, history: [{role, text}]}.
        target: JSON lines of {id, reply, move, source, verdicts, latency_ms}; for a line that
            cannot be read, {id, error}.
        speak: the tutor model's wordings of a move, tried before the built ones.

    Raises:
        DocumentError: the source cannot be read or the target cannot be written.
    """
    replies = passed = 0
    broken: list[BrokenLine] = []
    try:
        with (
            source.open(encoding="utf-8", errors="replace") as lines,
            target.open("w", encoding="utf-8") as out,
        ):
            for answered in answer_lines(lines, speak):
                if isinstance(answered, BrokenLine):
                    broken.append(answered)
                    row = {"id": answered.id, "error": answered.reason}
                    out.write(json.dumps(row, ensure_ascii=False) + "\n")
                    continue
                replies += 1
                passed += all(verdict.passed for verdict in answered.verdicts)
                out.write(answered.model_dump_json() + "\n")
    except OSError as error:
        raise DocumentError(f"dialogues: {error}. Check the paths.") from None
    return DialogueReport(replies, passed, tuple(broken))


def answer_lines(
    lines: Iterable[str], speak: Speak | None = None
) -> Iterator[OutsideReply | BrokenLine]:
    """Answer line by line; a broken line is reported and stops nothing."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        read = read_context(line, number)
        yield read if isinstance(read, BrokenLine) else respond(read, speak)


def read_context(line: str, number: int) -> OutsideContext | BrokenLine:
    """Read one JSON line, or say what is wrong with it."""
    if len(line) > MAX_LINE:
        return BrokenLine(number, "", f"line {number} has {len(line)} characters. Shorten it.")
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        return BrokenLine(number, "", f"line {number} is not JSON: {error}")
    try:
        return OutsideContext.model_validate(row)
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"]) or "the line"
        name = row.get("id", "") if isinstance(row, dict) else ""
        return BrokenLine(number, str(name), f"line {number}, {where}: {fault['msg']}")
