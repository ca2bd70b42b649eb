from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from tutor_app.answers.solution import solve
from tutor_app.domain.course import Course
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.item import Item
from tutor_app.errors import ModelError
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.phrasing import model_prompt
from tutor_app.tutoring.plan import PlanInput, plan
from tutor_app.tutoring.state import DialogueState
from tutor_app.tutoring.voice import MAX_SAMPLES, Voice, load_voice, small_speaker


class Scripted(BaseChatModel):
    """A chat model that says its texts and keeps what it was asked."""

    texts: list[str]
    broken: bool = False
    asked: list[tuple[str, int]] = []

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(
        self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, n: int = 1,
        **kwargs: Any,
    ) -> ChatResult:  # fmt: skip
        if self.broken:
            raise ModelError("scripted: it did not answer. Wait.")
        self.asked.append((messages[-1].text, n))
        drawn = [ChatGeneration(message=AIMessage(text)) for text in self.texts]
        return ChatResult(generations=drawn)


def turn(course: Course, item: Item, state: State = State.STUCK) -> Material:
    diagnosis = Diagnosis(state=state, step="square", quoted="i am lost")
    move = plan(PlanInput(diagnosis, DialogueState(), course.policy, item))
    return Material(course, item, solve(item), move, diagnosis, DialogueState(), (), {}, "", "s")


def test_samples_are_drawn_in_one_call_filled_and_said_once(course: Course, item: Item) -> None:
    model = Scripted(texts=["From {q1}, why?", " From {q1}, why? ", "Is {yours} it?", ""], asked=[])
    material = turn(course, item)
    said = list(small_speaker(model)(material))
    assert [(c.text, c.source) for c in said] == [("From 20 m, why?", "model")]
    assert model.asked == [(model_prompt(material), MAX_SAMPLES)]


@pytest.mark.parametrize("state", [State.ASKS_TERM, State.DISPUTES, State.RIGHT, State.SOCIAL])
def test_the_model_is_not_asked_for_what_it_never_learnt(
    course: Course, item: Item, state: State
) -> None:
    model = Scripted(texts=["Why?"], asked=[])
    assert list(small_speaker(model)(turn(course, item, state))) == []
    assert model.asked == []


def test_a_model_that_fails_says_nothing_and_stops_nobody(course: Course, item: Item) -> None:
    assert list(small_speaker(Scripted(texts=[], broken=True))(turn(course, item))) == []


def test_a_folder_without_voice_is_any_other_model(tmp_path: Path) -> None:
    assert load_voice(tmp_path) is None


def test_the_order_is_read(tmp_path: Path) -> None:
    voice = Voice(order={"nudge": ("memory", "model", "hint")})
    (tmp_path / "voice.json").write_text(voice.model_dump_json(), encoding="utf-8")
    assert load_voice(tmp_path) == voice


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"order": {"nudge": ["admin"]}}', b'{"run": "rm"}'],
)
def test_a_broken_voice_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "voice.json").write_bytes(content)
    with pytest.raises(ModelError, match="cannot be read"):
        load_voice(tmp_path)


def test_a_model_that_was_trained_on_another_prompt_is_refused(tmp_path: Path) -> None:
    (tmp_path / "voice.json").write_text('{"format": "move-0"}', encoding="utf-8")
    with pytest.raises(ModelError, match="'move-0', this program speaks 'move-1'"):
        load_voice(tmp_path)
