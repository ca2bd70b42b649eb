from pathlib import Path

import pytest

from tutor_app.documents import decoding, read
from tutor_app.documents.read import read_document, supported_suffixes
from tutor_app.errors import DocumentError


def test_markdown_and_plain_text_are_chosen_by_the_suffix(tmp_path: Path):
    for name in ("a.md", "a.MARKDOWN", "a.txt"):
        (tmp_path / name).write_text("# Top\n\nWords.", encoding="utf-8")
    assert read_document(tmp_path / "a.md").blocks[0].place.section == ("Top",)
    assert read_document(tmp_path / "a.MARKDOWN").title == "Top"
    assert read_document(tmp_path / "a.txt").blocks[0].place.section == ()


def test_paragraphs_of_plain_text_are_parted_by_blank_lines(tmp_path: Path):
    path = tmp_path / "notes.txt"
    path.write_text("\n  One\ntwo.\n \n\nThree.  \n", encoding="utf-8")
    document = read_document(path)
    spans = [(b.place.start, b.place.end) for b in document.blocks]
    assert [document.text[a:b] for a, b in spans] == ["One\ntwo.", "Three."]


def test_line_ends_and_byte_order_mark_are_made_plain(tmp_path: Path):
    path = tmp_path / "dos.md"
    path.write_bytes("\ufeff# Top\r\n\r\nOne\rtwo.".encode())
    assert read_document(path).text == "# Top\n\nOne\ntwo."


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path):
    with pytest.raises(DocumentError, match=r"cannot read '\.exe'.*\.md, \.pdf"):
        read_document(tmp_path / "a.exe")


def test_every_supported_suffix_is_tried_and_no_other(tmp_path: Path):
    for suffix in supported_suffixes():
        with pytest.raises(DocumentError, match="No such file"):
            read_document(tmp_path / f"gone{suffix}")
    with pytest.raises(DocumentError, match=r"cannot read '\.zip'"):
        read_document(tmp_path / "gone.zip")


def test_a_missing_file_is_explained(tmp_path: Path):
    with pytest.raises(DocumentError, match="No such file"):
        read_document(tmp_path / "gone.md")


def test_a_folder_is_explained(tmp_path: Path):
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(DocumentError, match="Is a directory"):
        read_document(tmp_path / "folder.md")


def test_zero_bytes_are_no_text(tmp_path: Path):
    path = tmp_path / "binary.md"
    path.write_bytes(b"Words.\0\0\0\0")
    with pytest.raises(DocumentError, match=r"zero byte.*UTF-8"):
        read_document(path)


def test_a_file_over_the_size_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "big.md"
    path.write_text("x" * 11, encoding="utf-8")
    monkeypatch.setattr(read, "MAX_BYTES", 10)
    with pytest.raises(DocumentError, match="11 bytes, more than 10"):
        read_document(path)


def test_too_many_characters_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "long.txt"
    path.write_text("x" * 11, encoding="utf-8")
    monkeypatch.setattr(decoding, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match="11 characters, more than 10"):
        read_document(path)
