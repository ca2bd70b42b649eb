"""What the cross-encoder learns from: judged answers, and practice answers by criterion."""

from collections.abc import Sequence

import numpy as np

from tutor_app.distillation.grader_data import Measured, Rows
from tutor_app.distillation.grader_pairs import PairRow
from tutor_app.documents.ideas import Embed
from tutor_app.domain.rubric import Criterion
from tutor_app.evaluation.practice import Practice, PracticeAnswer, share
from tutor_app.grading.judged import CLASSES
from tutor_app.grading.prepared import right_wordings

Target = tuple[float, float, float]
_OF_CLASS: dict[str, Target] = {
    "correct": (1.0, 0.0, 0.0), "contradictory": (0.0, 1.0, 0.0), "incorrect": (0.0, 0.0, 1.0)
}  # fmt: skip


def judged_rows(measured: Measured, rows: Rows) -> list[PairRow]:
    """Return judged answers beside the references of their questions."""
    made = []
    for row in rows:
        one, near = measured.answers[row], measured.nearest[row]
        wordings = (near, *(text for text in measured.references[row] if text != near))
        target = _OF_CLASS[CLASSES[one.label]]
        made.append(PairRow(one.question_id, one.question_id, wordings, one.text, target))
    return made


def practice_rows(practice: Sequence[Practice], embed: Embed) -> list[PairRow]:
    """Return practice answers beside reference answers, and beside key elements.

    A criterion whose points do not tell which of several elements was shown is left out, unless
    all were or none was; so are penalties, of which the wording is a fault.
    """
    made = []
    for one in practice:
        rubric, name = one.rubric, f"practice/{one.rubric.id}"
        vectors = embed([answer.answer for answer in one.answers])
        references = _ordered(rubric.reference_answers, vectors, embed)
        for answer, wordings in zip(one.answers, references, strict=True):
            made.append(PairRow(name, name, wordings, answer.answer, _OF_CLASS[answer.label]))
        for criterion in rubric.criteria:
            if criterion.type == "penalty":
                continue
            for group, right in groups(criterion):
                ordered = _ordered(right, vectors, embed)
                for answer, nearest in zip(one.answers, ordered, strict=True):
                    target = _target(criterion, answer)
                    if target is not None:
                        made.append(
                            PairRow(f"{name}/{group}", name, nearest, answer.answer, target)
                        )
    return made


def groups(criterion: Criterion) -> list[tuple[str, list[str]]]:
    """Return a name and the right wordings of each thing that a criterion asks for."""
    names = [element.id for element in criterion.key_elements] or ["best-level"]
    return [
        (f"{criterion.id}/{name}", right)
        for name, right in zip(names, right_wordings(criterion), strict=True)
    ]


def _target(criterion: Criterion, answer: PracticeAnswer) -> Target | None:
    earned = share(criterion, answer.points[criterion.id])
    if len(criterion.key_elements) > 1 and 0 < earned < 1:
        return None
    rest = 1 - earned
    against = 0.5 * rest if answer.label == "contradictory" and earned == 0 else 0.0
    return (earned, against, rest - against)


def _ordered(wordings: Sequence[str], vectors: np.ndarray, embed: Embed) -> list[tuple[str, ...]]:
    """Return for each answer the wordings, nearest first."""
    order = np.argsort(-(vectors @ embed(list(wordings)).T), axis=1, kind="stable")
    return [tuple(wordings[place] for place in places) for places in order]
