import pytest

from tutor_app.answers.check import check_answer
from tutor_app.answers.solution import solve
from tutor_app.domain.course import Course, HintLevel
from tutor_app.domain.dialogue import Diagnosis, State
from tutor_app.domain.item import Item
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.phrasing import from_model, model_prompt, to_model
from tutor_app.tutoring.plan import PlanInput, plan
from tutor_app.tutoring.slots import MAX_QUOTED_WORDS, slot_values, yours_of
from tutor_app.tutoring.state import DialogueState

FORMULA = {
    "id": "drop",
    "title": "Drop",
    "prompt": "A ball falls from a height $h$. Find a formula for its speed $v$.",
    "skills": ["energy"],
    "answer": {
        "kind": "symbolic",
        "value": "sqrt(2*g*h)",
        "symbols": {"g": "gravity", "h": "height"},
        "target": "v",
    },
    "steps": [{"id": "speed", "goal": "Get the speed", "value": "sqrt(2*g*h)"}],
}
CHOICE = {
    "id": "which",
    "title": "Which",
    "prompt": "Which of them grows?",
    "skills": ["energy"],
    "answer": {
        "kind": "choice",
        "options": [{"id": i, "text": t} for i, t in (("a", "One"), ("b", "Two"), ("c", "Three"))],
        "correct": "a",
    },
    "steps": [{"id": "look", "goal": "Look"}],
}


def turn(
    course: Course,
    item: Item,
    said: str,
    state: State = State.WRONG,
    answer: str = "",
    **shown: object,
) -> Material:
    solution = solve(item)
    check = check_answer(answer, item.answer, solution) if answer else None
    step = str(shown.pop("step", item.steps[0].id))
    diagnosis = Diagnosis(state=state, step=step, quoted=said, check=check, **shown)
    move = plan(PlanInput(diagnosis, DialogueState(), course.policy, item))
    return Material(course, item, solution, move, diagnosis, DialogueState(), (), {}, "", "seed")


def learner(material: Material) -> str:
    (line,) = [x for x in model_prompt(material).split("\n") if x.startswith("learner: ")]
    return line.removeprefix("learner: ")


# --- slots --------------------------------------------------------------------------------------


def test_a_value_is_named_with_its_unit_an_option_by_its_letter_and_no_value_not_at_all(
    course: Course, item: Item
) -> None:
    assert yours_of(turn(course, item, "x", answer="9.8 m/s").diagnosis) == "9.8 m/s"
    assert yours_of(turn(course, item, "x", answer="9.8").diagnosis) == "9.8"
    choice = Item.model_validate(CHOICE)
    assert yours_of(turn(course, choice, "x", answer="c").diagnosis) == "option c"
    assert yours_of(turn(course, item, "x", answer="fast").diagnosis) == ""
    assert yours_of(turn(course, item, "x").diagnosis) == ""


@pytest.mark.parametrize(
    ("quoted", "kept"),
    [
        ("so " * MAX_QUOTED_WORDS, True),
        ("so " * (MAX_QUOTED_WORDS + 1), False),
        ("so it is…", False),
        ("", False),
    ],
)
def test_only_words_that_are_whole_and_few_are_quoted(
    course: Course, item: Item, quoted: str, kept: bool
) -> None:
    material = turn(course, item, quoted.strip())
    values = slot_values(item, material.solution, material.diagnosis)
    assert ("quoted" in values) == kept
    assert {"h", "g"} <= set(values)
    assert "definition" not in values


# --- what the model writes ----------------------------------------------------------------------


def test_a_reply_goes_to_the_model_and_comes_back_filled(course: Course, item: Item) -> None:
    reply = "You wrote [[yours]] for [[h]] and [[ g ]]: “[[quoted]]”. Why?"
    opened = to_model(reply, item)
    assert opened == "You wrote {yours} for {q1} and {q2}: “{quoted}”. Why?"
    material = turn(course, item, "it is 9.8 m/s", answer="9.8 m/s")
    assert from_model(opened, material) == (
        "You wrote 9.8 m/s for 20 m and 9.8 m/s²: “it is 9.8 m/s”. Why?"
    )


@pytest.mark.parametrize("reply", ["Is [[speed]] it?", "[[definition]] So?", "[[m]]?"])
def test_a_reply_with_a_name_that_the_model_has_not_is_not_for_the_model(
    item: Item, reply: str
) -> None:
    assert to_model(reply, item) is None


@pytest.mark.parametrize(
    "text",
    [
        "Is it {q3}?",
        "Is it {speed}?",
        "Is it {h}?",
        "Is it {q1",
        "Is it q1}?",
        "Is it { q1 }?",
        "Is it {{q1}}?",
        "Is it [[h]]?",
        "Is it {yours}?",
        "",
        "  ",
    ],
)
def test_what_cannot_be_filled_is_not_said(course: Course, item: Item, text: str) -> None:
    assert from_model(text, turn(course, item, "stuck", State.STUCK)) == ""


