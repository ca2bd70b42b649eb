"""Is each criterion of a rubric shown in a short answer? Meaning by embeddings, guarded by words.

This serves the tutor's turn. It says "met" only when it is fairly sure, because praising a wrong
answer is worse than asking once more; the batch grader will do more.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from tutor_app.documents.clauses import clauses, contradicts
from tutor_app.domain.grade import Judgement
from tutor_app.domain.rubric import Criterion, KeyElement, Rubric

Embed = Callable[[list[str]], NDArray[np.float32]]

MET = 0.7
UNCLEAR = 0.5
COPIED = 92.0
MAX_CHARACTERS = 3_000


@dataclass(frozen=True)
class _Element:
    """One key element: its right wordings, and their unit vectors (wordings, dimensions)."""

    wordings: tuple[str, ...]
    vectors: NDArray[np.float32]


@dataclass(frozen=True)
class _Prepared:
    elements: tuple[_Element, ...]
    poor: NDArray[np.float32]


class KeyElementJudge:
    """Judges a text criterion by criterion; vectors of a rubric are made once."""

    def __init__(self, embed: Embed):
        self._embed = embed
        self._rubrics: dict[tuple[str, int], dict[str, _Prepared]] = {}

    def __call__(
        self, text: str, rubric: Rubric, wrong_ideas: Sequence[str] = ()
    ) -> Sequence[Judgement]:
        """Return one Judgement per criterion, in the rubric's order.

        Args:
            text: the answer.
            rubric: its rubric.
            wrong_ideas: sentences that voice known misconceptions; a clause that comes nearer to
                one of them than to the key element does not show it.
        """
        parts = [p for p in clauses(text[:MAX_CHARACTERS]) if not _copied(p, rubric.question)]
        prepared = self._prepare(rubric, wrong_ideas)
        if not parts:
            return [Judgement(criterion=c.id, verdict="unmet") for c in rubric.criteria]
        vectors = self._embed(parts)
        return [_judge(c, prepared[c.id], parts, vectors) for c in rubric.criteria]

    def _prepare(self, rubric: Rubric, wrong_ideas: Sequence[str]) -> dict[str, _Prepared]:
        key = (rubric.id, rubric.version)
        if key not in self._rubrics:
            self._rubrics[key] = {
                c.id: self._prepare_criterion(c, wrong_ideas) for c in rubric.criteria
            }
        return self._rubrics[key]

    def _prepare_criterion(self, criterion: Criterion, wrong_ideas: Sequence[str]) -> _Prepared:
        elements = criterion.key_elements or [_from_best_level(criterion)]
        poor = list(wrong_ideas) + [
            level.example
            for level in criterion.levels
            if level.example and level.points <= 0 < criterion.points
        ]
        made = tuple(
            _Element(wordings, self._embed(list(wordings)))
            for wordings in ((e.text, *e.variants) for e in elements)
        )
        vectors = self._embed(poor) if poor else np.zeros((0, made[0].vectors.shape[1]))
        return _Prepared(made, vectors.astype(np.float32))


def _judge(
    criterion: Criterion, prepared: _Prepared, parts: Sequence[str], vectors: NDArray[np.float32]
) -> Judgement:
    """A criterion is met when every key element is; its score is that of the weakest."""
    weakest, evidence, reason = 1.0, "", ""
    for element in prepared.elements:
        score, part, why = _best(element, prepared.poor, parts, vectors)
        if score < weakest:
            weakest, reason = score, why
        evidence = evidence or part
    verdict = "met" if weakest >= MET else "unclear" if weakest >= UNCLEAR else "unmet"
    return Judgement(
        criterion=criterion.id,
        verdict=verdict,
        evidence=evidence if verdict != "unmet" else "",
        similarity=max(0.0, min(1.0, weakest)),
        reason=reason,
    )


def _best(
    element: _Element,
    poor: NDArray[np.float32],
    parts: Sequence[str],
    vectors: NDArray[np.float32],
) -> tuple[float, str, str]:
    """Return the score of the clause that comes nearest, the clause, and what spoke against it."""
    near = vectors @ element.vectors.T
    worse = (vectors @ poor.T).max(axis=1) if len(poor) else np.zeros(len(parts))
    best, chosen, reason = 0.0, "", ""
    for place, part in enumerate(parts):
        wording = int(near[place].argmax())
        score, against = float(near[place][wording]), ""
        if contradicts(part, element.wordings[wording]):
            score, against = min(score - 0.2, MET - 0.01), "turned around"
        elif worse[place] > near[place][wording]:
            score, against = min(score, MET - 0.01), "nearer to a poor answer"
        if score > best:
            best, chosen, reason = score, part, against
    return best, chosen, reason


def _from_best_level(criterion: Criterion) -> KeyElement:
    best = max(criterion.levels, key=lambda level: level.points)
    return KeyElement(id="best-level", text=best.example or best.description)


def _copied(part: str, question: str) -> bool:
    """A clause that only repeats the question is no evidence."""
    plain = re.sub(r"\W+", " ", part.lower()).strip()
    return fuzz.partial_ratio(plain, re.sub(r"\W+", " ", question.lower())) >= COPIED
