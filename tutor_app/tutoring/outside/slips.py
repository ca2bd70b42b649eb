"""Which slip gives exactly this wrong result, and what lets the learner see it?

The subtraction bugs follow Brown & Burton (1978): smaller from larger, and no borrowing.
"""

from typing import NamedTuple

from tutor_app.tutoring.outside.claim import Claim
from tutor_app.tutoring.outside.comparing import same

_BIG = 20


class Guide(NamedTuple):
    """A question that lets a learner find a slip, and the numbers that it brings in."""

    text: str
    computed: frozenset[float] = frozenset()


def guide(claim: Claim) -> Guide:
    """Return the question that fits a line which does not come out."""
    operators, operands = set(claim.left.operators), claim.left.operands
    if len(operands) == 2 and len(claim.left.operators) == 1 and claim.stated is not None:
        return _of_two(claim, claim.left.operators[0], *operands, claim.stated)
    if "(" in claim.left.pieces:
        return Guide("Work out the bracket on its own first: what is inside it?")
    if operators & {"*", "/"} and operators & {"+", "-"}:
        return Guide("Which operation has to be done first in that line?")
    if operators == {"+"}:
        return Guide("Add from the left, step by step: where does it leave what you wrote?")
    if operators == {"*"}:
        return Guide("Multiply from the left, step by step: what do you have first?")
    return Guide("Go through it from left to right, one operation at a time: what comes first?")


def _of_two(claim: Claim, operator: str, a: float, b: float, stated: float) -> Guide:
    if other := _other_operation(operator, a, b, stated):
        return Guide(f"{write(stated)} is what {other} gives. Which operation is asked for?")
    match operator:
        case "/":
            return _divided(a, b, stated)
        case "-":
            return _subtracted(a, b, stated)
        case "+":
            return _added(a, b, stated)
        case "*":
            return _multiplied(claim, a, b, stated)
    return Guide("What does that line come to if you do it in two parts?")


def _other_operation(operator: str, a: float, b: float, stated: float) -> str:
    """Name the operation that does give this result, if it is not the one written."""
    made = {
        "+": ("adding", a + b),
        "-": ("subtracting", a - b),
        "*": ("multiplying", a * b),
        "/": ("dividing", a / b if b else None),
    }
    for sign, (name, value) in made.items():
        if sign != operator and value is not None and same(value, stated):
            return name
    return ""


def _divided(a: float, b: float, stated: float) -> Guide:
    if b and a > b > 0 and stated < 1:
        return Guide(f"How often can you take {write(b)} away from {write(a)}?")
    if a and same(stated, b / a):
        return Guide(f"Which of {write(a)} and {write(b)} is being divided, and which one divides?")
    back = f"{write(stated)} × {write(b)}"
    return Guide(f"Multiply back: what is {back}, and how does it compare with {write(a)}?")


def _subtracted(a: float, b: float, stated: float) -> Guide:
    if a < b and stated > 0:
        return Guide(f"Can you take {write(b)} away from {write(a)} and have something left?")
    back = f"{write(stated)} + {write(b)}"
    if _whole(a, b, stated) and a > b:
        if int(stated) == _smaller_from_larger(int(a), int(b)):
            both = f"the {_borrowing_place(int(a), int(b))} of {write(a)} and {write(b)}"
            return Guide(f"Look at {both}: which digit is taken from which?")
        if stated - (a - b) in (10, 100):
            return Guide(f"Think of what you borrowed. Add back: what is {back}?")
    return Guide(f"Add back to check: what is {back}, compared with {write(a)}?")


def _smaller_from_larger(a: int, b: int) -> int:
    digits = [abs(int(x) - int(y)) for x, y in zip(f"{a}", f"{b:0{len(f'{a}')}d}", strict=True)]
    return int("".join(map(str, digits)))


def _borrowing_place(a: int, b: int) -> str:
    for place in ("ones", "tens", "hundreds"):
        if a % 10 < b % 10:
            return place
        a, b = a // 10, b // 10
    return "first digits"


def _added(a: float, b: float, stated: float) -> Guide:
    if _whole(a, b, stated):
        if (a + b) - stated in (10, 100, 1000):
            return Guide("Did a column go over ten, and where did that ten go?")
        if min(a, b) >= 100:
            place = "thousands" if min(a, b) >= 1000 else "hundreds"
            return Guide(f"Add only the {place} of both first: what do they give?")
        if max(a, b) >= _BIG:
            both = f"{write(a)} and {write(b)}"
            return Guide(f"Add the tens of {both}, then the ones: what do the two parts give?")
    return Guide(f"Count on from {write(max(a, b))}: where do you land?")


def _multiplied(claim: Claim, a: float, b: float, stated: float) -> Guide:
    hows = [leaf.how for leaf in claim.left.leaves]
    if "percent" in hows or "fraction" in hows:
        whole = b if hows[0] in ("percent", "fraction") else a
        half = f"half of {write(whole)}"
        return Guide(f"Compare {write(stated)} with {half}: is it a sensible part?")
    for one, other in ((a, b), (b, a)):
        groups = round(stated / other) if other else 0
        whole_groups = other and same(stated / other, groups) and one == round(one)
        if whole_groups and groups != one and abs(groups - one) <= 2:
            return Guide(f"How many times did you count {write(other)} to get {write(stated)}?")
    ratio = stated / (a * b) if a and b else 0
    if any(same(ratio, 10.0**n) for n in (-4, -3, -2, -1, 1, 2, 3, 4)):
        small, large = write(min(a, b)), write(max(a, b))
        if min(a, b) < 1:
            return Guide(f"{small} is less than 1. Can {large} times that be more than {large}?")
        return Guide("Round both numbers first: about how large should the product be?")
    return _split(max(a, b), min(a, b))


def _split(large: float, small: float) -> Guide:
    """Cut a product into two that are easier."""
    if large != round(large) or large < 11:
        return Guide("From which product that you are sure of could you reach it?")
    digits = str(int(large))
    if digits.endswith("0") and small == round(small):
        head = float(digits.rstrip("0"))
        zeros, verb = ("zero", "does") if large / head == 10 else ("zeros", "do")
        first = f"{write(head)} and {write(small)}"
        return Guide(
            f"Take {first} first. What {verb} the {zeros} of {write(large)} do to that?",
            frozenset({head}),
        )
    tens = float(digits[0]) * 10 ** (len(digits) - 1)
    rest = large - tens
    parts = f"{write(tens)} and {write(rest)}"
    return Guide(
        f"Split {write(large)} into {parts}: what does each part give times {write(small)}?",
        frozenset({tens, rest}),
    )


def _whole(*numbers: float) -> bool:
    return all(n == int(n) and n >= 0 for n in numbers)


def write(number: float) -> str:
    """Write a number as in a sentence: 12,000; 0.5; 3."""
    if number == int(number):
        return f"{int(number):,}" if abs(number) >= 10_000 else str(int(number))
    return f"{number:.6g}"
