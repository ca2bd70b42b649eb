"""Misspelt words are put right where there is one word they can be."""

from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.grading.respelling import Respelling

RUBRICS = Path(__file__).parents[2] / "rubrics"
AIRBAG = Respelling(Catalogue([], [RUBRICS]).rubric("mechanics-airbag"))
MULE = Respelling(Catalogue([], [RUBRICS]).rubric("cell-biology-meiosis-mule"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("the momntum is the smae", "the momentum is the same"),
        ("teh airbag maeks it lnoger", "teh airbag makes it longer"),
        ("so the frce is smaler, becuase", "so the force is smaller, because"),
    ],
)
def test_a_word_that_can_be_one_word_only_becomes_it(typed: str, meant: str) -> None:
    assert AIRBAG(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "The airbag gives way, so F = Δp/t gets smaller: 10 ms → 100 ms.",
        "Emily Walshe drives a VW",
        "don't, doesn’t, dont, dosnt",
        "mitosis makes body cells",
        "",
    ],
)
def test_what_is_right_or_no_word_stays(text: str) -> None:
    assert AIRBAG(text) == text
    assert MULE(text) == text


def test_a_neighbor_of_the_right_word_is_not_made_the_right_word() -> None:
    assert "meiosis" not in MULE("mitosis mitoses")
