from collections.abc import Callable
from typing import Any

import pytest

from tutor_app.domain.batch import Marked
from tutor_app.grading.deciding import Decisions
from tutor_app.ui import resources
from tutor_app.ui.session import Reviewing

Page = Callable[..., Any]
FIRST = "against-gradient"


@pytest.fixture
def review(page: Page, batch_id: str) -> Callable[..., Any]:
    """Open the review at a submission."""

    def draw(submission: str = "1", **more: Any) -> Any:
        reviewing = Reviewing(batch_id=batch_id, submission_id=submission, **more)
        return page("instructor.grading.page", "instructor", reviewing=reviewing)

    return draw


@pytest.fixture
def marked(batch_id: str) -> Callable[[str], Marked]:
    return lambda name: resources.store().grading.marked_one(batch_id, name)


def html(screen: Any) -> str:
    return "\n".join(one.proto.body for one in screen.test.get("html"))


def press(screen: Any, key: str) -> Any:
    screen.test.button(key=key).click().run()
    assert not screen.test.exception, screen.test.exception
    return screen


def test_no_batch_yet_says_what_will_be_here_and_offers_the_one_next_action(page: Page) -> None:
    screen = page("instructor.grading.page", "instructor")
    assert "Batches will be listed here" in screen.text
    assert screen.buttons == ["New batch"]


def test_the_list_says_how_far_a_batch_is_and_opens_it(page: Page, batch_id: str) -> None:
    screen = page("instructor.grading.page", "instructor")
    assert "4 submissions · all graded · 4 in the queue · 0 released" in screen.text
    screen.click("Week 5")
    assert screen.session.reviewing.batch_id == batch_id


def test_names_are_hidden_until_they_are_asked_for(review: Any) -> None:
    screen = review()
    everything = screen.text + "".join(screen.buttons)
    assert "Ada" not in everything
    screen.test.toggle[0].set_value(True).run()
    assert "Ada 0" in screen.text + "".join(screen.buttons) + screen.test.subheader[0].value


def test_evidence_is_marked_by_letter_and_what_was_written_never_acts(review: Any) -> None:
    assert '<mark class="tint-0">ATP<b class="letter">A</b><b class="letter">B</b>' in html(
        review("1")
    )
    assert "&lt;b&gt;easily&lt;/b&gt;" in html(review("3"))
    assert "Nothing was handed in." in html(review("4"))


def test_a_chosen_level_is_written_and_the_next_criterion_comes_to_hand(
    review: Any, marked: Any
) -> None:
    screen = review()
    assert screen.test.button(key=f"level-{FIRST}-1").proto.shortcut == "1"
    press(screen, f"level-{FIRST}-2")
    assert marked("1").manual(FIRST) == 1
    assert [b.key for b in screen.test.button if str(b.key).startswith("level-no-oxygen")]


def test_enter_accepts_what_is_left_keeps_what_was_chosen_and_goes_on(
    review: Any, marked: Any
) -> None:
    screen = press(review(), f"level-{FIRST}-2")
    assert screen.test.button(key="accept").proto.shortcut == "enter"
    press(screen, "accept")
    one = marked("1")
    assert one.score(FIRST) == 1
    assert all(one.decided(criterion) for criterion in one.grade.points)
    assert screen.session.reviewing.submission_id != "1"


def test_undo_takes_the_last_action_back_and_leads_to_where_it_was(
    review: Any, marked: Any
) -> None:
    screen = press(review(), "accept")
    press(screen, "undo")
    assert screen.session.reviewing.submission_id == "1"
    assert not marked("1").decided(FIRST)


def test_similar_answers_are_graded_alike_in_one_action(review: Any, marked: Any) -> None:
    screen = press(review(), "group")
    assert "1 other answer says the same" in screen.text
    assert "there is no oxygen so no ATP for the pumps" in screen.text
    press(screen, "grade-group")
    assert marked("2").manual(FIRST) == marked("1").manual(FIRST) == 2
    assert marked("3").manual(FIRST) is None
    press(screen, "undo")
    assert marked("2").manual(FIRST) is None


def test_a_click_on_a_group_changes_no_mark_that_was_given_on_its_own(
    review: Any, marked: Any, batch_id: str
) -> None:
    Decisions(resources.store(), batch_id, "me").give(["2"], {FIRST: 0})
    screen = press(review(), "group")
    assert "were graded one by one, and keep their marks" in screen.text
    assert not [b for b in screen.test.button if b.key == "grade-group"]
    assert marked("2").manual(FIRST) == 0


def test_words_for_a_level_reach_everybody_in_it(review: Any, batch_id: str) -> None:
    screen = review()
    screen.test.text_area[0].input("Well seen, the ATP.").run()
    screen.click("Save for everybody at")
    again = review("2")
    assert "The student reads: Well seen, the ATP." in again.text
    assert "Well seen" not in review("3").text


def test_a_regrade_request_is_answered_beside_the_submission(
    page: Page, review: Any, marked: Any, batch_id: str
) -> None:
    decisions = Decisions(resources.store(), batch_id, "me")
    decisions.accept(["1"])
    decisions.release(["1"])
    asked = (
        marked("1")
        .decisions[-1]
        .model_copy(
            update={
                "action": "ask",
                "kind": "regrade",
                "value": "I did name the pump.",
                "who": "u0",
            }
        )
    )
    resources.store().grading.decide(batch_id, [asked])
    questions = page("instructor.questions", "instructor")
    assert "1 request for a second look" in questions.text
    assert "I did name the pump." in questions.text
    press(questions, f"look-{batch_id}-1")
    assert questions.session.reviewing.submission_id == "1"
    assert questions.session.goto == "Grading"
    screen = review("1")
    assert "I did name the pump." in screen.text
    assert "They were given 4 of 4." in screen.text
    press(screen, f"level-{FIRST}-2")
    press(screen, "regrade-1-send")
    assert "Say what you decided" in screen.text
    screen.test.text_area(key="regrade-1").input("The reason is missing.").run()
    press(screen, "regrade-1-send")
    one = marked("1")
    assert one.regrade is None
    assert one.release.total == 3


def test_a_student_sees_no_batch(page: Page, batch_id: str) -> None:
    screen = page("instructor.grading.page", "student", reviewing=Reviewing(batch_id=batch_id))
    assert "it is for the instructor" in screen.text
    assert "oxygen" not in screen.text
