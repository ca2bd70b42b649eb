"""Wordings of one planned move: the tutor model's samples first, then hints, then the floor."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tutor_app.answers.code.judge import difference, first_failing
from tutor_app.answers.formula import parse_formula, to_latex
from tutor_app.answers.solution import Solution, fill
from tutor_app.domain.course import Course, HintLevel
from tutor_app.domain.dialogue import Candidate, Diagnosis, State, TutorMove
from tutor_app.domain.item import Hint, Item
from tutor_app.domain.passage import Passage
from tutor_app.tutoring.diagnosis import UNREAD_DIRECTION
from tutor_app.tutoring.heard import EQUATION, IN_PLACE
from tutor_app.tutoring.prose import content_words
from tutor_app.tutoring.state import DialogueState, hints_left, is_said
from tutor_app.tutoring.steps import open_step
from tutor_app.tutoring.wordings import LEADS, SENTENCES, thought
from tutor_app.tutoring.worked import chain, parallel

NO_UNIT = " (no unit)"
_SENTENCES = re.compile(r"\S.*?[.!?](?=\s|$)", re.DOTALL)


@dataclass(frozen=True)
class Material:
    """What a wording may use. `cited` are passages by section name; `seed` varies the wording."""

    course: Course
    item: Item
    solution: Solution
    move: TutorMove
    diagnosis: Diagnosis
    state: DialogueState
    passages: Sequence[Passage]
    cited: dict[str, Passage]
    definition: str
    seed: str

    @property
    def marked_definition(self) -> str:
        """The definition with its citation mark, where a passage carries it."""
        return f"{self.definition} [1]" if self.definition and self.passages else self.definition


def candidates(material: Material) -> Iterator[Candidate]:
    """Yield wordings from the most fitting to the floor; the last ones always fit."""
    move = material.move
    match move.situation:
        case "misconception":
            yield from _misconception(material)
        case "nudge" | "question" | "teach":
            yield from _rungs(material)
        case "step right":
            yield from _step_right(material)
        case "similar example" | "put aside":
            yield from _example(material)
        case "answer":
            yield _says(
                "\n".join(chain(material.item, material.solution)) + "\n\n"
                "Which line would change if one given number were twice as large?"
            )
        case "term" | "course question":
            yield from _from_course(material)
        case "why":
            yield from _why(material)
        case "dispute":
            yield from _dispute(material)
        case "unsafe":
            yield _says(f"{material.course.contact} The exercise can wait.".strip())
        case _:
            yield from _sentence(material)
    yield from _floor(material)


def unverified_last_resort(material: Material) -> Candidate:
    """Return a sentence without any content, for when every candidate was rejected."""
    return _pick(material, "last resort")[0]


def _misconception(material: Material) -> Iterator[Candidate]:
    found = next(
        m for m in material.item.misconceptions if m.id == material.diagnosis.misconception
    )
    names = {**material.solution.names, "yours": _yours(material) or "that"}
    yield _says(fill(found.question, names), "hint")


def _rungs(material: Material) -> Iterator[Candidate]:
    """The planned rung first, with the learner's own words in front where they fit."""
    move, item = material.move, material.item
    code = item.answer.kind == "code"
    hints = [h for h in item.hints_for(move.step) if h.level.rank <= HintLevel.CONCEPT.rank]
    planned = [h for h in hints if h.level is move.level]
    below = [h for h in reversed(hints) if h.level.rank < move.level.rank]
    if item.hints_in_order:
        planned, below = hints_left(item, move.step, material.state), []
    lead = _lead(material)
    # an answer that is not named again would look unheard
    answers = material.diagnosis.state is State.ANSWERS
    heard = _pick_lead(material, "answered").format(quoted=material.diagnosis.quoted)
    for hint in planned + below:
        text = _hint_text(material, hint)
        cited = material.cited.get(hint.cite)
        for start in dict.fromkeys((lead, heard if answers else "")):
            if cited is not None:
                marked = f"{start} {mark(text, cited)}".strip()
                yield Candidate(text=marked, source="hint", passages=(cited,))
            yield _says(f"{start} {text}".strip(), "hint")
    if code and material.diagnosis.state is State.WRONG:
        for template in _rotated(material, SENTENCES["trace code"]):
            yield _says(template.format(shows=_shows(material)).strip())
    if answers:
        yield from _pick(material, "answered")


