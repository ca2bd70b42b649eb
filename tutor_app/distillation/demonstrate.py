"""Demonstrate: what the teacher model is asked, and what its answers hold."""

import json
import reprlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import Field, ValidationError

from tutor_app.answers.solution import fill, solve
from tutor_app.answers.units import format_measure
from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.domain.base import Strict
from tutor_app.domain.demonstration import Demonstration, Situation
from tutor_app.domain.dialogue import State
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ModelError
from tutor_app.llms.batch_file import BatchAnswer, BatchRequest
from tutor_app.prompts.render import prompt_hash, render
from tutor_app.tutoring.plan import TABLE
from tutor_app.tutoring.slots import slot_names

SITUATIONS_A_REQUEST = 12
MAX_CHARACTERS = 2000
PROMPTS = ("teacher_system", "teacher_situations")
PERSONAS = (
    "a beginner who is unsure of the words",
    "a hurried learner who types as little as possible",
    "a second-language speaker with short, broken English",
    "a careful learner who writes out a thought",
    "a frustrated learner",
    "a confident learner",
)
_MOST_MET = ("misconception", "nudge", "right")
_ASKS = {
    "nudge": "Point to what to look at first; name no method and no formula.",
    "question": "One sharper question on how this step works.",
    "teach": "Tell one small thing this step needs, in words, then ask for its use here at once.",
    "misconception": (
        "One question or small test that makes this idea fail once it is thought through. "
        "Neither correct the idea nor name it."
    ),
    "step right": (
        "Say what holds in the step just shown, by naming it, then a nudge toward the step to "
        "work on."
    ),
    "why": "Give the reason behind this step in one plain sentence, then hand the step back.",
    "term": "Begin with [[definition]], then one sentence that leads back to this exercise.",
    "dispute": (
        "Read [[quoted]] back, say that it was checked again with the same outcome, that the "
        "instructor will see it, and that it does not count until then. No hint, no argument."
    ),
    "right": "Say what made it right, in this exercise's own terms. No question.",
    "unit": "The number is right and the unit is not: name only that, without the right unit.",
    "sign": "The size is right and the sign is not: name only that; ask about the direction.",
    "rounding": "It is right but for rounding on the way: name only that.",
}
_SHOWED = {
    State.STUCK: "The learner is stuck and says so in some way; no value, no attempt.",
    State.ASKS_ANSWER: "The learner asks to be told the answer or the formula.",
    State.ASKS_WHY: "The learner asks why this step is needed or why it is done this way.",
    State.NO_ATTEMPT: "The learner has no attempt yet, but a half-formed thought about it.",
    State.ASKS_TERM: "The learner asks what a term of this exercise means.",
    State.DISPUTES: "The learner says that the check of the last answer was wrong.",
}


class Ask(Strict):
    """One exported request: which situations it asks for, in order, with their personas."""

    custom_id: str
    prompt: str
    situations: list[Situation]
    personas: list[list[str]]


class _Turn(Strict):
    s: str = Field(max_length=20)
    learner: str = Field(max_length=MAX_CHARACTERS)
    reply: str = Field(max_length=MAX_CHARACTERS)
    any: bool


class _Answer(Strict):
    turns: list[_Turn]


@dataclass(frozen=True)
class Unfit:
    """Part of an answer that holds no demonstration."""

    custom_id: str
    reason: str
    text: str = ""


def prompts_hash() -> str:
    """Return the version of the teacher's prompts: 12 hex digits over their files."""
    return sha256("".join(prompt_hash(name) for name in PROMPTS).encode()).hexdigest()[:12]


def requests(
    loaded: LoadedCourse,
    situations: Sequence[Situation],
    rubrics: dict[str, Rubric],
    teacher: str,
) -> Iterator[tuple[Ask, BatchRequest]]:
    """Yield one request for up to twelve situations of the same item.

    Args:
        loaded: the course.
        situations: what to ask for.
        rubrics: rubric by id, for the text items.
        teacher: model name that the batch service knows.
    """
    by_item: dict[str, list[Situation]] = {}
    for situation in situations:
        by_item.setdefault(situation.item_id, []).append(situation)
    for item_id, group in by_item.items():
        item = loaded.items[item_id]
        for start in range(0, len(group), SITUATIONS_A_REQUEST):
            part = group[start : start + SITUATIONS_A_REQUEST]
            personas = [_personas(situation) for situation in part]
            request = BatchRequest(
                system=render("teacher_system"),
                user=_render(item, part, personas, rubrics),
                model=teacher,
                response_format={"type": "json_object"},
            )
            ask = Ask(
                custom_id=request.custom_id,
                prompt=prompts_hash(),
                situations=part,
                personas=personas,
            )
            yield ask, request


def parse_answer(ask: Ask, answer: BatchAnswer) -> Iterator[Demonstration | Unfit]:
    """Yield the demonstrations of one answer, and what in it is none, with the reason."""
    text = answer.text.strip()
    if text.startswith("```"):
        text = text.split("\n", 1)[-1].rsplit("```", 1)[0]
    try:
        parsed = _Answer.model_validate_json(text)
    except ValidationError:
        yield from _turn_by_turn(ask, answer, text)
        return
    yield from _demonstrations(ask, answer, parsed.turns)


def _turn_by_turn(ask: Ask, answer: BatchAnswer, text: str) -> Iterator[Demonstration | Unfit]:
    """Keep the good turns of an answer in which some are malformed."""
    try:
        rows = json.loads(text)["turns"]
    except (ValueError, RecursionError, KeyError, TypeError):
        rows = None
    if not isinstance(rows, list):
        yield Unfit(ask.custom_id, "the answer is not the JSON that was asked for", text[:200])
        return
    good = []
    for row in rows:
        try:
            good.append(_Turn.model_validate(row))
        except ValidationError:
            # reprlib: a row may nest deeply
            shown = reprlib.repr(row)
            yield Unfit(ask.custom_id, "a turn has other fields than were asked for", shown)
    yield from _demonstrations(ask, answer, good)


