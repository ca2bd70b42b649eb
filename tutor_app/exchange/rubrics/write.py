"""Write a rubric in the format of another program, and say what that format cannot carry."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from tutor_app.documents.plain_yaml import dump_plain_yaml
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import NotFoundError
from tutor_app.exchange.rubrics.canvas import lost_in_canvas, write_canvas
from tutor_app.exchange.rubrics.markus import lost_in_markus, markus_data
from tutor_app.exchange.rubrics.prairielearn import lost_in_prairielearn, prairielearn_data


@dataclass(frozen=True)
class Written:
    """A file that was written of a rubric.

    Attributes:
        name: of the file.
        content: its bytes.
        mime: its media type.
        lost: what of the rubric is not in it, whole sentences.
    """

    name: str
    content: bytes
    mime: str
    lost: tuple[str, ...]


@dataclass(frozen=True)
class _Format:
    title: str
    suffix: str
    mime: str
    write: Callable[[Rubric], bytes]
    lost: Callable[[Rubric], list[str]]


def _canvas(rubric: Rubric) -> bytes:
    return write_canvas([rubric])


def _markus(rubric: Rubric) -> bytes:
    return dump_plain_yaml(markus_data(rubric)).encode()


def _prairielearn(rubric: Rubric) -> bytes:
    return json.dumps(prairielearn_data(rubric), indent=2, ensure_ascii=False).encode()


def _workbook(rubric: Rubric) -> bytes:
    from tutor_app.exchange.rubrics.workbook import write_workbook

    return write_workbook(rubric)


def _word(rubric: Rubric) -> bytes:
    from tutor_app.exchange.rubrics.word import write_word

    return write_word(rubric)


def _lost_in_word(rubric: Rubric) -> list[str]:
    from tutor_app.exchange.rubrics.word import lost_in_word

    return lost_in_word(rubric)


_OFFICE = "application/vnd.openxmlformats-officedocument"
_FORMATS = {
    "canvas": _Format("Canvas (CSV)", ".csv", "text/csv", _canvas, lost_in_canvas),
    "markus": _Format("MarkUs (YAML)", ".yaml", "application/yaml", _markus, lost_in_markus),
    "prairielearn": _Format(
        "PrairieLearn (JSON)", ".json", "application/json", _prairielearn, lost_in_prairielearn
    ),
    "xlsx": _Format(
        "Excel, with all of it", ".xlsx", f"{_OFFICE}.spreadsheetml.sheet", _workbook, lambda _: []
    ),
    "docx": _Format(
        "Word, to print", ".docx", f"{_OFFICE}.wordprocessingml.document", _word, _lost_in_word
    ),
}
FORMATS = tuple(_FORMATS)


def format_title(name: str) -> str:
    """Return what a format is called on a page."""
    return _FORMATS[name].title


def file_of(rubric: Rubric, format: str) -> tuple[str, str]:
    """Return the name and the media type of the file that `write_rubric` makes."""
    return f"{rubric.id}-{format}{_FORMATS[format].suffix}", _FORMATS[format].mime


def lost_in(rubric: Rubric, format: str) -> tuple[str, ...]:
    """Return what of a rubric a format has no place for, whole sentences."""
    return tuple(_FORMATS[format].lost(rubric))


def write_rubric(rubric: Rubric, format: str) -> Written:
    """Write a rubric.

    Args:
        rubric: a whole one.
        format: one of FORMATS.

    Raises:
        NotFoundError: there is no such format.
    """
    if format not in _FORMATS:
        raise NotFoundError.for_name("rubric format", format, FORMATS)
    name, mime = file_of(rubric, format)
    return Written(name, _FORMATS[format].write(rubric), mime, lost_in(rubric, format))
