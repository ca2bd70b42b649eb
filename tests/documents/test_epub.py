from typing import Any

import pytest

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

START = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'


def page(body: str) -> str:
    return f'{START}<head><title/><script src="x.js"/></head><body>{body}</body></html>'


@pytest.fixture
def read_book(write: Any, book_bytes: Any) -> Any:
    return lambda *args: read_document(write("a.epub", book_bytes(*args)))


def test_chapters_are_read_in_the_order_of_the_spine(read_book: Any, said: Any):
    document = read_book(
        {
            "zwei.xhtml": page("<h1>Cells</h1><p>A cell&nbsp;lives &amp; &eacute;ats.</p>"),
            "eins.xhtml": page("<h2>Walls</h2><p>Plants have <a id='p1'/>walls.</p>"),
        }
    )
    assert document.title == "Small biology"
    assert said(document) == [
        ("paragraph", "A cell lives & éats."),
        ("paragraph", "Plants have walls."),
    ]
    assert [b.place.section for b in document.blocks] == [("Cells",), ("Cells", "Walls")]


def test_a_chapter_without_a_heading_has_its_name_from_the_contents(read_book: Any):
    chapters = {"a.xhtml": page("<h1>Cells</h1><p>One.</p>"), "b.xhtml": page("<p>Two.</p>")}
    document = read_book(chapters, {"a.xhtml": "First", "b.xhtml": "Genes"})
    assert [b.place.section for b in document.blocks] == [("Cells",), ("Genes",)]


def test_a_chapter_that_is_no_xml_is_read_as_html(read_book: Any, said: Any):
    assert said(read_book({"a.xhtml": "<html><p>One.<p>Two & three."})) == [
        ("paragraph", "One."),
        ("paragraph", "Two & three."),
    ]


def test_a_missing_chapter_is_remarked(read_book: Any, write: Any, book_bytes: Any, rezipped: Any):
    book = book_bytes({"a.xhtml": page("<p>One.</p>")})
    more = {
        "OEBPS/book.opf": lambda old: old.replace(
            b"<manifest>",
            b'<manifest><item id="m" href="m%20x.xhtml" media-type="application/xhtml+xml"/>',
        ).replace(b"<spine>", b'<spine><itemref idref="m"/>')
    }
    document = read_document(write("a.epub", rezipped(book, more)))
    assert document.remarks == ("Its chapter 'OEBPS/m x.xhtml' is missing.",)


def test_a_protected_book_is_refused_and_protected_fonts_are_not(
    write: Any, book_bytes: Any, rezipped: Any
):
    book = book_bytes({"a.xhtml": page("<p>One.</p>")})
    xml = '<encryption xmlns="x"><CipherReference URI="{}"/></encryption>'
    font = rezipped(book, {"META-INF/encryption.xml": lambda _: xml.format("font.otf").encode()})
    assert read_document(write("font.epub", font)).blocks
    locked = {"META-INF/encryption.xml": lambda _: xml.format("OEBPS/a.xhtml").encode()}
    with pytest.raises(DocumentError, match="copy-protected"):
        read_document(write("a.epub", rezipped(book, locked)))


def test_a_chapter_cannot_name_a_file_outside(write: Any, book_bytes: Any, rezipped: Any):
    book = book_bytes({"a.xhtml": page("<p>One.</p>")})
    outside = {"OEBPS/book.opf": lambda old: old.replace(b"a.xhtml", b"../../../etc/passwd")}
    with pytest.raises(DocumentError, match="holds no text"):
        read_document(write("a.epub", rezipped(book, outside)))


def test_a_book_of_pictures_is_refused(read_book: Any):
    with pytest.raises(DocumentError, match="a book of pictures"):
        read_book({"a.xhtml": page("<img src='a.png'/>")})


def test_a_book_without_its_package_is_damaged(write: Any, zip_bytes: Any):
    with pytest.raises(DocumentError, match="is damaged as an EPUB book"):
        read_document(write("a.epub", zip_bytes({"META-INF/container.xml": "<container/>"})))
