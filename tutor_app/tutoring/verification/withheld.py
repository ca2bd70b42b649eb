"""What policy withholds in a turn: values and formulas the learner has not shown yet."""

import math
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from tutor_app.answers.exact import accepted_forms
from tutor_app.answers.exact_forms import Relation
from tutor_app.answers.exact_forms import Value as ExactValue
from tutor_app.answers.exact_values import number
from tutor_app.answers.formula import Formula, evaluate
from tutor_app.answers.solution import fill
from tutor_app.domain.dialogue import State
from tutor_app.domain.item import ChoiceAnswer, ExactAnswer, NumericAnswer, SymbolicAnswer
from tutor_app.errors import AnswerSyntaxError, ContentError
from tutor_app.tutoring.verification.context import VerificationContext
from tutor_app.tutoring.verification.terms import Vocabulary
from tutor_app.tutoring.verification.tokens import Token, tokenize
from tutor_app.tutoring.verification.units import in_si, in_unit, si_unit
from tutor_app.tutoring.verification.values import Samples, Value, binary

_STEP_TOLERANCE = 0.006
_NOUNS = {
    "kg": "mass masses",
    "m": "height distance length displacement path depth rise drop width radius stretch "
    "compression range climb fall",
    "m/s": "speed velocity velocities",
    "m/s^2": "acceleration gravity deceleration",
    "s": "time duration",
    "N": "force push pull weight friction tension thrust",
    "J": "energy energies work heat",
    "W": "power",
    "kg*m/s": "momentum momenta impulse",
    "rad": "angle inclination",
    "": "coefficient efficiency fraction factor",
}
_LETTERS = {
    "kg": "m", "m": "dhsxyrL", "m/s": "v", "m/s^2": "a", "s": "t", "N": "FTNfW",
    "J": "EKUWQ", "W": "P", "kg*m/s": "pJ", "": "",
}  # fmt: skip
UNKNOWN_SHIFT = 1.37


@dataclass(frozen=True)
class Target:
    """One withheld value or formula.

    Attributes:
        name: for the reason, "the final answer" or "the result of step 'speed'".
        final: it is the answer itself.
        samples: SI magnitude, or for a formula its value in two random worlds (the third repeats).
        shown: magnitude in the unit the answer is asked in; NaN for a formula.
        unit: that unit.
        tolerance: relative; what the checker would accept as right.
    """

    name: str
    final: bool
    samples: Samples
    shown: float = math.nan
    unit: str = ""
    tolerance: float = _STEP_TOLERANCE

    @property
    def is_formula(self) -> bool:
        """It is a formula, not a value."""
        return math.isnan(self.shown)

    def equals(self, value: float, tolerance: float | None = None) -> bool:
        """Say whether a magnitude, in the shown unit or in SI units, is this value."""
        allowed = self.tolerance if tolerance is None else tolerance
        return any(
            math.isclose(abs(value), abs(own), rel_tol=allowed, abs_tol=1e-9)
            for own in (self.shown, self.samples[0])
            if not math.isnan(own)
        )


@dataclass(frozen=True)
class Given:
    """A number that may be used, with the unit it stands with ("" for any).

    `learner`: it is from an attempt of the learner and not from the problem.
    """

    value: float
    unit: str
    learner: bool = False


