"""The list beside a submission, and the list of batches: what is named, counted and led to."""

from collections.abc import Callable
from typing import Any

import pytest

from tutor_app.domain.batch import Decision
from tutor_app.domain.submission import Submission
from tutor_app.grading.batch import run_batch
from tutor_app.grading.deciding import Decisions
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

from .conftest import RUBRIC, TEXTS, PlainGrader

Page = Callable[..., Any]


@pytest.fixture
def two_questions() -> str:
    rubric = resources.catalogue().rubric(RUBRIC)
    submissions = [
        Submission(id=f"{q}{n}", learner=f"u{n}", name=f"Ada {n}", question=q, text=f"{text} {q}")
        for q in ("Roots", "Pumps")
        for n, text in enumerate(TEXTS[:3])
    ]
    started = start_batch(
        resources.store(), submissions, {"Roots": Assigned(rubric), "Pumps": Assigned(rubric)},
        title="Week 6", who="teacher", grader=PlainGrader.name,
    )  # fmt: skip
    run_batch(resources.store(), started.batch.id, PlainGrader(), lambda reference: None)
    return started.batch.id


@pytest.fixture
def opened(page: Page) -> Callable[..., Any]:
    def draw(batch_id: str, **more: Any) -> Any:
        reviewing = Reviewing(batch_id=batch_id, **more)
        return page("instructor.grading.page", "instructor", reviewing=reviewing)

    return draw


def listed(screen: Any) -> set[str]:
    return {str(b.key).removeprefix("row-") for b in screen.test.button
            if str(b.key).startswith("row-")}  # fmt: skip


def test_a_line_names_its_question_and_one_question_alone_can_be_listed(
    opened: Any, two_questions: str
) -> None:
    screen = opened(two_questions)
    assert sum("Roots** ·" in one.value for one in screen.test.caption) == 3
    assert listed(screen) == {str(n) for n in range(1, 7)}
    screen.test.selectbox(key="queue-question").set_value("Pumps").run()
    assert listed(screen) == {"4", "5", "6"}
    assert screen.session.reviewing.submission_id in {"4", "5", "6"}
    assert any(one.label == "The question: Pumps" for one in screen.test.expander)
    seen = set()
    for _ in range(4):
        seen.add(screen.session.reviewing.submission_id)
        screen.test.button(key="next").click().run()
    assert seen == {"4", "5", "6"}, "Next stays with the question"


def test_a_batch_of_one_question_has_nothing_to_choose_from(opened: Any, batch_id: str) -> None:
    screen = opened(batch_id)
    assert not screen.test.selectbox
    assert any(one.label == "The question" for one in screen.test.expander)


def test_all_submissions_stay_in_reach_while_the_most_telling_ones_are_graded(
    opened: Any, batch_id: str
) -> None:
    Decisions(resources.store(), batch_id, "me").accept(["2"])
    screen = opened(batch_id, view="Trust")
    screen.click("Choose the most telling answers")
    chosen = screen.session.reviewing.picked
    assert listed(screen) == set(chosen)
    assert f"0 of {len(chosen)} graded" in screen.text
    screen.test.button(key="accept").click().run()
    assert f"1 of {len(chosen)} graded" in screen.text
    shown = screen.test.button_group(key="queue-shown")
    shown.set_value("All").run()
    assert listed(screen) == {"1", "2", "3", "4"}
    screen.test.button_group(key="queue-shown").set_value("To teach").run()
    assert listed(screen) == set(chosen)


def ask(batch_id: str, submission: str) -> None:
    decisions = Decisions(resources.store(), batch_id, "me")
    decisions.accept([submission])
    done = decisions.release([submission])
    released = resources.store().grading.marked_one(batch_id, submission).decisions[-1]
    asked: Decision = released.model_copy(
        update={"action": f"ask-{done.action}", "kind": "regrade", "value": "Look again, please."}
    )
    resources.store().grading.decide(batch_id, [asked])


def test_requests_for_a_second_look_are_counted_where_batches_are_listed_and_one_click_away(
    page: Page, batch_id: str
) -> None:
    screen = page("instructor.grading.page", "instructor")
    assert "second look" not in screen.text
    assert "1 batch." in screen.text
    ask(batch_id, "3")
    screen = page("instructor.grading.page", "instructor")
    assert "**1 student asks for a second look** at a released mark." in screen.text
    assert "**1 for a second look** · 4 submissions" in screen.text
    ask(batch_id, "2")
    screen = page("instructor.grading.page", "instructor")
    assert "**2 students ask for a second look**" in screen.text
    screen.test.button(key="look-first").click().run()
    assert screen.session.reviewing.submission_id in {"2", "3"}
    assert "Look again, please." in screen.text


