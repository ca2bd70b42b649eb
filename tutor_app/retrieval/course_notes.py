"""Index the notes of a course: files to passages to the search index."""

from collections.abc import Iterable
from pathlib import Path

from tutor_app.documents.read import read_document
from tutor_app.domain.passage import Passage
from tutor_app.retrieval.index import IndexChange, OnProgress, SearchIndex
from tutor_app.retrieval.passages import cut_passages


def read_passages(course_id: str, paths: Iterable[Path]) -> list[Passage]:
    """Read documents and cut them into passages.

    Raises:
        DocumentError: one of the files cannot be read.
    """
    return [passage for path in paths for passage in cut_passages(read_document(path), course_id)]


def index_course(
    index: SearchIndex,
    course_id: str,
    paths: Iterable[Path],
    on_progress: OnProgress | None = None,
) -> IndexChange:
    """Make the index of a course hold exactly these documents.

    Args:
        index: where to.
        course_id: the course.
        paths: all documents of the course; what was indexed from others is removed.
        on_progress: called with (passages done, passages to do) after each batch.

    Raises:
        DocumentError: one of the files cannot be read; the index stays as it was.
        SearchIndexError: Chroma cannot be used.
        ModelError: the embedder cannot be loaded.
    """
    return index.index_passages(course_id, read_passages(course_id, paths), on_progress)
