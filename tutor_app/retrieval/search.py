"""Search a course: dense and lexical rankings, fused by reciprocal rank."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from tutor_app.domain.passage import Passage
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.lexical import LexicalIndex
from tutor_app.retrieval.records import embedded_text, section_key
from tutor_app.retrieval.sections import is_within

Mode = Literal["dense", "lexical", "fused"]
MAX_QUERY_CHARACTERS = 2_000


@dataclass(frozen=True)
class Fusion:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009): score = sum of weight / (k + rank).

    The defaults were chosen on one half of datasets/evaluation/retrieval.

    Attributes:
        dense: weight of the ranking by meaning.
        lexical: weight of the ranking by words.
        k: the larger, the less the first ranks stand out.
        pool: how many passages of each ranking take part.
    """

    dense: float = 1.0
    lexical: float = 1.0
    k: int = 10
    pool: int = 30


DEFAULT_FUSION = Fusion()


def fuse(rankings: Iterable[tuple[float, Sequence[str]]], k: int) -> dict[str, float]:
    """Return the fused score of each id.

    Args:
        rankings: (weight, ids with the best first).
        k: see `Fusion`.
    """
    scores: dict[str, float] = {}
    for weight, ids in rankings:
        for rank, passage_id in enumerate(ids, start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + weight / (k + rank)
    return scores


class _IndexedCourse:
    """The passages of one course in memory, for one version of its index."""

    def __init__(self, version: str, passages: Sequence[Passage]):
        self.version = version
        self.passages = {passage.id: passage for passage in passages}
        self._ids = [passage.id for passage in passages]
        self._keys = [section_key(passage.place) for passage in passages]
        self._sections = dict(zip(self._keys, (p.place for p in passages), strict=True))
        self._building = threading.Lock()

    @cached_property
    def _lexical(self) -> LexicalIndex:
        return LexicalIndex([embedded_text(passage) for passage in self.passages.values()])

    def keys_within(self, names: Iterable[str]) -> list[str]:
        """Return the keys of the sections that lie in one of these "document#Heading"."""
        names = list(names)
        return [
            key for key, place in self._sections.items() if any(is_within(place, n) for n in names)
        ]

    def by_words(self, query: str, keys: Sequence[str], limit: int, *, inside: bool) -> list[str]:
        """Return the ids that share words with the query, best first.

        The sections `keys` are left out, or with `inside` they alone are searched.
        """
        with self._building:
            lexical = self._lexical
        scores = lexical.scores(query)
        if keys:
            chosen = frozenset(keys)
            scores = np.where([(key in chosen) is inside for key in self._keys], scores, 0)
        order = np.argsort(-scores, kind="stable")[:limit]
        return [self._ids[i] for i in order if scores[i] > 0]


class Searcher:
    """Search the indexed courses. Safe to share between threads; nothing is loaded before use."""

    def __init__(self, index: SearchIndex, fusion: Fusion = DEFAULT_FUSION):
        self._index = index
        self._fusion = fusion
        self._courses: dict[str, _IndexedCourse] = {}
        self._loading = threading.Lock()

    @property
    def index(self) -> SearchIndex:
        """The index that is searched."""
        return self._index

    def search(
        self,
        course_id: str,
        query: str,
        top_k: int = 4,
        exclude_sections: Sequence[str] = (),
        mode: Mode = "fused",
    ) -> list[Passage]:
        """Return the passages that fit a query best, best first.

        Args:
            course_id: the course.
            query: what somebody typed; empty finds nothing.
            top_k: how many passages at most.
            exclude_sections: "document#Heading" (with what lies below) or "document"; left out
                before ranking, so that top_k stays full.
            mode: rank by meaning, by words, or by both.

        Returns:
            Passages whose `relevance` is the cosine similarity of query and passage in every mode,
            about -0.1 to 1, comparable between queries. The order is that of the mode.

        Raises:
            SearchIndexError: the course has no index that fits the embedder.
            ModelError: the embedder cannot be loaded.
        """
        course = self._course(course_id)
        hidden = course.keys_within(exclude_sections)
        return self._rank(course_id, course, query, top_k, hidden, inside=False, mode=mode)

    def passages_in(self, course_id: str, section: str) -> list[Passage]:
        """Return the passages of "document#Heading" in reading order; none when unknown.

        Raises:
            SearchIndexError: the course has no index that fits the embedder.
        """
        passages = self._course(course_id).passages.values()
        return [passage for passage in passages if is_within(passage.place, section)]

    def best_in_section(self, course_id: str, section: str, query: str) -> Passage | None:
        """Return the passage of "document#Heading" that fits a query best; None when unknown.

        Raises:
            SearchIndexError: the course has no index that fits the embedder.
            ModelError: the embedder cannot be loaded.
        """
        course = self._course(course_id)
        keys = course.keys_within([section])
        if not keys:
            return None
        found = self._rank(course_id, course, query, 1, keys, inside=True, mode="fused")
        return found[0] if found else None

    def _course(self, course_id: str) -> _IndexedCourse:
        version = self._index.version(course_id)
        with self._loading:
            course = self._courses.get(course_id)
            if course is None or course.version != version:
                course = _IndexedCourse(version, self._index.passages(course_id))
                self._courses[course_id] = course
            return course

    def _rank(
        self,
        course_id: str,
        course: _IndexedCourse,
        query: str,
        top_k: int,
        keys: Sequence[str],
        *,
        inside: bool,
        mode: Mode,
    ) -> list[Passage]:
        query = query.strip()[:MAX_QUERY_CHARACTERS]
        if not query or top_k < 1 or not course.passages:
            return []
        pool = max(self._fusion.pool, top_k)
        vector = self._index.embedder.embed_query_array(query)
        similar: dict[str, float] = {}
        rankings: list[tuple[float, Sequence[str]]] = []
        if mode != "lexical":
            similar = self._index.nearest(course_id, vector, pool, keys, inside=inside)
            # While the course is indexed anew, Chroma may know passages that this version lacks.
            known = [passage_id for passage_id in similar if passage_id in course.passages]
            rankings.append((self._fusion.dense, known))
        if mode != "dense":
            by_words = course.by_words(query, keys, pool, inside=inside)
            rankings.append((self._fusion.lexical, by_words))
        scores = fuse(rankings, self._fusion.k)
        best = sorted(scores, key=lambda passage_id: -scores[passage_id])[:top_k]
        unseen = [passage_id for passage_id in best if passage_id not in similar]
        similar |= self._index.similarities(course_id, vector, unseen)
        return [
            course.passages[i].model_copy(update={"relevance": similar[i]})
            for i in best
            if i in similar
        ]