class Doubts(PlainGrader):
    """Is the less sure, the longer an answer is."""

    def grade_batch(self, submissions: Any, rubric: Any, **more: Any) -> Any:
        every = list(submissions)
        for one, grade in zip(every, super().grade_batch(every, rubric), strict=True):
            sure = 1 / (1 + len(one.text))
            yield grade.model_copy(
                update={"criteria": tuple(c.model_copy(update={"confidence": sure})
                                          for c in grade.criteria)}
            )  # fmt: skip


def test_a_review_that_is_opened_too_early_waits_and_begins_with_the_most_doubtful(
    opened: Any,
) -> None:
    rubric = resources.catalogue().rubric(RUBRIC)
    submissions = [
        Submission(id=f"s{n}", learner=f"u{n}", text="word " * (1 + (7 * n) % 10))
        for n in range(10)
    ]
    store = resources.store()
    batch_id = start_batch(
        store, submissions, {"": Assigned(rubric)}, title="Slow", who="me", grader=Doubts.name
    ).batch.id
    screen = opened(batch_id)
    assert "Nothing is graded yet." in screen.text
    assert "**0** of 10 graded" in screen.text
    assert screen.session.reviewing.submission_id == ""

    def longest() -> str:
        graded = [one for one in store.grading.marked(batch_id)
                  if one.grade and not one.decided("no-oxygen-no-atp")]  # fmt: skip
        return max(graded, key=lambda one: len(one.submission.text)).submission.id

    run_batch(store, batch_id, Doubts(), lambda reference: None, limit=4)
    screen.test.run()
    assert "**4** of 10 graded" in screen.text
    assert screen.session.reviewing.submission_id == longest()
    run_batch(store, batch_id, Doubts(), lambda reference: None)
    screen.test.button(key="accept").click().run()
    assert screen.session.reviewing.submission_id == longest(), "what came in since counts"


@pytest.fixture
def class_batch() -> str:
    rubric = resources.catalogue().rubric(RUBRIC)
    names = ("Ada Novak", "Ben Novak", "Cleo Rossi", *(f"Student {n}" for n in range(20)))
    submissions = [
        Submission(id=f"s{n}", learner=f"u{100 + n}", name=name, text=f"word {n}")
        for n, name in enumerate(names)
    ]
    store = resources.store()
    batch_id = start_batch(
        store, submissions, {"": Assigned(rubric)}, title="Class", who="me", grader=Doubts.name
    ).batch.id
    run_batch(store, batch_id, Doubts(), lambda reference: None)
    return batch_id


def look_for(screen: Any, words: str) -> Any:
    screen.test.text_input(key="queue-find").set_value(words).run()
    assert not screen.test.exception, screen.test.exception
    return screen


def title(screen: Any) -> str:
    return next(one.value for one in screen.test.subheader)


@pytest.mark.parametrize("words", ["rossi", "U102", "Rossi cleo"])
def test_one_student_is_looked_up_by_name_or_id_and_nobody_else_is_named(
    opened: Any, class_batch: str, words: str
) -> None:
    screen = look_for(opened(class_batch), words)
    row = resources.queue(class_batch).row("3")
    assert screen.session.reviewing.submission_id == "3"
    assert title(screen) == f"Submission {row.number}, Cleo Rossi"
    assert "3" in listed(screen), "the page of the list on which it stands"
    assert "Novak" not in screen.text
    assert "Student " not in screen.text
    assert screen.test.text_input(key="queue-find").value == ""
    screen.test.button(key="next").click().run()
    assert "Rossi" not in screen.text, "the next one is graded without names again"


def test_a_number_of_the_list_is_looked_up_without_a_name(opened: Any, class_batch: str) -> None:
    row = resources.queue(class_batch).row("3")
    screen = look_for(opened(class_batch), str(row.number))
    assert title(screen) == f"Submission {row.number}"
    assert screen.session.reviewing.submission_id == "3"


def test_of_several_who_fit_one_is_chosen_and_nobody_who_fits_is_said(
    opened: Any, class_batch: str
) -> None:
    screen = look_for(opened(class_batch), "novak")
    assert "2 submissions fit “novak”." in screen.text
    assert [b.label for b in screen.test.button if str(b.key).startswith("found-")] == (
        [f"{row.learner}, {row.student}" for row in resources.queue(class_batch).find("novak")]
    )
    screen.test.button(key="found-2").click().run()
    assert title(screen).endswith(", Ben Novak")
    assert "Ada" not in screen.text
    assert "Nothing fits “zorro”." in look_for(screen, "zorro").text
