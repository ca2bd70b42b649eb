from collections.abc import Callable

import pytest

from tutor_app.answers.solution import solve
from tutor_app.domain.answer import Check, Reading, Verdict
from tutor_app.domain.course import Course, HintLevel
from tutor_app.domain.dialogue import Candidate, Diagnosis, State, TutorMove
from tutor_app.domain.item import Item
from tutor_app.tutoring.candidates import Material, candidates
from tutor_app.tutoring.plan import PlanInput, plan
from tutor_app.tutoring.speaker import tutor_prompt
from tutor_app.tutoring.state import DialogueState

WRONG = Check(verdict=Verdict.WRONG, reading=Reading(echo="9.8 m/s", value=9.8, unit="m/s"))


@pytest.fixture
def words(course: Course, item: Item) -> Callable[..., list[Candidate]]:
    def say(diagnosis: Diagnosis, seed: str = "a", **state: object) -> list[Candidate]:
        return list(candidates(material(course, item, diagnosis, seed, **state)))

    return say


def material(
    course: Course, item: Item, diagnosis: Diagnosis, seed: str = "a", **state: object
) -> Material:
    now = DialogueState(**state)
    move = plan(PlanInput(diagnosis, now, course.policy, item))
    return Material(course, item, solve(item), move, diagnosis, now, (), {}, "", seed)


def test_a_misconception_is_asked_with_the_learners_own_value(words) -> None:
    diagnosis = Diagnosis(
        state=State.WRONG, step="square", misconception="g-as-speed", check=WRONG, counted=True
    )
    assert words(diagnosis)[0].text.startswith("If 9.8 m/s were its speed")


def test_a_hint_starts_from_the_learners_value_and_falls_back_to_the_bare_hint(words) -> None:
    texts = [c.text for c in words(Diagnosis(state=State.WRONG, step="square", check=WRONG))]
    assert "9.8 m/s" in texts[0]
    assert texts[0].endswith("What does the ball have at the top only?")
    assert "What does the ball have at the top only?" in texts


def test_a_right_step_is_named_and_leads_to_the_next_one(words) -> None:
    check = Check(verdict=Verdict.WRONG, reading=Reading(echo="392 m²/s²", value=392))
    diagnosis = Diagnosis(
        state=State.STEP_RIGHT, step="speed", steps_shown=("square",), check=check
    )
    first = words(diagnosis)[0].text
    assert "392" in first
    assert "units of your last line" in first


def test_the_similar_example_leaves_its_last_line_to_the_learner(course, item) -> None:
    diagnosis = Diagnosis(state=State.STUCK, step="square")
    move = TutorMove(
        kind="tell",
        situation="similar example",
        strategy="worked example",
        intention="teach the topic",
        step="square",
        level=HintLevel.EXAMPLE,
    )
    made = Material(course, item, solve(item), move, diagnosis, DialogueState(), (), {}, "", "seed")
    text = next(iter(candidates(made))).text
    assert "45 m" in text
    assert "29.7" not in text


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_something_to_say_and_ends_on_the_floor(words, state: State) -> None:
    said = words(Diagnosis(state=state, step="square"))
    assert len(said) >= 2
    assert all(c.text.strip() for c in said)
    assert not any("{" in c.text or "[[" in c.text for c in said)


def test_the_wording_varies_with_the_turn(words) -> None:
    diagnosis = Diagnosis(state=State.SKIP, step="square")
    assert len({words(diagnosis, seed)[0].text for seed in "abcdefgh"}) > 1


def test_the_models_prompt_never_holds_the_answer_or_a_step_value(course, item) -> None:
    diagnosis = Diagnosis(state=State.WRONG, step="square", check=WRONG, quoted="9.8 m/s")
    prompt = " ".join(str(m.text) for m in tutor_prompt(material(course, item, diagnosis)))
    assert "20 m" in prompt
    for withheld in ("19.8", "392", "sqrt"):
        assert withheld not in prompt
