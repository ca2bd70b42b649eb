import json
import time
from collections import Counter
from pathlib import Path

import pytest

from tutor_app.answers.check import check_answer, warm_up
from tutor_app.answers.solution import Solution
from tutor_app.domain.answer import Verdict
from tutor_app.domain.item import Item, NumericAnswer, TextAnswer

Keys = dict[str, tuple[Item, Solution]]


def corpus(name: str) -> list[dict[str, str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


RIGHT = corpus("right_answers.jsonl")
WRONG = corpus("wrong_answers.jsonl")


def judged(keys: Keys, key: str, text: str, step: str | None = None) -> Verdict:
    item, solution = keys[key]
    return check_answer(text, item.answer, solution, step).verdict


def test_right_answers_are_judged_as_annotated_however_they_are_typed(keys: Keys) -> None:
    assert len(RIGHT) >= 320
    missed = [r for r in RIGHT if judged(keys, r["key"], r["text"]) != r["verdict"]]
    assert missed == []


def test_no_right_answer_is_annotated_as_wrong() -> None:
    counts = Counter(row["verdict"] for row in RIGHT)
    assert Verdict.WRONG not in counts
    assert counts[Verdict.CANNOT_TELL] < 0.03 * len(RIGHT)
    assert len({row["key"] for row in RIGHT}) >= 12


def test_wrong_answers_are_judged_as_annotated_however_they_are_typed(keys: Keys) -> None:
    assert len(WRONG) >= 320
    missed = [r for r in WRONG if judged(keys, r["key"], r["text"]) != r["verdict"]]
    assert missed == []


def test_no_wrong_answer_is_annotated_as_right_and_few_as_nearly() -> None:
    counts = Counter(row["verdict"] for row in WRONG)
    assert not {Verdict.RIGHT, Verdict.SIGN, Verdict.ROUNDING} & set(counts)
    # The right number in the wrong unit.
    assert counts[Verdict.UNIT] < 0.03 * len(WRONG)


def test_a_number_that_may_be_thousands_or_a_decimal_costs_no_attempt(keys: Keys) -> None:
    item, solution = keys["lift-work"]
    check = check_answer("1.500 J", item.answer, solution)
    assert check.verdict is Verdict.CANNOT_TELL
    assert check.reading.echo == "1.5 J"
    assert "two ways" in check.reason


def test_a_step_is_judged_against_its_own_value(keys: Keys) -> None:
    assert judged(keys, "drop-speed", "392 m^2/s^2", "square") is Verdict.RIGHT
    assert judged(keys, "drop-speed", "392", "square") is Verdict.UNIT
    assert judged(keys, "drop-speed", "19.8 m/s", "square") is Verdict.WRONG
    assert judged(keys, "drop-formula", "2gh", "square") is Verdict.RIGHT
    assert judged(keys, "truck-and-car", "c", "idea") is Verdict.CANNOT_TELL


def test_the_number_of_a_misconception_is_never_called_a_rounding(keys: Keys) -> None:
    item, solution = keys["drop-speed"]
    near = Solution(
        solution.quantities, solution.steps, solution.answer, {"close": 20.4}, solution.names
    )
    assert check_answer("20.4 m/s", item.answer, near).verdict is Verdict.WRONG
    assert check_answer("20.4 m/s", item.answer, solution).verdict is Verdict.ROUNDING


def test_too_few_digits_are_a_rounding_not_an_error(keys: Keys) -> None:
    _, solution = keys["runner-pace"]
    strict = NumericAnswer(kind="numeric", value="d/t", unit="m/s", tolerance=0.001)
    assert check_answer("3.3 m/s", strict, solution).verdict is Verdict.ROUNDING
    assert check_answer("3.4 m/s", strict, solution).verdict is Verdict.WRONG


def test_an_answer_in_words_is_left_to_the_rubric() -> None:
    check = check_answer("it bursts", TextAnswer(kind="text", rubric="cells"), Solution())
    assert check.verdict is Verdict.CANNOT_TELL


def test_a_reason_never_states_the_right_value(keys: Keys) -> None:
    for row in RIGHT + WRONG:
        item, solution = keys[row["key"]]
        reason = check_answer(row["text"], item.answer, solution).reason
        assert reason
        assert not any(character.isdigit() for character in reason)


@pytest.mark.parametrize(
    "text", ["19.8 m/s", "v² = 2gh = 2·9.8·20 = 392, so v = 19.8 m/s because energy is conserved"]
)
def test_a_numeric_check_takes_under_two_milliseconds(keys: Keys, text: str) -> None:
    item, solution = keys["drop-speed"]
    warm_up()
    check_answer(text, item.answer, solution)
    runs = []
    for _ in range(3):
        started = time.process_time()
        for _ in range(20):
            check_answer(text, item.answer, solution)
        runs.append((time.process_time() - started) / 20)
    assert sorted(runs)[1] < 0.002


def test_the_reason_tells_a_missing_unit_from_a_wrong_one(keys: Keys) -> None:
    item, solution = keys["lift-work"]
    value = f"{solution.answer.value:g}" if solution.answer else ""
    missing = check_answer(value, item.answer, solution)
    other = check_answer(f"{value} kg", item.answer, solution)
    assert (missing.verdict, other.verdict) == (Verdict.UNIT, Verdict.UNIT)
    assert "missing" in missing.reason
    assert "missing" not in other.reason
