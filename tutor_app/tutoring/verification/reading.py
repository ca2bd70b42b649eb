"""Read calculations from terms, tolerantly: both meanings of an unclear phrase are kept.

Precedence climbing over formulas and over sums told in words. Every part that is read stays in
`parts`, whatever it later turns out to belong to.
"""

import math
from collections.abc import Callable, Container, Sequence
from dataclasses import replace

from tutor_app.tutoring.verification.terms import Term
from tutor_app.tutoring.verification.units import in_si
from tutor_app.tutoring.verification.values import (
    MOST_READINGS,
    TRIGONOMETRIC,
    UNARY,
    Part,
    Value,
    binary,
    unary,
)

_FUEL = 6000
_SMALL = (0.5, 1.0, 2.0, 3.0, 4.0)
_DEPTH = 40
_PASSIVE = 7
_STRENGTH = {"+": 1, "-": 1, "from": 1, "*": 2, "/": 2, "^": 4}


class ExpressionReader:
    """Read the terms of one text.

    Attributes:
        reach: how much a function in words takes: 1 a sum, 2 a product, 3 one value.
        fuel: steps left before the reader gives up.
        parts: everything read so far, by its first term and the term after it.
    """

    def __init__(
        self,
        terms: Sequence[Term],
        meaning: Callable[[str], Sequence[Value]],
        known: Container[str],
    ):
        self.terms = terms
        self.reach = 2
        self.fuel = _FUEL
        self.parts: dict[tuple[int, int], Part] = {}
        self._meaning = meaning
        self._known = known
        self._bound: dict[str, tuple[Value, ...]] = {}

    def bind(self, at: int) -> None:
        """Remember "x = 19" or "t = sqrt(2h/g)" for a letter that the problem does not have."""
        name, sign = self.terms[at - 1] if at else None, self.terms[at].token
        if name is None or name.kind != "name" or sign is None or sign.kind != "rel":
            return
        if name.text not in self._known and name.text not in self._bound:
            part = self._sum(at + 1, 1, 0)
            if part is not None and not any(value.unknown for value in part.readings):
                self._bound[name.text] = (*part.readings, *self._meaning(name.text))

    def skip(self, position: int, kinds: tuple[str, ...]) -> int:
        """Return the first position from `position` on whose term is of another kind."""
        while position < len(self.terms) and self.terms[position].kind in kinds:
            position += 1
        return position

    def _at(self, position: int) -> Term | None:
        return self.terms[position] if position < len(self.terms) else None

    def _is(self, position: int, kind: str) -> bool:
        term = self._at(position)
        return term is not None and term.kind == kind

    def _keep(self, part: Part) -> Part:
        key = (part.start, part.end)
        known = self.parts.get(key)
        if known is None:
            self.parts[key] = part
        elif known.readings != part.readings:
            merged = tuple(dict.fromkeys((*known.readings, *part.readings)))
            self.parts[key] = replace(known, readings=merged[: 2 * MOST_READINGS])
        return part

    def chain(self, start: int) -> Part | None:
        """Read a calculation and the steps that continue it: "..., then halve it"."""
        part = self._sum(start, 1, 0)
        while part is not None and self.fuel > 0:
            following = self._continued(part)
            if following is None:
                break
            part = self._keep(following)
        return part

    def _continued(self, part: Part) -> Part | None:
        at = self.skip(part.end, ("and", "then", "stop", "fill"))
        term = self._at(at)
        if term is None or at == part.end:
            return None
        if term.kind == "num" and self.terms[part.end].text == "and":
            closing = self._at(at + 1)
            if closing is not None and (closing.kind == "rel" or closing.text == "together"):
                number = self._number(term)  # "ten and eight makes ..."
                return Part(part.start, at + 1, binary("+", part.readings, number))
        if term.kind == "fn":
            after = self.skip(at + 1, ("of", "fill"))
            pronoun = self._at(after)
            if pronoun is not None and pronoun.kind == "pronoun":
                return Part(part.start, after + 1, unary(term.text, part.readings))
            if pronoun is None or pronoun.kind in ("stop", "then", "and", "rel"):
                return Part(part.start, after, unary(term.text, part.readings))
            return None
        if term.kind not in ("verb", "op") or term.text == "^":
            return None
        after = self.skip(at + 1, ("fill",))
        pronoun = self._at(after)
        if pronoun is not None and pronoun.kind == "pronoun":
            after = self.skip(after + 1, ("fill",))
        link = self._at(after)
        reverse = term.text == "-" and link is not None and link.text == "from"
        if link is not None and link.kind == "by":
            after = self.skip(after + 1, ("fill",))
        right = self._sum(after, 2, 1)
        if right is None:
            return None
        name = "from" if reverse else term.text
        return Part(part.start, right.end, binary(name, part.readings, right.readings))

    def _sum(self, start: int, strength: int, depth: int) -> Part | None:
        """Precedence climbing from `start`; operators of at least the given strength."""
        self.fuel -= 1
        if self.fuel <= 0 or depth > _DEPTH:
            return None
        left = self._single(start, depth)
        while left is not None:
            found = self._operator(left, strength)
            if found is None:
                break
            name, at = found
            if name in UNARY:
                left = self._keep(Part(start, at, unary(name, left.readings)))
                continue
            binds = _STRENGTH[name]
            right = self._sum(at, binds if name == "^" else binds + 1, depth + 1)
            if right is None:
                break
            if name == "/" and self.reach < 3:
                right = self._product_without_sign(right, depth)
            left = self._keep(Part(start, right.end, self._joined(name, left, right)))
        return left

    def _product_without_sign(self, part: Part, depth: int) -> Part:
        """Read on in "over 2 m g", where all three stand below."""
        while True:
            term = self._at(part.end)
            previous = self.terms[part.end - 1]
            if term is None or term.kind not in ("name", "lp", "fn"):
                return part
            if previous.kind not in ("name", "num", "rp"):
                return part
            right = self._sum(part.end, 3, depth + 1)
            if right is None:
                return part
            part = Part(part.start, right.end, binary("*", part.readings, right.readings))

    def _joined(self, name: str, left: Part, right: Part) -> tuple[Value, ...]:
        """Apply an operator; "20 minus 1 percent" takes the percent of the 20."""
        found = binary(name, left.readings, right.readings)
        token = self.terms[right.end - 1].token
        if name in "+-" and right.end - right.start == 1 and token and token.unit == "%":
            found += binary(name, left.readings, binary("*", left.readings, right.readings))
        return found

    def _operator(self, left: Part, strength: int) -> tuple[str, int] | None:
        """Return the operator after a part and where its right side begins."""
        term = self._at(left.end)
        if term is None:
            return None
        if term.kind == "post":
            return term.text, left.end + 1
        if term.kind == "op":
            if _STRENGTH[term.text] < strength:
                return None
            return term.text, self.skip(left.end + 1, ("fill",))
        if strength > 2:
            return None
        if term.kind == "of" and self._is_share(left):
            return "*", self.skip(left.end + 1, ("fill",))
        previous = self.terms[left.end - 1]
        if term.kind in ("name", "lp") and previous.kind in ("name", "num", "rp"):
            return "*", left.end
        written = term.token.text if term.token is not None else ""
        if term.kind == "fn" and previous.kind in ("name", "num", "rp") and len(written) <= 5:
            return "*", left.end
        if (ahead := self._passive(left.end)) is not None:
            return self.terms[ahead].text, self.skip(ahead + 1, ("fill",))
        if previous.kind == "noun":
            # "the mass of the ball times its speed": step over what the noun belongs to
            ahead = left.end
            while ahead < min(left.end + 5, len(self.terms)) and self.terms[ahead].kind in (
                "of", "fill", "word", "pronoun", "name",
            ):  # fmt: skip
                ahead += 1
            operator = self._at(ahead)
            if ahead > left.end and operator is not None:
                if operator.kind == "op" and _STRENGTH[operator.text] >= strength:
                    return operator.text, self.skip(ahead + 1, ("fill",))
                if operator.kind == "post":
                    return operator.text, ahead + 1
        return None

    def _latest_number(self, before: int) -> tuple[Value, ...]:
        """Return the readings of the number that "that" may point back to."""
        for term in reversed(self.terms[max(0, before - 30) : before]):
            if term.kind == "num" and term.token is not None and term.token.unit:
                return self._number(term)
        return ()

    def _passive(self, at: int) -> int | None:
        """Return where the operator stands in "9 only has to be multiplied by 2"."""
        words = self.terms[at : at + _PASSIVE]
        for offset, term in enumerate(words):
            if term.kind == "op" and offset and term.text in "*/":
                written = term.token.lower if term.token is not None else ""
                return at + offset if written.endswith("ed") else None
            if term.kind not in ("word", "fill", "rel", "by", "then"):
                return None
        return None

    def _is_share(self, part: Part) -> bool:
        """Say whether "of" after this part multiplies: "a third of", "25 % of", "(1/2) of"."""
        token = self.terms[part.end - 1].token
        percent = token is not None and token.unit == "%"
        return percent or any(0 < abs(v.samples[0]) < 1 and not v.symbols for v in part.readings)

    def _single(self, start: int, depth: int) -> Part | None:
        start = self.skip(start, ("fill",))
        term = self._at(start)
        if term is None:
            return None
        match term.kind:
            case "num":
                return Part(start, start + 1, self._number(term))
            case "name" | "noun":
                readings = self._bound.get(term.text) or tuple(self._meaning(term.text))
                return Part(start, start + 1, readings) if readings else None
            case "pronoun":
                readings = (*self._meaning("?"), *self._latest_number(start))
                return Part(start, start + 1, readings) if readings else None
            case "lp":
                inner = self._sum(start + 1, 1, depth + 1)
                if inner is None:
                    return None
                closing = self._at(inner.end)
                end = inner.end + (closing is not None and closing.kind == "rp")
                return self._keep(Part(start, end, inner.readings))
            case "fn":
                return self._function(start, term, depth)
            case "list":
                return self._list(self.skip(start + 1, ("fill",)), start, term.text, depth)
            case "verb":
                return self._verb(start, term, depth)
            case "op" if term.text in "+-":
                operand = self._sum(start + 1, 3, depth + 1)
                if operand is None:
                    return None
                readings = operand.readings
                if term.text == "-":
                    readings = unary("negative", readings)
                return Part(start, operand.end, readings)
            case "word":
                # "the ball's mass", "initial speed": look past up to two words for the noun
                for ahead in (start + 1, start + 2):
                    noun = self._at(ahead)
                    if noun is not None and noun.kind in ("noun", "name"):
                        return self._single(ahead, depth + 1)
                    if noun is None or noun.kind not in ("word", "fill"):
                        break
        return None

    def _function(self, start: int, term: Term, depth: int) -> Part | None:
        after = self.skip(start + 1, ("of", "fill"))
        opened = self._at(after)
        tight = term.text in TRIGONOMETRIC or (opened is not None and opened.kind == "lp")
        strength = 3 if tight else self.reach
        operand = self._sum(after, strength, depth + 1)
        if operand is not None and term.text in TRIGONOMETRIC:
            operand = self._product_without_sign(operand, depth)
        if operand is None:
            if term.text in TRIGONOMETRIC and (angles := tuple(self._meaning("angle"))):
                operand = Part(start, start + 1, angles)  # "the ratio of the sine to the cosine"
            elif opened is not None and opened.kind == "rel":
                operand = Part(start, after, tuple(self._meaning("?")))  # "its square is 392"
            else:
                return None
        return self._keep(Part(start, operand.end, unary(term.text, operand.readings)))

    def _list(self, position: int, start: int, name: str, depth: int) -> Part | None:
        """Read "A, B and C" and join the members."""
        opened = self._at(position)
        if opened is not None and opened.kind == "lp":
            position += 1  # pow(392, 0.5)
        many = self._at(position)
        if many is not None and many.kind == "num" and self._is(position + 1, "noun"):
            position += 1  # "the difference of the two heights"
        first = self._sum(position, 2, depth + 1)
        if first is not None and self._is(first.end - 1, "noun") and len(first.readings) > 1:
            pairs = [(a, b) for a in first.readings for b in first.readings if a is not b]
            found = tuple(v for a, b in pairs for v in binary(name, (a,), (b,)))
            self._keep(Part(start, first.end, found[:MOST_READINGS]))
            if not self._is(self.skip(first.end, ("and", "fill")), "noun"):
                return Part(start, first.end, found[:MOST_READINGS])
        joined = None
        while first is not None:
            at = self.skip(first.end, ("and", "fill"))
            term = self._at(at)
            if term is not None and term.kind == "by" and term.text in ("to", "with"):
                at = self.skip(at + 1, ("fill",))
            if at == first.end:
                break
            right = self._sum(at, 2, depth + 1)
            if right is None:
                break
            readings = binary(name, first.readings, right.readings)
            first = joined = self._keep(Part(start, right.end, readings))
        return first if name == "mean" else joined

    def _verb(self, start: int, term: Term, depth: int) -> Part | None:
        """Read "multiply A by B", "subtract A from B", "add A, B and C"."""
        after = self.skip(start + 1, ("fill",))
        left = self._sum(after, 2, depth + 1)
        if left is None:
            return None
        link = self._at(left.end)
        if link is not None and link.kind == "by":
            right = self._sum(self.skip(left.end + 1, ("fill",)), 2, depth + 1)
            if right is None:
                return None
            reverse = (term.text, link.text) in (("-", "from"), ("/", "into"))
            a, b = (right, left) if reverse else (left, right)
            part = Part(start, right.end, self._joined(term.text, a, b))
            return self._and_by(self._keep(part), term.text, depth)
        if link is not None and link.kind == "and":
            return self._list(after, start, term.text, depth)
        return None

    def _and_by(self, part: Part, name: str, depth: int) -> Part:
        """Read the rest of "multiply A by B and by C"."""
        while True:
            at = self.skip(part.end, ("and", "then", "fill"))
            link = self._at(at)
            if at == part.end or link is None or link.kind != "by":
                return part
            right = self._sum(self.skip(at + 1, ("fill",)), 2, depth + 1)
            if right is None:
                return part
            readings = binary(name, part.readings, right.readings)
            part = self._keep(Part(part.start, right.end, readings))

    def _number(self, term: Term) -> tuple[Value, ...]:
        token = term.token
        if token is None:
            return ()
        readings = []
        for value in token.values[:2]:
            literal = 0 if not token.unit and abs(value) in _SMALL else 1
            sizes = [value]
            if token.unit:
                sizes.insert(0, value / 100 if token.unit == "%" else in_si(value, token.unit))
            readings += [Value((size, size, size), literals=literal) for size in sizes]
        return tuple(v for v in dict.fromkeys(readings) if math.isfinite(v.samples[0]))
