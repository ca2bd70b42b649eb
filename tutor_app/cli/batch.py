"""`tutor batch ...`: what becomes of a graded batch."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tutor_app.factory import build_catalogue, build_grader, build_store
from tutor_app.settings import Settings

if TYPE_CHECKING:
    from tutor_app.grading.deciding import Decisions
    from tutor_app.storage.store import Store

app = typer.Typer(help="Batches that `tutor grade` began.", no_args_is_help=True)

_Batch = Annotated[str, typer.Argument(metavar="BATCH", help="Id, see `tutor batch list`.")]
_Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
LISTED = 40


def _store() -> "Store":
    return build_store(Settings.from_environment())


def _decisions(store: "Store", batch_id: str) -> "Decisions":
    from tutor_app.access.audit import COMMAND_LINE
    from tutor_app.grading.deciding import Decisions

    return Decisions(store, batch_id, COMMAND_LINE)


@app.command("list")
def list_batches() -> None:
    """List the batches, newest first."""
    with _store() as store:
        for one in store.grading.batches():
            total, done, pending = store.grading.count(one.id)
            state = "" if one.state == "open" else f", {one.state}"
            print(
                f"{one.id}\t{one.title}\t{done} of {total} graded, {pending} without a score{state}"
            )


@app.command()
def undo(batch_id: _Batch) -> None:
    """Undo a whole batch: nothing of it is exported or shown to students. It can be taken back."""
    with _store() as store:
        _decisions(store, batch_id).set_state("undone")
    print(f"{batch_id} is undone. Take that back with: tutor batch take-back {batch_id}")


@app.command("take-back")
def take_back(batch_id: _Batch) -> None:
    """Take the undoing of a batch back: everything is as it was."""
    with _store() as store:
        _decisions(store, batch_id).set_state("open")
    print(f"{batch_id} is as it was.")


@app.command()
def release(batch_id: _Batch, yes: _Yes = False) -> None:
    """Release the marks of a batch to its students; pending ones stay back."""
    with _store() as store:
        total, done, pending = store.grading.count(batch_id)
        if not yes:
            typer.confirm(
                f"Release {done - pending} of {total} marks to the students? Proposals that "
                "nobody has looked at are among them",
                abort=True,
            )
        found = _decisions(store, batch_id).release()
    print(f"{found.count} marks are released, {found.left} stay back: they have no score yet.")
    if found.action:
        print(f"Take it back with: tutor batch withdraw {batch_id}")


@app.command()
def withdraw(batch_id: _Batch) -> None:
    """Hide the released marks of a batch from its students again."""
    with _store() as store:
        found = _decisions(store, batch_id).withdraw()
    print(f"{found.count} marks are hidden again.")


@app.command()
def audit(batch_id: _Batch, out: Annotated[Path, typer.Option(help="A .jsonl file.")]) -> None:
    """Write the whole record of a batch, from which any mark can be rebuilt."""
    from tutor_app.grading.written import write_audit

    with _store() as store:
        write_audit(store, batch_id, out)
    print(f"{out}: rebuild the marks from it with: tutor batch rebuild {out}")


@app.command()
def rebuild(
    file: Annotated[
        Path, typer.Argument(help="What `tutor batch audit` wrote.", exists=True, dir_okay=False)
    ],
) -> None:
    """Rebuild the marks from an audit file alone; prints a JSON object a line."""
    from tutor_app.grading.audit_file import rebuild as rebuild_marks

    with file.open(encoding="utf-8") as lines:
        for submission, mark in rebuild_marks(lines):
            print(json.dumps({"submission": submission} | asdict(mark), ensure_ascii=False))


@app.command()
def rescore(batch_id: _Batch) -> None:
    """Grade again under the rubrics as they are now; manual scores stay. Shows what changed."""
    from tutor_app.access.audit import COMMAND_LINE
    from tutor_app.grading.assigning import find_item, renewed
    from tutor_app.grading.batch import run_batch
    from tutor_app.grading.rescoring import begin_rescore, rescored
    from tutor_app.grading.start import Assigned

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    with build_store(settings) as store:
        known = store.grading.rubrics(batch_id)
        rubrics = renewed(
            {question: Assigned(one.rubric, one.item) for question, one in known.items()},
            catalogue,
        )
        spec = str(store.grading.batch(batch_id).settings.get("spec", ""))
        grader = build_grader(settings, spec)
        queued = begin_rescore(
            store, batch_id, rubrics, who=COMMAND_LINE, grader=grader.name, spec=spec
        )
        if not queued and not store.grading.queue.waiting(batch_id):
            print("The rubrics and the grader are as they were. Nothing was done.")
            return
        run_batch(store, batch_id, grader, lambda one: find_item(catalogue, one))
        found = rescored(store, batch_id)
    print(f"{len(found.changes)} scores changed:")
    for one in found.changes[:LISTED]:
        shown = " (released as before)" if one.released else ""
        print(
            f"  {one.submission} {one.criterion}: {_said(one.before)} -> {_said(one.after)}{shown}"
        )
    if len(found.changes) > LISTED:
        print(f"  ... and {len(found.changes) - LISTED} more")
    for moved in found.moved:
        print(f"  manual score stays: {moved.submission} {moved.criterion} {moved.points:g}, "
              f"given as {moved.level!r}, which gives {moved.now:g} now")  # fmt: skip
    for lost in found.lost:
        why = "the criterion is gone" if lost.gone else "the criterion cannot give that now"
        print(f"  manual score kept in the record only: {lost.submission} {lost.criterion} "
              f"{lost.points:g}, {why}")  # fmt: skip


@app.command()
def improve(batch_id: _Batch) -> None:
    """Grade what nobody has settled again, with what you graded by hand as examples."""
    from tutor_app.access.audit import COMMAND_LINE
    from tutor_app.grading.assigning import find_item
    from tutor_app.grading.batch import run_batch
    from tutor_app.grading.teaching import improve as begin_improving

    settings = Settings.from_environment()
    catalogue = build_catalogue(settings)
    with build_store(settings) as store:
        for question, count in begin_improving(store, batch_id, COMMAND_LINE).items():
            print(f"{question or 'the question'}: {count} answers as examples")
        spec = str(store.grading.batch(batch_id).settings.get("spec", ""))
        grader = build_grader(settings, spec)
        ran = run_batch(store, batch_id, grader, lambda one: find_item(catalogue, one))
    print(f"{ran.graded} answers were graded again in {ran.seconds:.0f} s.")


@app.command()
def export(
    batch_id: _Batch,
    kind: Annotated[
        str,
        typer.Option(
            "--format", help="canvas, moodle, moodle-quiz, blackboard, gradescope, xlsx or pdf."
        ),
    ],
    out: Annotated[Path, typer.Option(help="Folder for the file.")] = Path(),
    into: Annotated[
        Path | None, typer.Option(help="Your own gradebook or worksheet, to be filled.")
    ] = None,
    title: Annotated[
        str, typer.Option(help="Of the assignment, or of the column in your own file.")
    ] = "",
    proposals: Annotated[
        bool, typer.Option("--proposals", help="Also what is not released, marked so.")
    ] = False,
) -> None:
    """Write the released marks as a gradebook of another system."""
    from tutor_app.grading.exporting import export_batch

    with _store() as store:
        found = export_batch(
            store, batch_id, kind, out, title=title, own=into, unreleased=proposals
        )
    print(f"{found.path}: {found.written} marks")
    for remark in found.remarks:
        print(f"  {remark}")
    for one in found.left_out[:LISTED]:
        print(f"  left out: {one.name or one.learner}. {one.reason}")
    if len(found.left_out) > LISTED:
        print(f"  ... and {len(found.left_out) - LISTED} more")


def _said(points: float | None) -> str:
    return "none" if points is None else f"{points:g}"
