"""Gradescope's export of submissions: a folder or PDF each, and a file that says whose they are."""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Any

from tutor_app.documents.plain_yaml import load_plain_yaml
from tutor_app.errors import DocumentError
from tutor_app.exchange.submissions.naming import Naming, Owner

METADATA = "submission_metadata.yml"
# Outputs of tests stand in it too, in megabytes; only these few lines of each entry are read.
_ENTRY = re.compile(
    r"^(?P<key>[^\s:#-][^:\n]*):[^\S\n]*\n(?P<body>(?:[ \t].*\n|-.*\n|\n)*)", re.MULTILINE
)
_SUBMITTERS = re.compile(
    r"^ {2}:?submitters:[^\n]*\n(?P<people>(?: {2}- .*\n| {3,}.*\n)*)", re.MULTILINE
)


def recognise_gradescope(names: Sequence[str], read_text: Callable[[str], str]) -> Naming | None:
    """Return whose the files of a Gradescope export are; None for another batch.

    Args:
        names: paths inside the batch, without junk.
        read_text: returns the text of a file, or raises DocumentError.

    Raises:
        DocumentError: its metadata cannot be read or name nobody.
    """
    told = [name for name in names if PurePosixPath(name).name == METADATA]
    if not told:
        return None
    where = min(told, key=lambda name: len(PurePosixPath(name).parts))
    owners = _owners(where, read_text(where))
    if not owners:
        raise DocumentError(
            f"{where}: does not tell whose the submissions are. Export them again from Gradescope."
        )
    around = PurePosixPath(where).parts[:-1]

    def owner(path: str) -> Owner | None:
        parts = PurePosixPath(path).parts
        if parts[: len(around)] != around or len(parts) == len(around):
            return None
        key, *inside = parts[len(around) :]
        if path == where:
            return Owner("", "", {}, METADATA, about=True)
        found = owners.get(key)
        if not found:
            return None
        file = "/".join(inside) or key
        first, *others = (one._replace(file=file) for one in found)
        return first._replace(partners=tuple(others))

    here = {parts[len(around)] for name in names if len(parts := PurePosixPath(name).parts)
            > len(around)}  # fmt: skip
    missing = tuple(
        (key, one.learner, "Gradescope names this submission, but the export lacks its files.")
        for key, found in owners.items()
        if key not in here
        for one in found
    )
    return Naming(
        "Gradescope submissions",
        f"It holds {METADATA}, which names {len(owners)} submissions and their students.",
        owner,
        missing,
    )


def _owners(where: str, text: str) -> dict[str, list[Owner]]:
    """Return the submitters by the name of their folder or file."""
    found: dict[str, list[Owner]] = {}
    for entry in _ENTRY.finditer("\n".join(text.splitlines()) + "\n"):
        block = _SUBMITTERS.search(entry["body"])
        if block is None:
            continue
        people = load_plain_yaml(where, block["people"])
        key = entry["key"].strip("'\"")
        owners = [_owner(key, one) for one in people if isinstance(one, dict)] if people else []
        if key in found:
            raise DocumentError(f"{where}: names {key!r} twice. Export it again.")
        found[key] = _together([one for one in owners if one is not None])
    return {key: owners for key, owners in found.items() if owners}


def _owner(key: str, person: dict[Any, Any]) -> Owner | None:
    told = {str(k).strip(":"): str(v).strip() for k, v in person.items() if v is not None}
    learner = told.get("sid") or told.get("email") or told.get("name")
    if not learner:
        return None
    details = {"SID": told.get("sid", ""), "Email": told.get("email", ""), "Submission ID": key}
    return Owner(
        learner, told.get("name", ""), {k: v for k, v in details.items() if v}, "", attempt=key
    )


def _together(owners: list[Owner]) -> list[Owner]:
    if len(owners) < 2:
        return owners
    names = ", ".join(one.name or one.learner for one in owners)
    return [one._replace(remark=f"Handed in by a group: {names}.") for one in owners]
