"""Which importer reads a source: told from what is in it, or named."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tutor_app.courses.importers.cnxml import import_cnxml, is_cnxml
from tutor_app.courses.importers.oatutor import import_oatutor, is_oatutor, plan_name
from tutor_app.courses.importers.report import ImportReport, OnProgress
from tutor_app.courses.importers.source import open_source
from tutor_app.courses.new_course import slug
from tutor_app.errors import ContentError

FORMATS = ("cnxml", "oatutor", "files")
_VERSION = re.compile(r"[-_ ](?:v?\d+(?:\.\d+)+|main|master)$")

Importer = Callable[[Path, Path, OnProgress], ImportReport]


def recognise(source: Path) -> str:
    """Return the format of a source: one of FORMATS.

    Raises:
        ContentError: it is neither a folder nor a file.
        DocumentError: the archive is damaged or breaks a limit.
    """
    if source.is_file() and not _is_archive(source):
        return "files"
    with open_source(source) as files:
        if is_cnxml(files.names):
            return "cnxml"
        if is_oatutor(files.names):
            return "oatutor"
    return "files"


def importer(format_name: str, plan: str = "") -> Importer | None:
    """Return the function that makes a course of this format; None for "files".

    Args:
        format_name: one of FORMATS.
        plan: the course plan of a problem bank; all of the bank when left out.

    Raises:
        ContentError: there is no such format, or it knows no course plans.
    """
    if plan and format_name != "oatutor":
        raise ContentError(f"plan {plan!r}: only OATutor banks have course plans. Leave it out.")
    if format_name == "oatutor":
        return partial(import_oatutor, plan=plan)
    if format_name == "cnxml":
        return import_cnxml
    if format_name == "files":
        return None
    known = ", ".join(("auto", *FORMATS))
    raise ContentError(f"format {format_name!r}: is not known. Use one of: {known}.")


def whole_plan_name(source: Path, plan: str) -> str:
    """Return the whole name of a bank's course plan; "" where none is wanted.

    Raises:
        ContentError: the source has no such plan, or several.
        DocumentError: the archive is damaged or breaks a limit.
    """
    if not plan:
        return ""
    with open_source(source) as files:
        return plan_name(files, plan)


def suggested_id(source: Path, plan: str = "") -> str:
    """Return an id for the course: from its plan's name, or the source's without version."""
    if plan:
        return slug(plan) or "imported-course"
    name = source.resolve().name if source.is_dir() else source.stem
    return slug(_VERSION.sub("", name)) or "imported-course"


def _is_archive(source: Path) -> bool:
    return source.suffix.lower() == ".zip"
