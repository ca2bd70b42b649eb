import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.grading.no_encoder import NoEncoder
from tutor_app import factory
from tutor_app.courses.own_files import stamp
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.assigning import assign, find_item
from tutor_app.grading.batch import run_batch
from tutor_app.grading.criterion_model import CriterionModel
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.grader import Grader
from tutor_app.grading.marks import mark_of
from tutor_app.grading.start import start_batch
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

RUBRIC = "cell-biology-active-flooded-roots"
Page = Callable[..., Any]


def edit(change: Callable[[Rubric], Rubric]) -> Rubric:
    """Save an edited rubric as the rubric page does."""
    files = resources.own_files()
    edited = change(resources.catalogue().rubric(RUBRIC))
    files.save_rubric(edited, stamp(files.read_rubric_path(RUBRIC)))
    resources.reload_files()
    return edited


def without_the_first(rubric: Rubric) -> Rubric:
    return rubric.model_copy(
        update={"version": rubric.version + 1, "criteria": rubric.criteria[1:]}
    )


@pytest.fixture
def opened(page: Page, batch_id: str) -> Callable[[], Any]:
    return lambda: page("instructor.grading.page", "instructor",
                        reviewing=Reviewing(batch_id=batch_id))  # fmt: skip


def finished() -> None:
    for _ in range(400):
        if resources.jobs().running is None:
            return
        time.sleep(0.05)
    raise AssertionError("the job did not end")


def test_a_batch_whose_rubric_is_as_it_was_offers_nothing(opened: Any) -> None:
    screen = opened()
    assert not [one for one in screen.buttons if one.startswith("Grade again")]
    assert "is now version" not in screen.text


def test_an_edited_rubric_is_told_graded_again_and_what_changed_is_shown(
    opened: Any, batch_id: str
) -> None:
    gone = resources.catalogue().rubric(RUBRIC).criteria[0]
    kept = resources.catalogue().rubric(RUBRIC).criteria[1]
    decisions = Decisions(resources.store(), batch_id, "me")
    decisions.give(["1"], {gone.id: gone.points, kept.id: kept.possible_points[-1]})
    old = resources.catalogue().rubric(RUBRIC).version
    edit(without_the_first)
    screen = opened()
    assert f"The rubric {RUBRIC} is now version {old + 1}. 4 proposals rest on version {old}." in (
        screen.text
    )
    assert f"Criterion gone: {gone.title}." in screen.text
    screen.click("Grade again")
    finished()
    screen = opened()
    assert "is now version" not in screen.text
    marked = resources.store().grading.marked_one(batch_id, "1")
    assert marked.manual(kept.id) == kept.possible_points[-1], "what a person gave stays"
    assert {one.criterion for one in marked.grade.criteria} == {
        one.id for one in resources.catalogue().rubric(RUBRIC).criteria
    }
    assert "Graded again: 4 scores of 4 answers changed." in screen.text
    changed, lost = (frame.value for frame in screen.test.dataframe[:2])
    assert set(changed["Criterion"]) == {gone.title}
    assert set(changed["After"]) == {"none"}
    numbers = {row.number for row in resources.queue(batch_id).rows()}
    assert set(changed["Submission"]) == numbers
    assert list(lost["Why"]) == ["the criterion is gone"]
    assert list(lost["Submission"]) == [resources.queue(batch_id).row("1").number]
    screen.click("Put this away")
    assert "Graded again" not in screen.text


