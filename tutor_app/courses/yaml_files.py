"""Read a YAML file into a pydantic type; name file, line and field of every mistake."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from tutor_app.courses.quick_yaml import load_quickly
from tutor_app.errors import ContentError

MAX_BYTES = 1_000_000
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong in a content file; `line` counts from 1."""

    path: Path
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """`file:line: field: message`."""
        field = f" {self.field}:" if self.field else ""
        return f"{self.path}:{self.line}:{field} {self.message}"


class MistakesError(ContentError):
    """A content file with mistakes, all of them."""

    def __init__(self, mistakes: Sequence[Mistake]):
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


def read_yaml(path: Path, kind: type[M]) -> M:
    """Read one file as `kind`; raises MistakesError with all mistakes."""
    data = _plain(path)
    try:
        return kind.model_validate(data)
    except ValidationError as error:
        lines = _Lines(path)
        raise MistakesError(
            [
                Mistake(path, lines.line(e["loc"]), _field(e["loc"]), _sentence(e))
                for e in error.errors(include_url=False)
            ]
        ) from None


def line_of(path: Path, field: Sequence[str | int]) -> int:
    """Return the line on which a field stands, or the nearest parent's."""
    return _Lines(path).line(field)


def _plain(path: Path) -> Any:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise MistakesError([Mistake(path, 1, "", f"is larger than {MAX_BYTES} bytes")])
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise MistakesError([Mistake(path, 1, "", f"is not UTF-8: {error.reason}")]) from None
    except OSError as error:
        raise MistakesError([Mistake(path, 1, "", f"cannot be read: {error.strerror}")]) from None
    try:
        data = load_quickly(text)
        if data is None:
            data = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = (error.problem or "is not YAML").strip()
        raise MistakesError([Mistake(path, line, "", f"is not YAML: {problem}")]) from None
    except (YAMLError, ValueError, RecursionError) as error:
        raise MistakesError([Mistake(path, 1, "", f"is not YAML: {error}")]) from None
    if not isinstance(data, dict):
        raise MistakesError([Mistake(path, 1, "", "must be a mapping of field: value")])
    return data


class _Lines:
    """Line numbers; the slow round-trip loader runs only when there is a mistake to place."""

    def __init__(self, path: Path):
        try:
            self._root = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
        except (YAMLError, OSError, ValueError):
            self._root = None

    def line(self, field: Sequence[str | int]) -> int:
        node, line = self._root, 1
        for key in field:
            marks = getattr(getattr(node, "lc", None), "data", None)
            if not marks:
                break
            if key in marks:
                line = marks[key][0] + 1
                node = node[key]
            # pydantic puts the tag of a union ("numeric") into the path; it is no key of the file
        return line


def _field(loc: Sequence[str | int]) -> str:
    text = ""
    for part in loc:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _sentence(error: Any) -> str:
    message = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        return "unknown key. Remove it or check its spelling"
    if error["type"] == "missing":
        return "is missing"
    value = error.get("input")
    shown = (
        f" (got {value!r})" if isinstance(value, str | int | float) and len(str(value)) < 60 else ""
    )
    return message + shown
