"""Exact answers: read what was typed, and judge it against what the exercise accepts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tutor_app.answers.exact_compare import Manner, compare_forms
from tutor_app.answers.exact_echo import latex
from tutor_app.answers.exact_forms import Form, Group, Relation, Value, Words, read_form
from tutor_app.answers.exact_plain import balanced, plain
from tutor_app.answers.exact_shapes import has_power_of_i
from tutor_app.answers.exact_values import Sameness, number
from tutor_app.answers.exact_words import compare_words, is_set_phrase
from tutor_app.answers.typed_units import units_at
from tutor_app.domain.answer import Check, Reading, Verdict
from tutor_app.domain.item import ExactAnswer
from tutor_app.errors import AnswerSyntaxError

_ROUNDS = re.compile(
    r"\b(?:round|nearest|approximat|estimat|decimal places?|significant|tenths?|hundredths?)", re.I
)
_PERCENT = re.compile(r"%|\bper ?cent", re.I)
_INTERVALS = re.compile(r"\b(?:intervals?|inequalit|domain|range)", re.I)
_NOTATION = re.compile(r"\binterval notation\b|\busing intervals?\b", re.I)
_RANK = (
    Sameness.DIFFERENT,
    Sameness.UNSURE,
    Sameness.ROUNDED,
    Sameness.OTHER_FORM,
    Sameness.SAME,
)
_VERDICTS = {
    Sameness.SAME: (Verdict.RIGHT, "This is the answer asked for."),
    Sameness.ROUNDED: (Verdict.ROUNDING, "The answer is close, but rounded too far."),
    Sameness.DIFFERENT: (Verdict.WRONG, "This is not the answer asked for."),
    Sameness.OTHER_FORM: (
        Verdict.CANNOT_TELL,
        "The value is fine, but the form is not the one asked for yet. Simplify or rewrite it.",
    ),
    Sameness.UNSURE: (
        Verdict.CANNOT_TELL,
        "I cannot compare this with the answer as it is written. Use the form the exercise asks "
        "for, and nothing else.",
    ),
}
_REPEATS = "This repeats what the exercise gives. Carry out what it asks for."
_UNIT = "The exercise does not speak of that unit. Write just the number it asks for."
_NOTHING = "I cannot find an answer in this. Write just the answer."


@dataclass(frozen=True, slots=True)
class ExactKey:
    """What an exercise accepts, read once.

    Attributes:
        forms: the accepted answers.
        manner: what the exercise says about how to answer.
        given: its prompt in plain characters without spaces.
        words: the words of the prompt without their plural s, for units.
        money: the prompt speaks of dollars.
    """

    forms: tuple[Form, ...]
    manner: Manner
    given: str
    words: frozenset[str]
    money: bool = False


def exact_key(answer: ExactAnswer, prompt: str) -> ExactKey:
    """Read what an exercise accepts.

    Raises:
        AnswerSyntaxError: a bracket of an accepted answer has no partner.
    """
    for text in answer.accepted:
        if not balanced(plain(text)):
            raise AnswerSyntaxError(
                f"answer: a bracket in {text[:40]!r} has no partner. Write the answer again."
            )
    said = prompt.replace("$", " ")
    manner = Manner(
        any_order=answer.any_order,
        rounds=bool(_ROUNDS.search(said)),
        percent=bool(_PERCENT.search(said)),
        intervals=bool(_INTERVALS.search(said)),
        interval_notation=bool(_NOTATION.search(said)),
        confirm=True,
    )
    words = frozenset(word.rstrip("s") for word in re.findall(r"[a-z]+", said.lower()))
    money = "\\$" in prompt or "dollar" in words
    return ExactKey(accepted_forms(answer), manner, _squeezed(prompt), words, money)


def accepted_forms(answer: ExactAnswer) -> tuple[Form, ...]:
    """Return the accepted answers as forms."""
    return _accepted(tuple(answer.accepted))


@lru_cache(maxsize=4096)
def _accepted(texts: tuple[str, ...]) -> tuple[Form, ...]:
    return tuple(read_form(text, frozenset()) for text in texts)


def names_of(form: Form) -> frozenset[str]:
    """Return every symbol that a form holds."""
    match form:
        case Value():
            return frozenset().union(*(formula.names for formula in form.formulas))
        case Relation():
            return frozenset().union(*(names_of(side) for side in form.sides))
        case Group():
            return frozenset().union(*(names_of(part) for part in form.parts))
    return frozenset()


def is_plain_number(answer: ExactAnswer) -> bool:
    """Say whether the first accepted answer is a number without symbols."""
    first = accepted_forms(answer)[0]
    return isinstance(first, Value) and number(first) is not None


def read_exact(text: str, answer: ExactAnswer, numbers: Sequence[float] = ()) -> Form | None:
    """Read a text as an answer of this kind; None where it is only words and none are due."""
    forms = accepted_forms(answer)
    names = frozenset().union(*(names_of(form) for form in forms))
    form = read_form(text, names)
    wordy = any(_has_words(accepted) for accepted in forms)
    if wordy and isinstance(form, Value) and form.text.isalpha() and len(form.text) > 1:
        return Words(form.text)
    if isinstance(form, Words) and not wordy and not is_set_phrase(form.text):
        return None
    return form


def _has_words(form: Form) -> bool:
    if isinstance(form, Group):
        return any(_has_words(part) for part in form.parts)
    return isinstance(form, Words)


def exact_reading(form: Form | None, numbers: tuple[float, ...]) -> Reading:
    """Return how a form is read back to the learner."""
    if form is None:
        return Reading(echo="no answer", numbers=numbers)
    value = number(form) if isinstance(form, Value) else None
    formula = form.formula.text if isinstance(form, Value) else ""
    return Reading(echo=latex(form), value=value, formula=formula, exact=form.text, numbers=numbers)


def check_exact(form: Form | None, reading: Reading, key: ExactKey) -> Check:
    """Judge a form; what cannot be compared is "cannot tell", with the reason."""
    if form is None:
        return Check(verdict=Verdict.CANNOT_TELL, reading=reading, reason=_NOTHING)
    best = max((_sameness(form, right, key) for right in key.forms), key=_RANK.index)
    verdict, reason = _VERDICTS[best]
    if reading.unit and not _is_spoken_of(reading.unit, key, strictly=best is Sameness.DIFFERENT):
        verdict, reason = Verdict.CANNOT_TELL, _UNIT
    if verdict is Verdict.RIGHT and _repeats_given(form, key):
        verdict, reason = Verdict.CANNOT_TELL, _REPEATS
    return Check(verdict=verdict, reading=reading, reason=reason)


def same_answer(text: str, right: str, worked_out: bool = False) -> bool:
    """Say whether two texts give the same answer; `worked_out`: in the same form too."""
    due = read_form(right, frozenset())
    form = read_form(text, names_of(due))
    if isinstance(due, Words) or isinstance(form, Words):
        return compare_words(text, right) is Sameness.SAME
    found = compare_forms(form, due, Manner())
    return found is Sameness.SAME or (found is Sameness.OTHER_FORM and not worked_out)


def _sameness(form: Form, right: Form, key: ExactKey) -> Sameness:
    found = compare_forms(form, right, key.manner)
    if found is Sameness.DIFFERENT and isinstance(form, Value) and has_power_of_i(form.formula):
        return Sameness.UNSURE
    return found


def _is_spoken_of(unit: str, key: ExactKey, strictly: bool) -> bool:
    """Say whether the prompt names a unit, "m" for "meters" too where nothing hangs on it."""
    own = re.sub(r"[^a-z]", "", unit.lower()).rstrip("s")
    if own in key.words or (own == "dollar" and key.money):
        return True
    units = set(units_at(unit, 0)[0])
    if units and any(units & set(units_at(word, 0)[0]) for word in key.words if len(word) > 1):
        return True
    return not strictly and (not own or any(word.startswith(own) for word in key.words))


def _repeats_given(form: Form, key: ExactKey) -> bool:
    """In "simplify 2x + 3x" the exercise's own expression is not yet an answer."""
    own = _squeezed(form.text)
    if len(own) < 3 or not re.search(r"(?<=.)[-+*/^=]|sqrt|abs|ln|log", own):
        return False
    if any(_squeezed(right.text) == own for right in key.forms):
        return False
    return re.search(rf"(?<![\w.^+*/-]){re.escape(own)}(?![\w.^+*/-])", key.given) is not None


@lru_cache(maxsize=2048)
def _squeezed(text: str) -> str:
    """Return maths without spaces and times signs; only between dollars where there are some."""
    spans = re.findall(r"\$\$?([^$]+)\$\$?", text)
    parts = spans or [text]
    return " ".join(re.sub(r"[\s*()]", "", plain(part).replace("√", "sqrt")) for part in parts)
