"""Read a table of graded short answers as people hand it over.

Columns, in any order, case and with any others beside them: question_id, question,
reference_answers (one a line), answer_id, answer, and label, or score and max_score; rubric stands
in where no reference is given. Comma, semicolon or tab; UTF-8 with or without a mark, or what
`documents.decoding` makes of the bytes.
"""

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tutor_app.documents.decoding import decode
from tutor_app.errors import ContentError, DocumentError
from tutor_app.exchange.quotation import check_quotation
from tutor_app.grading.judged import CLASSES, CONTRADICTORY, CORRECT, INCORRECT, Example

_NAMES = {
    "question_id": ("question_id", "questionid", "qid", "item_id", "item", "prompt_id"),
    "question": ("question", "question_text", "prompt", "task"),
    "references": (
        "reference_answers",
        "reference_answer",
        "references",
        "reference",
        "model_answer",
        "key_elements",
    ),
    "answer_id": ("answer_id", "answerid", "id", "student_id", "response_id"),
    "answer": ("answer", "student_answer", "response", "student_response", "provided_answer"),
    "label": ("label", "class", "gold", "judgement", "verdict"),
    "score": ("score", "points", "mark", "grade"),
    "max_score": ("max_score", "maxscore", "max_points", "maximum", "max", "out_of"),
    "rubric": ("rubric", "rubric_text", "rubrics", "criteria"),
}
# the five-way labels of SemEval-2013 that its own three-way task calls incorrect are so here
_LABELS = {
    **dict.fromkeys(("correct", "right", "true", "yes", "1", "accept", "accepted"), CORRECT),
    **dict.fromkeys(("contradictory", "contradiction", "contradicts"), CONTRADICTORY),
    **dict.fromkeys(
        (
            "incorrect", "wrong", "false", "no", "0", "not correct", "reject", "rejected",
            "irrelevant", "non domain", "nondomain", "incomplete", "partially correct",
            "partial", "partially correct incomplete",
        ),
        INCORRECT,
    ),
}  # fmt: skip
_FIELD_LIMIT = 10_000_000


@dataclass(frozen=True)
class GradedAnswer:
    """One row.

    Attributes:
        row: its number in the file, the heading being 1.
        question_id: made from question and references where the file has none.
        label: place in `judged.CLASSES`, or None.
        score: points, or None; `max_score` is what counts in full, NaN where there is no score.
    """

    row: int
    question_id: str
    question: str
    references: tuple[str, ...]
    answer_id: str
    answer: str
    label: int | None
    score: float | None
    max_score: float

    @property
    def share(self) -> float | None:
        """The score as a part of the full score, in [0, 1]."""
        if self.score is None:
            return None
        return self.score / self.max_score

    @property
    def example(self) -> Example | None:
        """The row as a graded example, or None where nobody graded it."""
        if self.label is not None:
            return Example.of_class(self.answer, self.label)
        return None if self.share is None else Example(self.answer, self.share)


def read_graded(path: Path) -> list[GradedAnswer]:
    """Read a table of graded answers.

    Raises:
        ContentError: the file is missing, empty, lacks a column, mixes labels and scores, or a
            label or a number in it cannot be read or is out of range; the message names the row.
    """
    heading, rows = _table(path)
    columns = _columns(path, heading)
    made = [_row(path, number, row, columns) for number, row in rows]
    if not made:
        raise ContentError(f"{path}: has no answers. Put one in each row under the heading.")
    if all(one.example is None for one in made):
        raise ContentError(f"{path}: no row has a label or a score. Fill one of the columns.")
    _check_kind(path, made)
    return _with_maxima(made)


def merged(answers: Sequence[GradedAnswer], task: str) -> list[GradedAnswer]:
    """Return the answers with contradictory ones called incorrect where the task is "2way"."""
    if task != "2way":
        return list(answers)
    return [replace(a, label=INCORRECT) if a.label == CONTRADICTORY else a for a in answers]


def _check_kind(path: Path, answers: Sequence[GradedAnswer]) -> None:
    """Refuse a table that grades some rows by a label only and others by a score only."""
    labelled = next((a.row for a in answers if a.label is not None and a.score is None), None)
    scored = next((a.row for a in answers if a.score is not None and a.label is None), None)
    if labelled is not None and scored is not None:
        raise ContentError(
            f"{path}:{scored}: has a score and no label, but row {labelled} has a label and no "
            "score. Fill the same column in every graded row, or make two files."
        )


