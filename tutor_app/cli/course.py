"""`tutor course new|add|undo|import|estimate|check|list`, and the app of `tutor rubric`."""

from typing import Annotated

import typer

from tutor_app.cli import estimates, intake, rubrics
from tutor_app.courses.check import check_course, check_rubric
from tutor_app.factory import build_catalogue
from tutor_app.settings import Settings

course_app = typer.Typer(help="Courses: folders under datasets/courses/ and TUTOR_HOME.")
rubric_app = typer.Typer(help="Rubrics: files under rubrics/ and TUTOR_HOME.")
course_app.command("new")(intake.new)
course_app.command("add")(intake.add)
course_app.command("undo")(intake.undo)
course_app.command("import")(intake.import_source)
course_app.command("estimate")(estimates.estimate)
rubric_app.command("lint")(rubrics.lint)
rubric_app.command("import")(rubrics.import_rubric)
rubric_app.command("export")(rubrics.export_rubric)


@course_app.command("check")
def check(course_id: str) -> None:
    """Name file, line and field of every mistake; exit 1 if there is one."""
    report = check_course(build_catalogue(Settings.from_environment()), course_id)
    for mistake in report.mistakes:
        print(mistake)
    for gap in report.gaps:
        print(f"gap: {gap}")
    found = ((report.items, "item"), (len(report.mistakes), "mistake"), (len(report.gaps), "gap"))
    print(", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in found))
    if report.mistakes:
        raise typer.Exit(1)


@course_app.command("list")
def list_courses() -> None:
    """List the courses."""
    for course_id in build_catalogue(Settings.from_environment()).course_ids():
        print(course_id)


@rubric_app.command("check")
def check_rubrics(
    rubric_id: Annotated[str, typer.Argument(help="One rubric; all when left out.")] = "",
) -> None:
    """Name file, line and field of every mistake; exit 1 if there is one."""
    catalogue = build_catalogue(Settings.from_environment())
    ids = [rubric_id] if rubric_id else catalogue.rubric_ids()
    mistakes = [m for one in ids for m in check_rubric(catalogue, one)]
    for mistake in mistakes:
        print(mistake)
    print(f"{len(ids)} rubrics, {len(mistakes)} mistakes")
    if mistakes:
        raise typer.Exit(1)


@rubric_app.command("list")
def list_rubrics() -> None:
    """List the rubrics."""
    for rubric_id in build_catalogue(Settings.from_environment()).rubric_ids():
        print(rubric_id)
