"""Evaluate whatever in a text can be evaluated: formulas, code, and sums told in words.

It tries every place where a calculation may begin and keeps the value of every part. A value is a
triple of samples: for symbols two random worlds, and a third in which only the unknown differs, so
that an equation can be seen to pin the unknown down.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field

from tutor_app.tutoring.verification.reading import ExpressionReader
from tutor_app.tutoring.verification.terms import Term
from tutor_app.tutoring.verification.values import Part, Value

_BEGINS = frozenset({"num", "name", "noun", "fn", "list", "verb", "lp", "pronoun"})


@dataclass(frozen=True, slots=True)
class Equation:
    """Two parts with a relation between them, which stands at term `at`."""

    left: Part
    right: Part
    at: int


@dataclass(frozen=True)
class Calculations:
    """All parts with an operation, and all equations, of one text.

    `complete` is False where the text held more mathematics than is worth reading.
    """

    parts: list[Part] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    complete: bool = True


def calculate(
    terms: Sequence[Term],
    meaning: Callable[[str], Sequence[Value]],
    known: Container[str] = frozenset(),
    begin: int = 0,
) -> Calculations:
    """Return what can be computed.

    Args:
        terms: the text.
        meaning: readings of a name or noun; of "?" for the unknown.
        known: names that the text cannot give another value ("x = 19").
        begin: the first term at which a calculation may begin.
    """
    reader = ExpressionReader(terms, meaning, known)
    for at, term in enumerate(terms):
        if term.kind == "rel":
            reader.bind(at)
    longest: dict[int, Part] = {}
    for reader.reach in (1, 2, 3):
        for start, term in enumerate(terms[begin:], begin):
            if term.kind in _BEGINS or (term.text == "-" and term.kind == "op"):
                part = reader.chain(start)
                if part is not None and (start not in longest or part.end > longest[start].end):
                    longest[start] = part
    parts = [part for part in reader.parts.values() if any(v.operations for v in part.readings)]
    return Calculations(parts, _equations(reader, longest), complete=reader.fuel > 0)


def _equations(reader: ExpressionReader, longest: Mapping[int, Part]) -> list[Equation]:
    equations = []
    for at, term in enumerate(reader.terms):
        if term.kind != "rel" or term.text != "=":
            continue
        after = longest.get(reader.skip(at + 1, ("fill",)))
        ends = at
        while ends and reader.terms[ends - 1].kind in ("fill", "and", "then"):
            ends -= 1
        for before in longest.values():
            if before.end == ends and after is not None:
                equations.append(Equation(before, after, at))
    return equations
