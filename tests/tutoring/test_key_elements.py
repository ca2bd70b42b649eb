from functools import partial
from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.rubric import Rubric
from tutor_app.factory import wrong_ideas
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.key_elements import KeyElementJudge

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])


@pytest.fixture(scope="module")
def judge(catalogue: Catalogue) -> KeyElementJudge:
    return KeyElementJudge(load_embedder().embed_array, partial(wrong_ideas, catalogue))


def verdict(judge: KeyElementJudge, rubric: Rubric, criterion: str, text: str) -> str:
    return {j.criterion: j.verdict for j in judge(text, rubric)}[criterion]


@pytest.mark.parametrize(
    ("rubric", "criterion", "right", "wrong"),
    [
        (
            "mechanics-suitcase-work",
            "directions",
            "The pull is perpendicular to the way he walks.",
            "The pull is parallel to the way he walks.",
        ),
        (
            "mechanics-top-acceleration",
            "cause",
            "Gravity pulls on the ball at the top too.",
            "Gravity does not pull on the ball at the top.",
        ),
        (
            "mechanics-airbag",
            "longer-stop",
            "The head takes longer to stop.",
            "The head does not take longer to stop.",
        ),
        (
            "mechanics-two-coins",
            "outcome",
            "They land together.",
            "They do not land together.",
        ),
    ],
)
def test_an_idea_is_met_and_its_denial_in_the_same_words_is_not(
    judge: KeyElementJudge,
    catalogue: Catalogue,
    rubric: str,
    criterion: str,
    right: str,
    wrong: str,
) -> None:
    assert verdict(judge, catalogue.rubric(rubric), criterion, right) == "met"
    assert verdict(judge, catalogue.rubric(rubric), criterion, wrong) != "met"


def test_one_of_two_ideas_leaves_a_criterion_unclear(
    judge: KeyElementJudge, catalogue: Catalogue
) -> None:
    rubric = catalogue.rubric("mechanics-push-off")
    assert verdict(judge, rubric, "child-faster", "The child moves away faster.") == "unclear"


def test_evidence_is_a_verbatim_quote_and_only_given_with_something_shown(
    judge: KeyElementJudge, catalogue: Catalogue
) -> None:
    rubric = catalogue.rubric("mechanics-airbag")
    text = "Well…  The bag makes the stop LONGER, so it's   gentler!"
    judged = judge(text, rubric)
    assert all(j.evidence in text for j in judged)
    assert any(j.evidence for j in judged)
    assert not any(j.evidence for j in judged if j.verdict == "unmet")


def test_the_question_said_again_meets_nothing(
    judge: KeyElementJudge, catalogue: Catalogue
) -> None:
    for rubric_id in catalogue.rubric_ids():
        rubric = catalogue.rubric(rubric_id)
        assert "met" not in {j.verdict for j in judge(rubric.question, rubric)}


@pytest.mark.parametrize("text", ["", "...", "idk", "because", "\u5bf9" * 50])
def test_next_to_nothing_meets_nothing(
    judge: KeyElementJudge, catalogue: Catalogue, text: str
) -> None:
    for rubric_id in catalogue.rubric_ids():
        assert "met" not in {j.verdict for j in judge(text, catalogue.rubric(rubric_id))}


def test_a_criterion_with_nothing_to_compare_is_never_decided(judge: KeyElementJudge) -> None:
    rubric = Rubric.model_validate(
        {
            "id": "r",
            "title": "R",
            "version": 1,
            "question": "Why does ice float?",
            "reference_answers": ["It is less dense."],
            "criteria": [
                {"id": "air", "title": "Blames the air", "points": -1, "type": "penalty"},
                {
                    "id": "density",
                    "title": "Density",
                    "points": 1,
                    "levels": [
                        {
                            "title": "Yes",
                            "points": 1,
                            "description": "Compares the densities.",
                            "example": "Ice is less dense than water.",
                        },
                        {"title": "No", "points": 0, "description": "Does not."},
                    ],
                },
            ],
        }
    )
    judged = {j.criterion: j for j in judge("Ice has a lower density than water.", rubric)}
    assert (judged["air"].verdict, judged["air"].evidence) == ("unclear", "")
