import pytest

from tutor_app.answers.check import check_answer, matching_misconception, matching_steps
from tutor_app.answers.solution import Solution
from tutor_app.domain.item import Item

Keys = dict[str, tuple[Item, Solution]]


@pytest.mark.parametrize(
    ("key", "text", "misconception"),
    [
        ("drop-speed", "9.8 m/s", "g-as-speed"),
        ("drop-speed", "it is 14 m/s", "forgets-two"),
        ("drop-speed", "14", "forgets-two"),
        ("drop-speed", "50.4 km/h", "forgets-two"),
        ("drop-speed", "2*9.8*20", "forgets-root"),
        ("drop-speed", "19.8 m/s", ""),
        ("drop-speed", "17 m/s", ""),
        ("drop-speed", "no idea", ""),
        ("car-energy", "750000 J", "no-half"),
        ("bus-speed", "72 m/s", "unchanged"),
        ("ramp-angle", "48.6°", "sine"),
        ("drop-formula", "v = 2gh", "forgets-root"),
        ("drop-formula", "√(gh)", "forgets-two"),
        ("drop-formula", "√(2gh)", ""),
        ("slope-force", "mg cos θ", "cosine"),
        ("truck-and-car", "a, the truck is heavier", "heavier-wins"),
        ("truck-and-car", "c", ""),
        ("truck-and-car", "d", ""),
    ],
)
def test_the_misconception_that_gives_exactly_this_answer_is_named(
    keys: Keys, key: str, text: str, misconception: str
) -> None:
    item, solution = keys[key]
    reading = check_answer(text, item.answer, solution).reading
    assert matching_misconception(reading, item, solution) == misconception


@pytest.mark.parametrize(
    ("key", "text", "steps"),
    [
        ("drop-speed", "2*9.8*20 = 392", ("square",)),
        ("drop-speed", "v² = 392 m²/s², v = 19.8 m/s", ("square", "speed")),
        ("drop-speed", "v = 71.3 km/h", ("speed",)),
        ("drop-speed", "392 N", ()),
        ("drop-speed", "I do not know", ()),
        ("drop-formula", "v² = 2gh", ("square",)),
        ("drop-formula", "v² = 2gh so v = sqrt(2gh)", ("square", "speed")),
        ("drop-formula", "gh", ()),
    ],
)
def test_the_steps_whose_value_stands_in_the_text_are_found(
    keys: Keys, key: str, text: str, steps: tuple[str, ...]
) -> None:
    item, solution = keys[key]
    assert matching_steps(text, item, solution) == steps