@dataclass(frozen=True)
class Withheld:
    """Everything the leakage check compares a reply with.

    Attributes:
        asked_words: words of what the prompt asks.
        question_words: those of them that stand nowhere else in the prompt.
    """

    context: VerificationContext
    targets: tuple[Target, ...] = ()
    given: tuple[Given, ...] = ()
    asked_words: frozenset[str] = field(default_factory=frozenset)
    question_words: frozenset[str] = field(default_factory=frozenset)

    @property
    def final(self) -> Target | None:
        """The final answer, while it is withheld."""
        return next((t for t in self.targets if t.final), None)

    def is_given(self, token: Token, *, by_learner: bool = True) -> bool:
        """Say whether the number stands in the problem as written, or in a counted attempt."""
        return any(
            (by_learner or not known.learner)
            and math.isclose(abs(value), abs(known.value), rel_tol=1e-6)
            and (not token.unit or not known.unit or _same(token.unit, known.unit))
            for known in self.given
            for value in token.values
        )

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Names and nouns of the item."""
        answer = self.context.item.answer
        symbolic = isinstance(answer, SymbolicAnswer)
        names = set(self._names)
        if isinstance(answer, SymbolicAnswer) and answer.target:
            names.add(answer.target.replace("_", ""))
        return Vocabulary(frozenset(names), self._nouns, symbolic)

    @cached_property
    def _names(self) -> dict[str, tuple[Value, ...]]:
        """Readings of every quantity, step and symbol, in SI magnitudes."""
        context = self.context
        found: dict[str, tuple[Value, ...]] = {}
        if isinstance(context.item.answer, SymbolicAnswer):
            for name, samples in _worlds(context.item.answer).items():
                found[name.replace("_", "")] = (Value(samples, symbols=1),)
            return found
        for name, measure in context.solution.quantities.items():
            size = in_si(measure.value, measure.unit)
            found[name.replace("_", "")] = (Value((size, size, size), symbols=1),)
        for name, measure in context.solution.steps.items():
            size = in_si(measure.value, measure.unit)
            if self.final is None or not self.final.equals(measure.value, 1e-9):
                found[name] = (Value((size, size, size), symbols=1, steps=1),)
        return found

    @cached_property
    def _nouns(self) -> dict[str, tuple[Value, ...]]:
        """Readings of nouns: "height" is every length of the problem, or the unknown."""
        context = self.context
        nouns: dict[str, list[Value]] = {}
        if isinstance(context.item.answer, SymbolicAnswer):
            for name, meaning in context.item.answer.symbols.items():
                for word in _heads(meaning):
                    nouns.setdefault(word, []).extend(self._names[name.replace("_", "")])
            if {"m", "g"} <= set(self._names):
                nouns.setdefault("weight", []).extend(
                    binary("*", self._names["m"], self._names["g"])
                )
            return {word: tuple(values) for word, values in nouns.items()}
        measures = [*context.solution.quantities.items(), *context.solution.steps.items()]
        for name, measure in measures:
            for word in _NOUNS.get(si_unit(measure.unit), "").split():
                nouns.setdefault(word, []).extend(self._names.get(name.replace("_", ""), ()))
        for letter in ("theta", "alpha", "beta", "phi"):
            nouns.setdefault(letter, []).extend(nouns.get("angle", ()))
        if self.final is not None and not self.final.is_formula:
            for word in _NOUNS.get(si_unit(self.final.unit), "").split():
                nouns.setdefault(word, []).append(self.unknown)
        return {word: tuple(values) for word, values in nouns.items() if values}

    @property
    def unknown(self) -> Value:
        """The reading of "it" or "the answer": the final answer, shifted in the third world."""
        if self.final is None:
            return Value((1.0, 1.0, 1.0), unknown=True)
        first, second, third = self.final.samples
        return Value((first, second, third * UNKNOWN_SHIFT), unknown=True)

    def meaning(self, name: str) -> Sequence[Value]:
        """Return the readings of a name or noun; "?" is the unknown."""
        if name == "?":
            return (self.unknown,) if self.final is not None else ()
        if name == "pi":
            return (Value((math.pi, math.pi, math.pi)),)
        known = self._names.get(name) or self._nouns.get(name)
        if known:
            return known
        if self.final is None or len(name) > 2:
            return ()
        readings = []
        if self._may_stand_for_the_unknown(name):
            readings.append(self.unknown)
        world = random.Random(name)
        first, second = world.uniform(1.1, 3), world.uniform(1.1, 3)
        readings.append(Value((first, second, first), symbols=1))
        return readings

    def _may_stand_for_the_unknown(self, name: str) -> bool:
        answer = self.context.item.answer
        if isinstance(answer, SymbolicAnswer):
            return name == answer.target.replace("_", "")
        letters = _LETTERS.get(si_unit(self.final.unit) if self.final else "", "")
        return name[0] in letters or name in ("x", "X")


def _heads(meaning: str) -> set[str]:
    """Return the words that name a symbol: "stiffness of the spring" is called stiffness."""
    head = re.split(r"\b(?:of|at|by|just|before|after|for|in|on|that|which)\b", meaning.lower())[0]
    words = re.findall(r"[a-z]{3,}", head)
    general = {word for group in _NOUNS.values() for word in group.split()}
    deeds = re.findall(r"\b([a-z]{4,})ed\b", meaning.lower())
    named = {word for word in words if word in general} | set(words[-1:])
    return named | {form for deed in deeds for form in (deed, f"{deed}e")}


def _same(a: str, b: str) -> bool:
    return in_unit(1.0, a, b) is not None and math.isclose(in_unit(1.0, a, b) or 0, 1.0)


def _worlds(answer: SymbolicAnswer) -> dict[str, Samples]:
    worlds = {}
    for name in answer.symbols:
        source = random.Random(f"symbol {name}")
        first, second = source.uniform(0.6, 2.4), source.uniform(0.6, 2.4)
        worlds[name] = (first, second, first)
    return worlds


def withheld(context: VerificationContext) -> Withheld:
    """Return what this turn withholds; nothing where policy allows the answer."""
    given = _given(context)
    if context.move.answer_allowed:
        return Withheld(context, (), given)
    if is_settled(context):
        return Withheld(context, (), given)
    asked, told = _prompt_words(context)
    return Withheld(context, tuple(_targets(context)), given, asked, asked - told)


def is_settled(context: VerificationContext) -> bool:
    """Say whether a counted attempt showed the right answer, or right but for unit or rounding."""
    diagnosis = context.diagnosis
    counted = diagnosis.counted or (
        bool(context.counted_texts)
        and bool(context.learner_texts)
        and context.counted_texts[-1] == context.learner_texts[-1]
    )
    return counted and diagnosis.state in (State.RIGHT, State.NEAR)


def _targets(context: VerificationContext) -> list[Target]:
    item, solution = context.item, context.solution
    found: list[Target] = []
    if isinstance(item.answer, NumericAnswer) and solution.answer is not None:
        measure = solution.answer
        tolerance = item.answer.tolerance
        if item.answer.tolerance_abs and measure.value:
            tolerance = min(0.1, item.answer.tolerance_abs / abs(measure.value))
        size = in_si(measure.value, measure.unit)
        found.append(
            Target(
                "the final answer", True, (size, size, size), measure.value, measure.unit, tolerance
            )
        )
    if isinstance(item.answer, SymbolicAnswer) and solution.formula is not None:
        worlds = _worlds(item.answer)
        if samples := _formula_samples(solution.formula, worlds):
            found.append(Target("the final formula", True, samples))
        found += [t for t in formula_targets(context) if not any(_equal(t, f) for f in found)]
    if isinstance(item.answer, ExactAnswer):
        found += exact_values(item.answer)
    found += [t for t in _choice_values(context)]
    for step, measure in solution.steps.items():
        if step in context.diagnosis.steps_shown:
            continue
        if any(t.final and t.equals(measure.value, 1e-6) for t in found):
            continue
        size = in_si(measure.value, measure.unit)
        found.append(
            Target(
                f"the result of step {step!r}", False, (size, size, size), measure.value,
                measure.unit,
            )
        )  # fmt: skip
    return found


def formula_targets(context: VerificationContext) -> list[Target]:
    """Return the formulas of the steps not shown yet that take more than one operation."""
    answer = context.item.answer
    if not isinstance(answer, SymbolicAnswer):
        return []
    worlds = _worlds(answer)
    found = []
    for step, formula in context.solution.step_formulas.items():
        samples = _formula_samples(formula, worlds)
        if samples and step not in context.diagnosis.steps_shown:
            found.append(Target(f"the result of step {step!r}", False, samples))
    return found


def _equal(a: Target, b: Target) -> bool:
    return all(math.isclose(x, y, rel_tol=1e-9) for x, y in zip(a.samples, b.samples, strict=True))


def _formula_samples(formula: Formula, worlds: dict[str, Samples]) -> Samples | None:
    try:
        first, second = (
            evaluate(formula, {name: samples[n] for name, samples in worlds.items()})
            for n in (0, 1)
        )
    except AnswerSyntaxError:
        return None
    return first, second, first


def exact_values(answer: ExactAnswer) -> list[Target]:
    """Return the value of an exact answer that is one number, 3/4 or 2*sqrt(5) or x = 5."""
    form = accepted_forms(answer)[0]
    if isinstance(form, Relation) and form.signs == ("=",):
        form = form.sides[1]
    if not isinstance(form, ExactValue) or (value := number(form)) is None:
        return []
    tolerance = min(0.1, form.step / abs(value)) if form.step and value else 1e-6
    return [Target("the final answer", True, (value, value, value), value, "", tolerance)]


def _choice_values(context: VerificationContext) -> list[Target]:
    """Numbers that only the right option has."""
    answer = context.item.answer
    if not isinstance(answer, ChoiceAnswer):
        return []
    right = [t for t in tokenize(answer.option(answer.correct).text) if t.kind == "num"]
    others = {
        round(v, 9)
        for option in answer.options
        if option.id != answer.correct
        for t in tokenize(option.text)
        if t.kind == "num"
        for v in t.values
    }
    found = []
    for token in right:
        if round(token.value, 9) in others or (not token.unit and token.value in (0, 1, 2)):
            continue
        size = in_si(token.value, token.unit)
        found.append(
            Target("the right option's number", True, (size, size, size), token.value, token.unit)
        )
    return found


def _given(context: VerificationContext) -> tuple[Given, ...]:
    found = [Given(m.value, m.unit) for m in context.solution.quantities.values()]
    found += [Given(value, "") for value in context.computed]
    # A number that the learner wrote in a counted attempt may be repeated like one of the problem;
    # singling it out as the answer is another matter.
    for text, learner in (
        (prompt_text(context), False),
        *((t, True) for t in context.counted_texts),
    ):
        for token in tokenize(text):
            if token.kind == "num":
                found += [Given(value, token.unit, learner) for value in token.values]
    return tuple(dict.fromkeys(found))


def prompt_text(context: VerificationContext) -> str:
    """Return the prompt with its quantities filled in."""
    try:
        return fill(context.item.prompt, context.solution.names)
    except ContentError:
        return context.item.prompt


_ASKS = re.compile(r"\s*(?:find|calculate|compute|determine|work out|what|how)\b", re.I)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


def _prompt_words(context: VerificationContext) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of what the prompt asks, and of what it tells."""
    asked: set[str] = set()
    told: set[str] = set()
    for sentence in _SENTENCE.findall(prompt_text(context)):
        words = set(re.findall(r"[a-z]{4,}", sentence.lower()))
        asks = "?" in sentence or _ASKS.match(sentence)
        (asked if asks else told).update(words)
    return frozenset(asked), frozenset(told)
