import pytest

from tutor_app.tutoring.wordings import thought


@pytest.mark.parametrize("quoted", ["The child is lighter", "it has to do with energy."])
def test_a_short_thought_may_begin_a_reply(quoted: str) -> None:
    assert thought(quoted) == quoted.rstrip(".")


@pytest.mark.parametrize(
    "quoted",
    [
        "",
        "12",
        "19.8 m/s",
        "gravity",
        "The adult is faster because he is stronger and pushes much harder",
        "The friend is right. It is made of nothing",
        "Take both skaters as the system…",
    ],
)
def test_numbers_single_words_and_essays_are_not_quoted(quoted: str) -> None:
    assert thought(quoted) == ""