def test_a_level_given_by_hand_whose_points_were_edited_is_told_and_given_anew_on_demand(
    opened: Any, batch_id: str
) -> None:
    first = resources.catalogue().rubric(RUBRIC).criteria[0]
    best = first.levels[0].points
    Decisions(resources.store(), batch_id, "me").give(["1"], {first.id: best})

    def worth_more(rubric: Rubric) -> Rubric:
        levels = [one.model_copy(update={"points": 2 * one.points}) for one in first.levels]
        edited = first.model_copy(update={"points": 2 * best, "levels": levels})
        return rubric.model_copy(update={"criteria": [edited, *rubric.criteria[1:]]})

    edit(worth_more)
    opened().click("Grade again")
    finished()
    screen = opened()
    label = "Levels given by hand that are worth other points now (n = 1)"
    assert label in [one.label for one in screen.test.expander]
    shown = next(f.value for f in screen.test.dataframe if "Level" in f.value.columns)
    assert list(shown["Level"]) == [first.levels[0].title]
    assert (list(shown["Counts"]), list(shown["The level gives now"])) == (
        [f"{best:g}"], [f"{2 * best:g}"]
    )  # fmt: skip
    screen.click("Give 1 score what the level gives now")
    assert resources.store().grading.marked_one(batch_id, "1").manual(first.id) == 2 * best
    assert label not in [one.label for one in screen.test.expander]
    screen.test.button(key="undo").click().run()
    assert resources.store().grading.marked_one(batch_id, "1").manual(first.id) == best


def test_an_edit_that_kept_its_version_is_told_too(opened: Any) -> None:
    edit(lambda rubric: rubric.model_copy(update={"question": f"{rubric.question} Say why."}))
    screen = opened()
    assert "was edited; it is still called version" in screen.text
    assert "The question is worded anew." in screen.text


ITEM = "mechanics/energy-drop-speed"


def edit_item(change: Callable[[Any], Any]) -> None:
    """Save an edited item as the course page does."""
    course_id, item_id = ITEM.split("/")
    files = resources.own_files()
    edited = change(resources.catalogue().course(course_id).item(item_id))
    files.save_item(course_id, edited, stamp(files.item_path(course_id, item_id)))
    resources.reload_files()


@pytest.fixture
def checked_batch(monkeypatch: pytest.MonkeyPatch) -> str:
    """Answers in numbers, checked as the item says."""
    grader = Grader(NoEncoder(), CriterionModel({}))
    monkeypatch.setattr(factory, "build_grader", lambda *_: grader)
    texts = ("19.8 m/s", "22 m/s", "3 m/s")
    submissions = [
        Submission(id=f"s{n}", learner=f"u{n}", text=text) for n, text in enumerate(texts)
    ]
    assigned = assign(f"item:{ITEM}:3", resources.catalogue())
    store = resources.store()
    batch_id = start_batch(
        store, submissions, {"": assigned}, title="Drop", who="me", grader=grader.name
    ).batch.id
    run_batch(store, batch_id, grader, lambda one: find_item(resources.catalogue(), one))
    return batch_id


def test_an_edited_item_is_told_and_its_answers_are_checked_again(
    page: Page, checked_batch: str
) -> None:
    def opened() -> Any:
        reviewing = Reviewing(batch_id=checked_batch)
        return page("instructor.grading.page", "instructor", reviewing=reviewing)

    def total(name: str) -> Any:
        marked = resources.store().grading.marked_one(checked_batch, name)
        return mark_of(marked, resources.store().grading.rubrics(checked_batch)[""]).total

    assert [total(name) for name in "123"] == [3, 0, 0]
    edit_item(lambda item: item.model_copy(update={"hints": item.hints[:1]}))
    assert "was edited" not in opened().text, "a hint decides about no answer"
    edit_item(
        lambda item: item.model_copy(
            update={"answer": item.answer.model_copy(update={"tolerance": 0.2})}
        )
    )
    screen = opened()
    assert f"The item {ITEM} was edited. 3 proposals rest on it as it was." in screen.text
    assert "It checks answers otherwise" in screen.text
    screen.click("Grade again")
    finished()
    screen = opened()
    assert "was edited" not in screen.text
    assert "Graded again: 1 score of 1 answer changed." in screen.text
    assert [total(name) for name in "123"] == [3, 3, 0], "the points stay those of the batch"
