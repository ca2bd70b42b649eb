from pathlib import Path
from shutil import copytree

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import check_course

SMALL = Path(__file__).parents[1] / "content" / "small-python"
ITEM = "items/count-vowels.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(SMALL, tmp_path / "small-python"))


def mistakes(folder: Path, *changes: tuple[str, str], **more: bool) -> list[str]:
    path = folder / ITEM
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    found = check_course(Catalogue([folder.parent], []), folder.name, **more).mistakes
    return [f"{mistake.field}: {mistake.message}" for mistake in found]


def test_a_good_code_item_has_no_mistakes(folder: Path) -> None:
    assert mistakes(folder) == []


def test_a_solution_that_fails_a_test_is_named_with_what_it_gave(folder: Path) -> None:
    found = mistakes(folder, ('expect: "3"', 'expect: "4"'))
    assert found == [
        'answer.tests.2: the solution fails here. `count_vowels("banana")` gives `3`. Expected 4.'
    ]


def test_a_solution_that_is_no_program_is_named_with_its_line(folder: Path) -> None:
    changed = (
        "solution: |\n    def count_vowels(text):",
        "solution: |\n    def count_vowels(text)",
    )
    assert mistakes(folder, changed)[0].startswith("answer.solution: Python cannot read line 1")


def test_a_mal_rule_that_passes_every_test_is_a_mistake(folder: Path) -> None:
    changed = ("return len({letter for letter in text", "return len([letter for letter in text")
    found = mistakes(folder, changed, ('in "aeiou"})', 'in "aeiou"])'))
    assert found == ["misconceptions.2.program: passes every test. Add a test that it fails"]


def test_two_mal_rules_that_do_the_same_are_a_mistake(folder: Path) -> None:
    text = 'return len({letter for letter in text if letter in "aeiou"})'
    found = mistakes(folder, (text, "return 0"))
    assert found == [
        "misconceptions.2.program: gives the same results as 'return-in-loop'. "
        "Add a test between them"
    ]


def test_a_code_item_knows_wrong_ideas_by_programs_only(folder: Path) -> None:
    block = (
        "    program: |\n      def count_vowels(text):\n"
        '          return len({letter for letter in text if letter in "aeiou"})\n'
    )
    assert mistakes(folder, (block, "    says: [each counts once]\n")) == [
        "misconceptions.2: needs a program: a code item recognises nothing else"
    ]


def test_a_starter_that_passes_is_a_mistake(folder: Path) -> None:
    solved = "        return sum(letter in 'aeiou' for letter in text)\n"
    found = mistakes(folder, ("        ...\n", solved))
    assert found == ["answer.starter: passes every test already"]


def test_a_last_step_without_a_test_is_a_mistake(folder: Path) -> None:
    twice = ("step: count\n    - id: long", "step: look\n    - id: long")
    found = mistakes(folder, twice, ("step: count\n      hidden", "step: look\n      hidden"))
    assert found == ["answer.tests: no test speaks for the last step, 'count'"]


def test_a_spoiler_in_words_is_no_missing_section_but_one_with_a_mark_is(folder: Path) -> None:
    found = mistakes(folder, ("'01-loops#Functions'", "'01-loops#Nowhere'"))
    assert found == ["spoilers.1: there is no section '01-loops#Nowhere' in the notes"]


def test_the_server_checks_a_course_without_running_its_programs(folder: Path) -> None:
    changed = ('expect: "3"', 'expect: "4"')
    assert mistakes(folder, changed, run_programs=False) == []


def test_solution_and_mal_rules_must_do_without_what_learners_may_not_use(folder: Path) -> None:
    found = mistakes(folder, ("  language: python\n", "  language: python\n  without: [len]\n"))
    assert found == [
        "misconceptions.2.program: uses 'len', which answer.without forbids to learners"
    ]
