from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.yaml_files import content_text
from tutor_app.domain.course import Course
from tutor_app.domain.item import Item
from tutor_app.evaluation.item_estimates import NOTHING, RIGHT, Share, estimate, estimate_course

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def estimated(tmp_path: Path, course: Course, item: Item):  # type: ignore[no-untyped-def]
    """Return the estimate of an item with some fields changed."""

    def run(**change: object):  # type: ignore[no-untyped-def]
        data = {**item.model_dump(), **change}
        folder = tmp_path / course.id
        (folder / "items").mkdir(parents=True, exist_ok=True)
        (folder / "course.yaml").write_text(content_text(course))
        (folder / "items" / f"{item.id}.yaml").write_text(content_text(Item.model_validate(data)))
        return estimate(Catalogue([tmp_path], []), course.id, item.id)

    return run


def rule(name: str, value: str) -> dict[str, str]:
    return {"id": name, "title": name, "value": value, "question": "Why?"}


def test_more_mastery_solves_more_and_the_share_is_that_of_knowledge_tracing(estimated) -> None:  # type: ignore[no-untyped-def]
    found = estimated()
    shares = [share.share for share in found.shares]
    assert shares == sorted(shares)
    # p (1 - slip) + (1 - p) guess, with the course's 0.1 and 0.2
    for share in found.shares:
        expected = share.mastery * 0.9 + (1 - share.mastery) * 0.2
        low, high = share.interval
        assert low - 0.05 < expected < high + 0.05


def test_an_item_with_two_skills_is_harder(estimated) -> None:  # type: ignore[no-untyped-def]
    one, two = estimated(), estimated(skills=["energy", "work"])
    assert two.shares[1].share < one.shares[1].share


def test_answers_that_differ_are_told_apart(estimated) -> None:  # type: ignore[no-untyped-def]
    found = estimated()
    assert (found.confusions, found.unclear) == ((), 0)
    assert found.typed == 600


def test_two_misconceptions_with_one_answer_are_found(estimated) -> None:  # type: ignore[no-untyped-def]
    found = estimated(misconceptions=[rule("one", "g*h"), rule("two", "g*h*1.001")])
    pairs = {(c.came_from, c.taken_for) for c in found.confusions}
    assert ("two", "one") in pairs or ("one", "two") in pairs
    assert 0 < found.unclear_share <= 1


def test_a_misconception_that_gives_the_right_answer_is_found(estimated) -> None:  # type: ignore[no-untyped-def]
    found = estimated(misconceptions=[rule("lucky", "sqrt(2*g*h) + 0.1")])
    assert {c.taken_for for c in found.confusions if c.came_from == "lucky"} == {RIGHT}
    assert found.shares[0].share > 0.9, "who goes wrong is judged right"


def test_an_answer_rounded_beyond_recognition_shows_no_misconception(estimated) -> None:  # type: ignore[no-untyped-def]
    found = estimated(misconceptions=[rule("rounded", "h*1.27")])
    (one,) = found.confusions
    assert (one.typed, one.came_from, one.taken_for) == ("25 m/s", "rounded", NOTHING)


def test_an_item_without_misconceptions_has_nothing_to_confuse(estimated) -> None:  # type: ignore[no-untyped-def]
    found = estimated(misconceptions=[])
    assert found.confusions == ()
    assert found.typed < 600


def test_an_estimate_repeats_itself(estimated) -> None:  # type: ignore[no-untyped-def]
    assert estimated() == estimated()


def test_an_interval_holds_its_share() -> None:
    for solved in (0, 3, 50, 100):
        share = Share(0.5, solved, 100)
        low, high = share.interval
        assert 0 <= low <= share.share <= high <= 1


def test_the_shipped_course_is_estimated_and_words_are_not_run() -> None:
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    seen = []
    found = estimate_course(catalogue, "mechanics", lambda done, total: seen.append((done, total)))
    items = catalogue.course("mechanics").items
    assert [one.item_id for one in found] == list(items)
    assert seen[-1] == (len(items) - 1, len(items))
    for one in found:
        assert one.judged == (items[one.item_id].answer.kind != "text")
        assert not any(c.taken_for == RIGHT for c in one.confusions)
