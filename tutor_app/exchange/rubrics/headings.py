"""What the headings of a rubric table mean, in the words that people use for them."""

import re
from typing import Literal

Role = Literal[
    "id", "criterion", "type", "points", "weight", "level", "level points", "description",
    "example", "feedback", "idea", "variants", "note",
]  # fmt: skip

_NAMES: dict[Role, str] = {
    "id": "id|criterion id|no|nr|number|#",
    "criterion": "criterion|criteria|criteria name|criterion name|kriterium|kriterien|category|"
    "categories|aspect|aspekt|dimension|trait|element|item|skill|objective|what is judged|"
    "component|task|part|criterio|criterios|critère|critères|indicator|standard|outcome|area",
    "type": "type|kind|art",
    "points": "points|point|pts|max|max points|maximum points|maximum|max score|marks|max marks|"
    "points possible|possible points|worth|value|total|total points|punkte|max punkte|puntos|"
    "max mark|out of|score|your score|points earned",
    "weight": "weight|weighting|gewicht|gewichtung|percent|percentage|peso|%",
    "level": "level|levels|rating|rating name|level name|grade|stufe|performance level|band|nivel|"
    "niveau",
    "level points": "level points|points of the level|rating points|mark|level mark|level score",
    "description": "description|descriptor|descriptors|details|what an answer does|beschreibung|"
    "level description|rating description|performance|explanation|expectation|expectations|"
    "descripción|indicators",
    "example": "example|examples|example answer|sample|beispiel|ejemplo",
    "feedback": "feedback|what the student reads|student feedback|rückmeldung",
    "idea": "idea|ideas|key element|key elements|key idea|key ideas|the idea as a sentence",
    "variants": "other ways of saying it|variants|other wordings|synonyms",
    "note": "note|notes|for graders|for graders only|grader note|grader notes|comment|comments|"
    "remark|remarks|criteria description|criterion description|guidance|bemerkung|bemerkungen",
}
_ROLES: dict[str, Role] = {
    name: role for role, names in _NAMES.items() for name in names.split("|")
}
_LABELS: dict[str, str] = {
    **dict.fromkeys(("title", "rubric", "rubric name", "name", "titel"), "title"),
    **dict.fromkeys(("question", "prompt", "task", "frage", "aufgabe"), "question"),
    **dict.fromkeys(
        ("reference answer", "reference answers", "model answer", "sample answer", "solution",
         "musterlösung", "example answer"), "reference_answers",
    ),
    **dict.fromkeys(("fewest points in all", "min points"), "min_points"),
    **dict.fromkeys(("extra points at most", "max extra"), "max_extra"),
    **dict.fromkeys(("sections of the notes", "course sections"), "course_sections"),
    **dict.fromkeys(("rubric id", "file name"), "id"),
    "version": "version",
}  # fmt: skip
TOTALS = frozenset(("total", "totals", "sum", "total points", "total score", "summe", "gesamt"))


def role_of(heading: str) -> Role | None:
    """Return what a column with such a heading holds, or None."""
    return _ROLES.get(_plain(heading))


def label_of(text: str) -> str:
    """Return the field of a rubric that a label ("Question:") names, or ""."""
    return _LABELS.get(_plain(text), "")


def is_total(text: str) -> bool:
    """Say whether a row is a sum of others."""
    return _plain(text) in TOTALS or _plain(text.partition(":")[0]) in TOTALS


def _plain(text: str) -> str:
    inner = re.sub(r"\s*[\[(][^\])]*[\])]\s*$", "", text.strip().lower())
    return " ".join(re.sub(r"[:*.]+$", "", inner or text.lower()).replace("_", " ").split())
