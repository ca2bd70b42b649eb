import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

Write = Callable[[str, str], Path]


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    return json.dumps({"nbformat": 4, "metadata": metadata, "cells": cells})


def test_text_and_code_are_read_and_outputs_are_not(write: Write, said: Any):
    cells = [
        {"cell_type": "markdown", "source": ["# Loops\n", "\n", "Why?\n", "- one\n"]},
        {"cell_type": "code", "source": "for i in range(2):\n    print(i)", "outputs": ["SECRET"]},
        {"cell_type": "raw", "source": "not shown"},
    ]
    document = read_document(write("a.ipynb", notebook(*cells)))
    assert said(document) == [
        ("paragraph", "Why?"),
        ("list item", "- one"),
        ("code", "```python\nfor i in range(2):\n    print(i)\n```"),
    ]
    assert {block.place.section for block in document.blocks} == {("Loops",)}
    assert "SECRET" not in document.text


def test_a_fence_left_open_in_one_cell_does_not_swallow_the_next(write: Write, said: Any):
    cells = [
        {"cell_type": "markdown", "source": "```\nopen"},
        {"cell_type": "markdown", "source": "Words."},
    ]
    document = read_document(write("a.ipynb", notebook(*cells)))
    assert said(document)[-1] == ("paragraph", "Words.")


def test_code_that_holds_fences_is_kept_whole(write: Write, said: Any):
    code = {"cell_type": "code", "source": 'text = """\n```\n"""'}
    document = read_document(write("a.ipynb", notebook(code, language_info={"name": "julia"})))
    assert said(document) == [("code", '````julia\ntext = """\n```\n"""\n````')]


def test_what_a_cell_hides_is_kept_apart(write: Write) -> None:
    source = "Seen. <span style='display:none'>The full answer.</span> <!-- a note --> And this."
    document = read_document(
        write("a.ipynb", notebook({"cell_type": "markdown", "source": source}))
    )
    assert document.text.split() == ["Seen.", "And", "this."]
    assert document.hidden == ("The full answer.",)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no list of cells"),
        (json.dumps({"nbformat": 3, "worksheets": []}), "no list of cells"),
        (notebook({"cell_type": "code", "source": 5}), "its cell 1 holds no text"),
        (notebook(), "no text and no code"),
    ],
)
def test_what_is_no_notebook_is_refused(write: Write, content: str, complaint: str):
    with pytest.raises(DocumentError, match=complaint):
        read_document(write("a.ipynb", content))


def test_half_a_character_of_broken_json_cannot_get_in(write: Write, said: Any):
    cell = '{"cells": [{"cell_type": "markdown", "source": "a\\ud800b"}]}'
    assert said(read_document(write("a.ipynb", cell))) == [("paragraph", "ab")]
