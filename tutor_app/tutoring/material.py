"""Passages for one move: cited sections of the hints, or a search of the course."""

import re
from collections.abc import Sequence
from typing import Protocol

from tutor_app.domain.dialogue import Diagnosis, State, TutorMove
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError

TOP_K = 4
MIN_RELEVANCE = 0.3
MAX_DEFINITION_WORDS = 34
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z$])")
_DEFINES = re.compile(r"\b(is|are|means|measures|called|defined|tells)\b")
_WORD = re.compile(r"[a-z]{3,}")
_ASKING = frozenset(
    "what does mean the and for this that are you can tell how explain define meaning word "
    "please know not dont don why when which with from here have".split()
)


class Search(Protocol):
    """The part of retrieval.search.Searcher that a turn needs."""

    def search(
        self, course_id: str, query: str, top_k: int = 4, exclude_sections: Sequence[str] = ()
    ) -> list[Passage]:
        """Return the passages nearest to the query."""

    def passages_in(self, course_id: str, section: str) -> list[Passage]:
        """Return the passages of "stem#Heading"."""


def find_passages(
    search: Search, course_id: str, item: Item, move: TutorMove, text: str, model_speaks: bool
) -> list[Passage]:
    """Search the course when the move needs it; the item's spoilers are left out.

    A missing index is no reason to be silent: the tutor then speaks without citations.
    """
    try:
        if move.situation in ("term", "course question"):
            return search.search(course_id, text, TOP_K, item.spoiler_sections)
        if model_speaks and move.step:
            query = f"{item.step(move.step).goal} {text}"
            return search.search(course_id, query, TOP_K, item.spoiler_sections)
    except SearchIndexError:
        pass
    return []


def cited_passages(
    search: Search, course_id: str, item: Item, move: TutorMove
) -> dict[str, Passage]:
    """Return, for each section cited by the step's hints, the passage nearest to the hint."""
    found: dict[str, Passage] = {}
    if not move.step:
        return found
    for hint in item.hints_for(move.step):
        if hint.cite and hint.cite not in found:
            try:
                inside = search.passages_in(course_id, hint.cite)
            except SearchIndexError:
                return {}
            if inside:
                words = content_words(hint.text)
                found[hint.cite] = max(inside, key=lambda p: len(words & content_words(p.text)))
    return found


def define(
    diagnosis: Diagnosis, text: str, passages: Sequence[Passage]
) -> tuple[str, list[Passage]]:
    """Return the sentence that best answers the question, verbatim, with its passage first.

    Returns ("", []) when nothing in the course is near: then the question goes to the instructor.
    """
    asked = content_words(text) - _ASKING
    best: tuple[float, str, Passage] | None = None
    for rank, passage in enumerate(passages):
        if passage.relevance < MIN_RELEVANCE:
            continue
        for sentence in _SENTENCE.split(_prose(passage.text)):
            count = len(sentence.split())
            if not 5 <= count <= MAX_DEFINITION_WORDS or sentence.endswith("?"):
                continue
            words = content_words(sentence)
            score = len(asked & words) / max(1, len(asked)) - 0.05 * rank
            if diagnosis.state is State.ASKS_TERM and _DEFINES.search(sentence):
                score += 0.3
            if best is None or score > best[0]:
                best = (score, sentence, passage)
    if best is None or best[0] <= 0.3:
        return "", []
    return best[1], [best[2], *(p for p in passages if p.id != best[2].id)]


def _prose(text: str) -> str:
    """Drop headings, list marks and display formulas; a quote must stay verbatim."""
    lines = [
        line for line in text.splitlines() if not line.lstrip().startswith(("#", "-", "$$", "|"))
    ]
    return " ".join(" ".join(lines).replace("**", "").split())


def content_words(text: str) -> set[str]:
    """Return the words of three letters and more, lower case, without a plural s."""
    return {word.rstrip("s") for word in _WORD.findall(text.lower())}
