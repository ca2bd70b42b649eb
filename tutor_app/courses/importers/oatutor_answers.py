"""OATutor's answers as choices or exact answers."""

import hashlib
import re
from dataclasses import dataclass

from tutor_app.answers.exact import accepted_forms, same_answer
from tutor_app.answers.exact_forms import Group, Relation, Value, Words, read_form
from tutor_app.answers.exact_plain import balanced, closing, plain
from tutor_app.courses.importers.oatutor_source import SourceStep
from tutor_app.courses.importers.oatutor_text import markdown
from tutor_app.domain.item import ChoiceAnswer, ExactAnswer, Option

MAX_OPTIONS = 8
_ANY_ORDER = re.compile(
    r"\b(?:solve|solutions?|zeros?|roots?|integers|intercepts|intersect\w*|factors|numbers)\b", re.I
)
_ORDERED = re.compile(
    r"\b(?:sequence|terms|respectively|in order|order(?:ed)? from|first \w+ terms|smaller|larger|"
    r"followed by|slope|vertex|center|separate[^.]*answers? .*then)\b",
    re.I,
)
_LAST = re.compile(r"\b(?:of (?:the )?(?:above|these|them)|neither|both|not enough|cannot)\b", re.I)
_SIDES = (("true", "false"), ("yes", "no"))
_WITH_UNIT = re.compile(r"([-\d.,/^*() ]*\d\)?)\s*(?:\\?%\s*)?([A-Za-z][A-Za-z ./^²³]*)")
_OPERATORS = re.compile(r"[=<>^\\]|\d\s*[-+*/]\s*\d")


@dataclass(frozen=True)
class NotAnAnswer:
    """Why an answer of the source cannot be asked for."""

    reason: str


def choice_answer(step: SourceStep, item_id: str) -> ChoiceAnswer | NotAnAnswer:
    """Return the options, each once, in an order that does not tell which one is right.

    In the source the right one comes first about twice as often as it should.
    """
    shown = {text: on_option(text) for text in step.choices if text.strip()}
    options = list(dict.fromkeys(text for text in shown.values() if text))
    right = on_option(step.answers[0]) if step.answers else ""
    if right not in options:
        return NotAnAnswer("the right answer is none of the choices")
    if len(options) < 2:
        return NotAnAnswer("it has a single choice")
    if len(options) > MAX_OPTIONS:
        return NotAnAnswer(f"it has {len(options)} choices, more than {MAX_OPTIONS}")
    ordered = sorted(options, key=lambda text: _place(text, options, item_id))
    return ChoiceAnswer(
        kind="choice",
        options=[Option(id=chr(ord("a") + n), text=text) for n, text in enumerate(ordered)],
        correct=chr(ord("a") + ordered.index(right)),
    )


def on_option(text: str) -> str:
    """Return a choice as Markdown on one line."""
    return " ".join(markdown(text).split())


def _place(text: str, options: list[str], item_id: str) -> tuple[int, str]:
    plain_text = text.casefold().strip(" .")
    for sides in _SIDES:
        if plain_text in sides and len(options) == 2:
            return sides.index(plain_text), ""
    last = 1 if _LAST.search(text) else 0
    return last, hashlib.sha256(f"{item_id} {text}".encode()).hexdigest()


def exact_answer(step: SourceStep, prompt: str) -> ExactAnswer | NotAnAnswer:
    """Return what a text box accepts, written as a learner would type it."""
    accepted: list[str] = []
    for text in step.answers:
        found = _typed(text, step.answer_type, prompt)
        if isinstance(found, NotAnAnswer):
            return found
        accepted.append(found)
    if not accepted:
        return NotAnAnswer("it has no answer")
    answer = ExactAnswer(kind="exact", accepted=accepted)
    if _any_order(answer, prompt):
        answer = answer.model_copy(update={"any_order": True})
    return answer


def _typed(text: str, answer_type: str, prompt: str) -> str | NotAnAnswer:
    """Return one answer in plain characters, which must read as the answer itself does."""
    bare = text.replace("$$", " ").strip()
    if not bare or "@{" in bare:
        return NotAnAnswer(f"its answer {text!r} is empty or has a variable without a value")
    if not balanced(plain(bare)):
        return NotAnAnswer(f"a bracket in its answer {text!r} has no partner")
    form = read_form(bare, frozenset())
    if isinstance(form, Words):
        return _worded(bare, form, answer_type, prompt)
    typed = plain(bare).replace("≺", "<").replace("≻", ">").replace("≤", "<=").replace("≥", ">=")
    typed = _tidy(typed.replace("≠", "!="))
    return (
        typed
        if read_form(typed, frozenset()) == read_form(bare, frozenset()) or same_answer(typed, bare)
        else bare
    )


def _worded(bare: str, form: Words, answer_type: str, prompt: str) -> str | NotAnAnswer:
    """An answer in words; a number with its unit is the number, the exercise names the unit."""
    if counted := _WITH_UNIT.fullmatch(form.text):
        number = read_form(counted[1], frozenset())
        if isinstance(number, Value):
            return counted[1].strip()
    if answer_type == "arithmetic" and _OPERATORS.search(bare):
        return NotAnAnswer(f"its answer {bare!r} cannot be read as a formula")
    return bare


def _tidy(text: str) -> str:
    """Leave out brackets that LaTeX fractions left behind: ((1)/(x-y)) is 1/(x-y)."""
    if text.startswith("(") and closing(text, 0) == len(text) - 1 and "," not in text:
        text = text[1:-1]
    text = re.sub(r"^\((-\d+)\)/", r"\1/", text)
    text = re.sub(r"(?<![\w)])\((\w+)\)/", r"\1/", text)
    text = re.sub(r"/\((\d+|[a-z])\)(?![\w(^])", r"/\1", text)
    text = re.sub(r"\(\((\w+)\)/\((\w+)\)\)", r"(\1/\2)", text)
    text = re.sub(r"\^\((\w)\)", r"^\1", text)
    text = re.sub(r"\(\s+", "(", re.sub(r"\s+\)", ")", text))
    return " ".join(text.split())


def _any_order(answer: ExactAnswer, prompt: str) -> bool:
    """The parts of a list may be swapped where the exercise asks for all solutions."""
    form = accepted_forms(answer)[0]
    if not isinstance(form, Group) or form.opens or form.union or len(form.parts) < 2:
        return False
    kinds = {type(part) for part in form.parts}
    names = {p.sides[0].text.strip() for p in form.parts if isinstance(p, Relation) and p.sides}
    alike = len(kinds) == 1 and kinds <= {Value, Relation, Group} and len(names) <= 1
    return alike and bool(_ANY_ORDER.search(prompt)) and not _ORDERED.search(prompt)
