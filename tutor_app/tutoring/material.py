"""Passages for one move: cited sections of the hints, or a search of the course."""

import re
from collections.abc import Sequence
from typing import Protocol

from tutor_app.answers.solution import Solution
from tutor_app.domain.dialogue import Diagnosis, State, TutorMove
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError
from tutor_app.tutoring.asked_meaning import asked_meaning
from tutor_app.tutoring.meaning import (
    number_meaning,
    phrase_meaning,
    symbol_meaning,
    unit_meaning,
)
from tutor_app.tutoring.prose import content_words, prose_sentences
from tutor_app.tutoring.verification.programs import code_in

TOP_K = 4
TOP_K_MEANING = 10
MIN_RELEVANCE = 0.3
MAX_DEFINITION_WORDS = 34
FEW = 2
_DEFINES = re.compile(r"\b(is|are|means|measures|called|defined|tells)\b")
_SUBJECT = re.compile(
    r"(?:(?:an?|the)\s+)?(?P<subject>`[^`]+`|[\w-]+(?:\s[\w-]+)?)\s+"
    r"(?:is|are|does|means?|stands? for|gives?|makes?|returns?|leaves?|takes?|hands?)\b",
    re.IGNORECASE,
)
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
    diagnosis: Diagnosis, text: str, passages: Sequence[Passage], item: Item | None = None
) -> tuple[str, list[Passage]]:
    """Return the sentence that best answers the question, verbatim, with its passage first.

    A sentence about what was asked ("`range(stop)` stands for") comes before a mere mention, and
    none is chosen that holds code of the item's own solution.
    Returns ("", []) when nothing in the course is near: then the question goes to the instructor.
    """
    asked = {word for word in content_words(text) if not {word, f"{word}s"} & _ASKING}
    best: tuple[float, str, Passage] | None = None
    for rank, passage in enumerate(passages):
        if passage.relevance < MIN_RELEVANCE:
            continue
        for sentence in prose_sentences(passage.text):
            sentence = sentence.replace("**", "")
            count = len(sentence.split())
            if not 5 <= count <= MAX_DEFINITION_WORDS or sentence.endswith("?"):
                continue
            if item is not None and _holds_solution(sentence, item):
                continue
            words = content_words(sentence)
            if diagnosis.state is State.ASKS_TERM and len(asked) <= FEW and not asked <= words:
                continue
            score = len(asked & words) / max(1, len(asked)) - 0.05 * rank
            if diagnosis.state is State.ASKS_TERM and _DEFINES.search(sentence):
                score += 0.3
            if diagnosis.state is State.ASKS_TERM and _is_about(sentence, asked):
                score += 0.5
            if best is None or score > best[0]:
                best = (score, sentence, passage)
    if best is None or best[0] <= 0.3:
        return "", []
    return best[1], [best[2], *(p for p in passages if p.id != best[2].id)]


def _is_about(sentence: str, asked: set[str]) -> bool:
    """Say whether a sentence begins with what was asked and goes on to say what it is or does."""
    found = _SUBJECT.match(sentence)
    return found is not None and bool(asked) and asked <= content_words(found["subject"])


def _holds_solution(sentence: str, item: Item) -> bool:
    """Say whether a sentence shows more than a name out of the solution of a program."""
    if item.answer.kind != "code":
        return False
    solution = "".join(item.answer.solution.split())
    pieces = ("".join(piece.split()) for piece in code_in(sentence))
    return any(piece in solution for piece in pieces if not re.fullmatch(r"\w*", piece))


def find_meaning(
    search: Search, course_id: str, item: Item, solution: Solution, text: str
) -> tuple[str, list[Passage]]:
    """Return what a symbol, unit or phrase means, with the passages that say so.

    The exercise's own symbols come from the exercise, without a passage. ("", []) when neither the
    exercise nor the course says.
    """
    asked = asked_meaning(text, item)
    if asked is None:
        return "", []
    if asked.kind == "symbol" and (said := symbol_meaning(asked.name, item, solution)):
        return said, []
    if said := number_meaning(asked.name, item, solution) or unit_meaning(asked.name):
        return said, []
    try:
        found = [p for section in item.sections for p in search.passages_in(course_id, section)]
        found += search.search(course_id, asked.name, TOP_K_MEANING, item.spoilers)
    except SearchIndexError:
        return "", []
    said, cited = phrase_meaning(asked.name, list({p.id: p for p in found}.values()))
    return ("", []) if _holds_solution(said, item) else (said, cited)
