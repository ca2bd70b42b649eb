"""One OATutor step as one item: its prompt, its answer, its hints and scaffolds in their order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from tutor_app.answers.check import check_answer
from tutor_app.answers.exact import same_answer
from tutor_app.answers.solution import examine
from tutor_app.courses.importers.oatutor_answers import (
    NotAnAnswer,
    choice_answer,
    exact_answer,
    on_option,
)
from tutor_app.courses.importers.oatutor_source import SourceHint, SourceProblem, SourceStep
from tutor_app.courses.importers.oatutor_text import (
    CHOOSE,
    figures_in,
    markdown,
    on_one_line,
    pieces,
    plain_title,
    speaks_of_a_figure,
)
from tutor_app.courses.new_course import slug
from tutor_app.documents.sentences import count_words
from tutor_app.domain.answer import Verdict
from tutor_app.domain.course import HintLevel
from tutor_app.domain.item import Answer, ChoiceAnswer, ExactAnswer, Hint, Item, Step

MAX_GOAL_WORDS = 12
MAX_TITLE = 90
STEP = "answer"
_MATHS = re.compile(r"(?<!\\)\$([^$]+)\$")
_REFERS = re.compile(
    r"\b(?:above|previous(?:ly)?|earlier|part \(?[a-z]\)?|parts? \d|your answers?|preceding|"
    r"this (?:function|equation|expression|model|line|graph)|we (?:found|just))\b|\bit\b",
    re.I,
)
_SAYS_NOTHING = frozenset(
    "hint answer solution final hints solve step explanation the 1 2 3 4 5".split()
)
_LICENCE = re.compile(r"(\S+)?\s*<([^>]+)>")


@dataclass(frozen=True)
class Refused:
    """A step that cannot become an item, and why."""

    reason: str


def build_item(
    problem: SourceProblem, number: int, item_id: str, title: str, skills: Sequence[str]
) -> Item | Refused:
    """Make an item of a problem's step; nothing that the source does not say is added.

    Args:
        problem: the problem it belongs to.
        number: its place in the problem, from 0.
        item_id: the id of the new item.
        title: the title, told apart from those of other items.
        skills: ids of its skills in the course.
    """
    step = problem.steps[number]
    if step.fault:
        return Refused(step.fault)
    prompt = _prompt(problem, number)
    if not prompt:
        return Refused("it has no text")
    answer = _answer(step, item_id, prompt)
    if isinstance(answer, NotAnAnswer):
        return Refused(answer.reason)
    hints = list(_hints(step, answer, prompt))
    try:
        item = Item(
            id=item_id,
            title=title,
            prompt=prompt,
            skills=list(skills),
            answer=answer,
            steps=[Step(id=STEP, goal=_goal(problem, step), work=_work(step, answer))],
            hints=hints,
            hints_in_order=True,
            licence=licence(problem),
            not_askable=_not_askable(problem, number),
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return Refused(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    return _checked(item)


def _checked(item: Item) -> Item | Refused:
    """The item's own answer, typed, must be judged right."""
    solution, faults = examine(item)
    if faults:
        return Refused(faults[0].message)
    if isinstance(item.answer, ExactAnswer):
        for text in item.answer.accepted:
            check = check_answer(text, item.answer, solution)
            if check.verdict is not Verdict.RIGHT:
                return Refused(f"its own answer {text!r} is not recognised: {check.reason}")
    return item


def _answer(step: SourceStep, item_id: str, prompt: str) -> Answer | NotAnAnswer:
    if step.problem_type == "MultipleChoice":
        return choice_answer(step, item_id)
    if step.problem_type == "TextBox":
        return exact_answer(step, prompt)
    return NotAnAnswer(f"its problem type {step.problem_type!r} is not known")


def _prompt(problem: SourceProblem, number: int) -> str:
    """Title, body and step, each once; earlier steps where this one leans on them."""
    step = problem.steps[number]
    own = [markdown(step.title), markdown(step.body)]
    parts = [markdown(problem.title), markdown(problem.body)]
    leans = _REFERS.search(f"{step.title} {step.body}") or not problem.body.strip()
    if number and leans:
        earlier = [markdown(before.title) for before in problem.steps[:number]]
        told = [f"{_letter(n)}) {' '.join(t.split())}" for n, t in enumerate(earlier) if t]
        if told:
            parts.append("Earlier in this problem:\n\n" + "\n\n".join(told))
            parts.append("Now:")
    kept: list[str] = []
    for part in [*parts, *own]:
        if part and part not in kept:
            kept.append(part)
    return "\n\n".join(kept) if any(own) or markdown(problem.body) else ""


def _letter(number: int) -> str:
    return chr(ord("a") + number) if number < 26 else str(number + 1)


