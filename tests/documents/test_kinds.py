from typing import Any

import pytest

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize("actual", [".pdf", ".docx", ".pptx", ".xlsx", ".epub"])
@pytest.mark.parametrize("claimed", [".docx", ".pdf", ".txt", ".md"])
def test_a_file_is_read_as_what_it_is(
    actual: str, claimed: str, samples: dict[str, bytes], write: Any, said: Any
):
    if actual == claimed:
        return
    document = read_document(write(f"a{claimed}", samples[actual]))
    right = read_document(write(f"a{actual}", samples[actual]))
    assert said(document) == said(right)
    assert document.remarks[0] == (
        f"Its suffix is {claimed}, but it is a {actual} file; it was read as that."
    )
    assert document.remarks[1:] == right.remarks


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("a.pdf", b"<!DOCTYPE html><html><body>Log in</body></html>", r"no \.pdf file but a web"),
        ("a.docx", b"Words.", r"no \.docx file but something else"),
        ("a.docx", OLE, "old Office file .* or one with a password"),
        ("a.txt", OLE, "old Office file"),
        ("a.txt", b"\x89PNG\r\n", "is a picture"),
        ("a.docx", b"{\\rtf1 words}", "is an RTF document"),
        ("a.pdf", b"", "is empty"),
        ("a.docx", b"", "is empty"),
        ("a.md", b"", "is empty"),
    ],
)
def test_what_cannot_be_read_is_named(name: str, content: bytes, complaint: str, write: Any):
    with pytest.raises(DocumentError, match=complaint):
        read_document(write(name, content))


def test_a_word_that_looks_like_magic_is_still_text(write: Any, said: Any):
    assert said(read_document(write("a.txt", "MZ is a programme of mine."))) != []


def test_other_zips_are_named(write: Any, zip_bytes: Any):
    with pytest.raises(DocumentError, match="OpenDocument"):
        read_document(write("a.docx", zip_bytes({"mimetype": "x", "content.xml": "<a/>"})))
    with pytest.raises(DocumentError, match="is a zip, but no Word"):
        read_document(write("a.docx", zip_bytes({"a.txt": "a"})))
