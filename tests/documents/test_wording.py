import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor_app.documents.wording import (
    clauses,
    fold,
    is_reported,
    marked_words,
    opposites,
    repeats,
    sentences_of,
    stem,
)

QUESTION = "A coin falls from a balcony railing. Which coin reaches the ground first, and why?"


def test_a_negation_marks_the_words_it_reaches_and_no_others() -> None:
    assert list(marked_words("it does not change")) == ["not", "¬chang"]
    assert list(marked_words("not the force, but the speed")) == ["not", "¬forc", "spe"]
    assert marked_words("It doesn’t move") == marked_words("it does not move")


@pytest.mark.parametrize(
    "forms",
    [
        ("increase", "increases", "increased", "increasing"),
        ("push", "pushes", "pushed"),
        ("cancel", "cancels"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_opposites_go_both_ways() -> None:
    assert stem("smaller") in opposites(stem("larger"))
    assert stem("larger") in opposites(stem("smaller"))
    assert opposites("zebra") == frozenset()


def test_a_capital_begins_a_sentence_where_the_stop_was_forgotten() -> None:
    text = "It is pumped in This takes ATP Without oxygen there is none"
    assert sentences_of(text) == [
        "It is pumped in", "This takes ATP", "Without oxygen there is none",
    ]  # fmt: skip
    assert sentences_of("The cells of A and B swell In Utrecht too.")[1:] == ["In Utrecht too."]


def test_clauses_are_slices_with_the_sentences_first() -> None:
    text = "The mass cancels, so the speed is the same. It falls because gravity pulls."
    parts = clauses(text)
    assert parts[:2] == [
        "The mass cancels, so the speed is the same.",
        "It falls because gravity pulls.",
    ]
    assert "the speed is the same." in parts
    assert "gravity pulls." in parts


@given(st.text(max_size=300))
def test_clauses_of_any_text_stand_in_it_and_are_few(text: str) -> None:
    parts = clauses(text)
    assert all(part in text for part in parts)
    assert len(parts) <= 32


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_copying_the_question_is_told_from_using_its_words() -> None:
    assert repeats("the coin falls from a balcony railing", QUESTION)
    assert repeats("?!", QUESTION)
    assert not repeats(
        "Neither coin is first, since both fall with the same acceleration.", QUESTION
    )


def test_what_others_think_is_reported() -> None:
    assert is_reported("My friend thinks that it is zero")
    assert is_reported("it would float")
    assert not is_reported("it is zero")
