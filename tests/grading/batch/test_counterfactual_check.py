from types import ModuleType

from tutor_app.grading.batch import run_batch
from tutor_app.grading.counterfactual_check import counterfactual_reports, grade_counterfactuals
from tutor_app.storage.store import Store


def test_a_sample_of_the_batch_is_changed_once_and_kept_in_its_record(
    store: Store, made: ModuleType
) -> None:
    grader = made.WordGrader()
    batch_id = made.start(store).batch.id
    run_batch(store, batch_id, grader, made.no_item)
    before = [(one.submission.id, one.grade) for one in store.grading.marked(batch_id)]
    reports = grade_counterfactuals(store, batch_id, grader, sample=4)
    asked = len(grader.seen)
    assert all(row.n == 4 for report in reports.values() for row in report.rows)
    again = grade_counterfactuals(store, batch_id, grader, sample=4)
    assert again == reports
    assert len(grader.seen) == asked
    assert {q: report for q, (_, report) in counterfactual_reports(store, batch_id).items()} == (
        reports
    )
    assert [(one.submission.id, one.grade) for one in store.grading.marked(batch_id)] == before
    assert {one.learner for one in grader.seen} == {"unnamed"}
