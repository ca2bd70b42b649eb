"""What many tests build on: one small item, one dialogue, one scripted clock."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor_app.domain.course import Course, Policy
from tutor_app.domain.item import Item

ITEM = {
    "id": "ball-drop",
    "title": "Dropped ball",
    "prompt": "A ball is dropped from rest from [[h]]. How fast does it land? g is [[g]].",
    "skills": ["energy"],
    "quantities": {"h": "20 m", "g": "9.8 m/s^2"},
    "answer": {"kind": "numeric", "value": "speed", "unit": "m/s"},
    "steps": [
        {
            "id": "square",
            "goal": "Relate the height to the square of the speed",
            "value": "2*g*h",
            "unit": "m^2/s^2",
            "work": "$v^2 = 2 g h$ gives [[square]].",
            "why": "What the height stored appears as motion.",
        },
        {
            "id": "speed",
            "goal": "Get the speed",
            "value": "sqrt(square)",
            "unit": "m/s",
            "work": "The root of [[square]] is [[speed]].",
            "why": "The energy balance gives the square of the speed.",
        },
    ],
    "misconceptions": [
        {
            "id": "g-as-speed",
            "title": "Takes the acceleration for a speed",
            "value": "g",
            "step": "square",
            "question": "If [[yours]] were its speed, would a fall from a roof end any faster?",
        }
    ],
    "hints": [
        {"level": "nudge", "step": "square", "text": "What does the ball have at the top only?"},
        {"level": "question", "step": "square", "text": "Which energies are zero at [[h]]?"},
        {"level": "concept", "step": "square", "text": "Height turns into motion. Where is mass?"},
        {"level": "nudge", "step": "speed", "text": "What do the units of your last line say?"},
    ],
    "parallel": {"quantities": {"h": "45 m", "g": "9.8 m/s^2"}},
}


@pytest.fixture
def item() -> Item:
    return Item.model_validate(ITEM)


@pytest.fixture
def course() -> Course:
    return Course.model_validate(
        {
            "id": "small",
            "title": "Small",
            "licence": "CC BY 4.0",
            "contact": "Tell an adult you trust.",
            "skills": [
                {"id": "work", "title": "Work"},
                {"id": "energy", "title": "Energy", "prerequisites": ["work"]},
            ],
        }
    )


@pytest.fixture
def policy() -> Policy:
    return Policy()


class Clock:
    """Time that moves only when told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


SLED_ROPE = Path(__file__).parent / "distillation" / "sled_rope.json"
TINY = "tutor-tiny-0.1"


def demonstrated() -> dict[tuple[str, str, str, str], tuple[str, str]]:
    """Hand-written turns on one exercise: (row, state, step, misconception) to (learner, reply)."""
    rows = json.loads(SLED_ROPE.read_text(encoding="utf-8"))
    return {tuple(row[:4]): (row[4], row[5]) for row in rows}


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sealed tutor model of 0.2 million random weights, on a shelf of its own."""
    from tutor_app.distillation.tokenizer import train_tokenizer
    from tutor_app.distillation.train import new_model
    from tutor_app.distillation.training_plan import Size
    from tutor_app.llms.sealed import seal

    folder = tmp_path_factory.mktemp("shelf") / TINY
    words = "problem: asked: step: move: hint: learner: sled rope snow angle energy which the of"
    texts = [f"{learner} {reply} {words}" for learner, reply in demonstrated().values()]
    tokenizer = train_tokenizer(texts, 700)
    size = Size(hidden=96, layers=2, heads=2, intermediate=192, positions=512)
    new_model(size, tokenizer, 0).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    won = '{"order": {"nudge": ["model", "memory", "hint"]}}'
    (folder / "voice.json").write_text(won, encoding="utf-8")
    (folder / "README.md").write_text("# Tiny\n\nFor tests.\n", encoding="utf-8")
    seal(folder, TINY)
    return folder


@pytest.fixture
def teacher_says() -> Callable[[Path], list[str]]:
    """Answer an export's requests on one exercise as a batch service would: lines of output."""

    def answer(export: Path) -> list[str]:
        from tutor_app.distillation.demonstrate import load_asks

        known, lines = demonstrated(), []
        for key, ask in load_asks(export / "asks.jsonl").items():
            turns = []
            for number, one in enumerate(ask.situations, 1):
                where = (one.row, one.state.value, one.step, one.misconception)
                if one.item_id == "energy-sled-rope" and where in known:
                    learner, reply = known[where]
                    turns.append({"s": f"s{number}", "learner": learner, "reply": reply})
            if turns:
                content = json.dumps({"turns": [{**turn, "any": True} for turn in turns]})
                choice = {"finish_reason": "stop", "message": {"content": content}}
                body = {"model": "by-hand", "choices": [choice]}
                response = {"status_code": 200, "body": body}
                lines.append(json.dumps({"custom_id": key, "response": response, "error": None}))
        return lines

    return answer
