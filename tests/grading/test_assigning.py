"""What an instructor says about rubrics: ids, pairs, files, items of a course; all trouble told."""

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.errors import ContentError, GradingError
from tutor_app.grading.assigning import read_assignment, renewed
from tutor_app.settings import Settings

LEAP = "item:python-basics/conditionals-leap-year"


@pytest.fixture(scope="module")
def catalogue():
    settings = Settings.from_environment({})
    return Catalogue(settings.course_folders, settings.rubric_folders)


def test_a_rubric_alone_pairs_and_skipped_questions_are_read(catalogue):
    alone = read_assignment(["mechanics-airbag"], catalogue)
    assert {key: one.rubric.id for key, one in alone.assigned.items()} == {"": "mechanics-airbag"}
    given = ["a = b=mechanics-airbag", f"Q2={LEAP}:5,Q3=skip", "Q4=item:mechanics/impulse-airbag"]
    read = read_assignment(given, catalogue)
    assert list(read.assigned) == ["a = b", "Q2", "Q4"]
    assert read.left_out == {"Q3"}
    leap = read.assigned["Q2"]
    assert leap.item == "python-basics/conditionals-leap-year"
    assert leap.rubric.max_points == 5
    assert leap.rubric.criteria[0].possible_points == [5, 2.5, 0]
    assert "def is_leap" in leap.rubric.reference_answers[0]
    drop = read_assignment(["item:mechanics/energy-drop-speed"], catalogue).assigned[""]
    assert "[[" not in drop.rubric.question
    assert drop.rubric.reference_answers[0].endswith("m/s")
    assert (read.assigned["Q4"].rubric.id, read.assigned["Q4"].item) == ("mechanics-airbag", "")


def test_a_yaml_file_and_a_table_are_read(catalogue, tmp_path):
    yaml, table = tmp_path / "map.yaml", tmp_path / "map.csv"
    yaml.write_text("Response 1: mechanics-airbag\nResponse 2: skip\n", encoding="utf-8")
    table.write_text("Rubric,Question\nmechanics-airbag,Response 1\n,\n", encoding="utf-8")
    for path in (yaml, table):
        read = read_assignment([str(path)], catalogue)
        assert read.assigned["Response 1"].rubric.id == "mechanics-airbag"
    table.write_text("Question,Points\nQ1,2\n", encoding="utf-8")
    with pytest.raises(GradingError, match="needs the columns question and rubric"):
        read_assignment([str(table)], catalogue)
    yaml.write_text("- a list\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"map\.yaml:1"):
        read_assignment([str(yaml)], catalogue)


def test_everything_that_is_not_there_is_told_at_once(catalogue):
    given = ["Q1=mechanics-airbg", "Q2=item:mechanics/gone", "Q3=item:nowhere/x", f"Q4={LEAP}:-1"]
    with pytest.raises(GradingError) as told:
        read_assignment(given, catalogue)
    lines = str(told.value).splitlines()
    assert [line.strip()[:3] for line in lines[1:]] == ["Q1:", "Q2:", "Q3:", "Q4:"]
    assert "Did you mean 'mechanics-airbag'?" in lines[1]
    assert "no number of points" in lines[4]


def test_rubrics_are_read_anew_and_one_that_is_gone_is_named(catalogue, tmp_path):
    known = read_assignment([f"Q1={LEAP}:3,Q2=mechanics-airbag"], catalogue).assigned
    assert renewed(known, catalogue) == known
    with pytest.raises(GradingError, match=r"(?s)Q1:.*Q2:"):
        renewed(known, Catalogue([tmp_path], [tmp_path]))
