import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor_app.grading.evidence import locate, span

TEXT = "The bag doesn’t change “the momentum”.\n\nIt  makes the stop longer – so the force is less."


@given(st.text(max_size=60), st.text(max_size=20))
def test_whatever_is_found_stands_in_the_text(text: str, quote: str) -> None:
    found = locate(quote, text)
    assert found is None or text[found.start : found.end] == found.quote


@given(st.text(min_size=1, max_size=80), st.data())
def test_a_piece_of_the_text_is_always_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = text[start:end]
    found = locate(quote, text)
    bare = quote.strip().strip("\"“”„«»'‘’").strip()
    assert (found is None) == (not bare)
    assert found is None or found.quote.strip() == bare


@given(st.text(max_size=40), st.integers(-5, 50), st.integers(-5, 50))
def test_a_span_is_cut_to_the_text_and_has_no_white_space_at_its_ends(
    text: str, start: int, end: int
) -> None:
    found = span(text, start, end)
    if found is not None:
        assert text[found.start : found.end] == found.quote == found.quote.strip()


@pytest.mark.parametrize(
    ("quote", "there"),
    [
        ("makes the stop longer", "makes the stop longer"),
        ("it makes the STOP longer - so", "It  makes the stop longer – so"),
        ('doesn\'t change "the momentum"', "doesn’t change “the momentum"),
        ("“makes the stop longer”", "makes the stop longer"),
        ("the stop longer, so the force is less", "the stop longer – so the force is less"),
        ("the\u200b momentum", "the momentum"),
    ],
)  # fmt: skip
def test_a_quote_is_found_in_spite_of_marks_case_and_white_space(quote: str, there: str) -> None:
    found = locate(quote, TEXT)
    assert found is not None
    assert there in found.quote
    assert len(found.quote) <= len(there) + 2


@pytest.mark.parametrize(
    "quote",
    ["", "  ", "“”", "the bag changes everything about the momentum of the head", "momenta", "xyz"],
)
def test_a_quote_that_is_not_there_is_not_found(quote: str) -> None:
    assert locate(quote, TEXT) is None
