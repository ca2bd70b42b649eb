"""`tutor evaluate exercises`: what search does on a course that was imported."""

from typing import Annotated

import typer

from tutor_app.courses.exercises import load_exercises
from tutor_app.factory import build_catalogue, build_searcher
from tutor_app.settings import Settings


def exercises(
    course_id: Annotated[str, typer.Argument(help="Id of an imported textbook.")],
    limit: Annotated[int, typer.Option(min=1, help="How many exercises to ask.")] = 200,
) -> None:
    """Ask a book's own exercises: is a passage of the same module among the first five?"""
    from tutor_app.evaluation.exercises import choose_queries, evaluate_exercises

    settings = Settings.from_environment()
    folder = build_catalogue(settings).course_folder(course_id)
    queries = choose_queries(load_exercises(folder), limit)
    with typer.progressbar(length=len(queries), label="Exercises") as bar:
        board = evaluate_exercises(
            build_searcher(settings), course_id, queries, lambda done, total: bar.update(1)
        )
    print(board)
