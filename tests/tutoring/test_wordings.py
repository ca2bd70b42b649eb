import pytest

from tutor_app.tutoring.plan import TABLE
from tutor_app.tutoring.wordings import SENTENCES, thought


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


@pytest.mark.parametrize("row", ["unit missing", "thanks", "frustrated", "unit", "done", "printed"])
def test_every_wording_of_a_row_keeps_to_its_words_and_questions(row: str) -> None:
    for text in SENTENCES[row]:
        assert len(text.split()) <= TABLE[row].words
        assert text.count("?") <= TABLE[row].questions


def test_a_missing_unit_is_not_called_wrong() -> None:
    assert all("does not" not in t and "is not" not in t for t in SENTENCES["unit missing"])


def test_thanks_and_goodbye_get_no_greeting() -> None:
    assert not any("hello" in text.lower() for text in SENTENCES["thanks"])