def mark(text: str, passage: Passage) -> str:
    """Put [1] behind the sentence that has most to do with the passage."""
    sentences = _SENTENCES.findall(text) or [text]
    words = content_words(passage.text)
    best = max(range(len(sentences)), key=lambda n: len(content_words(sentences[n]) & words))
    sentences[best] = f"{sentences[best]} [1]"
    return " ".join(sentences)


def _lead(material: Material) -> str:
    diagnosis, yours = material.diagnosis, _yours(material)
    if diagnosis.state is State.ANSWERS:
        row = "answered in place" if diagnosis.error == IN_PLACE else "answered"
        return _pick_lead(material, row).format(quoted=diagnosis.quoted)
    if diagnosis.error == EQUATION and diagnosis.quoted:
        return _pick_lead(material, "equation").format(quoted=diagnosis.quoted)
    wrong_path = material.item.hints_in_order and diagnosis.state is State.WRONG
    if material.move.situation == "teach" and not wrong_path:
        return _pick_lead(material, "teach")
    match diagnosis.state:
        case State.WRONG if material.item.answer.kind == "code":
            return _shows(material)
        case State.WRONG if yours:
            return _pick_lead(material, "wrong").format(yours=yours)
        case State.WRONG | State.NO_ATTEMPT if diagnosis.quoted:
            quoted = thought(diagnosis.quoted)
            return _pick_lead(material, "thought").format(quoted=quoted) if quoted else ""
        case State.STUCK | State.NO_ATTEMPT | State.ASKS_ANSWER:
            return _pick_lead(material, diagnosis.state.value)
        case _:
            return ""


def _shows(material: Material) -> str:
    """Say what the first failing test showed, or ""."""
    check = material.diagnosis.check
    failing = first_failing(check.outcomes) if check else None
    return difference(failing) if failing else ""


def _step_right(material: Material) -> Iterator[Candidate]:
    """Name what holds, then the lowest rung of the next step."""
    item, diagnosis = material.item, material.diagnosis
    step = open_step(item, material.state.shown | set(diagnosis.steps_shown))
    goal = _goal(material, step)
    rungs = hints_left(item, step, material.state) if item.hints_in_order else item.hints_for(step)
    fresh = [h for h in rungs[:1] if not is_said(h, material.state)]
    ways = [(_hint_text(material, h), "hint") for h in fresh]
    ways += [
        (f"Next: {goal}. What will you use for it?", "template"),
        (f"What is left: {goal}.", "template"),
    ]
    yours = _yours(material)
    row = "step right" if yours and diagnosis.steps_shown else "step right words"
    if item.answer.kind == "code":
        row = "step right code"
    done = item.step(diagnosis.steps_shown[-1]).goal if diagnosis.steps_shown else ""
    for following, source in ways:
        for template in _rotated(material, SENTENCES[row]):
            text = template.format(
                yours=yours, quoted=diagnosis.quoted, next=following, goal_done=done
            )
            yield _says(text, source)


def _example(material: Material) -> Iterator[Candidate]:
    solved = parallel(material.item)
    aside = material.move.situation == "put aside"
    seen = "similar example" in material.state.situations
    closing = (
        "This item comes back another day. Go on to the next one, or ask your instructor."
        if aside
        else "Now go on with your own."
    )
    if solved is not None and not (aside and seen):
        lines = (*solved.lines, solved.last) if aside else solved.lines
        shown = "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))
        yield _says(f"**One of the same kind.** {solved.prompt}\n\n{shown}\n\n{closing}", "hint")
    yield _says(closing if aside else f"What is left: {_goal(material, material.move.step)}.")


def _from_course(material: Material) -> Iterator[Candidate]:
    """One sentence of the course with its place, then back to the step."""
    if not material.definition:
        yield from _pick(material, "not in course")
        return
    row = "back" if material.move.situation == "term" else "reason it"
    goal = _goal(material, material.diagnosis.step)
    said, cited = material.marked_definition, tuple(material.passages[:1])
    for template in _rotated(material, SENTENCES[row]):
        yield Candidate(text=f"{said} {template.format(goal=goal)}", source="hint", passages=cited)
    yield Candidate(text=said, source="hint", passages=cited)


