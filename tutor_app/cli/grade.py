"""`tutor grade SUBMISSIONS --rubrics MAP|ID --out DIR`: a batch, from files to proposals."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def grade(
    submissions: Annotated[
        Path, typer.Argument(help="CSV, TSV, XLSX, a zip of files or a folder; LMS exports too.")
    ],
    rubrics: Annotated[
        list[str],
        typer.Option(
            help="A rubric's id; QUESTION=RUBRIC, QUESTION=item:COURSE/ITEM:POINTS or "
            "QUESTION=skip (repeat, or join by commas); or a YAML or CSV file of these."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for proposals, queue and report.")],
    course: Annotated[str, typer.Option(help="Course that the batch belongs to.")] = "",
    grader: Annotated[
        str, typer.Option(help="local, or openai:MODEL@URL; TUTOR_GRADER if left out.")
    ] = "",
    try_first: Annotated[
        int, typer.Option("--try", help="Grade only so many now, and estimate the rest.")
    ] = 0,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            help="Also: canvas, moodle-quiz, blackboard, gradescope, xlsx or pdf; repeat.",
        ),
    ] = None,
    title: Annotated[str, typer.Option(help="Name of the batch; the file's if left out.")] = "",
    language: Annotated[str, typer.Option(help="Two letters, where the source says none.")] = "",
    roster: Annotated[Path | None, typer.Option(help="Class list: who is missing?")] = None,
    duplicates: Annotated[
        Literal["ask", "first", "last"], typer.Option(help="Which of several answers counts.")
    ] = "ask",
    student: Annotated[str, typer.Option(help="Heading of the students' column.")] = "",
    answer: Annotated[
        list[str] | None, typer.Option(help="Heading of a column with answers; repeat.")
    ] = None,
    examples: Annotated[
        Path | None,
        typer.Option(
            help="Answers that people have graded: a table with the answer and a column per "
            "criterion, or the zip of Gradescope's Export Evaluations."
        ),
    ] = None,
    price_in: Annotated[
        float | None, typer.Option(help="Of a chat model, per million tokens read.")
    ] = None,
    price_out: Annotated[float | None, typer.Option(help="Per million tokens written.")] = None,
    seed: Annotated[int, typer.Option(help="Of the order in which answers are graded.")] = 0,
) -> None:
    """Grade a batch against rubrics: proposals for you to decide on, nothing is released.

    Ctrl-C pauses; the same command goes on, and does nothing when all is graded.
    """
    from tutor_app.cli.grade_run import Asked, grade_batch

    grade_batch(
        Asked(
            submissions,
            tuple(rubrics),
            out,
            course=course,
            grader=grader,
            try_first=try_first,
            formats=tuple(formats or ()),
            title=title or submissions.stem,
            language=language,
            roster=roster,
            duplicates=duplicates,
            student=student,
            answers=tuple(answer or ()),
            examples=examples,
            prices=(price_in, price_out),
            seed=seed,
        )
    )
