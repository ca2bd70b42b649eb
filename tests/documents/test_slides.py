import io
from typing import Any

import pptx
import pytest
from pptx.util import Inches

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

TITLED, TITLE_ONLY, BLANK = 1, 5, 6


@pytest.fixture
def show() -> Any:
    return pptx.Presentation()


@pytest.fixture
def read_show(write: Any, saved: Any, show: Any) -> Any:
    return lambda: read_document(write("a.pptx", saved(show)))


def add(show: Any, layout: int, title: str = "", *lines: str) -> Any:
    slide = show.slides.add_slide(show.slide_layouts[layout])
    if title:
        slide.shapes.title.text = title
    if lines:
        slide.placeholders[1].text = "\n".join(lines)
    return slide


def test_slides_are_sections_with_lists_and_notes(show: Any, read_show: Any, said: Any):
    add(show, TITLED, "Momentum", "mass times velocity", "a vector")
    add(show, TITLED, "Impulse", "One line.").notes_slide.notes_text_frame.text = "Ask why."
    document = read_show()
    assert said(document) == [
        ("list item", "- mass times velocity"),
        ("list item", "- a vector"),
        ("paragraph", "One line."),
        ("paragraph", "Speaker notes: Ask why."),
    ]
    assert [b.place.slide for b in document.blocks] == [1, 1, 2, 2]
    assert str(document.blocks[3].place) == "Impulse, slide 2"


def test_an_untitled_slide_is_not_put_under_the_title_before(show: Any, read_show: Any):
    add(show, TITLED, "Momentum", "Words.")
    box = add(show, BLANK).shapes.add_textbox(0, 0, 100, 100)
    box.text_frame.text = "Loose words."
    assert str(read_show().blocks[-1].place) == "a, slide 2"


def test_tables_groups_and_superscripts_are_read(show: Any, read_show: Any, said: Any):
    slide = add(show, TITLE_ONLY, "Data")
    table = slide.shapes.add_table(2, 2, 0, 0, Inches(4), Inches(1)).table
    for n, text in enumerate(("before", "after", "2 kg", "3 kg")):
        table.cell(n // 2, n % 2).text = text
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(0, 0, 100, 100)
    run = box.text_frame.paragraphs[0].add_run()
    run.text = "10"
    power = box.text_frame.paragraphs[0].add_run()
    power.text = "3"
    power.font._element.set("baseline", "30000")
    assert said(read_show()) == [
        ("table", "| before | after |\n| --- | --- |\n| 2 kg | 3 kg |"),
        ("paragraph", "10³"),
    ]


def test_hidden_slides_are_left_out_and_named(show: Any, read_show: Any):
    add(show, TITLED, "Question", "What is g?")
    add(show, TITLED, "Solution", "9.81")._element.set("show", "0")
    document = read_show()
    assert "9.81" not in document.text
    assert document.remarks == ("Hidden slides were left out: 2.",)


def test_slides_of_pictures_are_named(show: Any, read_show: Any, picture: bytes):
    add(show, TITLED, "Words", "Some.")
    add(show, TITLE_ONLY, "Scan").shapes.add_picture(io.BytesIO(picture), 0, 0)
    assert read_show().remarks == ("Slides with pictures but no text: 2.",)


def test_macros_are_ignored(write: Any, samples: dict[str, bytes], said: Any, rezipped: Any):
    changes = {
        "[Content_Types].xml": lambda old: old.replace(
            b"vnd.openxmlformats-officedocument.presentationml.presentation.main",
            b"vnd.ms-powerpoint.presentation.macroEnabled.main",
        ),
        "ppt/vbaProject.bin": lambda _: b"Sub Auto_Open()",
    }
    document = read_document(write("a.pptm", rezipped(samples[".pptx"], changes)))
    assert ("paragraph", "Words") in said(document)
    assert document.remarks == ()


def test_a_presentation_without_words_is_refused(show: Any, read_show: Any):
    add(show, BLANK)
    with pytest.raises(DocumentError, match="holds no text on any visible slide"):
        read_show()
