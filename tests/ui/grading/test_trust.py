import json
from typing import Any

from tutor_app.domain.submission import Submission
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.release import worth_auditing
from tutor_app.grading.repeats import repeats
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.ui import resources

from .conftest import RUBRIC, SureGrader, press

FULL = {"against-gradient": 2, "no-oxygen-no-atp": 2, "photosynthesis-mistake": 0}


def grade_as(screen: Any, key: int) -> Any:
    """Give the answer on the page the level of this key for both of its criteria, no penalty."""
    press(screen, f"hidden-against-gradient-{key}")
    press(screen, f"hidden-no-oxygen-no-atp-{key}")
    press(screen, "hidden-photosynthesis-mistake-1")
    return press(screen, "hidden-keep")


def audit_as(view: Any, batch_id: str, key: int) -> Any:
    """Start an audit and give all of its answers the level of this key."""
    screen = view(batch_id, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    press(screen, "start-audit")
    while "The proposals stay hidden" in screen.text:
        grade_as(screen, key)
    return screen


def test_the_plan_is_shown_before_it_is_fixed_and_the_audit_hides_every_proposal(
    view: Any, sure_batch: str
) -> None:
    screen = view(sure_batch, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    assert "40 marks could go out unread" in screen.text
    assert not resources.store().grading.decisions(sure_batch)
    press(screen, "start-audit")
    (plan,) = resources.store().grading.decisions(sure_batch)
    assert plan.kind == "plan"
    assert "The proposals stay hidden" in screen.text
    assert "roposed" not in screen.text.replace("The proposals stay hidden", "")
    grade_as(screen, 3)
    audits = [d for d in resources.store().grading.decisions(sure_batch) if d.kind == "audit"]
    assert len({d.submission for d in audits}) == 1
    assert len(audits) == 3


def test_a_sound_audit_offers_the_release_which_is_asked_once(view: Any, sure_batch: str) -> None:
    screen = audit_as(view, sure_batch, 3)
    assert "released without review, at most 20\u00a0%" in screen.text
    press(screen, "release-button")
    assert resources.queue(sure_batch).standing().released == 0
    press(screen, "release-now")
    assert resources.queue(sure_batch).standing().released == 40


def test_an_audit_teaches_nothing_and_the_page_says_what_ends_it(
    view: Any, sure_batch: str
) -> None:
    screen = audit_as(view, sure_batch, 3)
    assert "It can learn from 0 answers so far: not from those of an audit" in screen.text
    assert "Grading the rest again ends the audit" in screen.text
    again = next(b for b in screen.test.button if b.label.startswith("Grade the rest again"))
    assert again.disabled
    audited = {d.submission for d in resources.store().grading.decisions(sure_batch)}
    free = [row.id for row in resources.queue(sure_batch).rows() if row.id not in audited]
    for name in free[:5]:
        Decisions(resources.store(), sure_batch, "me").give([name], FULL)
    screen = view(sure_batch, "Trust")
    assert "It can learn from 5 answers so far" in screen.text
    again = next(b for b in screen.test.button if b.label.startswith("Grade the rest again"))
    assert not again.disabled


def test_a_criterion_is_called_as_the_rubric_of_its_own_question_calls_it(view: Any) -> None:
    rubric = resources.catalogue().rubric(RUBRIC)
    criteria = [one.model_copy(update={"title": f"Other {one.title}"}) for one in rubric.criteria]
    other = rubric.model_copy(update={"id": "other", "criteria": criteria})
    submissions = [
        Submission(id=f"{question}{n}", learner=f"u{n}", text=f"Word {n}", question=question)
        for question in ("one", "two") for n in range(20)
    ]  # fmt: skip
    started = start_batch(
        resources.store(), submissions, {"one": Assigned(rubric), "two": Assigned(other)},
        title="Two", who="me", grader=SureGrader.name,
    )  # fmt: skip
    run_batch(resources.store(), started.batch.id, SureGrader(), lambda reference: None)
    screen = audit_as(view, started.batch.id, 1)
    differed = next(f.value for f in screen.test.dataframe if "You gave" in f.value.columns)
    questions = {row.number: row.question for row in resources.queue(started.batch.id).rows()}
    asked = differed["Submission"].map(questions)
    assert set(asked) == {"one", "two"}
    assert (differed["Criterion"].str.startswith("Other ") == (asked == "two")).all()


def test_a_failed_audit_names_where_it_differs_and_leads_to_what_is_left(
    view: Any, sure_batch: str
) -> None:
    screen = audit_as(view, sure_batch, 1)
    (plan, *_) = resources.store().grading.decisions(sure_batch, "")
    n = json.loads(plan.value)["audit_size"]
    assert f"Too many differ: {n} audited, {n} differed" in screen.text
    assert "No mark goes out unread; those that you graded in the audit are decided" in screen.text
    assert "Grading the rest again ends the audit" not in screen.text, "there is nothing to lose"
    assert f"Ready: {n} marks decided by people. Released: 0." in screen.text
    differed = next(f.value for f in screen.test.dataframe if "You gave" in f.value.columns)
    assert set(differed["Proposed"]) == {"0"}
    assert differed["Submission"].nunique() == n
    press(screen, "look-differed")
    assert screen.session.reviewing.shown == "Differed"
    screen = view(sure_batch, "Trust")
    press(screen, "read-unread")
    assert f"0 of {40 - n} read." in screen.text
    seen = set()
    for _ in range(40 - n):
        seen.add(screen.session.reviewing.submission_id)
        press(screen, "accept")
    assert len(seen) == 40 - n
    assert "That was the last of them." in screen.text
    assert resources.queue(sure_batch).standing().decided == 40


def test_an_open_audit_keeps_back_no_decided_mark_and_can_be_given_up(
    view: Any, sure_batch: str
) -> None:
    screen = view(sure_batch, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    press(screen, "start-audit")
    grade_as(screen, 1)
    press(screen, "release-button")
    press(screen, "release-now")
    assert resources.queue(sure_batch).standing().released == 1
    press(screen, "give-up-audit")
    assert "the next one has to show more" in screen.text
    press(screen, "give-up-now")
    assert "The audit was given up after 1 of" in screen.text
    assert "Ready: 0 marks decided by people. Released: 1." in screen.text
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    assert "This is audit 2 on these answers" in screen.text


def test_an_audit_shows_what_graders_are_told_and_keeps_a_grade_when_it_is_confirmed(
    view: Any, sure_batch: str
) -> None:
    screen = view(sure_batch, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    press(screen, "start-audit")
    for criterion in resources.catalogue().rubric(RUBRIC).criteria:
        for level in criterion.levels:
            assert level.description in screen.text
        assert criterion.grader_note in screen.text
    for name in FULL:
        press(screen, f"hidden-{name}-2")
    audits = resources.store().grading.decisions(sure_batch, kind="audit")
    assert not audits, "a slip can still be taken back"
    press(screen, "hidden-again")
    grade_as(screen, 1)
    audits = resources.store().grading.decisions(sure_batch, kind="audit")
    assert {one.criterion: one.value for one in audits} == FULL


def test_too_small_a_batch_says_how_many_marks_would_do(view: Any, sure_batch: str) -> None:
    screen = view(sure_batch, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.02).run()
    assert f"From about {worth_auditing(0.02)} marks on" in screen.text


def test_only_what_was_decided_is_released_without_an_audit(view: Any, sure_batch: str) -> None:
    for name in ("2", "3"):
        Decisions(resources.store(), sure_batch, "me").accept([name])
    screen = view(sure_batch, "Trust")
    assert "Ready: 2 marks decided by people. Released: 0." in screen.text
    press(screen, "release-button")
    press(screen, "release-now")
    released = {row.id for row in resources.queue(sure_batch).rows() if row.released}
    assert released == {"2", "3"}
    Decisions(resources.store(), sure_batch, "me").give(["2"], {"against-gradient": 1})
    assert "1 mark decided by people, 1 of them changed since their release" in (
        view(sure_batch, "Trust").text
    )


def test_marks_by_rule_are_named_as_such_where_they_are_released(view: Any) -> None:
    rubric = resources.catalogue().rubric(RUBRIC)
    texts = ["", "", *(f"Word {n}" for n in range(40))]
    submissions = [Submission(id=f"r{n}", learner=f"r{n}", text=t) for n, t in enumerate(texts)]
    batch_id = start_batch(
        resources.store(), submissions, {"": Assigned(rubric)}, title="Some empty", who="me",
        grader=SureGrader.name,
    ).batch.id  # fmt: skip
    run_batch(resources.store(), batch_id, SureGrader(), lambda reference: None)
    screen = view(batch_id, "Trust")
    assert "Ready: 0 marks decided by people and 2 marks decided by rule." in screen.text
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    assert "40 marks could go out unread" in screen.text
    press(screen, "release-button")
    assert "No model was asked, so no audit is about these" in screen.text
    press(screen, "release-now")
    assert resources.queue(batch_id).standing().released == 2


def test_marks_of_one_click_on_a_group_are_told_apart_from_those_that_were_read(
    view: Any, sure_batch: str
) -> None:
    decisions = Decisions(resources.store(), sure_batch, "me")
    decisions.give(["2", "3", "4"], FULL)
    decisions.give(["5"], FULL)
    screen = view(sure_batch, "Trust")
    told = "4 marks decided by people, 1 one by one and 3 by one click on a group, which no audit"
    assert told in screen.text
    press(screen, "release-button")
    assert f"Students will see 4 marks: {told}" in screen.text
    review = view(sure_batch, "Review", submission_id="2")
    assert "**4** decided by people, 3 of them in groups" in review.text
    assert "decided in a group of 3" in review.text
    assert "decided in a group" not in view(sure_batch, "Review", submission_id="5").text
    screen = view(sure_batch, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    assert "39 marks could go out unread" in screen.text, "all but the one that was read"


def test_ten_answers_come_back_blind_can_be_left_and_tell_how_steady_the_instructor_is(
    view: Any, sure_batch: str
) -> None:
    view(sure_batch, "Trust")
    me = resources.store().accounts.named("instructor").id
    decisions = Decisions(resources.store(), sure_batch, me)
    for n in range(1, 13):
        decisions.give([str(n)], FULL)
    screen = press(view(sure_batch, "Trust"), "repeat-")
    grade_as(screen, 1)
    assert "roposed" not in screen.text
    press(screen, "repeat-later")
    assert "May marks go out unread?" in screen.text
    screen = view(sure_batch, "Trust")
    (offered,) = [b for b in screen.test.button if b.key == "repeat-"]
    assert offered.label == "Go on, blind: 1 of 10 graded again"
    for name in repeats(resources.store(), sure_batch, "", me).left[:-1]:
        decisions.blind(name, FULL)
    grade_as(press(screen, "repeat-"), 3)
    assert "All are graded. How it came out" in screen.text
    # two of three criteria of the last answer came out otherwise; no proposal was the first mark
    # but for the penalty
    assert "You gave the same points again in **93\u00a0% (" in screen.text
    assert (
        "of 30 decisions on 10 answers; the proposals were your first marks in **33\u00a0%** of"
        in (screen.text)
    )
    assert "You gave the same points again" in view(sure_batch, "Trust").text


def test_a_second_rater_grades_blind_and_agreement_between_the_two_is_shown(
    view: Any, sure_batch: str
) -> None:
    first = Decisions(resources.store(), sure_batch, "me")
    for n in range(1, 13):
        first.give([str(n)], FULL)
    screen = view(sure_batch, "Trust")
    assert "From 10 answers that you decided on" in screen.text, "none of these is the person's own"
    me = resources.store().accounts.named("instructor").id
    press(screen, "second-")
    assert "Somebody else graded these before." in screen.text
    grade_as(screen, 1)
    second = Decisions(resources.store(), sure_batch, me)
    for name in repeats(resources.store(), sure_batch, "", me, of_others=True).left[:-1]:
        second.blind(name, FULL)
    screen = press(view(sure_batch, "Trust"), "second-")
    grade_as(screen, 3)
    assert "You gave the same points as another rater, blind, in **93\u00a0% (" in screen.text
    assert "the proposals were the other rater's marks in" in screen.text
    text = view(sure_batch, "Fairness").text
    assert "No answer was scored by two people" not in text
    assert "by instructor and somebody without an account in 93\u00a0%" in text


def test_the_results_name_the_hardest_criterion_with_its_n(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Results")
    assert "On average 2 of 4 points" in screen.text
    assert "Hardest is Uptake is active, against the gradient: on average 50\u00a0%" in (
        screen.text.replace("**", "")
    )


def test_the_results_say_how_many_have_no_score(view: Any) -> None:
    rubric = resources.catalogue().rubric(RUBRIC)
    submissions = [Submission(id=f"s{n}", learner=f"u{n}", text=f"Word {n}") for n in range(2)]
    batch_id = start_batch(
        resources.store(), submissions, {"": Assigned(rubric)}, title="Two", who="me",
        grader=SureGrader.name,
    ).batch.id  # fmt: skip
    Decisions(resources.store(), batch_id, "me").give(["1"], FULL)
    assert "released or not; 1 has no score yet." in view(batch_id, "Results").text


def test_the_results_name_the_key_elements_that_few_answers_show(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Results")
    screen.test.toggle[0].set_value(True).run()
    assert not screen.test.exception, screen.test.exception
    assert "The fewest answers show:" in screen.text
    assert "as the grader hears it: an estimate, not a mark" in screen.text


def test_the_own_gradebooks_columns_are_offered_to_be_filled(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Export")
    screen.test.selectbox(key="export-kind").set_value("canvas").run()
    own = b"Student,ID,SIS User ID,SIS Login ID,Section,Essay (5),Lab (6)\nA,1,,,A,,\n"
    screen.test.file_uploader[0].upload("own.csv", own, "text/csv").run()
    assert not screen.test.exception, screen.test.exception
    assert screen.test.selectbox(key="export-column").options == ["Essay (5)", "Lab (6)"]


def test_a_title_is_asked_for_only_where_one_stands_in_the_file(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Export")
    for kind, asked in (("moodle", 0), ("moodle-quiz", 1), ("per-item", 0)):
        screen.test.selectbox(key="export-kind").set_value(kind).run()
        assert len(screen.test.text_input) == asked, kind


def test_the_export_holds_back_what_is_not_released(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Export")
    made = next(b for b in screen.test.button if b.label == "Make the file")
    assert made.disabled
    decisions = Decisions(resources.store(), batch_id, "me")
    decisions.accept(["1"])
    decisions.release(["1"])
    screen = view(batch_id, "Export")
    screen.test.selectbox(key="export-kind").set_value("canvas").run()
    screen.click("Make the file")
    assert "1 mark in canvas-gradebook.csv" in screen.text
    assert "The mark is not released." in set(screen.test.dataframe[0].value["Why"])


def test_an_undone_batch_shows_no_mark_and_is_taken_back(view: Any, batch_id: str) -> None:
    resources.store().grading.set_state(batch_id, "undone")
    screen = view(batch_id, "Review")
    assert "This batch is undone" in screen.text
    assert "oxygen" not in screen.text
    screen.click("Take it back")
    assert resources.store().grading.batch(batch_id).state == "open"
