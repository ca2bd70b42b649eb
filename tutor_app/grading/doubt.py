"""What a criterion's scores amount to: a proposal, and whether a person has to look at it.

This is the grader's own doubt. What may be released without a look is another question, which
only a sample that a person graded can answer (grading/release.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor_app.domain.grade import CriterionGrade, Evidence
from tutor_app.domain.rubric import Criterion
from tutor_app.grading.criteria import Scored
from tutor_app.grading.levels import title_of, unearned

SHOWN_NEAREST = 160


@dataclass(frozen=True)
class DoubtOptions:
    """When the grader asks for a look.

    Attributes:
        confidence: below this probability of the proposed points.
        between: also for a level that is neither the best nor the lowest, unless the confidence
            reaches `sure`.
        sure: see `between`.
    """

    confidence: float = 0.85
    between: bool = True
    sure: float = 0.9


DEFAULT_OPTIONS = DoubtOptions()


def propose(
    criterion: Criterion,
    scored: Scored,
    nearest: Evidence | None,
    *,
    passages: Sequence[str] = (),
    doubts: Sequence[str] = (),
    options: DoubtOptions = DEFAULT_OPTIONS,
) -> CriterionGrade:
    """Return the proposal for one criterion.

    Args:
        criterion: what is judged.
        scored: probabilities of its possible points.
        nearest: the piece of the submission that comes nearest to it.
        passages: course sections that it rests on.
        doubts: what else is doubtful about the whole submission; each asks for a look.
        options: when a person has to look.
    """
    choice = int(scored.probabilities.argmax())
    points = criterion.possible_points[choice]
    confidence = float(scored.probabilities[choice])
    shown = points != unearned(criterion)
    reasons = list(doubts)
    between = 0 < choice < len(scored.probabilities) - 1
    if confidence < options.confidence:
        reasons.append(f"The grader is not sure ({100 * confidence:.0f}\N{NO-BREAK SPACE}%).")
    elif between and options.between and confidence < options.sure:
        reasons.append("A level in the middle is easily one too high or too low.")
    if shown and nearest is None:
        reasons.append("No place in the answer shows it.")
    needs_review = bool(reasons)
    if not shown and nearest is not None and criterion.type != "penalty":
        reasons.append(f"Closest: “{_short(nearest.quote)}”")
    return CriterionGrade(
        criterion=criterion.id,
        level=title_of(criterion, points),
        auto_score=points,
        evidence=(nearest,) if shown and nearest is not None else (),
        passages=tuple(passages),
        confidence=min(1.0, confidence),
        reasons=tuple(reasons),
        needs_review=needs_review,
    )


def _short(quote: str) -> str:
    words = " ".join(quote.split())
    return words if len(words) <= SHOWN_NEAREST else words[: SHOWN_NEAREST - 1].rstrip() + "…"
