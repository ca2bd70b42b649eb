"""Judge a number with its unit against the right one."""

from collections.abc import Iterable
from dataclasses import dataclass

from tutor_app.answers.reader import Interpretation
from tutor_app.answers.units import Measure, convert, same_dimension, to_base
from tutor_app.domain.answer import Check, Verdict

_MISCONCEPTION = 0.005
_LARGEST_SLIP = 0.05
_LARGEST_ROUNDING = 0.1

REASONS = {
    Verdict.RIGHT: "The number and the unit are right.",
    Verdict.UNIT: "The number is right, the unit is not.",
    Verdict.SIGN: "The size is right, the sign is not.",
    Verdict.ROUNDING: "The number is close, but rounded too far.",
    Verdict.WRONG: "The number is not the one asked for.",
}


@dataclass(frozen=True, slots=True)
class Target:
    """What a number is compared with.

    Attributes:
        right: the right measure in the expected unit.
        tolerance: relative, 0.02 for 2 %.
        tolerance_abs: in the expected unit; overrides the relative one.
    """

    right: Measure
    tolerance: float
    tolerance_abs: float | None = None

    def hit(self, value: float, times: float = 1.0) -> bool:
        """Say whether a value in the expected unit is right, with the tolerance widened."""
        allowed = self.tolerance_abs or self.tolerance * abs(self.right.value) or 1e-9
        return abs(value - self.right.value) <= times * allowed * (1 + 1e-9)


def check_number(found: Interpretation, target: Target, wrong: Iterable[float]) -> Check:
    """Judge a reading.

    Args:
        found: what the reader made of the text.
        target: the right value.
        wrong: numbers that known misconceptions lead to, in the expected unit.
    """
    if found.measure is None:
        return Check(
            verdict=Verdict.CANNOT_TELL,
            reading=found.reading,
            reason="I cannot find one number that is meant as the answer.",
        )
    verdict = _verdict(found.measure, target, list(wrong))
    others = [_verdict(Measure(value, found.measure.unit), target, []) for value in found.otherwise]
    better = Verdict.RIGHT in others or (Verdict.UNIT in others and not verdict.nearly)
    if better and verdict is not Verdict.RIGHT:
        return Check(
            verdict=Verdict.CANNOT_TELL,
            reading=found.reading,
            reason="This can be read in two ways. Write the number in full.",
        )
    reason = REASONS[verdict]
    if verdict is Verdict.UNIT and not found.measure.unit:
        reason = "The number is right, the unit is missing."
    return Check(verdict=verdict, reading=found.reading, reason=reason)


def _verdict(measure: Measure, target: Target, wrong: list[float]) -> Verdict:
    value, unit = measure.value, target.right.unit
    comparable = same_dimension(measure.unit, unit)
    in_unit = convert(measure, unit).value if comparable else value
    if comparable and target.hit(in_unit):
        return Verdict.RIGHT
    if target.hit(value):
        return Verdict.UNIT
    if comparable or not measure.unit:
        if target.right.value and target.hit(-in_unit):
            return Verdict.SIGN
        known = any(_same(in_unit, number) or _same(value, number) for number in wrong)
        if not known and _rounded(in_unit, target):
            return Verdict.ROUNDING
        if not known and not measure.unit and _right_in_base_units(value, target):
            return Verdict.UNIT
    return Verdict.WRONG


def _same(value: float, number: float) -> bool:
    return abs(value - number) <= _MISCONCEPTION * abs(number)


def _rounded(value: float, target: Target) -> bool:
    """Near, or the right value with too few digits; nothing but zero is near zero."""
    right = target.right.value
    if right == 0:
        return False
    if target.tolerance_abs is None:
        times = min(5.0, max(2.0, _LARGEST_SLIP / target.tolerance))
    else:
        times = 5.0
    if target.hit(value, times):
        return True
    near = abs(value - right) <= _LARGEST_ROUNDING * abs(right)
    return near and any(value == float(f"{right:.{digits}e}") for digits in range(3))


def _right_in_base_units(value: float, target: Target) -> bool:
    """A bare 19800 for 19.8 kJ is the right number of joules."""
    base = to_base(target.right)
    return base.unit != target.right.unit and Target(base, target.tolerance).hit(value)
