"""Read Jupyter notebooks: text and code in order; outputs are left out."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tutor_app.documents.decoding import decode
from tutor_app.documents.document import Document
from tutor_app.documents.markdown import write_markdown
from tutor_app.documents.unseen_markdown import take_unseen_from_markdown
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError


def read_notebook(path: Path, content: bytes) -> Document:
    """Read a notebook of format 4; headings of its Markdown cells are the sections of all cells.

    Raises:
        DocumentError: it is no notebook, one of an older format, or holds nothing to read.
    """
    text, remarks = decode(path, content)
    notebook = _parse(path, text)
    language = _language(notebook)
    writing = Writing(path)
    writing.remarks.extend(remarks)
    for kind, source in _cells(path, notebook):
        if kind == "code":
            writing.add_code(source, language)
        else:
            seen, hidden, _ = take_unseen_from_markdown(source)
            writing.hidden.extend(hidden)
            write_markdown(writing, seen)
    if writing.is_empty():
        raise DocumentError(
            f"{path}: holds no text and no code. Save the notebook, then bring it again."
        )
    return writing.document()


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentError(
            f"{path}: is no notebook, because it is no JSON ({error}). Save it again in Jupyter."
        ) from error
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        raise DocumentError(
            f"{path}: has no list of cells as notebooks of format 4 have. Open it in Jupyter and "
            "save it again."
        )
    return notebook


def _language(notebook: dict[str, Any]) -> str:
    metadata = notebook.get("metadata")
    info = metadata.get("language_info") if isinstance(metadata, dict) else None
    name = info.get("name") if isinstance(info, dict) else None
    return name if isinstance(name, str) and name.isalnum() else "python"


def _cells(path: Path, notebook: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for number, cell in enumerate(notebook["cells"], 1):
        source = cell.get("source", "") if isinstance(cell, dict) else None
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise DocumentError(
                f"{path}: its cell {number} holds no text as its source. Open it in Jupyter and "
                "save it again."
            )
        kind = cell.get("cell_type")
        if kind in ("code", "markdown"):
            yield kind, source
