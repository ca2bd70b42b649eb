"""Every value of the demo course, typed the way people type it."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from tutor_app.answers.check import check_answer, matching_misconception
from tutor_app.answers.solution import solve
from tutor_app.answers.units import Measure, format_measure
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import Item, NumericAnswer

FOLDER = Path(__file__).parents[2] / "datasets/courses/mechanics/items"
FILES = sorted(FOLDER.glob("*.yaml"))


def load(path: Path) -> Item:
    return Item.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))


NUMERIC = [path for path in FILES if isinstance(load(path).answer, NumericAnswer)]


@pytest.mark.skipif(not NUMERIC, reason="the demo course has no items yet")
@pytest.mark.parametrize("path", NUMERIC, ids=lambda path: path.stem)
def test_the_answer_is_right_in_every_notation(path: Path) -> None:
    item = load(path)
    solution = solve(item)
    assert solution.answer is not None
    value, unit = solution.answer.value, solution.answer.unit
    spellings = [
        format_measure(solution.answer, 5),
        f"{value:.5g} {unit}",
        f"{value:.5g}{unit}".replace("^", ""),
        f"{value:.4e} {unit}",
        f"{value:.5f} {unit}".replace(".", ",", 1) if "," not in f"{value:.5f}" else "",
        f"the answer is {value:.5g} {unit} because of physics",
        rf"$x = {value:.5g}\,\mathrm{{{unit}}}$",
    ]
    verdicts = {text: check_answer(text, item.answer, solution).verdict for text in spellings}
    assert set(verdicts.values()) == {Verdict.RIGHT}, verdicts


@pytest.mark.skipif(not NUMERIC, reason="the demo course has no items yet")
@pytest.mark.parametrize("path", NUMERIC, ids=lambda path: path.stem)
def test_every_mal_rule_is_wrong_and_recognised(path: Path) -> None:
    item = load(path)
    solution = solve(item)
    assert solution.answer is not None
    for name, value in solution.mal_rules.items():
        typed = format_measure(Measure(value, solution.answer.unit), 5)
        check = check_answer(typed, item.answer, solution)
        assert check.verdict in (Verdict.WRONG, Verdict.SIGN), (name, typed)
        assert matching_misconception(check.reading, item, solution) == name
