"""What the small model reads and is trained on: open numbers, and never the answer key."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor_app.answers.solution import fill, solve
from tutor_app.answers.units import format_number
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.distillation.rows import Row, make_rows, save_rows, split_rows
from tutor_app.distillation.tokenizer import train_tokenizer
from tutor_app.distillation.train import read_rows
from tutor_app.domain.demonstration import Demonstration, Situation
from tutor_app.domain.dialogue import State
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.evaluation.rehearsal import Stage
from tutor_app.tutoring.phrasing import WORDED, model_prompt
from tutor_app.tutoring.slots import slot_names

Make = Callable[..., Demonstration]


def normal(text: str) -> str:
    return f" {' '.join(re.findall(r'[a-z0-9]+', text.lower()))} "


def key_of(item: Item, rubrics: dict[str, Rubric]) -> Iterator[str]:
    """Yield everything that would give the item away: values, formulas, options, ideas."""
    solution, answer = solve(item), item.answer
    for name in {step.id for step in item.steps} & set(solution.names):
        yield solution.names[name]
    if solution.answer is not None:
        yield format_number(solution.answer.value, 3)
    if answer.kind == "symbolic":
        yield answer.value
        yield from (formula.text for formula in solution.step_formulas.values())
    if answer.kind == "choice":
        yield answer.option(answer.correct).text
    if answer.kind == "text":
        for criterion in rubrics[answer.rubric].criteria:
            for element in criterion.key_elements:
                yield from (element.text, *element.variants)
        yield from rubrics[answer.rubric].reference_answers


class Key:
    """What of an item's key does not stand in the problem itself."""

    def __init__(self, item: Item, rubrics: dict[str, Rubric]) -> None:
        problem = fill(item.prompt, solve(item).names)
        parts = sorted({part.strip() for part in key_of(item, rubrics)})
        exact = [part for part in parts if re.search(r"\d|[$=^*]", part)]
        # not as part of a longer number or name
        patterns = {p: re.compile(rf"(?<![\w.]){re.escape(p)}(?![\w.]*\d)") for p in exact}
        self.exact = {p: found for p, found in patterns.items() if not found.search(problem)}
        words = {part: normal(part) for part in parts if part not in exact}
        self.words = {part: text for part, text in words.items() if text not in normal(problem)}

    def given_away(self, text: str) -> list[str]:
        plain = normal(text)
        return [part for part, found in self.exact.items() if found.search(text)] + [
            part for part, words in self.words.items() if words in plain
        ]


def prompts(
    mechanics: LoadedCourse, situations: list[Situation], stage: Stage
) -> Iterator[tuple[Situation, Item, str]]:
    """Yield the model's prompt for every situation, with the learner's value in the line."""
    for one in situations:
        item = mechanics.items[one.item_id]
        has_value = "yours" in slot_names(item, one)
        lines = ("[[yours]]", "so I worked it out and [[yours]] is what came out")
        for learner in lines if has_value else ("no idea",):
            demonstration = Demonstration(
                situation=one, learner=learner, reply="Why?", any_learner=True,
                persona="p", teacher="t", request="r", prompt="p",
            )  # fmt: skip
            for parallel in [False] + [True] * stage.has_parallel(item.id):
                turn = stage.rehearse(demonstration, parallel=parallel)
                yield one, turn.material.item, model_prompt(turn.material)


@pytest.fixture(scope="module")
def everything(
    mechanics: LoadedCourse, situations: list[Situation], rubrics: dict[str, Rubric]
) -> list[tuple[Situation, Item, str]]:
    return list(prompts(mechanics, situations, Stage(mechanics, rubrics)))


def test_no_part_of_the_answer_key_is_in_any_prompt(
    everything: list[tuple[Situation, Item, str]], rubrics: dict[str, Rubric]
) -> None:
    keys: dict[tuple[str, str], Key] = {}
    for one, item, prompt in everything:
        numbers = (item.id, str(item.quantities))
        if numbers not in keys:
            keys[numbers] = Key(item, rubrics)
        assert not keys[numbers].given_away(prompt), (one, prompt)


