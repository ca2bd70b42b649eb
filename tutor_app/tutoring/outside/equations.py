"""Which of a learner's equations is the first that the true value does not satisfy?"""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same


@dataclass(frozen=True)
class FalseEquation:
    """The first equation that fails.

    Attributes:
        before: the equation it was made from, which still held; None when it is the set-up.
        transformed: an earlier equation holds, so the change is at fault rather than the set-up.
    """

    claim: Claim
    before: Claim | None
    transformed: bool


def first_false(equations: Sequence[Claim], values: Sequence[float]) -> FalseEquation | None:
    """Find the first equation that fails for the value which satisfies most of those before it.

    Args:
        equations: the learner's equations in one unknown, in order.
        values: results of the reference; the unknown is one of them, the answer first to be tried.

    Returns:
        None where the equations have several unknowns, or all of them hold.
    """
    names = {
        name for c in equations for side in (c.left, c.right) if side for name in side.variables
    }
    if len(names) != 1 or not values:
        return None
    if identity := _broken_identity(equations):
        return identity
    best: tuple[int, float] | None = None
    for value in reversed(values):
        held = 0
        for equation in equations:
            if not equation.satisfied_by(value):
                break
            held += 1
        if best is None or held > best[0]:
            best = (held, value)
    if best is None or best[0] == len(equations):
        return None
    at = best[0]
    equation = equations[at]
    if _is_only_assignment(equation) and at == 0:
        return None
    return FalseEquation(equation, equations[at - 1] if at else None, at > 0)


def _broken_identity(equations: Sequence[Claim]) -> FalseEquation | None:
    """Find "1.5(2/3x) = 3x/2": both sides hold the unknown and differ for nearly every value."""
    for equation in equations:
        if equation.right is None or not equation.right.variables or not equation.left.variables:
            continue
        sides = [
            (equation.left.value(unknown=value), equation.right.value(unknown=value))
            for value in (7.0, 13.0, 31.0)
        ]
        known = [(a, b) for a, b in sides if a is not None and b is not None]
        # a constant ratio is a slip in simplifying; otherwise it is an equation to be solved
        ratios = [a / b for a, b in known if b]
        constant = len(ratios) == 3 and all(same(ratios[0], ratio) for ratio in ratios)
        if constant and not same(ratios[0], 1):
            return FalseEquation(equation, None, True)
    return None


def _is_only_assignment(equation: Claim) -> bool:
    return not equation.left.operators and not (equation.right and equation.right.operators)
