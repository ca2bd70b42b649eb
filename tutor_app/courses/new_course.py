"""The folder of a course that has nothing of its own yet."""

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tutor_app.domain.base import Slug
from tutor_app.errors import ContentError

PLACEHOLDER_SKILL = "first-skill"
_TEMPLATE = """\
# What this course is and what its learners can master.
# `tutor course check {id}` names the file, line and field of every mistake.
id: {id}
title: {title}
language: en
# Who may use the material, as its owner says: "CC BY 4.0", "for this school only", ...
licence: not stated
# Rename this skill and add more; the skills that one needs stand above it:
#   - {{id: next-skill, title: Next skill, prerequisites: [first-skill]}}
skills:
  - id: {skill}
    title: First skill (rename me)
"""
_SUBFOLDERS = ("notes", "documents", "items")


def write_new_course(folder: Path, title: str = "") -> None:
    """Fill an empty folder, whose name is the course's id.

    Args:
        folder: where to; it exists.
        title: made from the id when empty.
    """
    for name in _SUBFOLDERS:
        (folder / name).mkdir()
    title = title.strip() or folder.name.replace("-", " ").capitalize()
    # JSON's strings are YAML's, quotes and all.
    text = _TEMPLATE.format(
        id=json.dumps(folder.name),
        title=json.dumps(title, ensure_ascii=False),
        skill=PLACEHOLDER_SKILL,
    )
    (folder / "course.yaml").write_text(text, encoding="utf-8")


def check_id(course_id: str) -> None:
    """Raise ContentError when this cannot be the id of a course."""
    try:
        TypeAdapter(Slug).validate_python(course_id)
    except ValidationError:
        near = slug(course_id)
        instead = f", for example {near!r}" if near else ""
        raise ContentError(
            f"course id {course_id!r}: is malformed. Use at most 80 small letters and digits, "
            f"with single hyphens between them{instead}."
        ) from None


def slug(text: str, longest: int = 60) -> str:
    """Return the text as an id: "Ölförderung 2!" becomes "olforderung-2"; "" for no letters."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    short = ""
    for word in words:
        joined = f"{short}-{word}" if short else word[:longest]
        if len(joined) > longest:
            break
        short = joined
    return short


def unused(wanted: str, taken: Sequence[str] | set[str]) -> str:
    """Return the name, or the first of name-2, name-3, ... that is not taken (in any case)."""
    folded = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in folded:
        name, number = f"{wanted}-{number}", number + 1
    return name
