from collections.abc import Callable
from pathlib import Path

import pytest

from tutor_app.documents import markdown, plain_text, writing
from tutor_app.documents.markdown import read_markdown
from tutor_app.documents.plain_text import read_plain_text
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError


def test_what_is_written_stands_in_the_text_where_its_place_says():
    notes = Writing(Path("folder/notes.docx"))
    notes.heading(1, " Top\nheading ")
    notes.page = 3
    notes.add("paragraph", "  Words. ")
    notes.heading(2, "Below")
    notes.heading(1, "")
    notes.add("list item", "- a")
    notes.add("list item", "- b")
    document = notes.document()
    assert document.text == "Top heading\n\nWords.\n\nBelow\n\n- a\n- b"
    assert document.title == "Top heading"
    assert [(b.place.section, b.place.page) for b in document.blocks] == [
        (("Top heading",), 3),
        (("Top heading", "Below"), 3),
        (("Top heading", "Below"), 3),
    ]
    assert str(document.blocks[0].place) == "Top heading, page 3"


def test_a_section_ends_where_one_of_its_level_or_above_begins():
    notes = Writing(Path("a.docx"))
    for level, name in ((1, "A"), (3, "B"), (2, "C"), (1, "D")):
        notes.heading(level, name)
        notes.add("paragraph", "Words.")
    sections = [block.place.section for block in notes.document().blocks]
    assert sections == [("A",), ("A", "B"), ("A", "C"), ("D",)]


def test_control_characters_and_half_characters_are_left_out():
    notes = Writing(Path("a.docx"))
    notes.add("paragraph", "a\0b\x1f\ud83dc\td\ne")
    assert notes.document().text == "abc\td\ne"


def test_too_many_characters_or_blocks_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(writing, "MAX_CHARACTERS", 10)
    with pytest.raises(DocumentError, match=r"a\.docx: has more than 10 characters"):
        Writing(Path("a.docx")).add("paragraph", "x" * 11)
    monkeypatch.setattr(writing, "MAX_BLOCKS", 0)
    with pytest.raises(DocumentError, match="more than 0 paragraphs"):
        Writing(Path("a.docx")).add("paragraph", "x")


@pytest.mark.parametrize(
    ("module", "reader"), [(markdown, read_markdown), (plain_text, read_plain_text)]
)
def test_text_of_too_many_blocks_is_refused(
    module: object, reader: Callable[[str, str], object], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "MAX_BLOCKS", 2)
    reader("a", "One.\n\nTwo.")
    with pytest.raises(DocumentError, match="a: has more than"):
        reader("a", "One.\n\nTwo.\n\nThree.")
