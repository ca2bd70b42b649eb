"""`tutor rubric import|export|lint`: rubrics of other programs, and advice on one's own."""

from pathlib import Path
from typing import Annotated, Any

import typer

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.drafts import draft_of_rubric_data
from tutor_app.courses.editing import check_rubric_draft
from tutor_app.courses.own_files import OwnFiles, stamp
from tutor_app.courses.rubric_lint import Advice, lint_data
from tutor_app.courses.yaml_files import content_text
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError, DocumentError, StorageError, TutorError
from tutor_app.exchange.rubrics.read import read_rubrics
from tutor_app.exchange.rubrics.reading import RubricReading, points_words
from tutor_app.exchange.rubrics.write import FORMATS, Written, write_rubric
from tutor_app.factory import build_catalogue
from tutor_app.settings import Settings

YAML = "yaml"
FileToRead = Annotated[Path, typer.Argument(help="The file.", show_default=False)]


def import_rubric(
    file: FileToRead,
    rubric_id: Annotated[
        str, typer.Option("--id", help="Its id here; made from the title when left out.")
    ] = "",
    pick: Annotated[int, typer.Option(help="Which rubric of the file, from 1.")] = 1,
    question: Annotated[str, typer.Option(help="The question, where the file lacks it.")] = "",
    reference: Annotated[
        list[str] | None, typer.Option(help="A reference answer; may be given several times.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Replace the rubric with this id.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Say what was read, and save nothing.")] = False,
) -> None:
    """Bring a rubric: Canvas CSV, MarkUs YAML, PrairieLearn JSON, XLSX, DOCX or a table in text."""
    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    reading = _picked(file, pick)
    data = reading.rubric.data()
    data["id"] = rubric_id or data["id"]
    data["question"] = question or data["question"]
    data["reference_answers"] = reference or data["reference_answers"]
    _print_reading(reading)
    taken = [] if replace else catalogue.rubric_ids()
    # without its course it is not known which sections there are
    checked = check_rubric_draft(draft_of_rubric_data(data), set(data["course_sections"]), taken)
    if dry_run:
        return
    if not isinstance(checked.content, Rubric) or checked.count:
        for place, messages in checked.mistakes.items():
            for message in messages:
                print(f"{_field(place)}: {message}")
        raise ContentError(
            f"{file}: nothing was saved, {checked.count} things are missing or wrong. Give "
            "--question and --reference, or bring it on the page Rubrics, where you fill in the "
            "rest."
        )
    files = OwnFiles(settings.home, catalogue)
    opened = stamp(files.read_rubric_path(checked.content.id))
    saved = files.save_rubric(checked.content, opened)
    print(f"saved {files.rubric_path(saved.id)} (version {saved.version})")
    print(f"see what could be better: tutor rubric lint {saved.id}")


def export_rubric(
    rubric_id: str,
    format: Annotated[
        str, typer.Option("--format", help=f"{', '.join((*FORMATS, YAML))}.")
    ] = "canvas",
    out: Annotated[Path | None, typer.Option(help="Where to; the rubric's id by default.")] = None,
) -> None:
    """Write a rubric for another program, and say what that format cannot carry."""
    rubric = build_catalogue(Settings.from_environment()).rubric(rubric_id)
    if format == YAML:
        content = content_text(rubric).encode()
        written = Written(f"{rubric.id}.yaml", content, "application/yaml", ())
    else:
        written = write_rubric(rubric, format)
    path = out or Path(written.name)
    path = path / written.name if path.is_dir() else path
    try:
        path.write_bytes(written.content)
    except OSError as error:
        raise StorageError(
            f"{path}: cannot be written ({error.strerror}). Choose another place with --out."
        ) from error
    print(f"wrote {path}")
    for sentence in written.lost:
        print(f"note: {sentence}")


def lint(
    what: Annotated[
        str, typer.Argument(help="A rubric's id or a file; all rubrics when left out.")
    ] = "",
) -> None:
    """Say what would make rubrics clearer; advice, so it never fails."""
    catalogue = build_catalogue(Settings.from_environment())
    named = [what] if what else catalogue.rubric_ids()
    count = 0
    for name in named:
        try:
            found = lint_data(_data(catalogue, name))
        except TutorError as error:
            if what:
                raise
            print(f"{name}: {error}")
            continue
        count += len(found)
        for advice in found:
            print(_line(name, advice))
    print(f"{len(named)} rubric{'' if len(named) == 1 else 's'}, {count} pieces of advice")


def _data(catalogue: Catalogue, name: str) -> dict[str, Any]:
    if name not in catalogue.rubric_ids() and Path(name).is_file():
        return read_rubrics(name, _content(Path(name)))[0].rubric.data()
    return catalogue.rubric(name).model_dump(mode="json")


def _line(name: str, advice: Advice) -> str:
    where = f"{advice.where}: " if advice.where else ""
    return f"{name}: {where}{advice.what} {advice.do}"


def _picked(file: Path, pick: int) -> RubricReading:
    readings = read_rubrics(file.name, _content(file))
    if len(readings) > 1:
        for number, reading in enumerate(readings, 1):
            chosen = "*" if number == pick else " "
            count = len(reading.rubric.criteria)
            print(f"{chosen} {number}. {reading.rubric.title} ({count} criteria)")
    if not 1 <= pick <= len(readings):
        held = f"{len(readings)} rubric{'' if len(readings) == 1 else 's'}"
        raise ContentError(f"--pick {pick}: {file} holds {held}. Name one of them.")
    return readings[pick - 1]


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise DocumentError(
            f"{file}: cannot be read ({error.strerror}). Check the path."
        ) from error


def _print_reading(reading: RubricReading) -> None:
    rubric = reading.rubric
    print(f"{reading.format}: {rubric.title or 'without a title'}")
    for criterion in rubric.criteria:
        points = "? points" if criterion.points is None else points_words(criterion.points)
        levels = ", ".join(
            f"{level.title} {'?' if level.points is None else f'{level.points:g}'}"
            for level in criterion.levels
        )
        print(f"  {criterion.title or '?'} ({criterion.type}, {points}) {levels}".rstrip())
    for cell in reading.cells:
        if cell.kind == "ignored" and cell.became not in ("heading", "a label"):
            print(f"left out {cell.place}: {cell.became}")
    for remark in reading.remarks:
        print(f"note: {remark}")
    if reading.missing:
        print(f"missing: {'; '.join(reading.missing)}")


def _field(place: tuple[str | int, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place) or "rubric"
