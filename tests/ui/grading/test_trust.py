from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tutor_app.domain.grade import Grade
from tutor_app.domain.submission import Submission
from tutor_app.grading.batch import run_batch
from tutor_app.grading.counterfactual_check import grade_counterfactuals
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

Page = Callable[..., Any]
RUBRIC = "cell-biology-active-flooded-roots"


FULL = {"against-gradient": 2, "no-oxygen-no-atp": 2, "photosynthesis-mistake": 0}


class SureGrader:
    """Gives every criterion its least points and is sure of it."""

    name = "sure:1"

    def grade_batch(self, submissions: Any, rubric: Any, **_: Any) -> Iterator[Grade]:
        for one in submissions:
            criteria = tuple(
                {"criterion": c.id, "confidence": 0.97, "needs_review": False,
                 "auto_score": 0.0 if c.type == "penalty" else c.possible_points[-1]}
                for c in rubric.criteria
            )  # fmt: skip
            yield Grade.model_validate(
                {"submission": one.id, "rubric": rubric.id, "rubric_hash": rubric.digest,
                 "grader": self.name, "criteria": criteria}
            )  # fmt: skip


@pytest.fixture
def sure_batch() -> str:
    rubric = resources.catalogue().rubric(RUBRIC)
    submissions = [Submission(id=f"s{n}", learner=f"u{n}", text=f"Word {n}") for n in range(40)]
    started = start_batch(
        resources.store(), submissions, {"": Assigned(rubric)}, title="Sure", who="me",
        grader=SureGrader.name,
    )  # fmt: skip
    run_batch(resources.store(), started.batch.id, SureGrader(), lambda reference: None)
    return started.batch.id


@pytest.fixture
def view(page: Page) -> Callable[..., Any]:
    def draw(batch_id: str, name: str, **more: Any) -> Any:
        reviewing = Reviewing(batch_id=batch_id, view=name, **more)
        return page("instructor.grading.page", "instructor", reviewing=reviewing)

    return draw


def press(screen: Any, key: str) -> Any:
    screen.test.button(key=key).click().run()
    assert not screen.test.exception, screen.test.exception
    return screen


def grade_as(screen: Any, key: int) -> Any:
    """Give the answer on the page the level of this key for both of its criteria, no penalty."""
    press(screen, f"hidden-against-gradient-{key}")
    press(screen, f"hidden-no-oxygen-no-atp-{key}")
    return press(screen, "hidden-photosynthesis-mistake-1")


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
    screen = view(sure_batch, "Trust")
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    press(screen, "start-audit")
    while "The proposals stay hidden" in screen.text:
        grade_as(screen, 3)
    assert "released without review, at most 20 %" in screen.text
    press(screen, "release-button")
    assert resources.queue(sure_batch).standing().released == 0
    press(screen, "release-now")
    assert resources.queue(sure_batch).standing().released == 40


def test_only_what_was_decided_is_released_without_an_audit(view: Any, sure_batch: str) -> None:
    Decisions(resources.store(), sure_batch, "me").accept(["2", "3"])
    screen = view(sure_batch, "Trust")
    assert "Ready: 2 marks decided by you. Released: 0." in screen.text
    press(screen, "release-button")
    press(screen, "release-now")
    released = {row.id for row in resources.queue(sure_batch).rows() if row.released}
    assert released == {"2", "3"}
    Decisions(resources.store(), sure_batch, "me").give(["2"], {"against-gradient": 1})
    assert "1 mark decided by you, 1 of them changed since their release" in (
        view(sure_batch, "Trust").text
    )


def test_marks_of_one_click_on_a_group_are_told_apart_from_those_that_were_read(
    view: Any, sure_batch: str
) -> None:
    decisions = Decisions(resources.store(), sure_batch, "me")
    decisions.give(["2", "3", "4"], FULL)
    decisions.give(["5"], FULL)
    screen = view(sure_batch, "Trust")
    assert "4 marks decided by you, 3 of them by one click on a group, which no audit covers" in (
        screen.text
    )
    screen.test.button_group(key="audit-target").set_value(0.2).run()
    assert "39 marks could go out unread" in screen.text, "all but the one that was read"


def test_the_results_name_the_hardest_criterion_with_its_n(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Results")
    assert "On average 2 of 4 points" in screen.text
    assert "Hardest is Uptake is active, against the gradient: on average 50 %" in (
        screen.text.replace("**", "")
    )


def test_the_fairness_page_says_when_there_is_nothing_to_compare(view: Any, batch_id: str) -> None:
    screen = view(batch_id, "Fairness")
    assert "Nothing is scored by a person yet" in screen.text
    assert "No group has ten answers or more" in screen.text
    Decisions(resources.store(), batch_id, "me").give(["1"], {"against-gradient": 1})
    assert "same points in 0 %" in view(batch_id, "Fairness").text


class NamedGrader(SureGrader):
    """Gives every criterion its best points where a name stands above the answer."""

    def grade_batch(self, submissions: Any, rubric: Any, **more: Any) -> Iterator[Grade]:
        every = list(submissions)
        for one, grade in zip(every, super().grade_batch(every, rubric), strict=True):
            best = {c.id: c.possible_points[0] for c in rubric.criteria}
            yield grade if one.text.startswith("Word") else grade.model_copy(
                update={"criteria": tuple(c.model_copy(update={"auto_score": best[c.criterion]})
                                          for c in grade.criteria)}
            )  # fmt: skip


def test_the_fairness_page_shows_what_a_name_did_to_the_totals(view: Any, sure_batch: str) -> None:
    screen = view(sure_batch, "Fairness")
    assert "once the whole batch is graded" in screen.text
    grade_counterfactuals(resources.store(), sure_batch, NamedGrader(), sample=12)
    screen = view(sure_batch, "Fairness")
    assert "Most moved with " in screen.text
    assert "12 of 12 totals, on average by +4 points, at most by +4." in screen.text
    table = next(f.value for f in screen.test.dataframe if "Totals moved" in f.value.columns)
    moved = dict(zip(table["Change"], table["Totals moved"], strict=True))
    assert moved["a name above the answer"] == 12
    assert moved["another name above it"] == 0
    assert set(table["n"]) == {12}


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
