"""Intake: a folder of the teacher's answers becomes demonstrations that a run can use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from tutor_app.courses.catalogue import Catalogue
from tutor_app.distillation.demonstrate import load_asks
from tutor_app.distillation.handover import (
    ASKS,
    DEMONSTRATIONS,
    Exported,
    Imported,
    export,
    import_answers,
    load_demonstrations,
    save_demonstrations,
)
from tutor_app.distillation.select import Funnel, select
from tutor_app.domain.base import Strict, Text
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ModelError
from tutor_app.evaluation.rehearsal import Stage

OUTCOME = "import.json"
MARKS = "marks.jsonl"


@dataclass(frozen=True)
class TakenIn:
    """What an import did, and where the kept demonstrations are."""

    imported: Imported
    funnel: Funnel
    path: Path


_TAKEN_IN = TypeAdapter(TakenIn)


def exports(root: Path) -> list[Path]:
    """Return the export folders below a folder, the newest first."""
    return sorted((path.parent for path in root.glob(f"*/{ASKS}")), reverse=True)


def export_again(catalogue: Catalogue, course_id: str, root: Path, teacher: str) -> Exported:
    """Write the batch files of a course into a folder of `root` named after the minute.

    Where course and teacher are as they were at the newest export, that one is written anew, so
    that answers which are still on their way find their requests.
    """
    loaded, rubrics = catalogue.course(course_id), rubrics_of(catalogue, course_id)
    for newest in exports(root)[:1]:
        try:
            return export(loaded, rubrics, newest, teacher)
        except ModelError:
            # another course or teacher; its answers may still come, so it stays
            break
    return export(loaded, rubrics, root / f"{datetime.now(UTC):%Y%m%d-%H%M%S}", teacher)


def put_beside(folder: Path, content: bytes) -> Path:
    """Put an output or error file into an export's folder; the same file twice is one file.

    The name it came under is not used: it could be that of one of our own files.
    """
    path = folder / f"output-{sha256(content).hexdigest()[:16]}.jsonl"
    path.write_bytes(content)
    return path


def load_outcome(folder: Path) -> TakenIn | None:
    """Return what the last import of an export's folder did; None before the first."""
    try:
        return _TAKEN_IN.validate_json((folder / OUTCOME).read_bytes())
    except (OSError, ValidationError):
        return None


def take_in(folder: Path, catalogue: Catalogue, dialogues: Path) -> TakenIn:
    """Import a folder of answers and keep what passes the filters.

    Args:
        folder: what `tutor refresh export` wrote, with the outputs beside it; `marks.jsonl` in it
            holds what a reader struck out.
        catalogue: the courses.
        dialogues: where a school's demonstrations lie, one folder per course; the file is named
            after the export's folder, so a second import replaces the first.

    Raises:
        ModelError: the folder is no export, or holds no situation.
    """
    imported = import_answers(folder)
    asks = load_asks(folder / ASKS)
    courses = {one.course_id for ask in asks.values() for one in ask.situations}
    if len(courses) != 1:
        raise ModelError(f"{folder / ASKS}: it asks for {len(courses)} courses, not for one.")
    (course_id,) = courses
    loaded = catalogue.course(course_id)
    stage = Stage(loaded, rubrics_of(catalogue, course_id))
    found = load_demonstrations(folder / DEMONSTRATIONS)
    found, struck = _read(found, load_marks(folder / MARKS))
    kept, dropped, funnel = select(found, stage, loaded.items, struck)
    path = dialogues / course_id / f"{folder.resolve().name}.jsonl"
    save_demonstrations(path, kept)
    lines = (drop.model_dump_json() + "\n" for drop in dropped)
    (folder / "dropped.jsonl").write_text("".join(lines), encoding="utf-8")
    (folder / "funnel.md").write_text(f"{funnel}\n", encoding="utf-8")
    taken = TakenIn(imported, funnel, path)
    (folder / OUTCOME).write_bytes(_TAKEN_IN.dump_json(taken))
    return taken


class Mark(Strict):
    """What a reader said of one demonstration.

    Attributes:
        id: the demonstration's.
        reason: why it should not be spoken as it is.
        particular: it is good, but answers one learner's words; it is kept for such words only.
    """

    id: str
    reason: Text
    particular: bool = False


def load_marks(path: Path) -> list[Mark]:
    """Load a reader's marks, one JSON object a line; nothing where there is no file.

    Raises:
        ModelError: a line is of another form.
    """
    if not path.is_file():
        return []
    marks = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            marks.append(Mark.model_validate_json(line))
        except ValidationError:
            raise ModelError(
                f'{path}, line {number}: write {{"id": ..., "reason": ...}}.'
            ) from None
    return marks


def _read(
    found: Sequence[Demonstration], marks: Sequence[Mark]
) -> tuple[list[Demonstration], dict[str, str]]:
    """Return the demonstrations as the reader wants them, and what is struck out."""
    particular = {mark.id for mark in marks if mark.particular}
    struck = {mark.id: mark.reason for mark in marks if not mark.particular}
    kept = [
        one.model_copy(update={"any_learner": False}) if one.id in particular else one
        for one in found
    ]
    return kept, struck


def rubrics_of(catalogue: Catalogue, course_id: str) -> dict[str, Rubric]:
    """Return the rubrics that the course's text items name."""
    return {
        item.answer.rubric: catalogue.rubric(item.answer.rubric)
        for item in catalogue.course(course_id).items.values()
        if item.answer.kind == "text"
    }
