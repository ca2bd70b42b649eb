"""The answers that the grading model learns from, read and measured once; and how they are split.

Two splits, because they answer two questions: "answers" keeps a part of each question's answers
(the others are graded examples), "questions" keeps whole questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tutor_app.documents.ideas import Embed
from tutor_app.errors import ContentError
from tutor_app.evaluation.graded_answers import read_graded
from tutor_app.grading.features import (
    MEASURES,
    Said,
    Target,
    read_answers,
    read_target,
)
from tutor_app.grading.judged import JudgedAnswer
from tutor_app.grading.scoring import first_inputs, nearest_references

PATTERN = "*_train_3way.csv"
FOLDS = 3
Split = Literal["answers", "questions"]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Measured:
    """Answers with all that follows from them without training.

    Attributes:
        corpora: which file each answer came from.
        labels: place in `judged.CLASSES`, (answers,).
        questions: a number per question, (answers,).
        measures: what the first stage reads, (answers, len(MEASURES) + 2 x dimensions).
        said: words and vectors of all answers.
        nearest: for each answer the reference it is most similar to.
        references: for each answer all references.
    """

    answers: Sequence[JudgedAnswer]
    corpora: NDArray[np.str_]
    labels: Rows
    questions: Rows
    measures: NDArray[np.float32]
    said: Said
    nearest: Sequence[str]
    references: Sequence[tuple[str, ...]]


def load_training(folder: Path) -> tuple[list[JudgedAnswer], list[str]]:
    """Load every *_train_3way.csv of a folder: the answers, and which file each is from.

    Raises:
        ContentError: there is none, or a row has no label.
    """
    paths = sorted(folder.glob(PATTERN))
    if not paths:
        raise ContentError(
            f"{folder}: holds no {PATTERN}. Name the folder with the SemEval-2013 training files."
        )
    answers, corpora = [], []
    for path in paths:
        for row in read_graded(path):
            if row.label is None:
                raise ContentError(f"{path}:{row.row}: has no label. Fill it in or leave it out.")
            answers.append(
                JudgedAnswer(
                    row.question_id,
                    row.question,
                    row.references,
                    row.answer_id,
                    row.answer,
                    row.label,
                )
            )
            corpora.append(path.name.removesuffix("_train_3way.csv"))
    return answers, corpora


def measure_training(
    embed: Embed, answers: Sequence[JudgedAnswer], corpora: Sequence[str]
) -> Measured:
    """Read and measure all answers, minutes for thousands.

    Args:
        embed: texts to unit vectors.
        answers: of `load_training`.
        corpora: of `load_training`.
    """
    said = read_answers(embed, [one.text for one in answers])
    ids = sorted({one.question_id for one in answers})
    questions = np.array([ids.index(one.question_id) for one in answers])
    width = len(MEASURES) + 2 * said.vectors.shape[1]
    measures = np.zeros((len(answers), width), dtype=np.float32)
    nearest = [""] * len(answers)
    whole = Measured(
        answers,
        np.array(corpora),
        np.array([one.label for one in answers]),
        questions,
        measures,
        said,
        nearest,
        [one.references for one in answers],
    )
    targets: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for row, one in enumerate(answers):
        targets.setdefault((one.question, one.references), []).append(row)
    for (question, references), rows in targets.items():
        target: Target = read_target(embed, question, references)
        mine = said[np.array(rows)]
        measures[rows] = first_inputs(target, mine)
        if references:
            for row, text in zip(rows, nearest_references(target, mine), strict=True):
                nearest[row] = text
    return whole


def split(measured: Measured, by: Split, seed: int = 7) -> Rows:
    """Return the fold of each answer, 0 to FOLDS - 1."""
    draw = np.random.default_rng(seed)
    if by == "questions":
        order = draw.permutation(int(measured.questions.max()) + 1)
        fold = np.empty(len(order), dtype=np.intp)
        fold[order] = np.arange(len(order)) % FOLDS
        whole: Rows = fold[measured.questions]
        return whole
    folds = np.zeros(len(measured.answers), dtype=np.intp)
    for question in range(int(measured.questions.max()) + 1):
        rows = np.flatnonzero(measured.questions == question)
        folds[draw.permutation(rows)] = np.arange(len(rows)) % FOLDS
    return folds
