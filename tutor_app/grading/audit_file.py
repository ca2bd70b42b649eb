"""The whole record of a batch as lines of JSON, from which alone any mark can be rebuilt.

Each line carries the sha256 of the line before it, so that a line that is missing, moved or changed
shows.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from tutor_app.domain.batch import BatchRubric, Decision, Marked, standing_decisions
from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission
from tutor_app.errors import GradingError
from tutor_app.grading.marks import mark_of
from tutor_app.storage.store import Store


@dataclass(frozen=True)
class Rebuilt:
    """A mark as the file tells it; `released` is the total that the learner was shown."""

    learner: str
    question: str
    points: dict[str, float | None]
    total: float | None
    released: float | None


def audit_lines(store: Store, batch_id: str) -> Iterator[str]:
    """Yield the record, a line each, in flat memory.

    First the batch, every rubric it has had, and the decisions about the batch; then each
    submission, followed by its proposals and by the decisions about it, undone ones too.
    """
    before = ""
    for entry in _entries(store, batch_id):
        line = json.dumps({"before": before} | entry, ensure_ascii=False, sort_keys=True)
        before = sha256(line.encode()).hexdigest()
        yield line


def rebuild(lines: Iterable[str]) -> Iterator[tuple[str, Rebuilt]]:
    """Yield (submission id, mark) from the lines of an audit file, and from nothing else.

    Raises:
        GradingError: a line is no such line, or the file was changed.
    """
    rubrics: dict[str, BatchRubric] = {}
    of_batch: list[Decision] = []
    submission: Submission | None = None
    grade: Grade | None = None
    own: list[Decision] = []
    for entry in _checked(lines):
        match entry["kind"]:
            case "rubric":
                one = BatchRubric.model_validate(entry["rubric"])
                rubrics[one.question] = one
            case "decision" if submission is None:
                of_batch.append(Decision.model_validate(entry["decision"]))
            case "decision":
                own.append(Decision.model_validate(entry["decision"]))
            case "proposal":
                grade = Grade.model_validate(entry["grade"])
            case "submission" | "end":
                if submission is not None:
                    yield submission.id, _mark(submission, grade, own, of_batch, rubrics)
                submission, grade, own = None, None, []
                if entry["kind"] == "submission":
                    submission = Submission.model_validate(entry["submission"])


def _mark(
    submission: Submission,
    grade: Grade | None,
    own: list[Decision],
    of_batch: list[Decision],
    rubrics: dict[str, BatchRubric],
) -> Rebuilt:
    rubric = rubrics[submission.question]
    counts = grade if grade and grade.rubric_hash == rubric.rubric.digest else None
    undoing = [one for one in of_batch if one.kind == "undo"]
    standing = tuple(standing_decisions([*own, *undoing]))
    mark = mark_of(Marked.of(submission, counts, standing, rubric=rubric.rubric), rubric)
    release = mark.marked.release
    return Rebuilt(
        submission.learner,
        submission.question,
        mark.points,
        mark.total,
        release.total if release else None,
    )


def _entries(store: Store, batch_id: str) -> Iterator[dict[str, Any]]:
    tables = store.grading
    yield {"kind": "batch", "batch": tables.batch(batch_id).model_dump(mode="json")}
    for rubric in tables.every_rubric(batch_id):
        hashed = {"digest": rubric.rubric.digest}
        yield {"kind": "rubric", "rubric": rubric.model_dump(mode="json")} | hashed
    for one in tables.decisions(batch_id, ""):
        yield _decision(one)
    for marked in tables.marked(batch_id):
        submission = marked.submission
        yield {"kind": "submission", "submission": submission.model_dump(mode="json")}
        for row in tables.record(batch_id, submission.id):
            grade = json.loads(row["grade"])
            yield {"kind": "proposal", "number": row["number"], "at": row["at"], "grade": grade}
        for one in tables.decisions(batch_id, submission.id):
            if one.submission:
                yield _decision(one)
    yield {"kind": "end"}


def _decision(one: Decision) -> dict[str, Any]:
    return {"kind": "decision", "decision": one.model_dump(mode="json")}


def _checked(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    before, number, ended = "", 0, False
    for number, text in enumerate(lines, 1):
        line = text.rstrip("\n")
        try:
            entry = json.loads(line)
            right = entry["before"] == before and not ended and entry["kind"]
        except (ValueError, KeyError, TypeError):
            right = False
        if not right:
            raise GradingError(
                f"Audit file, line {number}: it does not follow the line before it. "
                "The file was changed; write it again: tutor batch audit BATCH --out FILE"
            )
        before = sha256(line.encode()).hexdigest()
        ended = entry["kind"] == "end"
        yield entry
    if not ended:
        raise GradingError(
            f"Audit file, line {number}: the end is missing. "
            "Write it again: tutor batch audit BATCH --out FILE"
        )
