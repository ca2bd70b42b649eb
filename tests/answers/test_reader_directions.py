import pytest

from tutor_app.answers.check import check_answer
from tutor_app.answers.reader_directions import directed, positive_direction
from tutor_app.answers.solution import solve
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import Item

CARS = {
    "id": "cars",
    "title": "Cars that lock",
    "prompt": "Take the direction to the right as positive. What is the velocity of the cars?",
    "skills": ["collisions"],
    "quantities": {"p": "-280 kg*m/s", "m": "400 kg"},
    "answer": {"kind": "numeric", "value": "velocity", "unit": "m/s"},
    "steps": [{"id": "velocity", "goal": "Get the velocity", "value": "p/m", "unit": "m/s"}],
}


@pytest.fixture(scope="module")
def cars() -> Item:
    return Item.model_validate(CARS)


@pytest.mark.parametrize(
    ("prompt", "way"),
    [
        ("Take the direction to the right as positive.", "right"),
        ("Up is positive and down is negative.", "up"),
        ("Count downward as negative and upward as positive.", "up"),
        ("The positive direction is to the left.", "left"),
        ("Let east be the positive direction.", "east"),
        ("The ball goes up. Give a positive number.", ""),
        ("A car drives to the right. How fast is it?", ""),
    ],
)
def test_the_positive_direction_is_found_in_the_prompt(prompt: str, way: str) -> None:
    assert positive_direction(prompt) == way


@pytest.mark.parametrize(
    "text",
    [
        "0.7 m/s to the left",
        "0,7 m/s leftward",
        "they move to the left at 0.7 m/s",
        "0.7 m/s to the left, because right is positive",
        "70 cm/s towards the left",
        "-0.7 m/s to the left",
    ],
)
def test_a_direction_against_the_positive_one_is_read_as_minus(cars: Item, text: str) -> None:
    found = directed(text, cars)
    assert not found.unread
    assert check_answer(found.text, cars.answer, solve(cars)).verdict is Verdict.RIGHT


@pytest.mark.parametrize(
    "text",
    [
        "0.7 m/s left",
        "left, 0.7 m/s",
        "0.7 m/s not to the left",
        "+0.7 m/s to the left",
        "0.7 m/s to the left or to the right",
        "A goes to the right, B to the left, so 0.7 m/s",
        "280/400 = 0.7 m/s to the left",
        "0.7 m/s west",
    ],
)
def test_what_cannot_be_read_safely_is_left_as_it_is_and_told(cars: Item, text: str) -> None:
    found = directed(text, cars)
    assert (found.text, found.unread) == (text, True)


@pytest.mark.parametrize(
    "text",
    ["0.7 m/s", "0.7 m/s to the right", "is 0.7 m/s right?", "what is left is 0.7", "to the left"],
)
def test_a_text_without_a_contrary_direction_and_a_number_stays(cars: Item, text: str) -> None:
    found = directed(text, cars)
    assert (found.text, found.unread) == (text, False)


def test_without_a_positive_direction_no_sign_is_put(cars: Item) -> None:
    plain = cars.model_copy(update={"prompt": "How fast are the cars?"})
    assert directed("0.7 m/s to the left", plain).text == "0.7 m/s to the left"
