from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor_app.domain.dialogue import (
    Candidate,
    CheckResult,
    Diagnosis,
    Dialogue,
    Evidence,
    State,
    Turn,
    TutorMove,
)
from tutor_app.domain.passage import Passage, Place
from tutor_app.storage.store import Store

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "tutor.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store(path) as opened:
        yield opened


@pytest.fixture
def dialogue() -> Dialogue:
    return make_dialogue("d1")


@pytest.fixture
def other_dialogue() -> Callable[..., Dialogue]:
    return make_dialogue


@pytest.fixture
def turn() -> Callable[..., Turn]:
    return make_turn


@pytest.fixture
def seen() -> Callable[..., Evidence]:
    return make_evidence


def make_dialogue(
    dialogue_id: str, learner_id: str = "ada", course_id: str = "mechanics", item_id: str = "drop"
) -> Dialogue:
    return Dialogue(
        id=dialogue_id,
        learner_id=learner_id,
        course_id=course_id,
        item_id=item_id,
        support="faded",
        started_at=START,
    )


def make_turn(
    turn_id: str,
    number: int = 1,
    dialogue_id: str = "d1",
    text: str = "9.8 m/s",
    closes: bool = False,
    minutes: int = 1,
    diagnosis: Diagnosis | None = None,
) -> Turn:
    passage = Passage(id="p1", course_id="mechanics", text="Falling.", place=Place(document="n.md"))
    check = CheckResult(name="leakage", passed=False, reason="states 19.8")
    return Turn(
        id=turn_id,
        dialogue_id=dialogue_id,
        number=number,
        channel="answer",
        text=text,
        diagnosis=diagnosis or Diagnosis(state=State.WRONG, step="s1", quoted=text),
        move=TutorMove(
            kind="focus", situation="misconception", strategy="s", intention="i", closes=closes
        ),
        reply="If 9.8 were a speed, how fast after 3 s?",
        source="hint",
        passages=(passage,),
        candidates=(Candidate(text="It is 19.8.", source="model", checks=(check,)),),
        created_at=START + timedelta(minutes=minutes),
        cpu_ms=12.5,
    )


def make_evidence(
    skill_id: str = "energy", learner_id: str = "ada", dialogue_id: str = "d1"
) -> Evidence:
    return Evidence(
        learner_id=learner_id,
        course_id="mechanics",
        skill_id=skill_id,
        item_id="drop",
        dialogue_id=dialogue_id,
        correct=False,
        aided=True,
        created_at=START + timedelta(minutes=1),
    )
