"""Blackboard's zip of an assignment: files named for their attempt, and a receipt for each attempt.

`Essay_ada_attempt_2026-01-02-10-11-12_essay.docx` is a file of the attempt, and the same name up to
the time with `.txt` is its receipt: who it is, what was typed into the box, a comment, the files.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from tutor_app.errors import DocumentError
from tutor_app.exchange.submissions.files import Piece, only_pictures
from tutor_app.exchange.submissions.naming import Naming, Owner
from tutor_app.exchange.submissions.rows import text_of_html

_NAME = re.compile(
    r"(?P<attempt>.+_(?P<user>[^_]+)_attempt_(?P<time>\d{4}(?:-\d\d){5}))(?:\.txt|_(?P<file>.+))",
    re.DOTALL,
)
_WHO = re.compile(r"^Name:\s*(?P<name>.*?)\s*\((?P<user>[^()\n]+)\)\s*$", re.MULTILINE)
_FIELD, _COMMENTS, _FILES = "\nSubmission Field:\n", "\nComments:\n", "\nFiles:\n"
_NO_TEXT = "There is no student submission text data for this assignment."
_NO_COMMENT = "There are no student comments for this assignment."
_MARKUP = re.compile(r"<(?:p|div|br|span|ul|ol|table|img|h\d|strong|em|a)\b[^>]*>", re.IGNORECASE)


class Receipt(NamedTuple):
    """What a receipt says; `understood` is False where its sections are not the English ones."""

    name: str = ""
    user: str = ""
    text: str = ""
    comment: str = ""
    files: int = 0
    understood: bool = True


def parse_receipt(text: str) -> Receipt:
    """Return what a receipt says.

    Students write into it, so the headings of its last sections are looked for from its end: who
    types "Files:" into the box hides nothing.
    """
    text = "\n".join(text.splitlines()) + "\n"
    who = _WHO.search(text)
    name, user = (who["name"], who["user"].strip()) if who else ("", "")
    begins, listed = text.find(_FIELD), text.rfind(_FILES)
    said = text.rfind(_COMMENTS, begins, listed) if listed >= 0 else -1
    if begins < 0 or said < begins:
        return Receipt(name, user, understood=False)
    typed = text[begins + len(_FIELD) : said].strip()
    comment = text[said + len(_COMMENTS) : listed].strip()
    return Receipt(
        name,
        user,
        "" if typed == _NO_TEXT else typed,
        "" if comment == _NO_COMMENT else comment,
        len(re.findall(r"^\s*Filename:", text[listed:], re.MULTILINE)),
    )


def recognise_blackboard(names: Sequence[str], read_text: Callable[[str], str]) -> Naming | None:
    """Return whose the files of a Blackboard zip are; None for another batch.

    Args:
        names: paths inside the batch, without junk.
        read_text: returns the text of a file, or raises DocumentError.
    """
    found = {name: match for name in names if (match := _match(name))}
    if 2 * len(found) <= len(names):
        return None
    receipts: dict[str, Receipt | None] = {}
    files: dict[str, int] = {}
    for name, match in found.items():
        if match["file"]:
            files[match["attempt"]] = files.get(match["attempt"], 0) + 1
        else:
            try:
                receipts[match["attempt"]] = parse_receipt(read_text(name))
            except DocumentError:
                receipts[match["attempt"]] = None

    def owner(path: str) -> Owner | None:
        match = _match(path)
        if match is None:
            return None
        attempt = match["attempt"]
        receipt = receipts.get(attempt) or Receipt()
        user = receipt.user or match["user"]
        one = Owner(
            user,
            receipt.name,
            {"Username": user, "Attempt": match["time"]},
            match["file"] or PurePosixPath(path).name,
            attempt=match["time"],
        )
        if match["file"]:
            return one
        return _with_receipt(one, receipts[attempt], files.get(attempt, 0))

    first = next(iter(found))
    return Naming(
        "Blackboard assignment submissions",
        f"Its files are named like {PurePosixPath(first).name!r}: column, username, time of the "
        "attempt.",
        owner,
    )


def _match(path: str) -> re.Match[str] | None:
    return _NAME.fullmatch(PurePosixPath(path).name)


def _with_receipt(one: Owner, receipt: Receipt | None, files: int) -> Owner:
    """Return the owner of a receipt, with what was typed into the box as its piece."""
    if receipt is None or not receipt.understood:
        told = f"{one.file}: Blackboard's receipt cannot be read, nor what was typed into the box."
        if files:
            return one._replace(remark=told, piece=Piece(""))
        return one._replace(problem=f"{told} Read it yourself.", piece=Piece(""))
    marked = bool(_MARKUP.search(receipt.text))
    typed, hidden = text_of_html(receipt.text) if marked else (receipt.text, ())
    problem = ""
    if files < receipt.files:
        problem = f"The receipt lists {receipt.files} files, the zip holds {files}. Export again."
    elif not typed.strip():
        problem = only_pictures(receipt.text)
    comment = f"The student's comment: {receipt.comment[:500]}" if receipt.comment else ""
    piece = Piece("typed text", typed.strip(), hidden)
    return one._replace(remark=comment, problem=problem, piece=piece)
