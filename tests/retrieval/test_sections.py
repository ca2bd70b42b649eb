import pytest

from tutor_app.domain.passage import Place
from tutor_app.retrieval.sections import is_within, section_name

PLACE = Place(document="01-motion", section=("Motion", "Speed", "Units of speed"))


def test_a_section_is_named_by_its_document_and_deepest_heading():
    assert section_name(PLACE) == "01-motion#Units of speed"
    assert section_name(Place(document="notes")) == "notes"


@pytest.mark.parametrize(
    "name", ["01-motion#Units of speed", "01-motion#Speed", "01-motion#motion", "01-motion"]
)
def test_a_place_is_within_its_headings_and_its_document(name: str):
    assert is_within(PLACE, name)


@pytest.mark.parametrize("name", ["01-motion#Units", "02-motion#Speed", "Speed", "", "02-motion"])
def test_a_place_is_not_within_other_sections(name: str):
    assert not is_within(PLACE, name)


def test_case_and_runs_of_space_do_not_count():
    assert is_within(PLACE, "01-motion#  units  OF speed ")