def test_words_that_look_like_slots_in_a_quotation_stay_words(course: Course, item: Item) -> None:
    material = turn(course, item, "{q1} or [[g]]", State.STUCK)
    assert from_model("“{quoted}”?", material) == "“{q1} or [[g]]”?"


# --- what the model reads -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer", "read"),
    [
        ("9.8 m/s", "9.8 m/s", "{yours}"),
        ("i got 15 m/s from 20 m", "15 m/s", "i got {yours} from {q1}"),
        ("2*9.8*20 = 15?", "15", "2*{q2}*{q1} = {yours}?"),
        ("it is 15 because it falls", "15", "it is {yours} because it falls"),
        ("15 in the end", "15", "{yours} in the end"),
        ("15 meters per second it is", "15 m/s", "{yours} per second it is"),
        ("15m/s, i think", "15 m/s", "{yours}, i think"),
        ("“15 m/s”", "15 m/s", "“{yours}”"),
        ("15,0 m/s", "15.0 m/s", "{yours}"),
        ("about 1,500 m/s", "1500 m/s", "about {yours}"),
        ("1.5e3 m/s", "1500 m/s", "{yours}"),
        ("it is −15 m/s²", "-15 m/s^2", "it is {yours}"),
        ("i took 7 twice", "15", "i took 7 twice"),
        ("h20 and 20.5 and 120", "15", "h20 and 20.5 and 120"),
    ],
)
def test_known_numbers_become_slots_with_their_unit_and_all_other_words_stay(
    course: Course, item: Item, said: str, answer: str, read: str
) -> None:
    assert learner(turn(course, item, said, answer=answer)) == read


def test_an_answer_that_equals_a_given_is_the_learners_first(course: Course, item: Item) -> None:
    assert learner(turn(course, item, "9.8 m/s", answer="9.8 m/s")) == "{yours}"


def test_the_value_of_a_step_just_shown_is_open_too(course: Course, item: Item) -> None:
    material = turn(
        course, item, "392 so the square is 393 and now?", State.STEP_RIGHT, "7",
        step="speed", steps_shown=("square",),
    )  # fmt: skip
    assert learner(material) == "{yours} so the square is {yours} and now?"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("sqrt(2gh)", "{yours}"),
        ("it is v = sqrt(2*g*h) because of energy", "it is {yours} because of energy"),
        ("is 2gh a good start for me", "is {yours} a good start for me"),
        ("√(2 g h) came out of my balance", "{yours} came out of my balance"),
        ("$\\sqrt{2 g h}$ is what i found here", "{yours} is what i found here"),
    ],
)  # fmt: skip
def test_a_formula_becomes_a_slot(course: Course, said: str, read: str) -> None:
    item = Item.model_validate(FORMULA)
    assert learner(turn(course, item, said, answer="2*g*h")) == read


def test_a_chosen_letter_alone_becomes_a_slot(course: Course) -> None:
    item = Item.model_validate(CHOICE)
    assert learner(turn(course, item, "c", answer="c")) == "{yours}"
    assert learner(turn(course, item, "c as it grows", answer="c")) == "c as it grows"


def test_a_pressed_button_and_an_empty_line_are_said_in_words(course: Course, item: Item) -> None:
    assert learner(turn(course, item, "", State.HELP)) == "(asks for a hint)"
    assert learner(turn(course, item, "", State.STUCK)) == "(nothing typed)"


@pytest.mark.parametrize(
    ("state", "level", "hint"),
    [
        (State.STUCK, HintLevel.NUDGE, "What does the ball have at the top only?"),
        (State.STUCK, HintLevel.QUESTION, "Which energies are zero at {q1}?"),
        (State.ASKS_WHY, HintLevel.CONCEPT, "What the height stored appears as motion."),
    ],
)
def test_the_hint_is_the_planned_rung_with_its_numbers_open(
    course: Course, item: Item, state: State, level: HintLevel, hint: str
) -> None:
    material = turn(course, item, "hm", state)
    move = material.move.model_copy(update={"level": level})
    prompt = model_prompt(Material(**{**material.__dict__, "move": move}))
    assert f"hint: {hint}" in prompt.split("\n")


def test_a_hint_that_names_a_steps_value_is_left_out(course: Course, item: Item) -> None:
    hints = [item.hints[0].model_copy(update={"text": "Is it [[square]]?"})]
    telling = item.model_copy(update={"hints": hints})
    assert "hint: " not in model_prompt(turn(course, telling, "hm", State.STUCK))
