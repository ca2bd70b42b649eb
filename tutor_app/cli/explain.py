"""`tutor explain`: a program in plain words."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from tutor_app.answers.code.explain import Explanation, explain
from tutor_app.errors import DocumentError, TutorError
from tutor_app.factory import build_catalogue, build_searcher
from tutor_app.settings import Settings
from tutor_app.tutoring.explaining import passages_on

WAYS = ("line", "concept", "summary")


def explain_file(
    file: Annotated[Path, typer.Argument(help="A Python file; - reads standard input.")],
    by: Annotated[str, typer.Option(help="line, concept or summary.")] = "line",
    course: Annotated[str, typer.Option(help="With concepts, name places of this course.")] = "",
) -> None:
    """Explain a Python program as it stands: what its lines do, not what they should do."""
    if by not in WAYS:
        raise TutorError(f"--by: {by!r} is none of {', '.join(WAYS)}.")
    found = explain(_text(file))
    if by == "summary":
        print(found.summary.replace("`", ""))
    elif by == "concept":
        _print_concepts(found, course)
    else:
        for line in found.lines:
            print(f"{line.number:>4}  {line.code}")
            if line.words:
                print(f"      -> {line.words.replace('`', '')}")


def _print_concepts(found: Explanation, course: str) -> None:
    places = {}
    if course:
        settings = Settings.from_environment()
        build_catalogue(settings).course_folder(course)
        with Console(stderr=True).status("loading the encoder"):
            places = passages_on(found.concepts, build_searcher(settings), course)
    for concept in found.concepts:
        lines = ", ".join(map(str, concept.lines))
        print(f"{concept.name} (line {lines}): {concept.meaning}")
        if place := places.get(concept.name):
            print(f"      see {place.place.document}: {place.place}")


def _text(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{file}: cannot be read ({error}). Name a text file.") from error
