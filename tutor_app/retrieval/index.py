"""The search index: passages and their vectors in Chroma, one collection per course."""

import hashlib
import os
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from chromadb import Collection as ChromaCollection
from chromadb.api.client import Client
from chromadb.errors import NotFoundError
from numpy.typing import NDArray

from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError
from tutor_app.retrieval.chroma import chroma_errors, close_client, open_client
from tutor_app.retrieval.embedder import SentenceEmbedder
from tutor_app.retrieval.records import (
    content_hash,
    document_of,
    embedded_text,
    metadata_of,
    passage_of,
)

WRITE_BATCH = 64
READ_BATCH = 1000
_UNFINISHED = "unfinished"
# To be raised when `embedded_text` changes: old vectors must not be mixed with new ones.
_FORMAT = 1

OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class IndexChange:
    """What one run did, in passages.

    Attributes:
        added: written; the rest of them only moved within their document.
        embedded: how many of the added ones needed the encoder.
        removed: deleted because the course no longer has them.
        kept: neither embedded nor written.
    """

    added: int
    embedded: int
    removed: int
    kept: int


class SearchIndex:
    """Passages of any number of courses. Safe to share between threads.

    With embedded Chroma, keep one SearchIndex per folder and process. Another process may index
    meanwhile: the next `version` notices and opens the files anew.
    """

    def __init__(self, embedder: SentenceEmbedder, folder: Path, server: str = ""):
        """Name where the index lies; it is opened by the first use.

        Args:
            embedder: makes the vectors.
            folder: where embedded Chroma keeps its files; made when missing.
            server: "host:port" of a Chroma server to use in place of the folder.
        """
        self.embedder = embedder
        self._folder = folder
        self._server = server
        self._recipe = f"{embedder.name}, format {_FORMAT}"
        self._client: Client | None = None
        self._seen: dict[str, str] = {}
        self._reading = threading.RLock()
        self._writing = threading.Lock()

    def index_passages(
        self,
        course_id: str,
        passages: Iterable[Passage],
        on_progress: OnProgress | None = None,
        batch_size: int = WRITE_BATCH,
        documents: Collection[str] | None = None,
    ) -> IndexChange:
        """Make the index hold exactly these passages of a course, or of some of its documents.

        Only what changed is written, and only new content is embedded. An interrupted run is
        taken up by the next one. Vectors of another embedder are thrown away first.

        Args:
            course_id: the course.
            passages: all passages of the course, or of `documents`.
            on_progress: called with (passages done, passages to do) after each batch.
            batch_size: how many passages are embedded and written at once.
            documents: ids of the documents that changed; the others are left as they are. Only
                for a course that `is_complete`.

        Raises:
            SearchIndexError: Chroma cannot be used.
            ModelError: the embedder cannot be loaded.
        """
        wanted = {passage.id: passage for passage in passages}
        with self._writing:
            self._prepare(course_id)
            stored, others = {}, []
            for passage_id, _, metadata in self._rows(course_id):
                if documents is None or document_of(metadata) in documents:
                    stored[passage_id] = str(metadata["content"])
                else:
                    others.append(passage_id)
            new = [passage for passage in wanted.values() if passage.id not in stored]
            gone = [passage_id for passage_id in stored if passage_id not in wanted]
            moved_from = {stored[passage_id]: passage_id for passage_id in gone}
            embedded = 0
            if new or gone:
                self._begin(course_id)
            for start in range(0, len(new), batch_size):
                batch = new[start : start + batch_size]
                embedded += self._add(course_id, batch, moved_from)
                if on_progress:
                    on_progress(start + len(batch), len(new))
            for start in range(0, len(gone), READ_BATCH):
                with self._collection(course_id) as collection:
                    collection.delete(ids=gone[start : start + READ_BATCH])
            self._stamp(course_id, [*others, *wanted])
        return IndexChange(len(new), embedded, len(gone), len(wanted) - len(new))

    def version(self, course_id: str) -> str:
        """Return a stamp that changes with the indexed passages.

        Raises:
            SearchIndexError: the course is not indexed, only in part, or by another embedder.
        """
        again = f"Run: tutor index {course_id}"
        with self._collection(course_id) as collection:
            metadata = collection.metadata or {}
        if metadata.get("embedder") != self._recipe:
            raise SearchIndexError(
                f"{course_id}: the search index was built with {metadata.get('embedder')!r}, "
                f"the embedder in use is {self._recipe!r}. {again}"
            )
        version = str(metadata.get("version", ""))
        if not version:
            raise SearchIndexError(f"{course_id}: indexing was not finished. {again}")
        with self._reading:
            if self._seen.get(course_id, version) != version and not self._server:
                self.close()
            self._seen[course_id] = version
        return version

    def is_complete(self, course_id: str) -> bool:
        """Tell whether the course is indexed by this embedder and no run was interrupted."""
        try:
            self.version(course_id)
        except SearchIndexError:
            return False
        with self._collection(course_id) as collection:
            return not (collection.metadata or {}).get(_UNFINISHED)

    def passages(self, course_id: str) -> list[Passage]:
        """Return all passages of a course, by document and place; relevance is 0."""
        found = [
            passage_of(course_id, passage_id, text, metadata)
            for passage_id, text, metadata in self._rows(course_id)
        ]
        return sorted(found, key=lambda passage: (passage.place.document, passage.place.start))

    def nearest(
        self,
        course_id: str,
        vector: NDArray[np.float32],
        limit: int,
        section_keys: Sequence[str] = (),
        *,
        inside: bool = False,
    ) -> dict[str, float]:
        """Return the passages nearest to a vector: id to cosine similarity, nearest first.

        Args:
            course_id: the course.
            vector: a unit vector, shape (dimensions,).
            limit: how many at most.
            section_keys: `records.section_key` of the sections to leave out.
            inside: search only in these sections instead.
        """
        where = {"section": {"$in" if inside else "$nin": list(section_keys)}}
        with self._collection(course_id) as collection:
            found = collection.query(
                query_embeddings=vector.reshape(1, -1),
                n_results=limit,
                where=where if section_keys else None,  # type: ignore[arg-type]
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        return {i: 1 - d for i, d in zip(found["ids"][0], distances, strict=True)}

    def similarities(
        self, course_id: str, vector: NDArray[np.float32], ids: Sequence[str]
    ) -> dict[str, float]:
        """Return the cosine similarity of a unit vector to each of these passages."""
        if not ids:
            return {}
        with self._collection(course_id) as collection:
            found = collection.get(ids=list(ids), include=["embeddings"])
        products = np.asarray(found["embeddings"], dtype=np.float32) @ vector
        return dict(zip(found["ids"], products.tolist(), strict=True))

    def close(self) -> None:
        """Let go of the files or the connection; the next use opens them again."""
        with self._reading:
            if self._client is not None:
                close_client(self._client)
                self._client = None

    @contextmanager
    def _open(self) -> Iterator[Client]:
        """Give the client, for one thread at a time, so that it can be closed between uses."""
        with self._reading, chroma_errors(self._server or str(self._folder)):
            if self._client is None:
                self._client = open_client(self._folder, self._server)
            yield self._client

    @contextmanager
    def _collection(self, course_id: str) -> Iterator[ChromaCollection]:
        with self._open() as client:
            try:
                # Asked for anew each time: another process may have replaced it.
                yield client.get_collection(_name(course_id), embedding_function=None)
            except NotFoundError as error:
                raise SearchIndexError(
                    f"{course_id}: the course has no search index. Run: tutor index {course_id}"
                ) from error

    def _rows(self, course_id: str) -> Iterator[tuple[str, str, Mapping[str, object]]]:
        """Yield id, text and metadata of all passages, a page at a time."""
        for offset in count(0, READ_BATCH):
            with self._collection(course_id) as collection:
                page = collection.get(
                    limit=READ_BATCH, offset=offset, include=["documents", "metadatas"]
                )
            rows = zip(page["ids"], page["documents"] or [], page["metadatas"] or [], strict=True)
            yield from rows
            if len(page["ids"]) < READ_BATCH:
                return

    def _prepare(self, course_id: str) -> None:
        """Make the collection, or make it anew when another embedder filled it."""
        with self._open() as client:
            with suppress(NotFoundError):
                found = client.get_collection(_name(course_id), embedding_function=None)
                if (found.metadata or {}).get("embedder") == self._recipe:
                    return
                client.delete_collection(found.name)
            client.create_collection(
                _name(course_id),
                metadata={"embedder": self._recipe, "version": ""},
                configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                embedding_function=None,
            )

    def _add(self, course_id: str, batch: list[Passage], moved_from: dict[str, str]) -> int:
        """Write a batch; returns how many passages had to be embedded."""
        hashes = [content_hash(passage) for passage in batch]
        sources = {moved_from[h]: h for h in hashes if h in moved_from}
        known: dict[str, NDArray[np.float32]] = {}
        if sources:
            with self._collection(course_id) as collection:
                found = collection.get(ids=list(sources), include=["embeddings"])
            vectors = np.asarray(found["embeddings"], dtype=np.float32)
            known = {sources[i]: v for i, v in zip(found["ids"], vectors, strict=True)}
        fresh = {h: p for h, p in zip(hashes, batch, strict=True) if h not in known}
        if fresh:
            texts = [embedded_text(passage) for passage in fresh.values()]
            made = self.embedder.embed_array(texts, threads=os.cpu_count() or 1)
            known.update(zip(fresh, made, strict=True))
        with self._collection(course_id) as collection:
            collection.upsert(
                ids=[passage.id for passage in batch],
                embeddings=np.stack([known[h] for h in hashes]),
                documents=[passage.text for passage in batch],
                metadatas=[metadata_of(passage) for passage in batch],
            )
        return len(fresh)

    def _begin(self, course_id: str) -> None:
        """Note that passages are being changed; the old version is searched meanwhile."""
        with self._collection(course_id) as collection:
            collection.modify(metadata={**(collection.metadata or {}), _UNFINISHED: True})

    def _stamp(self, course_id: str, ids: Iterable[str]) -> None:
        version = hashlib.sha256("".join(sorted(ids)).encode()).hexdigest()[:16]
        with self._collection(course_id) as collection:
            collection.modify(metadata={"embedder": self._recipe, "version": version})
            self._seen[course_id] = version


def _name(course_id: str) -> str:
    return f"course-{course_id}"
