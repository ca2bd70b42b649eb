from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.sayings import SayingMatcher

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])


@pytest.fixture(scope="module")
def match(catalogue: Catalogue) -> SayingMatcher:
    return SayingMatcher(load_embedder().embed_array, catalogue.rubric)


@pytest.mark.parametrize(
    ("item", "text", "misconception"),
    [
        (
            "freefall-top-acceleration",
            "It stands still up there so there is no acceleration.",
            "zero-velocity-zero-acceleration",
        ),
        (
            "projectile-two-coins",
            "The dropped coin hits first since its way is shorter.",
            "longer-path-longer-time",
        ),
        ("forces-cart-argument", "They add up to zero, so they cancel each other.", "pair-cancels"),
    ],
)
def test_a_wrong_idea_in_other_words_is_named(
    match: SayingMatcher, catalogue: Catalogue, item: str, text: str, misconception: str
) -> None:
    assert match(text, catalogue.course("mechanics").item(item)) == misconception


def test_no_reference_answer_voices_a_misconception(
    match: SayingMatcher, catalogue: Catalogue
) -> None:
    for item in catalogue.course("mechanics").items.values():
        if item.answer.kind == "text":
            for answer in catalogue.rubric(item.answer.rubric).reference_answers:
                assert match(answer, item) == ""


def test_reporting_what_others_think_is_not_thinking_it(
    match: SayingMatcher, catalogue: Catalogue
) -> None:
    item = catalogue.course("mechanics").item("projectile-two-coins")
    idea = "the longer way of the flicked coin takes more time"
    assert match(f"{idea}.", item) == "longer-path-longer-time"
    assert match(f"Many people think that {idea}.", item) == ""


def test_the_question_copied_back_voices_nothing(
    match: SayingMatcher, catalogue: Catalogue
) -> None:
    item = catalogue.course("mechanics").item("conservation-push-off")
    assert match(item.prompt, item) == ""
    assert match("", item) == ""


def test_an_item_with_numbers_has_no_sayings(match: SayingMatcher, catalogue: Catalogue) -> None:
    item = catalogue.course("mechanics").item("energy-drop-speed")
    assert match.likeliest("The heavier ball is faster.", item) == ("", 0.0)
