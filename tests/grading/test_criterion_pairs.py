"""What the cross-encoder is asked about an answer, and what becomes of what it says."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor_app.courses.catalogue import Catalogue
from tutor_app.grading.criteria import Read, ask
from tutor_app.grading.criterion_measures import beside_the_question, relevant
from tutor_app.grading.criterion_pairs import PAIR_MEASURES, measure_pairs
from tutor_app.grading.pieces import take_apart
from tutor_app.grading.prepared import PreparedRubric, prepare
from tutor_app.retrieval.embedder import load_embedder

CHECKOUT = Path(__file__).parents[2]
EMBED = load_embedder().embed_array
ANSWER = "The head takes longer to stop in the bag, so the force on it is smaller."


class Scripted:
    """Says that a pair fits where the wording speaks of time and the answer says "longer"."""

    name = "scripted"

    def __init__(self) -> None:
        self.pairs: list[tuple[str, str]] = []

    def __call__(
        self, pairs: Sequence[tuple[str, str]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        self.pairs += pairs
        fits = np.array(
            [2.0 if re.search("time|long", w) and "longer" in a else -2.0 for w, a in pairs]
        )
        return np.column_stack([fits, -fits, np.zeros(len(fits))]), np.zeros((len(fits), 1))


@pytest.fixture(scope="module")
def airbag() -> PreparedRubric:
    return prepare(Catalogue([], [CHECKOUT / "rubrics"]).rubric("mechanics-airbag"), EMBED)


def read(text: str, prepared: PreparedRubric) -> Read:
    texts = take_apart(text, prepared.rubric.question).texts
    return Read(text, texts, EMBED(texts))


def test_each_element_is_read_once_beside_its_nearest_wording(airbag: PreparedRubric) -> None:
    asked, _ = ask(read(ANSWER, airbag), airbag)
    network = Scripted()
    first, second = measure_pairs(network, [asked, asked], airbag)
    assert len(network.pairs) == len(set(network.pairs)) == 1 + 4  # the reference, four elements
    assert {answer for _, answer in network.pairs} == {ANSWER}
    assert np.array_equal(first["longer-stop"][0], second["longer-stop"][0])
    shown = first["longer-stop"][0][PAIR_MEASURES.index("shown, weakest element")]
    missing = first["same-change"][0][PAIR_MEASURES.index("shown, weakest element")]
    assert shown > 0 > missing


def test_of_a_long_answer_the_pieces_that_matter_are_read(airbag: PreparedRubric) -> None:
    text = " ".join(
        ["The car was red and went very fast down the long road to town."] * 8 + [ANSWER]
    )
    asked, _ = ask(read(text, airbag), airbag)
    network = Scripted()
    found = measure_pairs(network, [asked], airbag)[0]
    assert found["longer-stop"][0][0] > 0
    assert max(len(answer.split()) for wording, answer in network.pairs[1:]) < 70


def test_thanks_and_names_are_no_part_of_an_answer(airbag: PreparedRubric) -> None:
    padded = f"Emily Walsh. Thank you for this lovely exercise! {ANSWER} I wish you a nice day."
    one, other = read(ANSWER, airbag), read(padded, airbag)
    kept, _, places = relevant(other.texts, other.vectors, airbag)
    asides = {"Emily Walsh.", "Thank you for this lovely exercise!", "I wish you a nice day."}
    assert asides < set(other.texts)
    assert not asides & set(kept)
    assert [other.texts[place] for place in places] == kept
    alone, beside = (ask(each, airbag)[0].measured["longer-stop"][0] for each in (one, other))
    assert np.abs(alone.values - beside.values).mean() < 0.1


def test_what_speaks_of_something_else_is_told(airbag: PreparedRubric) -> None:
    soup = "My aunt cooks a soup with carrots on Sundays, and we eat it in the garden."
    assert beside_the_question(read(soup, airbag).vectors, airbag)
    assert not beside_the_question(read(ANSWER, airbag).vectors, airbag)
    assert not beside_the_question(read("airbags are soft", airbag).vectors, airbag)
