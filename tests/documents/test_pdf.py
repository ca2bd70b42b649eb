import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tutor_app.documents import pdf, read
from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

Write = Callable[[str, bytes], Path]


@pytest.fixture
def read_pages(write: Write, pdf_bytes: Callable[..., bytes]) -> Callable[..., Any]:
    return lambda *pages, **how: read_document(write("a.pdf", pdf_bytes(pages, **how)))


def test_lines_become_paragraphs_with_the_page_they_begin_on(read_pages: Any, said: Any):
    document = read_pages(
        ["One line", "and its second.", "", "", "Another paragraph."], ["On page two."]
    )
    assert said(document) == [
        ("paragraph", "One line and its second."),
        ("paragraph", "Another paragraph."),
        ("paragraph", "On page two."),
    ]
    assert [block.place.page for block in document.blocks] == [1, 1, 2]
    assert document.remarks == ()


def test_a_sentence_that_runs_over_the_page_stays_whole(read_pages: Any, said: Any):
    document = read_pages(
        ["The force grows until"], ["the crate slides.", "", "", "Then it stops."]
    )
    assert said(document)[0] == ("paragraph", "The force grows until the crate slides.")
    assert [block.place.page for block in document.blocks] == [1, 2]


def test_a_word_parted_at_the_end_of_a_line_is_joined(read_pages: Any, said: Any):
    document = read_pages(["The acceler-", "ation is constant."])
    assert said(document) == [("paragraph", "The acceleration is constant.")]


def test_larger_letters_make_sections(read_pages: Any, said: Any):
    document = read_pages(["# Energy", "", "Words of it."], ["# Work", "", "Other words."])
    assert document.title == "Energy"
    assert [block.place.section for block in document.blocks] == [("Energy",), ("Work",)]
    assert said(document) == [("paragraph", "Words of it."), ("paragraph", "Other words.")]


def test_the_outline_makes_sections_and_its_titles_are_not_read_twice(write: Write, said: Any):
    file = io.BytesIO()
    canvas = Canvas(file)
    for n, (title, level) in enumerate([("Energy", 0), ("Kinetic energy", 1), ("Power", 0)]):
        canvas.bookmarkPage(str(n))
        canvas.addOutlineEntry(title, str(n), level)
        canvas.drawString(72, 760, f"{n + 1}.1 {title}")
        canvas.drawString(72, 700, f"Words about it, number {n}.")
        canvas.showPage()
    canvas.save()
    document = read_document(write("a.pdf", file.getvalue()))
    assert [block.place.section for block in document.blocks] == [
        ("Energy",),
        ("Energy", "Kinetic energy"),
        ("Power",),
    ]
    assert [text for _, text in said(document)] == [
        f"Words about it, number {n}." for n in range(3)
    ]


def test_two_sections_on_one_page_begin_where_the_outline_points(write: Write):
    file = io.BytesIO()
    canvas = Canvas(file)
    for title, top in (("Alpha", 780), ("Beta", 400)):
        canvas.bookmarkHorizontal(title, 0, top)
        canvas.addOutlineEntry(title, title, 0)
        canvas.drawString(72, top - 40, f"Words below {top}.")
    canvas.save()
    document = read_document(write("a.pdf", file.getvalue()))
    assert [block.place.section for block in document.blocks] == [("Alpha",), ("Beta",)]


@pytest.fixture
def read_at(write: Write) -> Callable[..., Any]:
    """Read pages of (points from the bottom, text)."""

    def read_at(*pages: list[tuple[int, str]]) -> Any:
        file = io.BytesIO()
        canvas = Canvas(file)
        for page in pages:
            for bottom, text in page:
                canvas.drawString(72, bottom, text)
            canvas.showPage()
        canvas.save()
        return read_document(write("a.pdf", file.getvalue()))

    return read_at


def test_headers_and_page_numbers_are_left_out(read_at: Any, said: Any):
    pages = [
        [(810, f"Physics, page {n}"), (600, f"Content {word}."), (110, f"- {n} -"), (100, "AM")]
        for n, word in enumerate("abcd", 1)
    ]
    assert [text for _, text in said(read_at(*pages))] == [f"Content {word}." for word in "abcd"]


def test_numbered_content_at_the_top_of_pages_stays(read_at: Any, said: Any):
    pages = [[(740, f"Exercise {n}"), (600, f"Content {n}.")] for n in range(1, 5)]
    assert ("paragraph", "Exercise 3") in said(read_at(*pages))
    assert ("paragraph", "Content 3.") in said(read_at(*pages))


