"""Answers of known score go along with every batch; what they got stands in its record."""

import json
from dataclasses import asdict

from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.batch import FindItem
from tutor_app.grading.canaries import CanaryReport, CanaryRow, check_canaries
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.teaching import examples_of
from tutor_app.storage.store import Store


def grade_canaries(
    store: Store, batch_id: str, grader: AnyGrader, find_item: FindItem
) -> dict[str, CanaryReport]:
    """Grade the canaries of each question as the batch is graded, once for each state of it.

    They are no submissions of the batch: no mark, no export and no count holds them. They are
    graded again only after the rubric, the grader or the examples changed.

    Returns:
        The reports by question, also those that were made before.
    """
    known = canary_reports(store, batch_id)
    found: dict[str, CanaryReport] = {}
    for question, one in store.grading.rubrics(batch_id).items():
        examples = examples_of(store, batch_id, question)
        state = f"{one.rubric.digest} {grader.name} {len(examples)}"
        if question in known and known[question][0] == state:
            found[question] = known[question][1]
            continue
        item = find_item(one.item) if one.item else None
        report = check_canaries(grader, one.rubric, item=item, examples=examples)
        rows = [asdict(row) for row in report.rows]
        # where calls failed, the next run asks again
        kept = f"{state} failed" if report.failed else state
        value = json.dumps({"state": kept, "grader": report.grader, "rows": rows})
        Decisions(store, batch_id, "canaries").note("canaries", value, question)
        found[question] = report
    return found


def canary_reports(store: Store, batch_id: str) -> dict[str, tuple[str, CanaryReport]]:
    """Return (state of the batch, report) of the newest canaries, by question."""
    rubrics = store.grading.rubrics(batch_id)
    found = {}
    for one in store.grading.decisions(batch_id, ""):
        if one.kind == "canaries":
            read = json.loads(str(one.value))
            rows = tuple(CanaryRow(**row) for row in read["rows"])
            report = CanaryReport(rubrics[one.question].rubric.id, read["grader"], rows)
            found[one.question] = (str(read["state"]), report)
    return found
