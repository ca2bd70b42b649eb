"""Small files of every kind, made by the libraries that people's programs are like."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tutor_app.documents.document import Document

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63"
    "f8cfc000000301010018dd8db00000000049454e44ae426082"
)


@pytest.fixture
def picture() -> bytes:
    return PICTURE


def said(document: Document) -> list[tuple[str, str]]:
    """Kind and text of every block; and that the places hold what they promise."""
    found = []
    end = 0
    for block in document.blocks:
        place = block.place
        assert place.document == document.id
        assert end <= place.start < place.end
        end = place.end
        text = document.text[place.start : place.end]
        assert text == text.strip()
        found.append((block.kind, text))
    return found


@pytest.fixture(name="said")
def said_fixture() -> Callable[[Document], list[tuple[str, str]]]:
    return said


def pdf_bytes(pages: Iterable[list[str] | None], encrypt: Any = None, size: int = 11) -> bytes:
    """A PDF: per page its lines, 14 points apart ("" leaves a gap), or None for a picture.

    A line that begins with "# " is set in large letters.
    """
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=encrypt)
    for lines in pages:
        if lines is None:
            canvas.drawImage(ImageReader(io.BytesIO(PICTURE)), 0, 0, 500, 700)
        for n, line in enumerate(lines or []):
            canvas.setFont("Helvetica", 2 * size if line.startswith("# ") else size)
            canvas.drawString(72, 760 - 14 * n, line.removeprefix("# "))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


@pytest.fixture(name="pdf_bytes")
def pdf_fixture() -> Callable[..., bytes]:
    return pdf_bytes


def zip_bytes(members: dict[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.fixture(name="zip_bytes")
def zip_fixture() -> Callable[[dict[str, str | bytes]], bytes]:
    return zip_bytes


def rezipped(content: bytes, changes: dict[str, Callable[[bytes], bytes]]) -> bytes:
    """The same zip with some members changed, or added where there were none."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members: dict[str, str | bytes] = {n: archive.read(n) for n in archive.namelist()}
    for name, change in changes.items():
        old = members.get(name, b"")
        members[name] = change(old if isinstance(old, bytes) else old.encode())
    return zip_bytes(members)


@pytest.fixture(name="rezipped")
def rezipped_fixture() -> Callable[..., bytes]:
    return rezipped


def book_bytes(chapters: dict[str, str], contents: dict[str, str] | None = None) -> bytes:
    """An EPUB whose spine is the chapters in order; `contents` labels them."""
    ids = {name: f"c{n}" for n, name in enumerate(chapters)}
    manifest = "".join(
        f'<item id="{ids[name]}" href="{name}" media-type="application/xhtml+xml"/>'
        for name in sorted(chapters, reverse=True)
    )
    links = "".join(f'<li><a href="{n}">{t}</a></li>' for n, t in (contents or {}).items())
    return zip_bytes(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": (
                '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
            ),
            "OEBPS/book.opf": (
                '<package xmlns="http://www.idpf.org/2007/opf"><metadata>'
                '<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">Small biology</dc:title>'
                f"</metadata><manifest>{manifest}"
                '<item id="nav" href="nav.xhtml" properties="nav" '
                'media-type="application/xhtml+xml"/></manifest><spine><itemref idref="nav"/>'
                + "".join(f'<itemref idref="{one}"/>' for one in ids.values())
                + "</spine></package>"
            ),
            "OEBPS/nav.xhtml": (
                '<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol>'
                f"{links}</ol></nav></body></html>"
            ),
            **{f"OEBPS/{name}": text for name, text in chapters.items()},
        }
    )


@pytest.fixture(name="book_bytes")
def book_fixture() -> Callable[..., bytes]:
    return book_bytes


def saved(document: Any) -> bytes:
    """The bytes that an Office library saves."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


@pytest.fixture(name="saved")
def saved_fixture() -> Callable[[Any], bytes]:
    return saved


def samples() -> dict[str, bytes]:
    """One valid file for every reader."""
    word = docx.Document()
    word.add_heading("Top", 1)
    word.add_paragraph("Words of a paragraph.")
    word.add_paragraph("an item", style="List Bullet")
    word.add_table(1, 2).cell(0, 0).text = "cell"
    show = pptx.Presentation()
    slide = show.slides.add_slide(show.slide_layouts[1])
    slide.shapes.title.text = "Top"
    slide.placeholders[1].text = "Words"
    slide.notes_slide.notes_text_frame.text = "Notes"
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1.5, "=A1"])
    cells = [
        {"cell_type": "markdown", "source": ["# Top\n", "Words."]},
        {"cell_type": "code", "source": "print(1)", "outputs": []},
    ]
    return {
        ".csv": b"a,b\n1,2\n",
        ".docx": saved(word),
        ".epub": book_bytes({"one.xhtml": "<html><body><h1>Top</h1><p>Words.</p></body></html>"}),
        ".html": b"<h1>Top</h1><p>Words <b>in</b> <math><mi>x</mi></math></p><ul><li>item</ul>",
        ".ipynb": json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}).encode(),
        ".md": b"# Top\n\nWords.\n\n- item\n",
        ".pdf": pdf_bytes([["# Top", "Words of a page."], ["More words."]]),
        ".pptx": saved(show),
        ".srt": b"1\n00:00:01,000 --> 00:00:02,000\nWords.\n",
        ".txt": b"Words.\n\nMore.",
        ".vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann>Words.\n",
        ".xlsx": saved(book),
    }


@pytest.fixture(scope="session", name="samples")
def samples_fixture() -> dict[str, bytes]:
    return samples()


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes | str], Path]:
    """Write a file and return its path."""

    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write
