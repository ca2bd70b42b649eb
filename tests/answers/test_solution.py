import math

import pytest

from tutor_app.answers.solution import examine, fill, solve
from tutor_app.domain.item import Item
from tutor_app.errors import ContentError


def item(**changes: object) -> Item:
    entry: dict[str, object] = {
        "id": "slide",
        "title": "Slide",
        "prompt": "A box slides down [[h]].",
        "skills": ["energy"],
        "quantities": {"m": "2.0 kg", "h": "5 m", "g": "9.8 m/s^2", "theta": "30 deg"},
        "answer": {"kind": "numeric", "value": "speed", "unit": "m/s"},
        "steps": [
            {"id": "energy", "goal": "Find the energy", "value": "m*g*h", "unit": "J"},
            {"id": "speed", "goal": "Find the speed", "value": "sqrt(2*energy/m)", "unit": "m/s"},
        ],
        "misconceptions": [
            {"id": "g-as-speed", "title": "g", "question": "Is it?", "value": "g"},
            {"id": "slope", "title": "slope", "question": "Is it?", "value": "g*sin(theta)"},
            {"id": "energy-as-speed", "title": "e", "question": "Is it?", "value": "energy"},
        ],
    }
    return Item.model_validate(entry | changes)


def test_steps_and_answer_are_computed_in_their_units() -> None:
    solution = solve(item())
    assert solution.steps["energy"].value == pytest.approx(98)
    assert solution.steps["energy"].unit == "J"
    assert solution.answer is not None
    assert solution.answer.value == pytest.approx(math.sqrt(98))


def test_other_quantities_give_the_parallel_item() -> None:
    given = {"m": "1 kg", "h": "20 m", "g": "9.8 m/s^2", "theta": "45 deg"}
    solution = solve(item(), given)
    assert solution.answer is not None
    assert solution.answer.value == pytest.approx(math.sqrt(392))
    assert solution.names["h"] == "20 m"


def test_mal_rules_use_plain_numbers_with_angles_in_radians() -> None:
    rules = solve(item()).mal_rules
    assert rules == pytest.approx({"g-as-speed": 9.8, "slope": 4.9, "energy-as-speed": 98})


def test_mal_rules_of_an_angle_come_in_the_unit_of_the_answer() -> None:
    tilted = item(
        answer={"kind": "numeric", "value": "atan(h/m)", "unit": "deg"},
        quantities={"m": "4 m", "h": "3 m"},
        steps=[{"id": "angle", "goal": "Find it"}],
        misconceptions=[{"id": "sine", "title": "s", "question": "Is it?", "value": "asin(h/m)"}],
    )
    solution = solve(tilted)
    assert solution.answer is not None
    assert solution.answer.value == pytest.approx(36.8699)
    assert solution.mal_rules["sine"] == pytest.approx(48.5904)


def test_names_keep_the_authors_digits_and_round_computed_values() -> None:
    names = solve(item()).names
    assert names["m"] == "2.0 kg"
    assert names["g"] == "9.8 m/s²"
    assert names["theta"] == "30°"
    assert names["speed"] == "9.9 m/s"


def test_a_symbolic_item_stays_symbolic() -> None:
    symbolic = item(
        answer={"kind": "symbolic", "value": "sqrt(square)", "symbols": {"g": "g", "h": "height"}},
        quantities={},
        steps=[{"id": "square", "goal": "Find v squared", "value": "2*g*h"}],
        misconceptions=[{"id": "no-root", "title": "r", "question": "Is it?", "value": "2*g*h"}],
    )
    solution = solve(symbolic)
    assert solution.answer is None
    assert solution.formula is not None
    assert solution.formula.names == {"g", "h"}
    assert solution.names["square"] == "$2 g h$"
    assert set(solution.mal_formulas) == {"no-root"}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"quantities": {"m": "2 parsec"}}, r"quantities\.m"),
        ({"steps": [{"id": "a", "goal": "x", "value": "m*x"}]}, r"steps\.0\.value"),
        ({"steps": [{"id": "a", "goal": "x", "value": "m*g", "unit": "J"}]}, r"steps\.0\.value"),
        ({"steps": [{"id": "a", "goal": "x", "value": "m*g"}]}, r"steps\.0\.value"),
        ({"answer": {"kind": "numeric", "value": "2gh", "unit": "m"}}, r"answer\.value"),
        ({"answer": {"kind": "numeric", "value": "h", "unit": "furlong"}}, r"answer\.value"),
    ],
)
def test_a_wrong_expression_is_named_with_its_field(changes: dict[str, object], where: str) -> None:
    with pytest.raises(ContentError, match=where):
        solve(item(**changes))


def test_every_mistake_is_listed_in_one_run() -> None:
    _, faults = examine(
        item(
            answer={"kind": "numeric", "value": "speed +", "unit": "m/s"},
            misconceptions=[{"id": "x", "title": "t", "question": "Is it?", "value": "nothing"}],
        )
    )
    assert [fault.place for fault in faults] == [
        ("answer", "value"),
        ("misconceptions", 0, "value"),
    ]


def test_fill_writes_values_in_text_and_as_katex_between_dollars() -> None:
    names = solve(item()).names
    assert fill("from [[h]] with [[ g ]]", names) == "from 5 m with 9.8 m/s²"
    assert fill(r"$v = \sqrt{2 \times [[g]]}$ at [[theta]]", names) == (
        r"$v = \sqrt{2 \times 9.8\,\mathrm{m/s^{2}}}$ at 30°"
    )
    assert fill("$[[theta]] = [[c]]$", names | {"c": "3 × 10⁸ m/s"}) == (
        r"$30^\circ = 3 \times 10^{8}\,\mathrm{m/s}$"
    )


def test_fill_refuses_an_unknown_name_and_never_fills_what_it_filled_in() -> None:
    with pytest.raises(ContentError, match=r"\[\[height\]\] names nothing"):
        fill("[[height]]", {"h": "5 m"})
    assert fill("[[yours]]", {"yours": "[[h]]", "h": "5 m"}) == "[[h]]"
