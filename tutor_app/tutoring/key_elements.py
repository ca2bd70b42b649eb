"""Is each criterion of a rubric shown in a short answer?

This serves the tutor's turn. It says "met" only when it is fairly sure, because praising a wrong
answer is worse than asking once more.
"""

from collections.abc import Callable, Sequence

import numpy as np

from tutor_app.documents.ideas import Embed, Idea, Vectors, vectors_of
from tutor_app.documents.rubric_ideas import rubric_ideas
from tutor_app.documents.wording import clauses, repeats
from tutor_app.domain.grade import Judgement
from tutor_app.domain.rubric import Criterion, Rubric

# Chosen on halves of datasets/evaluation/short_text; see evaluation/short_text.py.
MET = 0.65
UNCLEAR = 0.35
MAX_CHARACTERS = 3_000

WrongIdeas = Callable[[str], Sequence[str]]


class KeyElementJudge:
    """Judges a text criterion by criterion; what follows from a rubric alone is made once."""

    def __init__(self, embed: Embed, wrong_ideas: WrongIdeas = lambda rubric_id: ()):
        """Take the encoder and the known wrong ideas.

        Args:
            embed: texts to unit vectors, shape (texts, dimensions).
            wrong_ideas: rubric id to sentences that voice known misconceptions.
        """
        self._embed = embed
        self._wrong_ideas = wrong_ideas
        self._ideas: dict[str, tuple[Rubric, dict[str, list[Idea]]]] = {}

    def __call__(self, text: str, rubric: Rubric) -> list[Judgement]:
        """Return one Judgement per criterion, in the rubric's order.

        `similarity` is the probability-like score of the criterion's weakest key element.
        """
        parts = [p for p in clauses(text[:MAX_CHARACTERS]) if not repeats(p, rubric.question)]
        ideas = self._prepare(rubric)
        return [self._judge(criterion, ideas[criterion.id], parts) for criterion in rubric.criteria]

    def _judge(self, criterion: Criterion, ideas: Sequence[Idea], parts: list[str]) -> Judgement:
        if not ideas:
            return Judgement(
                criterion=criterion.id, verdict="unclear", reason="nothing to compare with"
            )
        if not parts:
            return Judgement(criterion=criterion.id, verdict="unmet", reason="nothing of its own")
        vectors = vectors_of(self._embed, tuple(parts))
        best = [_best(idea, parts, vectors) for idea in ideas]
        weakest, clearest = min(best), max(best)
        reason = ""
        if weakest[0] >= MET:
            verdict = "met"
        elif clearest[0] >= UNCLEAR:
            verdict = "unclear"
            reason = "one idea of several" if clearest[0] >= MET else "not said clearly"
        else:
            return Judgement(
                criterion=criterion.id, verdict="unmet", similarity=weakest[0], reason="not said"
            )
        return Judgement.model_validate(
            {
                "criterion": criterion.id,
                "verdict": verdict,
                "evidence": clearest[1],
                "similarity": weakest[0],
                "reason": reason,
            }
        )

    def _prepare(self, rubric: Rubric) -> dict[str, list[Idea]]:
        # the catalogue gives the same object until its files are read anew
        known = self._ideas.get(rubric.id)
        if known is None or known[0] is not rubric:
            ideas = rubric_ideas(rubric, self._embed, self._wrong_ideas(rubric.id))
            known = self._ideas[rubric.id] = rubric, ideas
        return known[1]


def _best(idea: Idea, parts: Sequence[str], vectors: Vectors) -> tuple[float, str]:
    """Return the score in [0, 1] of the clause that says the idea most clearly, and the clause."""
    scores = idea.scores(parts, vectors)
    place = int(scores.argmax())
    return float(1 / (1 + np.exp(-scores[place]))), parts[place]
