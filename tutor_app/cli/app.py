"""All commands: each parses, calls one function, prints."""

import typer

from tutor_app.cli import (
    accounts,
    backup,
    course,
    demo,
    dialogues,
    evaluate,
    evaluate_courses,
    evaluate_grader,
    evaluate_models,
    explain,
    index,
    models,
    refresh,
    serve,
    turns,
)

app = typer.Typer(
    name="tutor",
    help="Socratic tutoring, rubric grading and model refresh, offline.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command()(serve.serve)
app.command()(index.index)
app.command()(index.search)
app.command()(turns.chat)
app.command()(turns.ask)
app.command("explain")(explain.explain_file)
app.add_typer(course.course_app, name="course")
app.add_typer(course.rubric_app, name="rubric")
app.add_typer(demo.app, name="demo")
app.command()(backup.backup)
app.command()(backup.restore)
app.add_typer(accounts.app, name="accounts")
app.add_typer(evaluate.app, name="evaluate")
app.add_typer(refresh.app, name="refresh")
app.add_typer(models.app, name="models")
evaluate.app.command()(dialogues.dialogues)
evaluate.app.command()(evaluate_courses.exercises)
evaluate.app.command()(evaluate_grader.criteria)
evaluate.app.command()(evaluate_models.wording)
evaluate.app.command()(evaluate_models.pairs)
evaluate.app.command()(evaluate_models.sanity)
evaluate.app.command()(evaluate_models.preference)
evaluate.app.command()(evaluate_models.critic)
evaluate.app.command()(evaluate_models.engines)
