"""All commands: each parses, calls one function, prints."""

import typer

from tutor_app.cli import (
    accounts,
    backup,
    batch,
    course,
    demo,
    dialogues,
    evaluate,
    evaluate_courses,
    evaluate_fairness,
    evaluate_grader,
    evaluate_grading,
    evaluate_injections,
    evaluate_models,
    explain,
    grade,
    grader,
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
app.command()(grade.grade)
app.add_typer(batch.app, name="batch")
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
app.add_typer(grader.app, name="grader")
evaluate.app.command()(dialogues.dialogues)
evaluate.app.command()(evaluate_courses.exercises)
evaluate.app.command()(evaluate_grader.criteria)
evaluate.app.command()(evaluate_models.wording)
evaluate.app.command()(evaluate_models.pairs)
evaluate.app.command()(evaluate_models.sanity)
evaluate.app.command()(evaluate_models.preference)
evaluate.app.command()(evaluate_models.critic)
evaluate.app.command()(evaluate_models.engines)
evaluate.app.command()(evaluate_fairness.fairness)
evaluate.app.command()(evaluate_injections.injections)
evaluate.app.command()(evaluate_grading.grading)
evaluate.app.command()(evaluate_grading.effort)
evaluate.app.command("grading-folds")(evaluate_grading.grading_folds)
evaluate.app.command("grading-speed")(evaluate_grading.grading_speed)
