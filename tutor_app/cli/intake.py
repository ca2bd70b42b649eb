"""`tutor course new|add|undo|import`: an instructor's own material becomes a course."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tutor_app.courses.importers.report import ImportReport
from tutor_app.courses.intake_report import FileRow, IntakeReport
from tutor_app.factory import build_intake
from tutor_app.settings import Settings

_ID = Annotated[str, typer.Argument(help="Id of the course.")]
_JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
_PREVIEW_LETTERS = 70


def new(
    course_id: _ID,
    title: Annotated[str, typer.Option(help="What learners see.")] = "",
) -> None:
    """Make an empty course in TUTOR_HOME, with a placeholder for its first skill."""
    folder = build_intake(Settings.from_environment()).new_course(course_id, title)
    print(f"{course_id}: made in {folder}")
    print(f"Next: tutor course add {course_id} FILE-OR-FOLDER, and name its skills in course.yaml")


def add(
    course_id: _ID,
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.")],
    as_json: _JSON = False,
) -> None:
    """Copy files into a course and make them searchable; exit 1 if one could not be read."""
    intake = build_intake(Settings.from_environment())
    with _progress() as show:
        report = intake.add_documents(course_id, paths, show)
    if as_json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        _print_files(report)
    if report.count("refused") or report.index_problem:
        raise typer.Exit(1)


def undo(course_id: _ID) -> None:
    """Take the last import of a course out again: its files, or the whole imported course."""
    intake = build_intake(Settings.from_environment())
    with _progress() as show:
        report = intake.undo(course_id, show)
    for name in report.removed:
        print(f"removed  {name}")
    for name in report.kept:
        print(f"kept     {name}: was changed since it was added")
    if report.moved_to:
        print(f"{course_id}: the course was taken out, and lies in {report.moved_to}")
    if report.index_problem:
        print(f"The search is not up to date: {report.index_problem}")
        raise typer.Exit(1)


def import_source(
    source: Annotated[Path, typer.Argument(help="A zip archive, a folder or a file.")],
    format_name: Annotated[
        str, typer.Option("--format", help="auto, cnxml, oatutor or files.")
    ] = "auto",
    course_id: Annotated[str, typer.Option("--id", help="Id of the new course.")] = "",
    plan: Annotated[
        str, typer.Option(help="Only this course plan of an OATutor bank, by its name.")
    ] = "",
    as_json: _JSON = False,
) -> None:
    """Make a course of a textbook (CNXML), a problem bank (OATutor) or mixed files.

    Exit 1 if a promise was not kept: a module missing, a section title lost, a passage without a
    place.
    """
    intake = build_intake(Settings.from_environment())
    with _progress() as show:
        report = intake.import_course(source, format_name, course_id, show, plan)
    cpu_s = time.process_time()
    if as_json:
        print(json.dumps({**report.to_json(), "cpu_seconds": round(cpu_s, 1)}, ensure_ascii=False))
    else:
        _print_import(report, cpu_s)
    if report.missed:
        raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """Show steps on the error output as they come."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("starting", total=None)

        def show(step: str, done: int, total: int) -> None:
            progress.update(task, description=step, completed=done, total=total)

        yield show


def _print_files(report: IntakeReport) -> None:
    if report.copied_to:
        print(
            f"{report.course_id} comes with the program, so it was copied to {report.copied_to} "
            "first. Everyone sees the copy from now on; delete it to go back."
        )
    for row in report.files:
        print(_line(row))
        for remark in row.remarks:
            print(f"         {remark}")
        for passage in row.preview[:1]:
            start = " ".join(passage.text.split())[:_PREVIEW_LETTERS]
            print(f"         {passage.place}: {start}…")
    print(
        f"{report.course_id}: {report.count('added')} added (passages: {report.passages}), "
        f"{report.count('known')} known already, {report.count('refused')} refused"
    )
    if report.index_problem:
        print(f"The files are in, but cannot be searched yet: {report.index_problem}")
    elif report.count("added"):
        print(f"To take them out again: tutor course undo {report.course_id}")


def _line(row: FileRow) -> str:
    if row.outcome == "added":
        passages = f"{row.passages} passage{'' if row.passages == 1 else 's'}"
        return f"added    {row.name} ({row.kind}): {passages}, as {row.document!r}"
    return f"{row.outcome:8} {row.name}: {row.reason}"


def _print_import(report: ImportReport, cpu_s: float) -> None:
    for part in report.parts:
        if part.outcome != "imported" or part.reason:
            print(f"{part.outcome:8} {part.name}: {part.reason}")
    for name, count in report.counts.items():
        print(f"{count:8,}  {name.replace('_', ' ')}")
    for sentence in report.missed:
        print(f"MISSED: {sentence}")
    outcomes = ", ".join(f"{count} {name}" for name, count in report.outcomes().items())
    print(f"{report.course_id}: {report.title} ({report.format}), {outcomes}; {cpu_s:.0f} CPU s")
