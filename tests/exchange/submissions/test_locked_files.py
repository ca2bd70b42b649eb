"""Files with a password are that student's problem, with what to do; the batch goes on."""

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tutor_app.errors import DocumentError
from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions

Read = Callable[..., SubmissionSet]
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def locked_pdf(strength: int, *, password: str = "pw") -> bytes:
    file = io.BytesIO()
    lock = StandardEncryption(password, ownerPassword="owner", strength=strength)
    canvas = Canvas(file, encrypt=lock)
    canvas.drawString(72, 700, "Ice is less dense.")
    canvas.save()
    return file.getvalue()


def locked_workbook() -> bytes:
    """Return a compound file as Office keeps a workbook with a password in ([MS-CFB], version 3).

    One sector of the allocation table, one of the directory, then both streams of eight sectors.
    """

    def entry(name: str, kind: int, start: int, size: int, child: int = FREE) -> bytes:
        wide = (name + "\0").encode("utf-16-le")
        head = wide.ljust(64, b"\0") + struct.pack("<HBB", len(wide), kind, 1)
        links = struct.pack("<III", FREE, 3 if name == "EncryptionInfo" else FREE, child)
        return (head + links + bytes(36) + struct.pack("<IQ", start, size)).ljust(128, b"\0")

    chains = [FAT, END, *range(3, 10), END, *range(11, 18), END]
    table = struct.pack("<128I", *chains, *[FREE] * (128 - len(chains)))
    directory = (
        entry("Root Entry", 5, END, 0, child=2)
        + entry("", 0, 0, 0)
        + entry("EncryptionInfo", 2, 2, 4096)
        + entry("EncryptedPackage", 2, 10, 4096)
    )
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    info = struct.pack("<HHI", 4, 4, 0x40) + b"<encryption/>"
    return header + table + directory + info.ljust(4096, b"\0") + bytes(range(256)) * 16


@pytest.mark.parametrize("strength", [40, 128])
def test_a_pdf_with_a_password_has_a_row_in_the_report(
    read: Read, zipped: Any, strength: int
) -> None:
    files = {"ada.pdf": locked_pdf(strength), "bob.txt": "Open to all."}
    batch = read(zipped(files), "batch.zip")
    ada, bob = batch
    assert (ada.text, bob.text, bob.problem) == ("", "Open to all.", "")
    (row,) = batch.report.of("problem")
    assert (row.where, row.learner, row.message) == ("ada.pdf", "ada", ada.problem)
    assert "password" in ada.problem
    assert "/" not in ada.problem, "no path of ours is shown"


def test_a_pdf_that_only_forbids_to_print_is_read(read: Read, zipped: Any) -> None:
    (one,) = read(zipped({"ada.pdf": locked_pdf(128, password="")}), "batch.zip")
    assert (one.text, one.problem) == ("Ice is less dense.", "")


def test_a_workbook_with_a_password_has_a_row_in_the_report(read: Read, zipped: Any) -> None:
    batch = read(zipped({"ada.xlsx": locked_workbook(), "bob.txt": "Open."}), "batch.zip")
    (row,) = batch.report.of("problem")
    assert (row.where, row.learner) == ("ada.xlsx", "ada")
    assert "with a password. Open it, take the password off" in row.message
    assert [s.text for s in batch] == ["", "Open."]


def test_a_locked_table_of_all_answers_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "answers.xlsx"
    path.write_bytes(locked_workbook())
    with pytest.raises(DocumentError, match="take the password off"):
        read_submissions(path)
