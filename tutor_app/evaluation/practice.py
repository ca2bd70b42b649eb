"""Practice rubrics: questions with graded answers that the graders learn from, and nothing else.

A folder per subject; for each question `<id>.yaml` (a rubric) and `<id>.jsonl` (its answers). They
are of no course, and no question of the gold answers is among them. The cross-encoder learns from
one part of them; the other part teaches how far it can be trusted on questions it does not know.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import ValidationError

from tutor_app.courses.yaml_files import read_yaml
from tutor_app.documents.ideas import Encoder
from tutor_app.domain.base import Strict, Text
from tutor_app.domain.rubric import Criterion, Rubric
from tutor_app.errors import ContentError
from tutor_app.evaluation.gold import score_fault
from tutor_app.grading.counterfactuals import without_marks
from tutor_app.grading.criteria import ask, read
from tutor_app.grading.criterion_pairs import PAIR_MEASURES, ReadPairs, measure_pairs
from tutor_app.grading.criterion_training import Taught
from tutor_app.grading.pieces import take_apart
from tutor_app.grading.prepared import prepare

_NONE = np.full(len(PAIR_MEASURES), np.nan)


class PracticeAnswer(Strict):
    """An answer with its points.

    Attributes:
        points: by criterion.
        label: of the whole answer beside the reference answers.
        kind: what the writer had in mind.
    """

    answer: Text
    points: dict[str, float]
    label: Literal["correct", "contradictory", "incorrect"]
    kind: Text


@dataclass(frozen=True)
class Practice:
    """One question: its rubric and its answers."""

    rubric: Rubric
    answers: tuple[PracticeAnswer, ...]


def load_practice(folder: Path) -> list[Practice]:
    """Load all questions of a folder of subjects, in the order of their paths.

    Raises:
        ContentError: there is none, a rubric has no answers, or a line cannot be read or gives
            points that the criterion cannot give.
        MistakesError: a rubric cannot be read.
    """
    found = [
        Practice(rubric := read_yaml(path, Rubric), _answers(path.with_suffix(".jsonl"), rubric))
        for path in sorted(folder.glob("*/*.yaml"))
    ]
    if not found:
        raise ContentError(f"{folder}: holds no practice rubrics (SUBJECT/ID.yaml and ID.jsonl).")
    return found


def share(criterion: Criterion, points: float) -> float:
    """Return the share of a criterion's points (of a penalty, of its cost)."""
    return points / criterion.points


def taught_by(
    practice: Sequence[Practice],
    encoder: Encoder,
    pairs: ReadPairs | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Taught:
    """Measure every criterion that has one target of every answer, with its marks and without.

    Args:
        practice: of `load_practice`.
        encoder: the bundled MiniLM.
        pairs: the cross-encoder, if it has not learnt from these answers.
        on_progress: told questions done and all.
    """
    values, shares, names, said = [], [], [], []
    for number, one in enumerate(practice):
        prepared = prepare(one.rubric, encoder.embed_array)
        versions = [
            (answer, text, texts)
            for answer in one.answers
            for text in dict.fromkeys((answer.answer, without_marks(answer.answer)))
            if (texts := take_apart(text, one.rubric.question).texts)
        ]
        answers = read([(text, texts) for _, text, texts in versions], prepared, encoder)
        asked = [ask(each, prepared)[0] for each in answers]
        every = measure_pairs(pairs, asked, prepared) if pairs else [{} for _ in asked]
        for (answer, _, _), measures, heard in zip(versions, asked, every, strict=True):
            for criterion in one.rubric.criteria:
                targets = measures.measured[criterion.id]
                if len(targets) == 1:
                    values.append(targets[0].values)
                    shares.append(share(criterion, answer.points[criterion.id]))
                    names.append(one.rubric.id)
                    said.append(heard[criterion.id][0] if heard else _NONE)
        on_progress(number + 1, len(practice))
    return Taught(
        np.stack(values), np.array(shares), np.array(names), np.stack(said), np.ones(len(shares))
    )


def _answers(path: Path, rubric: Rubric) -> tuple[PracticeAnswer, ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ContentError(f"{path}: cannot be read ({error.strerror}).") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            one = PracticeAnswer.model_validate_json(line)
        except ValidationError as error:
            raise ContentError(f"{path}, line {number}: is no practice answer: {error}") from None
        if fault := score_fault(one.points, rubric):
            raise ContentError(f"{path}, line {number}: {fault}")
        found.append(one)
    return tuple(found)
