from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.dialogue import Dialogue
from tutor_app.domain.grade import CriterionGrade, Evidence, Grade
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError
from tutor_app.storage.store import Store
from tutor_app.tutoring.draft_check import GradeText, check_draft
from tutor_app.tutoring.heard import Ears
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.tutor import Tutor

CHECKOUT = Path(__file__).parents[2]
DRAFT = "The nitrate has to be pumped in against the gradient. The roots drown."


class NoShelf:
    def search(self, *args: object, **more: object) -> list[object]:
        return []

    passages_in = search


@pytest.fixture
def tutor(tmp_path: Path):
    catalogue = Catalogue((CHECKOUT / "datasets/courses",), (CHECKOUT / "rubrics",))
    ears = Ears(lambda text: Intent("attempt", 1.0), lambda text, rubric: [], lambda text, item: "")
    with Store(tmp_path / "tutor.db") as store:
        yield Tutor(catalogue, store, NoShelf(), ears)


def dialogue(item_id: str, course_id: str = "cell-biology") -> Dialogue:
    return Dialogue(
        id="d", learner_id="ada", course_id=course_id, item_id=item_id, support="open",
        started_at=datetime.now(UTC),
    )  # fmt: skip


def graded(*points: float | None, sure: float = 0.9) -> GradeText:
    """A grader that always gives these points, with the first words of the draft as its quote."""

    def grade(text: str, rubric: Rubric) -> Grade:
        quote = Evidence(start=0, end=11, quote=text[:11])
        return Grade(
            submission="draft", rubric=rubric.id, rubric_hash=rubric.digest, grader="test",
            criteria=tuple(
                CriterionGrade(
                    criterion=criterion.id, auto_score=given, confidence=sure,
                    evidence=(quote,) if given else (),
                    level=next((x.title for x in criterion.levels if x.points == given), ""),
                )
                for criterion, given in zip(rubric.criteria, points, strict=True)
            ),
        )  # fmt: skip

    return grade


def test_a_met_criterion_shows_the_learners_own_words(tutor: Tutor) -> None:
    rows = check_draft(tutor, dialogue("active-flooded-roots"), DRAFT, graded(2, 0, 0))
    assert (rows[0].standing, rows[0].quote) == ("met", "The nitrate")


def test_what_is_missing_is_named_by_its_goal_and_never_by_the_idea(tutor: Tutor) -> None:
    rows = check_draft(tutor, dialogue("active-flooded-roots"), DRAFT, graded(2, 0, 0))
    missing = rows[1]
    assert missing.standing == "not yet met"
    assert missing.name == "Connect the missing oxygen with the transport"
    assert missing.quote == ""


def test_a_penalty_shows_only_where_it_applies(tutor: Tutor) -> None:
    at = dialogue("active-flooded-roots")
    assert len(check_draft(tutor, at, DRAFT, graded(2, 2, 0))) == 2
    assert check_draft(tutor, at, DRAFT, graded(2, 2, -1))[2].standing == "takes points off"


def test_a_criterion_without_a_score_is_neither_met_nor_missing(tutor: Tutor) -> None:
    rows = check_draft(tutor, dialogue("active-flooded-roots"), DRAFT, graded(None, 1, 0))
    assert [row.standing for row in rows] == ["cannot say", "partly met"]


def test_what_the_grader_is_not_sure_of_is_told_to_nobody(tutor: Tutor) -> None:
    rows = check_draft(tutor, dialogue("active-flooded-roots"), DRAFT, graded(2, 0, -1, sure=0.65))
    assert [(row.standing, row.quote, row.advice) for row in rows] == [("cannot say", "", "")] * 2


def test_an_item_without_a_rubric_says_so(tutor: Tutor) -> None:
    with pytest.raises(ContentError, match="has no rubric"):
        check_draft(tutor, dialogue("energy-drop-speed", "mechanics"), "x", graded())


@pytest.fixture
def every(tutor: Tutor) -> Callable[[], list[tuple[str, str]]]:
    courses = tutor.catalogue
    return lambda: [
        (course_id, item.id)
        for course_id in courses.course_ids()
        for item in courses.course(course_id).items.values()
        if item.answer.kind == "text"
    ]


def test_no_demo_item_shows_a_title_note_or_reference_whatever_the_grader_says(
    tutor: Tutor, every: Callable[[], list[tuple[str, str]]]
) -> None:
    items = every()
    assert len(items) > 40
    for course_id, item_id in items:
        rubric = tutor.prepare(course_id, item_id).rubric
        assert rubric is not None
        at = dialogue(item_id, course_id)
        rows = [
            row
            for points in (
                [0.0] * len(rubric.criteria),
                [max(c.points, 0) for c in rubric.criteria],
            )
            for row in check_draft(tutor, at, "I am not sure.", graded(*points))
        ]
        shown = " ".join(f"{row.name} {row.quote} {row.advice}" for row in rows)
        hidden = [*rubric.reference_answers, *(c.title for c in rubric.criteria)]
        hidden += [c.grader_note for c in rubric.criteria if c.grader_note]
        assert not [text for text in hidden if text in shown], (item_id, shown)
