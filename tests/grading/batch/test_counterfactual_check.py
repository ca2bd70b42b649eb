from types import ModuleType

from tutor_app.grading.batch import run_batch
from tutor_app.grading.canary_check import canary_reports, grade_canaries
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


def test_checks_whose_calls_failed_are_made_again_by_the_next_run(
    store: Store, made: ModuleType
) -> None:
    batch_id = made.start(store).batch.id
    down, up = made.WordGrader(unsure_of="e"), made.WordGrader()
    run_batch(store, batch_id, up, made.no_item)
    for grader in (down, up, up):
        grade_canaries(store, batch_id, grader, made.no_item)
        grade_counterfactuals(store, batch_id, grader, sample=4)
        (canaries,) = canary_reports(store, batch_id).values()
        (changed,) = counterfactual_reports(store, batch_id).values()
        missing = canaries[1].counts["no score"], sum(row.unscored for row in changed[1].rows)
        assert all(missing) if grader is down else missing == (0, 0)
    asked = len(up.seen)
    grade_canaries(store, batch_id, up, made.no_item)
    grade_counterfactuals(store, batch_id, up, sample=4)
    assert len(up.seen) == asked, "once is enough"