def test_chapters_in_headers_and_tables_of_contents_are_left_out(read_at: Any, said: Any):
    pages = [
        [
            (740, f"{n} CHAPTER 2. ENERGY"),
            (600, "1.1 Work . . . . . . . 3"),
            (500, f"Words {word}."),
        ]
        for n, word in enumerate("abcd", 8)
    ]
    assert [text for _, text in said(read_at(*pages))] == [f"Words {word}." for word in "abcd"]


def test_bullets_and_numbers_begin_list_items(read_pages: Any, said: Any):
    document = read_pages(["You need:", "• a string", "• a watch that", "counts seconds", "1. Go."])
    assert said(document) == [
        ("paragraph", "You need:"),
        ("list item", "- a string"),
        ("list item", "- a watch that counts seconds"),
        ("list item", "1. Go."),
    ]


def test_a_scan_is_named_as_such(read_pages: Any):
    with pytest.raises(DocumentError, match=r"a\.pdf: holds no text; 2 of its 2 pages.*OCR"):
        read_pages(None, None)


def test_pages_without_text_are_named_and_blank_ones_are_not(read_pages: Any):
    document = read_pages(["Typed."], None, None, [], ["Typed too."], None)
    assert document.remarks == (
        "Pages without text, perhaps scanned: 2-3, 6. Nothing on them was read.",
    )


def test_the_stamp_of_a_scanner_does_not_make_a_scan_text(write: Write, picture: bytes, said: Any):
    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawString(72, 600, "Typed.")
    canvas.showPage()
    for _ in range(3):
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, 500, 700)
        canvas.drawString(72, 20, "Scanned with PocketScanner")
        canvas.showPage()
    canvas.save()
    document = read_document(write("a.pdf", file.getvalue()))
    assert said(document) == [("paragraph", "Typed.")]
    assert "perhaps scanned: 2-4." in document.remarks[0]


def test_a_page_of_contents_is_no_scan(read_at: Any):
    contents = [(700 - 20 * n, f"{n} Work . . . . . . . {n}") for n in range(9)]
    assert read_at(contents, [(600, "Words.")]).remarks == ()


def test_many_pages_without_text_are_named_briefly():
    assert pdf._ranges([*range(1, 60, 2)]).endswith("21, 23 and 18 more")


def test_a_file_that_opens_without_a_password_is_read(read_pages: Any, said: Any):
    document = read_pages(["Words."], encrypt=StandardEncryption("", "owner", canCopy=0))
    assert said(document) == [("paragraph", "Words.")]


def test_a_password_is_asked_for_plainly(read_pages: Any):
    with pytest.raises(DocumentError, match="needs a password to open"):
        read_pages(["Words."], encrypt=StandardEncryption("secret", "owner"))


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9, 0.98])
def test_a_file_that_was_cut_off_is_refused(write: Write, pdf_bytes: Any, part: float):
    whole = pdf_bytes([["Words of a page."] * 40] * 4)
    with pytest.raises(DocumentError, match="is cut off"):
        read_document(write("a.pdf", whole[: int(len(whole) * part)]))


def test_a_damaged_file_is_refused(write: Write):
    with pytest.raises(DocumentError, match="is damaged as a PDF"):
        read_document(write("a.pdf", b"%PDF-1.7\nnothing here\n%%EOF\n"))


def test_a_crash_of_the_reader_is_told_and_nothing_half_read_returned(
    write: Write, pdf_bytes: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    child = tmp_path / "child.py"
    child.write_text("import os\nprint('{\"pages\": 3}', flush=True)\nos.abort()")
    monkeypatch.setattr(pdf, "_CHILD", child)
    with pytest.raises(DocumentError, match="reading stopped at page 1 of 3"):
        read_document(write("a.pdf", pdf_bytes([["Words."]])))


def test_memory_of_the_reader_is_limited(write: Write, monkeypatch: pytest.MonkeyPatch):
    stream = zlib.compress(b" " * 120_000_000, 1)
    bomb = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(stream), stream)
    )
    monkeypatch.setattr(pdf, "PDF_MEMORY", 120_000_000)
    with pytest.raises(DocumentError, match="reading stopped at page 1 of 1"):
        read_document(write("a.pdf", bomb))


def test_too_many_pages_or_characters_are_refused(read_pages: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "MAX_CHARACTERS", 20)
    with pytest.raises(DocumentError, match="more than 20 characters"):
        read_pages(["Many words on a page."], ["More."])
    monkeypatch.setattr(pdf, "MAX_PAGES", 1)
    with pytest.raises(DocumentError, match="has 2 pages, more than 1"):
        read_pages(["Few."], ["More."])


def test_a_pdf_may_be_larger_than_other_files(read_pages: Any, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(read, "MAX_BYTES", 10)
    assert read_pages(["Words."]).blocks
    monkeypatch.setattr(read, "MAX_PDF_BYTES", 10)
    with pytest.raises(DocumentError, match="more than 10"):
        read_pages(["Words."])
