from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tutor_app.answers.solution import solve
from tutor_app.domain.course import Course, HintLevel
from tutor_app.domain.dialogue import Candidate, CheckResult, Diagnosis, Source, State
from tutor_app.domain.item import Item
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.plan import PlanInput, plan
from tutor_app.tutoring.ranking import Critic
from tutor_app.tutoring.speakers import MAX_TRIED, Speak, Speakers, by_critic, usual_order
from tutor_app.tutoring.state import DialogueState

HEAD = Path(__file__).parents[2] / "models/critic-0.1/head.safetensors"


@pytest.fixture
def material(course: Course, item: Item) -> Material:
    diagnosis = Diagnosis(state=State.STUCK, step="square", quoted="i am lost")
    move = plan(PlanInput(diagnosis, DialogueState(), course.policy, item))
    return Material(course, item, solve(item), move, diagnosis, DialogueState(), (), {}, "", "s")


class Voice:
    """Says its lines one by one and knows how many were asked for."""

    def __init__(self, source: Source, *texts: str) -> None:
        self.source, self.texts, self.asked = source, texts, 0

    def __call__(self, material: Material) -> Iterator[Candidate]:
        for text in self.texts:
            self.asked += 1
            yield Candidate(text=text, source=self.source)


def checked(candidate: Candidate) -> Candidate:
    """Let everything pass but what says "bad"."""
    passed = "bad" not in candidate.text
    return candidate.model_copy(update={"checks": (CheckResult(name="form", passed=passed),)})


def refuse(candidate: Candidate) -> Candidate:
    return candidate.model_copy(update={"checks": (CheckResult(name="form", passed=False),)})


def moved(material: Material, **changed: object) -> Material:
    move = material.move.model_copy(update=changed)
    return Material(**{**material.__dict__, "move": move})


def shortest_first(material: Material, passed: Sequence[Candidate]) -> Sequence[Candidate]:
    return sorted(passed, key=lambda c: len(c.text))


@pytest.mark.parametrize(
    ("order", "speaks"),
    [
        ({}, "model"),
        ({"nudge": ("memory", "model", "hint")}, "memory"),
        ({"nudge": ("hint", "model", "memory")}, "hint"),
        ({"nudge": ()}, "hint"),
        ({"question": ("memory", "model", "hint")}, "model"),
    ],
)
def test_each_row_has_its_own_order_and_hints_come_last(
    material: Material, order: dict[str, tuple[Source, ...]], speaks: str
) -> None:
    speakers = Speakers(Voice("model", "from the model"), Voice("memory", "known"), order=order)
    best, _, rejected = speakers.choose(material, checked)
    assert best.source == speaks
    assert not rejected


def test_up_to_three_that_pass_are_ranked_and_no_more_are_asked_for(material: Material) -> None:
    model = Voice("model", "bad one", "the longest one", "longer one", "bad", "one", "none")
    memory = Voice("memory", "known")
    best, others, rejected = Speakers(model, memory, shortest_first).choose(material, checked)
    assert [c.text for c in (best, *others)] == ["one", "longer one", "the longest one"]
    assert [c.text for c in rejected] == ["bad one", "bad"]
    assert (model.asked, memory.asked) == (5, 0)


def test_the_next_speaker_is_asked_where_all_of_one_fail(material: Material) -> None:
    order: dict[str, tuple[Source, ...]] = {"nudge": ("model", "memory", "hint")}
    speakers = Speakers(
        Voice("model", "bad", "bad too"), Voice("memory", "bad", "known"), order=order
    )
    best, others, rejected = speakers.choose(material, checked)
    assert (best.text, others) == ("known", [])
    assert [c.text for c in rejected] == ["bad", "bad too", "bad"]


def test_one_hint_that_passes_is_enough(material: Material) -> None:
    best, others, _ = Speakers().choose(material, checked)
    assert best.source == "hint"
    assert others == []


def test_an_endless_speaker_is_asked_only_so_often(material: Material) -> None:
    asked: list[int] = []

    def endless(material: Material) -> Iterator[Candidate]:
        while True:
            asked.append(1)
            yield Candidate(text="bad", source="model")

    assert Speakers(model=endless).choose(material, checked)[0].source == "hint"
    assert len(asked) == MAX_TRIED


def test_where_nothing_passes_something_is_said_all_the_same(material: Material) -> None:
    best, others, rejected = Speakers(Voice("model", "x"), Voice("memory", "y")).choose(
        material, refuse
    )
    assert best.text.strip()
    assert best.source == "template"
    assert not others
    assert {c.source for c in rejected} >= {"model", "memory", "hint"}


@pytest.mark.parametrize("row", ["answer", "right", "dispute", "nudge", "put aside"])
def test_the_answer_level_asks_nobody_and_generic_moves_not_the_model(
    material: Material, row: str
) -> None:
    model, memory = Voice("model", "bad"), Voice("memory", "bad")
    kind = "generic" if row in ("right", "dispute") else "tell"
    level = HintLevel.ANSWER if row == "answer" else HintLevel.NUDGE
    Speakers(model, memory).choose(moved(material, situation=row, kind=kind, level=level), checked)
    assert model.asked == (row in ("nudge", "put aside"))
    # on a nudge the course's hint speaks before memory is asked
    assert memory.asked == (row not in ("answer", "nudge"))


def test_the_critic_puts_a_reply_that_helps_before_one_that_does_not(material: Material) -> None:
    rank = by_critic(Critic(load_embedder().embed_array, HEAD))
    empty = "Keep going!"
    helpful = "The ball hangs still at the top. Which energy does it have there, and from what?"

    def speak(material: Material) -> Iterable[Candidate]:
        return (Candidate(text=text, source="memory") for text in (empty, helpful))

    said: Speak = speak
    first: dict[str, tuple[Source, ...]] = {"nudge": ("memory", "hint")}
    best, others, _ = Speakers(memory=said, rank=rank, order=first).choose(material, checked)
    assert (best.text, [c.text for c in others]) == (helpful, [empty])


@pytest.mark.parametrize(
    ("row", "first"),
    [("nudge", "hint"), ("misconception", "hint"), ("teach", "memory"), ("right", "memory")],
)
def test_without_a_model_the_winner_of_the_blind_comparison_speaks(row: str, first: str) -> None:
    assert usual_order(row)[0] == first


def test_a_hint_that_was_said_before_gives_way_to_memory(material: Material) -> None:
    speakers = Speakers(memory=Voice("memory", "known"))
    hint = speakers.choose(material, checked)[0]
    assert hint.source == "hint"
    state = replace(material.state, texts=("idk",), replies=(hint.text,))
    again = speakers.choose(replace(material, state=state), checked)[0]
    assert again.text != hint.text