def test_the_key_would_be_found_if_it_were_there(
    mechanics: LoadedCourse, rubrics: dict[str, Rubric]
) -> None:
    for item in mechanics.items.values():
        key = Key(item, rubrics)
        assert key.exact or key.words
        for part in (*key.exact, *key.words):
            assert part in key.given_away(f"hint: So it is {part}, is it?")


def test_every_prompt_tells_problem_state_move_and_learner_and_leaves_nothing_open(
    everything: list[tuple[Situation, Item, str]],
) -> None:
    for one, item, prompt in everything:
        fields = dict(line.split(": ", 1) for line in prompt.split("\n"))
        assert {"problem", "asked", "move", "learner"} <= set(fields)
        assert all(value.strip() for value in fields.values())
        assert "[[" not in prompt
        assert set(re.findall(r"\{(\w+)\}", re.sub(r"\$.*?\$", "", prompt))) <= {
            "yours", *(f"q{n}" for n in range(1, len(item.quantities) + 1)),
        }  # fmt: skip
        assert ("step" in fields) == bool(one.step)


def test_the_parallel_quantities_give_the_same_prompt(
    mechanics: LoadedCourse, situations: list[Situation], rubrics: dict[str, Rubric]
) -> None:
    stage = Stage(mechanics, rubrics)
    for one in situations:
        if one.state is State.STUCK and stage.has_parallel(one.item_id):
            demonstration = Demonstration(
                situation=one, learner="lost", reply="Why?", any_learner=True,
                persona="p", teacher="t", request="r", prompt="p",
            )  # fmt: skip
            own, other = (
                model_prompt(stage.rehearse(demonstration, parallel=p).material) for p in (0, 1)
            )
            assert own == other


def test_a_row_is_what_the_model_reads_and_what_it_should_have_written(
    demonstration: Make, stage: Stage
) -> None:
    one = demonstration(
        "You wrote [[yours]] for a fall from [[h]]. Would “[[quoted]]” do for a table?",
        "i say [[yours]] from [[h]]",
        row="misconception",
    )
    (row,) = make_rows([one], stage)
    assert row.id == f"{one.situation.id}-{one.request}"
    assert row.reply == "You wrote {yours} for a fall from {q1}. Would “{quoted}” do for a table?"
    assert row.prompt.split("\n") == [
        "problem: A ball is dropped from rest from {q1}. How fast does it land? g is {q2}.",
        "asked: wrong",
        "idea: Takes the acceleration for a speed",
        "step: Relate the height to the square of the speed",
        "move: probe, ask, hint at the mistake",
        "hint: If {yours} were its speed, would a fall from a roof end any faster?",
        "learner: i say {yours} from {q1}",
    ]


def test_what_others_word_and_what_cannot_be_filled_gives_no_row(
    demonstration: Make, stage: Stage
) -> None:
    some = [
        demonstration("[[definition]] So?", row="term"),
        demonstration("It is right.", "[[yours]]", row="right"),
        demonstration("Why [[unknown]]?"),
        demonstration("Why?", "I have [[yours]]"),
    ]
    assert {"term", "right"}.isdisjoint(WORDED)
    assert make_rows(some, stage) == []


def test_rows_to_watch_are_whole_situations_and_about_a_twentieth() -> None:
    rows = [Row(f"{n // 4:012x}-r{n}", "p", "r") for n in range(8000)]
    trained, watched = split_rows(rows)
    assert sorted(r.id for r in (*trained, *watched)) == sorted(r.id for r in rows)
    assert {r.id.split("-")[0] for r in trained}.isdisjoint(r.id.split("-")[0] for r in watched)
    assert 0.03 < len(watched) / len(rows) < 0.07


def test_rows_are_written_one_a_line_and_read_by_the_training(tmp_path: Path) -> None:
    path = tmp_path / "new" / "rows.jsonl"
    rows = [Row("a-b", "problem: 9.8 m/s²\nlearner: “so\u2028what?”", "Why {q1}?\x85")]
    save_rows(path, rows)
    assert json.loads(path.read_text(encoding="utf-8")) == rows[0].__dict__

    tokenizer = train_tokenizer(["Why is it so? " * 20], 330)
    (example,) = read_rows(path, tokenizer)
    assert example
