import random

import pytest

from tutor_app.domain.submission import Submission
from tutor_app.grading.names import neutral_order, neutral_sample, without_name


def _blanked(text: str, name: str = "Ana María Pérez", learner: str = "u1234567") -> str:
    return without_name(Submission(id="1", learner=learner, name=name, text=text)).text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("Ana María Pérez\nIt floats.", "___ _____ _____\nIt floats."),
        ("Pérez, Ana María says it floats", "______ ___ _____ says it floats"),
        ("by ana maría pérez: it floats", "by ___ _____ _____: it floats"),
        ("Name: Ana\nIt floats.\nIt is less dense.", "Name: ___\nIt floats.\nIt is less dense."),
        ("It floats.\n- Pérez", "It floats.\n- _____"),
        ("u1234567 It floats, ask ana.p@uni.example", "________ It floats, ask _________________"),
    ],
)
def test_the_learners_name_key_and_address_are_blanked_in_place(text: str, after: str) -> None:
    assert _blanked(text) == after
    assert len(after) == len(text)


@pytest.mark.parametrize(
    "text", ["By Newton's law the will of the cart", "Will it float? Newton says so.\nYes it will."]
)
def test_a_name_that_is_a_word_stays_where_it_is_a_word(text: str) -> None:
    assert _blanked(text, name="Will Newton") == text


def test_a_short_key_is_not_blanked_for_it_may_be_a_number_of_the_answer() -> None:
    assert _blanked("12 N", name="", learner="12") == "12 N"


def test_the_neutral_order_depends_on_the_seed_and_the_keys_alone() -> None:
    ids = [f"s{n}" for n in range(50)]
    mixed = random.Random(1).sample(ids, 50)
    first = neutral_order(ids, 7, str)
    assert neutral_order(mixed, 7, str) == first
    assert neutral_order(ids, 8, str) != first != ids
    assert sorted(first) == sorted(ids)
    assert neutral_sample(iter(mixed), 7, str, 5) == first[:5]