def _demonstrations(
    ask: Ask, answer: BatchAnswer, turns: Sequence[_Turn]
) -> Iterator[Demonstration | Unfit]:
    used: dict[str, int] = {}
    names = {f"s{number}": number - 1 for number in range(1, len(ask.situations) + 1)}
    for turn in turns:
        if turn.s not in names:
            yield Unfit(ask.custom_id, f"no situation {turn.s!r} was asked for", turn.reply)
            continue
        number = used[turn.s] = used.get(turn.s, -1) + 1
        personas = ask.personas[names[turn.s]]
        if number >= len(personas):
            yield Unfit(ask.custom_id, "more turns than were asked for", turn.reply)
            continue
        if not turn.reply.strip():
            yield Unfit(ask.custom_id, "the reply is empty")
            continue
        yield Demonstration(
            situation=ask.situations[names[turn.s]],
            learner=" ".join(turn.learner.split()),
            reply=" ".join(turn.reply.split()),
            any_learner=turn.any,
            persona=personas[number],
            teacher=answer.model,
            request=ask.custom_id,
            prompt=ask.prompt,
        )


def load_asks(path: Path) -> dict[str, Ask]:
    """Load what was exported, by custom_id.

    Raises:
        ModelError: the file is missing or not one of ours.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        asks = [Ask.model_validate_json(line) for line in lines if line.strip()]
    except (OSError, ValueError):
        raise ModelError(
            f"{path}: this is not the list of an export. Name the folder that "
            "`tutor refresh export` wrote."
        ) from None
    return {ask.custom_id: ask for ask in asks}


def _personas(situation: Situation) -> list[str]:
    count = 3 if situation.row in _MOST_MET and not situation.again else 2
    first = int(situation.id[:6], 16)
    return [PERSONAS[(first + n) % len(PERSONAS)] for n in range(count)]


def _render(
    item: Item,
    situations: Sequence[Situation],
    personas: Sequence[Sequence[str]],
    rubrics: dict[str, Rubric],
) -> str:
    solution = solve(item)
    names = {**solution.names, **{name: f"[[{name}]]" for name in item.quantities}}
    return render(
        "teacher_situations",
        title=item.title,
        problem=item.prompt.strip(),
        given={name: solution.names[name] for name in item.quantities},
        options=item.answer.options if item.answer.kind == "choice" else [],
        key=_key(item, rubrics),
        steps=[
            {"id": s.id, "goal": s.goal, "work": fill(s.work, names), "why": fill(s.why, names)}
            for s in item.steps
        ],
        situations=[
            _described(item, situation, whom)
            for situation, whom in zip(situations, personas, strict=True)
        ],
    )


def _key(item: Item, rubrics: dict[str, Rubric]) -> str:
    answer, solution = item.answer, solve(item)
    match answer.kind:
        case "numeric":
            return format_measure(solution.answer, answer.digits) if solution.answer else ""
        case "symbolic":
            return answer.value
        case "choice":
            return f"({answer.correct}) {answer.option(answer.correct).text}"
        case "exact":
            return answer.accepted[0]
        case "text":
            return rubrics[answer.rubric].reference_answers[0]
        case "code":
            return answer.solution


def _described(item: Item, situation: Situation, personas: Sequence[str]) -> dict[str, object]:
    misconception = next((m for m in item.misconceptions if m.id == situation.misconception), None)
    hints = [h.text for h in item.hints_for(situation.step) if h.level is situation.level]
    hint = misconception.question if misconception else hints[0] if hints else ""
    return {
        "showed": _showed(item, situation),
        "misconception": misconception.title if misconception else "",
        "settled": ", ".join(situation.shown),
        "step": situation.step,
        "kind": situation.kind,
        "strategy": situation.strategy,
        "intention": situation.intention,
        "level": situation.level.value,
        "asks": _ASKS[situation.row],
        "max_words": TABLE[situation.row].words,
        "slots": ", ".join(f"[[{name}]]" for name in sorted(slot_names(item, situation))),
        "hint": hint if situation.row not in ("right", "dispute", "why", "term") else "",
        "personas": "; ".join(personas),
    }


def _showed(item: Item, situation: Situation) -> str:
    again = " A hint for this step was given before and did not help." if situation.again else ""
    if situation.state in _SHOWED:
        return _SHOWED[situation.state] + again
    in_words = item.answer.kind == "text"
    match situation.state, situation.error:
        case State.RIGHT, _:
            return "The learner's answer is right" + (
                " and complete." if in_words else ": [[yours]]."
            )
        case State.NEAR, _:
            return f"The learner's answer [[yours]] is right but for the {situation.row}."
        case State.STEP_RIGHT, _:
            part = situation.shown[-1]
            given = "a sentence" if in_words else "the value [[yours]]"
            return f"The learner has just settled one step, with {given}: {part}."
        case State.WRONG, "right idea, wrong reason":
            return "The learner's text holds a right idea together with a wrong one."
        case State.WRONG, "misconception":
            said = "A sentence of the learner" if in_words else "The learner's answer [[yours]]"
            return f"{said} fits a known wrong idea" + (
                ", for the second time; the first question did not help."
                if situation.again
                else "."
            )
        case _:
            said = (
                "The learner's text misses this step"
                if in_words
                else ("The learner's answer [[yours]] is wrong for no known reason")
            )
            return f"{said}.{again}"
