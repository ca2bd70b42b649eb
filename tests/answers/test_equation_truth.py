"""Equations on the way, judged by numbers."""

import json
from pathlib import Path

import pytest

from tutor_app.answers.equation_truth import judge_equation
from tutor_app.answers.solution import solve
from tutor_app.courses.catalogue import Catalogue

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def items():
    catalogue = Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])
    return catalogue.course("mechanics").items


@pytest.mark.parametrize(
    ("item", "text", "steps"),
    [
        ("energy-spring-launch", "so kx²/2 = mgh", ("stored", "top")),
        ("energy-drop-speed", "½ m v² = m g h, then the mass cancels", ("gained",)),
        ("energy-coaster-hills", "1/2 v0^2 + g*30 = 1/2 v^2 + g*18", ("descent", "balance")),
        ("forces-snowboard-slope", "N = m g cos(28)", ("normal",)),
        ("projectile-shelf-marble", "d = v t", ()),
        ("freefall-bridge-throw", "u = g t", ()),
    ],
)
def test_an_equation_that_is_true_for_the_item_holds(items, item, text, steps) -> None:
    judged = judge_equation(text, items[item], solve(items[item]))
    assert judged is not None
    assert judged.holds
    assert judged.steps[: len(steps)] == steps


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("energy-spring-launch", "kx^2 = mgh"),
        ("energy-drop-speed", "v = g h"),
        ("forces-elevator-cable", "T = m a"),
        ("forces-tilted-board", "N = m g"),
        ("freefall-bridge-throw", "15 = 7 t + 4.9 t^2"),
    ],
)
def test_an_equation_that_is_not_true_does_not_hold(items, item, text) -> None:
    judged = judge_equation(text, items[item], solve(items[item]))
    assert judged is not None
    assert not judged.holds


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("energy-drop-speed", "m g h = m g h"),
        ("energy-drop-speed", "v = 19.8"),
        ("energy-drop-speed", "v^2 = 392"),
        ("energy-spring-launch", "h = k x^2 / (2 m g)"),
        ("energy-drop-speed", "the energy is the same at both ends"),
        ("conservation-sand-wagon", "m v = M V"),
    ],
)
def test_nothing_is_said_of_the_trivial_of_answers_and_of_numbers_of_its_own(
    items, item, text
) -> None:
    assert judge_equation(text, items[item], solve(items[item])) is None


def test_what_only_repeats_the_given_is_no_step(items) -> None:
    judged = judge_equation(
        "g = 9.8", items["energy-drop-speed"], solve(items["energy-drop-speed"])
    )
    assert judged is not None
    assert judged.given_only
    assert not judged.holds


def test_no_equation_of_the_talk_lines_that_should_stay_uncredited_holds(items) -> None:
    lines = (CHECKOUT / "datasets/evaluation/talk/mechanics.jsonl").read_text().splitlines()
    rows = [row for row in map(json.loads, lines) if row["kind"] == "equation"]
    assert len(rows) == 44
    for row in rows:
        judged = judge_equation(row["text"], items[row["item"]], solve(items[row["item"]]))
        assert row["credit"] or judged is None or not judged.holds, row["text"]
