from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor_app.documents.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text)]


def test_sentences_end_at_stops_before_a_capital():
    text = "A ball falls to the floor. Does it bounce at all? It does bounce!"
    assert sentences(text) == [
        "A ball falls to the floor.",
        "Does it bounce at all?",
        "It does bounce!",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The mass is 2.5 kg and the force is 3.1 N on it.",
        "Use a unit, e.g. the newton, i.e. one kilogram meter.",
        "The graph in Fig. 3 shows what Dr. Ohm measured for us.",
        "The value $x = 1. Y$ stays whole in this one sentence.",
        "Call `stop(). Then` and wait for the end of it.",
    ],
)
def test_a_stop_inside_a_number_abbreviation_formula_or_code_ends_nothing(text: str):
    assert sentences(text) == [text]


def test_a_display_formula_is_a_span_of_its_own():
    text = "The law then reads\n$$F = m a. B$$\nHere the mass counts."
    assert sentences(text) == ["The law then reads", "$$F = m a. B$$", "Here the mass counts."]


def test_a_very_short_sentence_joins_the_next():
    assert sentences("**Check.** The unit is right. So is the sign of the answer.") == [
        "**Check.** The unit is right.",
        "So is the sign of the answer.",
    ]


def test_sentences_of_other_scripts_end_too():
    assert len(sentences("Ölfässer schwimmen auf dem Wasser. Übung macht den Meister.")) == 2
    assert (
        len(sentences("水は百度で沸騰して蒸気になりますから気をつけてください。次の文です。")) == 2
    )


def test_only_the_part_asked_for_is_split():
    text = "Left out. This one is the first of two. This one is the second. Left out."
    assert [text[a:b] for a, b in sentence_spans(text, 10, 64)] == [
        "This one is the first of two.",
        "This one is the second.",
    ]


@given(st.text(alphabet="aB .!?$`\n1", max_size=120))
def test_nothing_but_white_space_is_lost(text: str):
    spans = sentence_spans(text)
    rest = list(text)
    for start, end in spans:
        rest[start:end] = " " * (end - start)
    assert "".join(rest).strip() == ""
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_million_dots_are_read_in_linear_time():
    assert sentence_spans("." * 1_000_000) == [(0, 1_000_000)]
