"""Read what a learner typed, as the kind of answer that is asked for.

math-verify and latex2sympy are not used: they read "2gh" as 2, "3e8" as 3 and "1.2 x 10^3" as
10^3, and math-verify's time limit refuses to run outside the main thread, where Streamlit runs.
"""

import re
from dataclasses import dataclass

from tutor_app.answers.assertion import asserted
from tutor_app.answers.candidates import Candidate, candidates, prepared
from tutor_app.answers.choices import chosen_option
from tutor_app.answers.cleaning import clean
from tutor_app.answers.exact import exact_reading, is_plain_number, names_of, read_exact
from tutor_app.answers.exact_forms import Form, Value, Words, read_form
from tutor_app.answers.formula import to_latex
from tutor_app.answers.typed_formula import TypedFormula, typed_formula
from tutor_app.answers.units import Measure, convert, format_measure, same_dimension
from tutor_app.domain.answer import Reading
from tutor_app.domain.item import (
    Answer,
    ChoiceAnswer,
    ExactAnswer,
    NumericAnswer,
    SymbolicAnswer,
)

# "Newton's third law" names a law, not a part of something
_ORDINAL = re.compile(
    r"\b(?:(?:the|this|that|my|your|newton'?s)\s+third\b(?!\s+of\b)"
    r"|third\s+(?=(?:law|line|step|second|time|question|part|option|one|try)\b))",
    re.IGNORECASE,
)

_NO_UNITS = frozenset(
    "because since as and so if but i is it for when from then that right the my maybe by or in "
    "after with using cuz bc we you this to of at on".split()
)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A reading, and what else the text may mean.

    Attributes:
        reading: what is shown and judged.
        measure: the number read, with its unit.
        otherwise: other values of the same typing (1,234 may be 1.234), in the same unit.
        typed: the formula read, for symbolic answers.
        form: what was read, for exact answers.
    """

    reading: Reading
    measure: Measure | None = None
    otherwise: tuple[float, ...] = ()
    typed: TypedFormula | None = None
    form: Form | None = None


def read(text: str, answer: Answer) -> Reading:
    """Read a learner's text as this kind of answer; never raises, time is bounded.

    Returns:
        a reading whose value, formula or option is empty when the text asserts none.
    """
    return interpret(text, answer).reading


def interpret(text: str, answer: Answer) -> Interpretation:
    """Read a learner's text and keep the ambiguities of its typing."""
    ratios = isinstance(answer, NumericAnswer) and answer.unit in ("", "%")
    plain = prepared(_ORDINAL.sub(" ", clean(text)), ratios)
    found, numbers = candidates(plain)
    if isinstance(answer, NumericAnswer):
        return _numeric(plain, found, tuple(numbers), answer.unit)
    if isinstance(answer, SymbolicAnswer):
        return _symbolic(text, answer, tuple(numbers))
    if isinstance(answer, ChoiceAnswer):
        return _choice(text, answer, tuple(numbers))
    if isinstance(answer, ExactAnswer):
        return _exact(text, answer, plain, found, tuple(numbers))
    return Interpretation(Reading(echo="", numbers=tuple(numbers)))


def _numeric(
    plain: str, found: list[Candidate], numbers: tuple[float, ...], unit: str
) -> Interpretation:
    chosen = asserted(plain, found, unit)
    if chosen is None:
        echo = "no number"
        if len(numbers) > 1:
            echo = "several numbers: " + ", ".join(_number(n) for n in numbers[:4])
        return Interpretation(Reading(echo=echo, numbers=numbers))
    measure = fitting_reading(chosen, unit)
    otherwise = chosen.otherwise
    if chosen.arithmetic and measure.unit and same_dimension(measure.unit, unit):
        otherwise = tuple(convert(Measure(v, measure.unit), unit).value for v in otherwise)
        measure = convert(measure, unit)
    echo = format_measure(measure, 6)
    if unit and not measure.unit:
        echo += " (no unit)"
    around = plain[: chosen.start] + plain[chosen.end :]
    bare = not around.strip(" .") and not otherwise and not chosen.arithmetic
    reading = Reading(echo=echo, value=measure.value, unit=measure.unit, numbers=numbers, bare=bare)
    return Interpretation(reading, measure, otherwise)


def fitting_reading(candidate: Candidate, unit: str) -> Measure:
    """Return the reading with the expected dimension: "ms^-1" is m/s where a speed is due."""
    for measure in candidate.readings:
        if measure.unit and same_dimension(measure.unit, unit):
            return measure
    return candidate.readings[0]


def _number(value: float) -> str:
    return format_measure(Measure(value), 6)


def _symbolic(text: str, answer: SymbolicAnswer, numbers: tuple[float, ...]) -> Interpretation:
    typed = typed_formula(text, answer)
    if typed is None:
        return Interpretation(Reading(echo="no formula", numbers=numbers))
    right = to_latex(typed.formula)
    echo = f"${to_latex(typed.left)} = {right}$" if typed.left else f"${right}$"
    reading = Reading(echo=echo, formula=typed.formula.text, numbers=numbers)
    return Interpretation(reading, typed=typed)


def _choice(text: str, answer: ChoiceAnswer, numbers: tuple[float, ...]) -> Interpretation:
    letter = chosen_option(text, answer)
    if not letter:
        return Interpretation(Reading(echo="no single option", numbers=numbers))
    option = answer.option(letter)
    typed = " ".join(text.casefold().split())
    bare = typed.strip("().: ") == letter or typed == " ".join(option.text.casefold().split())
    echo = f"option {letter}: {option.text}"
    return Interpretation(Reading(echo=echo, option=letter, numbers=numbers, bare=bare))


def _exact(
    text: str,
    answer: ExactAnswer,
    plain: str,
    found: list[Candidate],
    numbers: tuple[float, ...],
) -> Interpretation:
    """Read the whole text as one answer; where a number is due, also "I got 45 miles"."""
    form = read_exact(text, answer)
    measure = None
    unread = form is None or isinstance(form, Words) or bool(names_of(form))
    if unread and is_plain_number(answer) and (chosen := asserted(plain, found, "")) is not None:
        measure = chosen.readings[0]
        if form is not None and names_of(form) and not measure.unit:
            return Interpretation(exact_reading(form, numbers), form=form)
        digits = plain[chosen.start : chosen.end]
        literal = re.match(r"-?[\d.]+(?:\s?/\s?\d+)?$|-?[\d.]+", digits.strip())
        number = read_form(literal[0] if literal else f"{measure.value:.12g}", frozenset())
        form = number if isinstance(number, Value) else form
        behind = re.match(r"\s?([A-Za-z]+)", plain[chosen.end :])
        counted = behind[1] if behind and behind[1].lower() not in _NO_UNITS else ""
        if unit := counted or measure.unit:
            reading = exact_reading(form, numbers).model_copy(update={"unit": unit})
            return Interpretation(reading, measure, form=form)
    bare = isinstance(form, Value) and measure is None
    reading = exact_reading(form, numbers).model_copy(update={"bare": bare})
    return Interpretation(reading, measure, form=form)
