"""A small item of each kind, and a context that a test can bend."""

from collections.abc import Callable
from typing import Any

import pytest

from tutor_app.answers.solution import solve
from tutor_app.domain.course import HintLevel
from tutor_app.domain.dialogue import Diagnosis, State, TutorMove
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage, Place
from tutor_app.domain.rubric import Rubric
from tutor_app.tutoring.verification import VerificationContext

DROP = {
    "id": "drop",
    "title": "Drop",
    "prompt": "A ball is dropped from rest from a height of [[h]]. How fast does it land? "
    "g is [[g]].",
    "skills": ["energy"],
    "quantities": {"h": "20 m", "g": "9.8 m/s^2"},
    "answer": {"kind": "numeric", "value": "speed", "unit": "m/s"},
    "steps": [{"id": "speed", "goal": "Get the speed", "value": "sqrt(2*g*h)", "unit": "m/s"}],
    "parallel": {"quantities": {"h": "45 m", "g": "9.8 m/s^2"}},
}
CRATE = {
    "id": "crate",
    "title": "Crate",
    "prompt": "A crate of mass [[m]] is pushed with [[F]]. What acceleration results?",
    "skills": ["forces"],
    "quantities": {"m": "40 kg", "F": "190 N", "mu": "0.30", "g": "9.8 m/s^2"},
    "answer": {"kind": "numeric", "value": "accel", "unit": "m/s^2"},
    "steps": [
        {"id": "friction", "goal": "Friction", "value": "mu*m*g", "unit": "N"},
        {"id": "accel", "goal": "Acceleration", "value": "(F-friction)/m", "unit": "m/s^2"},
    ],
}
BOUNCE = {
    "id": "bounce",
    "title": "Bounce",
    "prompt": "A ball hits a wall and comes back. Find the force.",
    "skills": ["impulse"],
    "answer": {
        "kind": "symbolic",
        "value": "m*(v+u)/t",
        "symbols": {
            "m": "mass of the ball",
            "v": "speed before",
            "u": "speed after",
            "t": "contact time",
        },
        "target": "F",
    },
    "steps": [{"id": "force", "goal": "The force", "value": "m*(v+u)/t"}],
}
RISING = {
    "id": "rising",
    "title": "Rising ball",
    "prompt": "A ball was hit and is still rising. Which statement names all the forces on it?",
    "skills": ["forces"],
    "answer": {
        "kind": "choice",
        "options": [
            {"id": "a", "text": "An upward force from the hit, and a smaller gravity"},
            {"id": "b", "text": "A force from the hit that fades, and gravity"},
            {"id": "c", "text": "The downward force of gravity alone"},
            {"id": "d", "text": "No force until the highest point"},
        ],
        "correct": "c",
    },
    "steps": [{"id": "forces", "goal": "Name the forces"}],
}
AIRBAG = {
    "id": "airbag",
    "title": "Airbag",
    "prompt": "Explain with momentum why an airbag makes an injury less likely.",
    "skills": ["impulse"],
    "answer": {"kind": "text", "rubric": "airbag"},
    "steps": [{"id": "time", "goal": "What the bag changes", "criterion": "longer"}],
}
RUBRIC = {
    "id": "airbag",
    "title": "Airbag",
    "version": 1,
    "question": "Why?",
    "reference_answers": ["The stop takes longer, so the average force on the head is smaller."],
    "criteria": [
        {
            "id": "longer",
            "title": "Longer",
            "points": 1,
            "type": "checklist",
            "key_elements": [
                {
                    "id": "longer-time",
                    "text": "The airbag makes the head take a longer time to come to rest.",
                    "variants": [
                        "The head needs more time to stop in the bag.",
                        "It increases the time of the collision.",
                    ],
                },
                {
                    "id": "smaller-force",
                    "text": "The average force on the head is smaller with the airbag.",
                    "variants": ["The head feels less force.", "This reduces the force."],
                },
            ],
        }
    ],
}
ITEMS = {item["id"]: item for item in (DROP, CRATE, BOUNCE, RISING, AIRBAG)}

Build = Callable[..., VerificationContext]


@pytest.fixture(scope="session")
def build() -> Build:
    """Return a function that makes the context of one turn on one of the items."""

    def make(
        item_id: str = "drop",
        level: str = "question",
        *,
        state: State = State.WRONG,
        passages: tuple[str, ...] = (),
        diagnosis: dict[str, Any] | None = None,
        move: dict[str, Any] | None = None,
        **more: Any,
    ) -> VerificationContext:
        item = Item.model_validate(ITEMS[item_id])
        return VerificationContext(
            item=item,
            solution=solve(item),
            move=TutorMove(
                kind="probe",
                situation="ladder",
                strategy="ask",
                intention="",
                level=HintLevel(level),
                **(move or {}),
            ),
            diagnosis=Diagnosis(state=state, **(diagnosis or {})),
            rubric=Rubric.model_validate(RUBRIC) if item_id == "airbag" else None,
            passages=[
                Passage(id=str(n), course_id="c", text=text, place=Place(document="d"))
                for n, text in enumerate(passages)
            ],
            **more,
        )

    return make
