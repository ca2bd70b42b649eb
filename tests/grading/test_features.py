import numpy as np
import pytest

from tests.grading.toy import embed
from tutor_app.grading.features import (
    MEASURES,
    compare,
    measure,
    opposed,
    read_answers,
    read_target,
    read_words,
)
from tutor_app.grading.quantities import read_quantities


def measured(answer, *references, question="Why does the bulb light?"):
    target = read_target(embed, question, references)
    return dict(zip(MEASURES, measure(target, read_answers(embed, [answer]))[0], strict=True))


def test_the_reference_itself_is_near_and_covers_everything():
    found = measured("The path is closed", "The path is closed")
    assert found["cosine, nearest reference"] == pytest.approx(1, abs=1e-5)
    assert found["reference words said"] == 1
    assert found["words from neither"] == 0


def test_the_nearest_of_several_references_counts():
    one = measured("the path is closed", "the path is closed", "a battery pushes charge")
    assert one["reference words said"] == 1
    assert one["references"] > measured("x", "y")["references"]


def test_a_denied_word_and_an_opposite_word_are_seen():
    denied = measured("the path is not closed", "the path is closed")
    assert denied["negations, difference"] == 1
    assert denied["words negated against the reference"] > 0
    turned = measured("the path is open", "the path is closed")
    assert turned["opposite words"] > 0
    assert turned["opposites with one kept"] == 1
    assert measured("the path is closed", "the path is closed")["opposite words"] == 0


def test_a_word_that_is_said_beside_its_opposite_is_not_opposed():
    said = read_words("open at first, then closed").plain
    assert not opposed(said, read_words("closed").plain)


def test_the_questions_own_words_earn_no_coverage():
    copied = measured("the bulb does light", "the bulb does light in a closed path")
    assert copied["reference words said, without the question's"] == 0
    long = "Why does the bulb in circuit five light when switch A is closed?"
    assert measured(long, "x", question=long)["repeats the question"] == 1


def test_a_misspelt_word_counts_loosely():
    found = measured("the batery", "the battery")
    assert found["reference words said"] == 0
    assert found["reference words said, loosely"] == 1


@pytest.mark.parametrize("answer", ["", "  ", "I don't know", "idk", "???"])
def test_no_answer_says_not_to_know(answer):
    assert measured(answer, "the path is closed")["says not to know"] == 1


@pytest.mark.parametrize(
    ("answer", "measure_name"),
    [
        ("it is 7 kg", "another number for the unit"),
        ("it is 5 grams", "the number with another unit"),
        ("it is 7 kg", "numbers from nowhere"),
    ],
)
def test_a_wrong_number_or_unit_is_seen(answer, measure_name):
    assert measured(answer, "5 kilograms")[measure_name] == 1
    assert measured("five kg", "5 kilograms")[measure_name] == 0


def test_numbers_are_read_in_words_digits_and_both_commas():
    assert read_quantities("two volts").pairs == {("2", "v")}
    assert read_quantities("2,5 m and 1,000.0 g").numbers == {"2.5", "1000"}
    assert not read_quantities("the onerous tenant").numbers


def test_without_references_everything_is_finite():
    target = read_target(embed, "", [" "])
    said = read_answers(embed, ["something", ""])
    assert np.isfinite(measure(target, said)).all()
    assert compare(target, said).shape == (2, 128)


def test_no_answers_give_no_rows():
    target = read_target(embed, "q", ["r"])
    assert measure(target, read_answers(embed, [])).shape == (0, len(MEASURES))


def test_a_long_answer_is_cut_and_measured():
    assert np.isfinite(list(measured("word " * 200_000, "the path").values())).all()