def _not_askable(problem: SourceProblem, number: int) -> str:
    step = problem.steps[number]
    text = "\n".join((problem.title, problem.body, step.title, step.body))
    if names := list(dict.fromkeys(figures_in(text))):
        there = all(name in problem.files for name in names)
        lack = "which an item cannot show" if there else "which the source does not hold"
        return f"needs {', '.join(names)}, {lack}"
    if speaks_of_a_figure(text):
        return "speaks of a figure that the source does not hold"
    return ""


def _goal(problem: SourceProblem, step: SourceStep) -> str:
    """Return what the step asks, in few words; the problem's title where it asks at length."""
    for text in (step.title, problem.title, *step.skills):
        words = " ".join(markdown(text).split()).rstrip("?.:! ")
        if words and count_words(words) <= MAX_GOAL_WORDS and re.search("[A-Za-z]{3}", words):
            return words.replace("_", " ").replace("?", ",")
    return "Find what is asked for"


def _work(step: SourceStep, answer: Answer) -> str:
    """Return the path of the source, line by line, with the answers of its questions."""
    lines: list[str] = []
    for hint in step.hints:
        text = _said(hint)
        if text:
            lines.append(f"{text} → {on_option(hint.answer)}" if hint.answer else text)
    lines.append(shown_answer(step, answer))
    return "\n\n".join(lines).replace("[[", "[ [")


def shown_answer(step: SourceStep, answer: Answer) -> str:
    """Return the answer as the source writes it."""
    if isinstance(answer, ChoiceAnswer):
        return answer.option(answer.correct).text
    return on_option(step.answers[0])


def _said(hint: SourceHint) -> str:
    """Return title and text of a hint on one line."""
    title = " ".join(markdown(hint.title).split()).rstrip(" .:")
    text = on_one_line(hint.text)
    words = {word.strip(".:,;()").lower() for word in title.split()}
    if not text:
        return on_one_line(hint.title)
    same = title.casefold() in text.casefold()
    return text if words <= _SAYS_NOTHING or same else f"{title}: {text}"


def _hints(step: SourceStep, answer: Answer, prompt: str) -> Iterator[Hint]:
    for hint in step.hints:
        text = _said(hint)
        if hint.choices and hint.answer:
            options = dict.fromkeys(on_option(choice) for choice in hint.choices)
            text = f"{text} {CHOOSE} {'; '.join(options)}."
        if not re.search(r"\w", text):
            continue
        parts = pieces(text.replace("[[", "[ ["))
        for n, part in enumerate(parts):
            told = states_answer(part, answer, prompt)
            level = HintLevel.QUESTION if hint.type == "scaffold" else HintLevel.CONCEPT
            last = n == len(parts) - 1
            yield Hint(
                level=HintLevel.ANSWER if told else level,
                text=part,
                answer=hint.answer.replace("$$", " ").strip() if last and not told else "",
            )


def states_answer(text: str, answer: Answer, prompt: str) -> bool:
    """Say whether a hint states the final answer, which the problem itself does not."""
    if isinstance(answer, ChoiceAnswer):
        return _names_option(text, answer, prompt)
    if not isinstance(answer, ExactAnswer):
        return False
    right = answer.accepted[0]
    squeezed = re.sub(r"[\s*$]", "", right).casefold()
    if len(squeezed) > 3 and squeezed in re.sub(r"[\s*$]", "", text).casefold():
        return squeezed not in re.sub(r"[\s*$]", "", prompt).casefold()
    for found in _MATHS.finditer(text):
        sides = [found[1], *found[1].split("=")]
        for side in dict.fromkeys(part.strip() for part in sides if part.strip()):
            if side not in prompt and same_answer(side, right, worked_out=True):
                return True
    return False


def _names_option(text: str, answer: ChoiceAnswer, prompt: str) -> bool:
    said = text.casefold()
    named = {o.id for o in answer.options if len(o.text) > 3 and o.text.casefold() in said}
    right = answer.option(answer.correct).text.casefold()
    return named == {answer.correct} and right not in prompt.casefold()


def licence(problem: SourceProblem) -> str:
    """Return licence and origin as the problem states them."""
    found = _LICENCE.search(problem.licence)
    name = f"{found[2]} ({found[1]})" if found and found[1] else problem.licence
    origin = _LICENCE.sub(lambda m: f"{m[2]} ({m[1]})" if m[1] else m[2], problem.origin)
    parts = [name or "not stated", f"OATutor problem {problem.id}"]
    if origin and origin not in ("0.0", "0"):
        parts.append(f"after {origin}")
    return "; ".join(parts)


def title_of(problem: SourceProblem, number: int) -> str:
    """Return the problem's title, with the letter of its step where it has several."""
    own = plain_title(problem.title) or plain_title(problem.lesson) or problem.id
    if len(own) > MAX_TITLE:
        own = f"{own[:MAX_TITLE].rsplit(' ', 1)[0]} …"
    return f"{own} ({_letter(number)})" if len(problem.steps) > 1 else own


def item_id(step_id: str) -> str:
    """Return a step's id as the id of an item."""
    return slug(step_id.replace(".", "-"), longest=80) or "step"
