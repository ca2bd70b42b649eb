"""Which sentence of the course answers a question."""

from pathlib import Path

from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.passage import Passage, Place
from tutor_app.tutoring.material import define

CHECKOUT = Path(__file__).parents[2]
ASKED = Diagnosis(state=State.ASKS_TERM, step="values")
RANGE = (
    "The stop itself is never in a `range`. `range(stop)` stands for the whole numbers from 0 up "
    "to `stop`, without it. If you want 1 to `n`, both included, you need `range(1, n + 1)`."
)


def passage(text: str) -> Passage:
    place = Place(document="05-loops")
    return Passage(id="p", course_id="python-basics", relevance=0.8, place=place, text=text)


def test_the_sentence_about_a_word_comes_before_one_that_only_holds_it() -> None:
    said, cited = define(ASKED, "what does range do?", [passage(RANGE)])
    assert said.startswith("`range(stop)` stands for the whole numbers")
    assert cited[0].text == RANGE
    false = "Zero, the empty string, an empty list and `None` count as false, which is practical."
    none = passage(f"{false} `None` is a value that stands for nothing here.")
    assert define(ASKED, "what is None", [none])[0].startswith("`None` is a value")


def test_no_definition_shows_code_of_the_items_solution() -> None:
    items = Catalogue([CHECKOUT / "datasets/courses"], []).course("python-basics").items
    tells = [passage("If you want 1 to `n`, both included, you need `range(1, n + 1)`.")]
    assert define(ASKED, "what does range do?", tells)[0]
    assert define(ASKED, "what does range do?", tells, items["loops-sum-even"]) == ("", [])
    assert define(ASKED, "what does range do?", tells, items["loops-range-stop"])[0]
