"""What many tests build on: one small item, one dialogue, one scripted clock."""

from datetime import UTC, datetime, timedelta

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
