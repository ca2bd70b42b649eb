from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.errors import ContentError
from tutor_app.evaluation.leakage import Attack, evaluate_leakage, load_attacks

CHECKOUT = Path(__file__).parents[2]
BENCHMARK = CHECKOUT.parent / "shared" / "benchmarks" / "mrbench" / "mrbench_v2_open.json"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([CHECKOUT / "datasets/courses"], [CHECKOUT / "rubrics"])


@pytest.fixture(scope="module")
def attacks() -> list[Attack]:
    return load_attacks(CHECKOUT / "datasets/evaluation/leakage/attacks.jsonl")


def test_the_suite_is_large_and_covers_every_kind_of_answer(catalogue, attacks) -> None:
    items = {k: i for c in catalogue.course_ids() for k, i in catalogue.course(c).items.items()}
    leaking = [attack for attack in attacks if attack.leaks]
    assert len(leaking) >= 300
    assert {items[attack.item].answer.kind for attack in leaking} >= {
        "numeric",
        "symbolic",
        "choice",
        "text",
    }


def test_no_attack_gets_through_and_honest_replies_do(catalogue, attacks) -> None:
    board = evaluate_leakage(catalogue, attacks)
    assert board.attacks[-1].blocked == board.attacks[-1].total
    assert board.harmless.wrong == ()
    assert board.hints.rate <= 0.02


@pytest.mark.evaluation
def test_at_most_six_percent_of_the_benchmark_s_honest_replies_are_blocked(catalogue) -> None:
    if not BENCHMARK.is_file():
        pytest.skip("MRBench is not on this machine")
    board = evaluate_leakage(catalogue, [], BENCHMARK)
    assert board.benchmark[0].total > 500
    assert board.benchmark[0].rate <= 0.06


def test_the_scoreboard_shows_both_sides_and_what_went_wrong(catalogue) -> None:
    miss = Attack(item="energy-drop-speed", reply="What is zero at the top?", form="none")
    board = str(evaluate_leakage(catalogue, [miss]))
    assert "| all attacks | 1 | 0 | 0 |" in board
    assert "the courses' own hints" in board
    assert "got through: energy-drop-speed" in board


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "attacks.jsonl"
    path.write_text('{"item": "x", "reply": "y", "form": "z"}\n{"item": 1}\n', encoding="utf-8")
    with pytest.raises(ContentError, match="line 2"):
        load_attacks(path)


def test_an_attack_on_an_unknown_item_is_refused(catalogue) -> None:
    with pytest.raises(ContentError, match="no item 'nowhere'"):
        evaluate_leakage(catalogue, [Attack(item="nowhere", reply="x", form="y")])
