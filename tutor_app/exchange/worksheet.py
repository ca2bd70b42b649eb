"""The columns of Moodle's offline grading worksheet, in the language of the site."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tutor_app.exchange.headings import named

_IDENTIFIER = ("identifier", "id", "identifiant", "identificador", "идентификатор")
_GRADE = ("grade", "bewertung", "note", "calificacion", "оценка")
_MAXIMUM = ("maximum grade", "bestwertung", "note maximale", "calificacion maxima")
_LOCKED = ("grade can be changed", "bewertung kann geandert werden", "la note peut etre modifiee",
           "la calificacion puede ser cambiada")  # fmt: skip
_MODIFIED = ("last modified grade", "zuletzt geandert bewertung", "derniere modification note",
             "ultima modificacion calificacion")  # fmt: skip
_SUBMITTED = ("last modified submission", "zuletzt geandert abgabe",
              "derniere modification travail remis", "derniere modification remise",
              "ultima modificacion entrega")  # fmt: skip
_TEXT = ("online text", "texteingabe online", "online texteingabe", "texte en ligne",
         "texto en linea")  # fmt: skip
_FEEDBACK = ("feedback comments", "feedback als kommentar", "commentaires de feedback",
             "feedback par commentaires", "comentarios de retroalimentacion",
             "retroalimentacion")  # fmt: skip
_STATUS = ("status", "statut", "estado")
_PARTICIPANT = re.compile(r"\D*?(\d+)$")


class WorksheetColumns(NamedTuple):
    """Columns of a worksheet, counted from 0; None for one that this worksheet lacks."""

    identifier: int
    grade: int
    modified: int | None
    maximum: int | None
    changeable: int | None
    status: int | None
    submitted: int | None
    online_text: int | None
    feedback: int | None


def worksheet_columns(
    headings: Sequence[str], sample: Sequence[Sequence[str]]
) -> WorksheetColumns | None:
    """Return the columns of a worksheet; None where the table is none.

    It is one where a column of participants ("Participant 12") stands beside a grade, and either
    the maximum grade or the time of the last change.
    """
    identifier, grade = named(headings, *_IDENTIFIER), named(headings, *_GRADE)
    modified, maximum = named(headings, *_MODIFIED), named(headings, *_MAXIMUM)
    if identifier is None or grade is None or (modified is None and maximum is None):
        return None
    if not all(_PARTICIPANT.match(cells[identifier].strip()) for cells in sample):
        return None
    return WorksheetColumns(
        identifier,
        grade,
        modified,
        maximum,
        named(headings, *_LOCKED),
        named(headings, *_STATUS),
        named(headings, *_SUBMITTED),
        named(headings, *_TEXT),
        named(headings, *_FEEDBACK),
    )


def participant(identifier: str) -> str:
    """Return the number at the end of "Participant 12", which names files in Moodle's zips too."""
    found = _PARTICIPANT.match(identifier.strip())
    return found[1] if found else identifier.strip()
