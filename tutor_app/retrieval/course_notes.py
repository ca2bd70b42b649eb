"""Index the files of a course: files to passages to the search index."""

from collections.abc import Collection, Iterable, Sequence
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


def update_course(
    index: SearchIndex,
    course_id: str,
    paths: Sequence[Path],
    passages: Sequence[Passage],
    changed: Collection[str],
    on_progress: OnProgress | None = None,
) -> IndexChange:
    """Bring the index of a course up to date after some of its documents changed.

    The other documents are not read again, unless the course was not wholly indexed before.

    Args:
        index: where to.
        course_id: the course.
        paths: all documents of the course.
        passages: the passages of the changed documents.
        changed: ids of the changed documents; one without passages was removed.
        on_progress: called with (passages done, passages to do) after each batch.

    Raises:
        DocumentError: one of the files cannot be read; the index stays as it was.
        SearchIndexError: Chroma cannot be used.
        ModelError: the embedder cannot be loaded.
    """
    if {path.stem for path in paths} <= set(changed):
        return index.index_passages(course_id, passages, on_progress)
    if index.is_complete(course_id):
        return index.index_passages(course_id, passages, on_progress, documents=changed)
    return index_course(index, course_id, paths, on_progress)