def _why(material: Material) -> Iterator[Candidate]:
    shown = [s for s in material.item.steps if s.id in material.state.shown]
    for step in (*reversed(shown), material.item.step(material.diagnosis.step)):
        if step.why:
            why = fill(step.why, material.solution.names)
            goal = _goal(material, material.diagnosis.step)
            yield _says(f"{why} {_pick_text(material, 'back').format(goal=goal)}", "hint")
    yield from _pick(material, "why")


def _dispute(material: Material) -> Iterator[Candidate]:
    """Read the text back, say how it was read; the check itself is the page's second look."""
    check = material.diagnosis.check
    passed_on = "It is passed on to your instructor; until then it does not count for your mastery."
    if check is None:
        yield _says("There is no checked answer of yours yet. Type it in the answer box first.")
        return
    kind, quoted = material.item.answer.kind, material.diagnosis.quoted
    if kind == "text":
        again = (
            "I looked for each idea of the rubric again and still miss one; I read words less "
            f"surely than numbers. {passed_on}"
        )
        yield _says(f"You wrote “{quoted}”. {again}")
        # the quote may hold what the learner is still to say of another step
        yield _says(again)
    elif kind == "code":
        yield _says(f"I ran your program again. {check.reason} {passed_on}")
    else:
        yield _says(
            f"You wrote “{quoted}”. I read it as {check.reading.echo} and checked it again. "
            f"{check.reason} {passed_on}"
        )
    yield _says(f"I checked it again, with the same outcome. {passed_on}")


def _sentence(material: Material) -> Iterator[Candidate]:
    row = material.move.situation
    if row == "right" and not _yours(material):
        row = "right words"
    if material.item.answer.kind == "code" and f"{material.move.situation} code" in SENTENCES:
        row = f"{material.move.situation} code"
    elif row == "cannot tell":
        unread = material.diagnosis.error == UNREAD_DIRECTION
        row = f"cannot tell {'direction' if unread else material.item.answer.kind}"
    yield from _pick(material, row)


def _floor(material: Material) -> Iterator[Candidate]:
    yield from _pick(material, "floor code" if material.item.answer.kind == "code" else "floor")
    yield from _pick(material, "last resort")


def _pick(material: Material, row: str) -> list[Candidate]:
    answer = material.item.answer
    named = answer.symbols if answer.kind == "symbolic" else ()
    symbols = ", ".join(f"${to_latex(parse_formula(name, [name]))}$" for name in named)
    last = material.item.steps[-1]
    slots = {
        "yours": _yours(material) or "that",
        "quoted": material.diagnosis.quoted,
        "goal": _goal(material, material.diagnosis.step),
        "why": fill(last.why, material.solution.names),
        "symbols": symbols,
        "reason": material.diagnosis.reason,
        "shows": _shows(material),
        "said": _said_by_python(material),
    }
    return [_says(text.format(**slots).strip()) for text in _rotated(material, SENTENCES[row])]


def _said_by_python(material: Material) -> str:
    """Return why a program was not run, or what to write where there was no program."""
    check = material.diagnosis.check
    return check.reason if check else "I found no program in that."


def _pick_text(material: Material, row: str) -> str:
    return _rotated(material, SENTENCES[row])[0]


def _pick_lead(material: Material, row: str) -> str:
    return _rotated(material, LEADS[row])[0]


def _rotated(material: Material, options: Sequence[str]) -> list[str]:
    start = int(hashlib.sha256(material.seed.encode()).hexdigest()[:8], 16) % len(options)
    return [*options[start:], *options[:start]]


def _hint_text(material: Material, hint: Hint) -> str:
    return fill(hint.text, {**material.solution.names, "yours": _yours(material) or "your value"})


def _goal(material: Material, step_id: str) -> str:
    """Return the step's goal so that it can follow a colon."""
    goal = fill(material.item.step(step_id).goal, material.solution.names).rstrip(".")
    return goal[:1].lower() + goal[1:]


def _yours(material: Material) -> str:
    """Return the learner's value as it was read, or "" where the text has none."""
    check = material.diagnosis.check
    return check.reading.echo.removesuffix(NO_UNIT) if check else ""


def _says(text: str, source: str = "template") -> Candidate:
    return Candidate(text=text, source="hint" if source == "hint" else "template")
