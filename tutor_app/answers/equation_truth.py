"""Is an equation that a learner writes on the way true for this item? By numbers, not by form.

The item's quantities are bound to their symbols, in SI units, and the solution's values to the
letters that usually stand for such a value ("N" for a force, best for the step called "normal").
A letter without a value must cancel: it gets random ones. What holds for any values whatever (m g h
= m g h), what only repeats a given value (g = 9.8) and what writes in a number of its own says
nothing. "Does not hold" is no verdict of wrong: the letter may mean something else.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, product

from tutor_app.answers.equivalence import points
from tutor_app.answers.formula import Formula, evaluate
from tutor_app.answers.formula_tree import Call, Name, Negation, Node, Number, Operation, walk
from tutor_app.answers.solution import Solution
from tutor_app.answers.typed_equations import TypedEquation, typed_equations
from tutor_app.answers.unit_names import ANGLES
from tutor_app.answers.units import Measure, convert, same_dimension, to_base
from tutor_app.domain.item import Item, NumericAnswer, SymbolicAnswer
from tutor_app.errors import AnswerSyntaxError

_USUAL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys("vuVc", ("m/s",)),
    **dict.fromkeys("dsxhyLlr", ("m",)),
    **dict.fromkeys("FNfRS", ("N",)),
    **dict.fromkeys("EKU", ("J",)),
    "t": ("s",),
    "a": ("m/s^2",),
    "T": ("N", "s"),
    "W": ("N", "J"),
    "P": ("W", "kg*m/s"),
    "p": ("kg*m/s",),
    "J": ("kg*m/s", "J"),
    "m": ("kg",),
    "M": ("kg",),
}
"""Letter to the units of what it usually stands for."""
_NAMED = ("KE", "PE", "Ek", "Ep", "Fnet", "F_net", "vf", "v_f", "v_avg", "vavg", "a2", "v2")
_ANGLES = ("theta", "alpha", "phi", "angle")
_PLAIN = frozenset({0.5, 3.6, 60.0, 100.0, 1000.0, 3600.0, *map(float, range(11))})
_PARTS = (1.0, 2.0, 0.5, 4.0, 0.25, -1.0)
_MAX_BINDINGS = 16
_DRAWS = 3
_SAME, _ROUNDED = 1e-6, 2e-3


@dataclass(frozen=True, slots=True)
class JudgedEquation:
    """An equation on the way.

    Attributes:
        typed: the stretch of text that writes it.
        holds: it is true for this item's values.
        steps: ids of the steps that it settles: all but the last where it ties the answer to what
            is given, or the one whose value it is solved for.
        given_only: it speaks of given quantities alone, so it is no try at the answer.
    """

    typed: str
    holds: bool
    steps: tuple[str, ...] = ()
    given_only: bool = False


def judge_equation(text: str, item: Item, solution: Solution) -> JudgedEquation | None:
    """Judge the last equation of a text that says something; never raises for what is typed.

    Returns:
        None where there is no such equation, or where it puts an answer forward ("v = 19.8 m/s"):
        that is checked as an answer.
    """
    if "=" not in text and "≈" not in text:
        return None
    if isinstance(item.answer, SymbolicAnswer):
        binding: _Binding = _Symbols(item, item.answer, solution)
    elif isinstance(item.answer, NumericAnswer) and solution.answer is not None:
        binding = _Measures(item, solution)
    else:
        return None
    judged = [found for e in typed_equations(text, binding.names) if (found := _judge(e, binding))]
    return judged[-1] if judged else None


def _judge(equation: TypedEquation, binding: "_Binding") -> JudgedEquation | None:
    if not equation.names or not _own_numbers(equation, binding):
        return None
    unknown = equation.names - binding.given
    if not unknown:
        return JudgedEquation(equation.typed, False, given_only=True)
    draws = list(islice(points(equation.names), _DRAWS))
    trivial = all(_equal(equation, values, _SAME) for values in draws)
    if trivial or binding.puts_forward(equation):
        return None
    numbers = any(isinstance(node, Number) for side in _sides(equation) for node, _ in walk(side))
    tolerance = _ROUNDED if numbers else _SAME
    for bound, values in binding.values(unknown):
        if all(
            _equal(equation, {**draw, **drawn}, tolerance)
            for draw, drawn in zip(draws, values, strict=True)
        ):
            return JudgedEquation(equation.typed, True, binding.settled(equation, bound))
    return JudgedEquation(equation.typed, False)


def _sides(equation: TypedEquation) -> tuple[Node, Node]:
    return equation.left.root, equation.right.root


def _equal(equation: TypedEquation, values: Mapping[str, float], tolerance: float) -> bool:
    try:
        left, right = (
            evaluate(_in_radians(side), values) for side in (equation.left, equation.right)
        )
    except AnswerSyntaxError:
        return False
    return math.isclose(left, right, rel_tol=tolerance) and (left != 0 or right == 0)


def _in_radians(formula: Formula) -> Formula:
    """Read a plain number in sin, cos and tan as degrees, as learners mean it."""
    return Formula(formula.text, _turned(formula.root), formula.names)


def _turned(node: Node) -> Node:
    match node:
        case Call(("sin" | "cos" | "tan") as function, Number(text)):
            return Call(function, Number(repr(math.radians(float(text)))))
        case Call(function, argument):
            return Call(function, _turned(argument))
        case Negation(operand):
            return Negation(_turned(operand))
        case Operation(operator, left, right):
            return Operation(operator, _turned(left), _turned(right))
    return node


def _own_numbers(equation: TypedEquation, binding: "_Binding") -> bool:
    """Tell whether every number belongs to the problem; others could be tried out one by one."""
    numbers = [
        float(node.text)
        for side in _sides(equation)
        for node, _ in walk(side)
        if isinstance(node, Number)
    ]
    return all(
        n in _PLAIN
        or any(
            math.isclose(n, part * own, rel_tol=1e-9) for own in binding.numbers for part in _PARTS
        )
        for n in numbers
    )


_Drawn = list[dict[str, float]]
"""Values of the bound names, one dictionary for each draw."""


class _Measures:
    """Numeric items: quantities and steps with units, brought to SI."""

    def __init__(self, item: Item, solution: Solution):
        self._item = item
        self._solution = solution
        self._steps = dict(solution.steps)
        self._base = {name: _plain(value) for name, value in solution.quantities.items()}
        self.numbers = [m.value for m in solution.quantities.values()] + list(self._base.values())
        angles = [n for n, m in solution.quantities.items() if m.unit in ANGLES]
        if len(angles) == 1:
            self._base |= dict.fromkeys(_ANGLES, self._base[angles[0]])
        self.given = frozenset(self._base)
        self.names = [*self._base, *(n for n in (*_USUAL, *_NAMED) if n not in self._base)]

    def puts_forward(self, equation: TypedEquation) -> bool:
        """Tell whether a letter is set equal to plain numbers."""
        sides = ((equation.left, equation.right), (equation.right, equation.left))
        return any(isinstance(one.root, Name) and not other.names for one, other in sides)

    def values(self, unknown: frozenset[str]) -> Iterator[tuple[dict[str, str], _Drawn]]:
        """Yield the steps that the unknown letters may stand for, with all values."""
        options = {name: found for name in sorted(unknown) if (found := self._meanings(name))}
        for steps in islice(product(*options.values()), _MAX_BINDINGS):
            bound = dict(zip(options, steps, strict=True))
            own = {name: _plain(self._value(step)) for name, step in bound.items()}
            yield bound, [{**self._base, **own}] * _DRAWS

    def _value(self, step: str) -> Measure:
        return self._steps[step]

    def _meanings(self, name: str) -> list[str]:
        """Return ids of the steps that a letter may stand for: by its name, the answer, any."""
        units = ("J",) if name in ("KE", "PE", "Ek", "Ep") else _USUAL.get(name[0], ())
        fitting = [
            s for s, m in self._steps.items() if any(same_dimension(m.unit, u) for u in units)
        ]
        tail = name.replace("_", "")[1:]
        if tail.isalpha():
            return [s for s in fitting if s.startswith(tail)] or fitting
        if name == "t":
            # every stage of a motion has a time of its own, and each is called t
            return fitting
        initial = [s for s in fitting if s[0] == name[0].lower()]
        last = self._item.steps[-1].id
        return initial or ([last] if last in fitting else fitting)

    def settled(self, equation: TypedEquation, bound: Mapping[str, str]) -> tuple[str, ...]:
        """Return the steps that a true equation settles."""
        return _settled(self._item, equation, bound)


def _plain(measure: Measure) -> float:
    if measure.unit in ANGLES:
        return convert(measure, "rad").value
    return to_base(measure).value


class _Symbols:
    """Symbolic items: any values for the symbols, the target and the steps computed from them."""

    def __init__(self, item: Item, answer: SymbolicAnswer, solution: Solution):
        self._item = item
        self._answer = answer
        self._solution = solution
        self.numbers: list[float] = []
        self.given = frozenset(answer.symbols)
        self.names = [*answer.symbols, *([answer.target] if answer.target else [])]
        self.names += [n for n in _USUAL if n not in self.names]

    def puts_forward(self, equation: TypedEquation) -> bool:
        """Tell whether the target alone stands on one side and symbols on the other."""
        target = self._answer.target
        sides = ((equation.left, equation.right), (equation.right, equation.left))
        return any(
            isinstance(one.root, Name) and one.root.name == target and other.names <= self.given
            for one, other in sides
        )

    def values(self, unknown: frozenset[str]) -> Iterator[tuple[dict[str, str], _Drawn]]:
        """Yield the steps that the unknown letters may stand for, with all values."""
        options = {name: self._meanings(name) for name in sorted(unknown)}
        formulas = self._solution.step_formulas
        for steps in islice(product(*options.values()), _MAX_BINDINGS):
            bound = dict(zip(options, steps, strict=True))
            drawn = []
            for draw in islice(points(self.given), _DRAWS):
                try:
                    own = {name: evaluate(formulas[step], draw) for name, step in bound.items()}
                except AnswerSyntaxError:
                    break
                drawn.append({**draw, **own})
            if len(drawn) == _DRAWS:
                yield bound, drawn

    def _meanings(self, name: str) -> list[str]:
        steps = list(self._solution.step_formulas)
        if name == self._answer.target:
            return steps[-1:]
        return [s for s in steps[:-1] if s[0] == name[0].lower()] or steps[:-1]

    def settled(self, equation: TypedEquation, bound: Mapping[str, str]) -> tuple[str, ...]:
        """Return the steps that a true equation settles."""
        return _settled(self._item, equation, bound)


_Binding = _Measures | _Symbols


def _settled(item: Item, equation: TypedEquation, bound: Mapping[str, str]) -> tuple[str, ...]:
    if set(bound.values()) == {item.steps[-1].id}:
        return tuple(step.id for step in item.steps[:-1])
    alone = [side.name for side in _sides(equation) if isinstance(side, Name)]
    if len(bound) == 1 and alone and alone[0] in bound:
        return (bound[alone[0]],)
    return ()