def _table(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        text, _ = decode(path, path.read_bytes())
    except OSError as error:
        raise ContentError(
            f"{path}: cannot be read ({error.strerror}). Name a CSV file."
        ) from error
    except DocumentError as error:
        raise ContentError(str(error)) from error
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        for doubt in check_quotation(path, io.StringIO(text, newline=""), delimiter).values():
            raise ContentError(f"{path}: {doubt}")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except DocumentError as error:
        raise ContentError(str(error)) from error
    except csv.Error as error:
        raise ContentError(f"{path}: is no CSV table ({error}). Save it as CSV anew.") from error
    filled = [(n, row) for n, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if not filled:
        raise ContentError(f"{path}: is empty. Write a heading and one answer a row.")
    return filled[0][1], filled[1:]


def _columns(path: Path, heading: Sequence[str]) -> dict[str, int]:
    known = [re.sub(r"[\s\-]+", "_", cell.strip().lower()) for cell in heading]
    found = {}
    for name, spellings in _NAMES.items():
        place = next((known.index(one) for one in spellings if one in known), None)
        if place is not None:
            found[name] = place
    if "answer" not in found or not {"label", "score"} & set(found):
        wanted = "answer" if "answer" not in found else "label (or score)"
        raise ContentError(
            f"{path}:1: has no column {wanted}, only {', '.join(heading)}. "
            "Name the columns question_id, question, reference_answers, answer_id, answer, label "
            "or score, max_score."
        )
    return found


def _row(path: Path, number: int, cells: Sequence[str], columns: Mapping[str, int]) -> GradedAnswer:
    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ""

    where = f"{path}:{number}"
    question = cell("question")
    text = cell("references") or cell("rubric")
    references = tuple(line.strip() for line in text.split("\n") if line.strip())
    most = _number(where, "max_score", cell("max_score"))
    if most is not None and most <= 0:
        raise ContentError(f"{where}: max_score is {most:g}. Give a number above zero.")
    score = _score(where, cell("score"), most)
    return GradedAnswer(
        row=number,
        question_id=cell("question_id") or question or "\n".join(references),
        question=question,
        references=references,
        answer_id=cell("answer_id") or str(number),
        answer=cell("answer"),
        label=_label(where, cell("label")),
        score=score,
        max_score=math.nan if most is None else most,
    )


def _label(where: str, text: str) -> int | None:
    plain = re.sub(r"[\s_\-/]+", " ", text.lower()).strip(" .")
    plain = re.sub(r"^([01])[.,]0+$", r"\1", plain)  # as spreadsheets and pandas write 1 and 0
    if not plain:
        return None
    if plain not in _LABELS:
        raise ContentError(
            f"{where}: does not know the label {text!r}. Use {', '.join(CLASSES)}, or the column "
            "score for points."
        )
    return _LABELS[plain]


def _number(where: str, name: str, text: str) -> float | None:
    if not text:
        return None
    plain = text.replace(" ", "").replace(",", ".")
    try:
        above, slash, below = plain.removesuffix("%").partition("/")
        value = float(above) / float(below) if slash else float(above)
        value = value / 100 if plain.endswith("%") else value
    except (ValueError, ZeroDivisionError):
        value = math.nan
    if not math.isfinite(value):
        raise ContentError(f"{where}: {name} is {text!r}. Write a number, such as 0.5 or 1/2.")
    return value


def _score(where: str, text: str, most: float | None) -> float | None:
    """Return points; "50%" and "1/2" are a share of the full score, which must then be told."""
    score = _number(where, "score", text)
    if score is None:
        return None
    if "%" in text or "/" in text:
        if most is None:
            raise ContentError(
                f"{where}: score is {text!r}, a share, and max_score is empty. Give max_score, or "
                "write points."
            )
        score *= most
    if score < 0:
        raise ContentError(f"{where}: score is {text}, below zero. Give points from 0 on.")
    if most is not None and score > most:
        raise ContentError(
            f"{where}: score is {text}, above max_score {most:g}. Correct one of the two."
        )
    return score


def _with_maxima(answers: Sequence[GradedAnswer]) -> list[GradedAnswer]:
    """Fill in what counts in full, where the file does not say: the best score of the question."""
    best: dict[str, float] = {}
    for one in answers:
        if one.score is not None:
            best[one.question_id] = max(best.get(one.question_id, 0.0), one.score)
    return [
        replace(one, max_score=best[one.question_id] or 1.0)
        if one.score is not None and math.isnan(one.max_score)
        else one
        for one in answers
    ]
