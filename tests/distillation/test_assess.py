from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import ModelCard
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from tutor_app.distillation.assess import MAX_TURNS, assess, assess_speakers, sampler
from tutor_app.distillation.card import write_card
from tutor_app.distillation.handover import save_demonstrations
from tutor_app.domain.course import Course
from tutor_app.domain.demonstration import Demonstration
from tutor_app.errors import ModelError
from tutor_app.evaluation.rehearsal import Stage

Make = Callable[..., Demonstration]
GOOD = "Think of the ball at rest at {q1}. Which store of energy is full up there?"


class Scripted(BaseChatModel):
    """Says the same to everybody and keeps what it was asked."""

    text: str
    finish: str = "stop"
    asked: list[str] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, n: int = 1,
        **kwargs: Any,
    ) -> ChatResult:  # fmt: skip
        self.asked.append(messages[-1].text)
        info = {"finish_reason": self.finish}
        one = ChatGeneration(message=AIMessage(self.text), generation_info=info)
        return ChatResult(generations=[one] * n)


def test_only_held_out_turns_that_the_model_words_are_measured_by_set(
    demonstration: Make, stage: Stage
) -> None:
    some = [
        demonstration("Why?", "in an item", held_out="item"),
        demonstration("Why?", "in a situation", held_out="situation"),
        demonstration("Why?", "and one more", held_out="situation"),
        demonstration("Why?", "trained on"),
        demonstration("[[definition]] So?", "a term", held_out="item", row="term"),
    ]
    model = Scripted(text=GOOD, asked=[])
    board = assess_speakers(model, some, stage)
    assert [(row.name, row.total, row.passed) for row in board.raw] == [
        ("model, held-out items", 1, 1.0),
        ("model, held-out situations of known items", 2, 1.0),
    ]
    assert [row.spoke for row in board.whole] == [{"model": 1.0}] * 2
    asked = "\n".join(model.asked)
    assert "learner: trained on" not in asked
    assert "learner: a term" not in asked


def test_a_model_that_rambles_never_speaks(demonstration: Make, stage: Stage) -> None:
    model = Scripted(text="It lands at {q7}", finish="length", asked=[])
    board = assess_speakers(model, [demonstration("Why?", held_out="item")], stage)
    assert (board.raw[0].unfilled, board.raw[0].stopped) == (1.0, 0.0)
    assert board.whole[0].spoke == {"hint": 1.0}


def test_the_sampler_fills_and_says_whether_the_model_stopped(
    demonstration: Make, stage: Stage
) -> None:
    material = stage.rehearse(demonstration("Why?")).material
    assert sampler(Scripted(text=GOOD, asked=[]))(material) == (GOOD.replace("{q1}", "20 m"), True)
    assert sampler(Scripted(text="{q9}", finish="length", asked=[]))(material) == ("", False)


def test_many_turns_are_thinned_evenly(demonstration: Make, stage: Stage) -> None:
    some = [demonstration("Why?", f"line {'i' * n}", held_out="item") for n in range(MAX_TURNS + 9)]
    model = Scripted(text="{q9}", asked=[])
    assert assess_speakers(model, some, stage).raw[0].total == MAX_TURNS
    assert len(set(model.asked)) == MAX_TURNS


def test_a_folder_without_model_is_refused(stage: Stage, tmp_path: Path) -> None:
    with pytest.raises(ModelError):
        assess(tmp_path / "none", [], stage)


def test_the_card_says_who_wrote_what_and_how_much_is_held_out(
    course: Course, demonstration: Make, tmp_path: Path
) -> None:
    kept = [demonstration("Why?"), demonstration("How?"), demonstration("So?", held_out="item")]
    save_demonstrations(tmp_path / "kept.jsonl", kept)
    (tmp_path / "funnel.md").write_text("| filter | in |\n", encoding="utf-8")
    (tmp_path / "report.md").write_text("# Evaluation on held-out turns\n", encoding="utf-8")
    write_card(tmp_path, "tutor-small-0.1", course, "language-0.1", tmp_path)
    card = ModelCard.load(tmp_path / "README.md")
    assert card.data.license == "apache-2.0"
    assert card.data.language == "en"
    for part in (
        "# tutor-small-0.1",
        "Trained from: language-0.1",
        "2 of 3 that passed the filters",
        "Written by a language model (teacher: big-1)",
        "000000000000",
        "| filter | in |",
        "## Evaluation on held-out turns",
    ):
        assert part in card.text
