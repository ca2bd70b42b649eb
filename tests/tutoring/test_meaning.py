"""What a symbol, a unit or a phrase means."""

from pathlib import Path

import pytest

from tutor_app.answers.solution import solve
from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.passage import Passage, Place
from tutor_app.tutoring.asked_meaning import asked_meaning, asks_meaning
from tutor_app.tutoring.meaning import (
    number_meaning,
    phrase_meaning,
    symbol_meaning,
    unit_meaning,
)

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def items():
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    return catalogue.course("mechanics").items


@pytest.mark.parametrize(
    ("item", "text", "name"),
    [
        ("energy-spring-launch", "what is k?", "k"),
        ("energy-spring-launch", "whats m here, the spring or the ball?", "m"),
        ("energy-coaster-hills", "what does v_0 stand for", "v0"),
        ("constant-stopping-distance", "what's a in this problem?", "a"),
        ("impulse-wall-rebound", "is F the force on the wall or on the ball?", "F"),
        ("forces-tilted-board", "what does μ mean", "mu"),
    ],
)
def test_a_symbol_that_is_asked_about_is_found(items, item, text, name) -> None:
    asked = asked_meaning(text, items[item])
    assert asked is not None
    assert (asked.kind, asked.name) == ("symbol", name)
    assert asks_meaning(text, items[item], "stuck")


@pytest.mark.parametrize(
    "text",
    [
        "what is a good way to start",
        "what is the speed of the ball at the ground",
        "v = 19.8",
        "what is the answer",
        "i think it is h",
    ],
)
def test_other_talk_asks_for_no_meaning(items, text) -> None:
    assert not asks_meaning(text, items["energy-drop-speed"], "asks_answer")


def test_a_symbol_is_explained_by_the_exercise_itself(items) -> None:
    spring, drop = items["energy-spring-launch"], items["energy-drop-speed"]
    assert "stiffness of the spring" in symbol_meaning("k", spring, solve(spring))
    assert "above its starting point" in symbol_meaning("h", spring, solve(spring))
    said = symbol_meaning("g", drop, solve(drop))
    assert said.startswith("Here $g$ is 9.8 m/s².")
    assert "“Ignore air resistance" in said


def test_a_given_number_is_shown_in_its_sentence(items) -> None:
    slope = items["forces-snowboard-slope"]
    said = number_meaning("28 degrees", slope, solve(slope))
    assert "makes an angle of 28°" in said
    assert number_meaning("29 degrees", slope, solve(slope)) == ""


def test_the_sign_of_a_unit_is_read_out() -> None:
    assert unit_meaning("kN") == "The sign kN is read “kilonewton”. “kilo” means a thousand."
    assert unit_meaning("kg*m/s") == "The sign kg*m/s is read “kilogram meter per second”."
    assert unit_meaning("joule") == unit_meaning("tension") == ""


def _passage(text: str) -> Passage:
    return Passage(id=text[:8], course_id="mechanics", text=text, place=Place(document="d"))


def test_a_phrase_is_explained_by_the_sentence_that_says_what_it_is() -> None:
    notes = [
        _passage("A spring that is squeezed from its natural length pushes back all the time."),
        _passage("It holds energy. **The natural length** is the length of a free spring."),
    ]
    said, cited = phrase_meaning("natural length", notes)
    assert said == "The natural length is the length of a free spring."
    assert cited[0] == notes[1]


def test_one_bold_word_of_a_phrase_will_do_and_no_mere_mention_will() -> None:
    notes = [_passage("**Smooth** means that there is hardly any friction. The ice is cold today.")]
    assert phrase_meaning("smooth ice", notes)[0].startswith("Smooth means")
    assert phrase_meaning("cold weather", notes) == ("", [])
