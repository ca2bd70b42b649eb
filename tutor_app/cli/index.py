"""`tutor index` and `tutor search`."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tutor_app.courses.catalogue import readable_files
from tutor_app.factory import build_catalogue, build_index, build_searcher
from tutor_app.settings import Settings

_COURSE = typer.Argument(help="Id of the course.")


def index(course: Annotated[str, _COURSE]) -> None:
    """Bring the search index of a course up to date; what did not change is left alone."""
    from tutor_app.retrieval.course_notes import index_course

    settings = Settings.from_environment()
    files = readable_files(build_catalogue(settings).course_folder(course))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task("loading the encoder", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, description="indexing passages", completed=done, total=total)

        change = index_course(build_index(settings), course, files, show)
        progress.update(task, description="indexed", total=change.added, completed=change.added)
    print(
        f"{course}: {len(files)} files, {change.kept + change.added} passages; "
        f"{change.added} written ({change.embedded} embedded), {change.removed} removed"
    )


def search(
    course: Annotated[str, _COURSE],
    query: Annotated[str, typer.Argument(help="What to look for.")],
    top_k: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 4,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line.")] = False,
) -> None:
    """Show the passages of a course that fit a query best."""
    settings = Settings.from_environment()
    build_catalogue(settings).course_folder(course)
    with Console(stderr=True).status("loading the encoder"):
        found = build_searcher(settings).search(course, query, top_k)
    if not found and not as_json:
        print(f"Nothing found for {query!r} in {course}. Try other words, or: tutor index {course}")
    for rank, passage in enumerate(found, start=1):
        if as_json:
            print(json.dumps(passage.model_dump(mode="json"), ensure_ascii=False))
        else:
            print(f"[{rank}] {passage.place} ({passage.place.document}), {passage.relevance:.2f}")
            print(f"{passage.text}\n")
