import pytest

from tutor_app.domain.passage import Place


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (Place(document="notes"), "notes"),
        (Place(document="notes", section=("A", "B")), "A › B"),
        (Place(document="book", page=12), "book, page 12"),
        (Place(document="talk", section=("Work",), slide=3), "Work, slide 3"),
        (Place(document="film", start_s=62.9), "film, 1:02"),
        (Place(document="film", start_s=3_723.0), "film, 1:02:03"),
    ],
)
def test_a_place_is_shown_as_people_look_it_up(place: Place, shown: str):
    assert str(place) == shown
