"""Equations as people type them in talk: "so kx²/2 = mgh", "T - m g = m a, then solve"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from tutor_app.answers.cleaning import clean
from tutor_app.answers.formula import FUNCTIONS, Formula
from tutor_app.answers.typed_formula import best_formula, with_signs

MAX_EQUATIONS = 4
_LETTERS = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SMALL_WORDS = frozenset(
    "so is we to as if my me he be us am an up or of on in it by do go no ok and the for but has "
    "get got was are you can our out now use then that this from with when where".split()
)
_CALLS = re.compile("|".join(sorted((*FUNCTIONS, "theta", "alpha", "phi", "pi", "mu"), key=len)))
_VOWELS = re.compile("[aeiou]")
_WORD = 3


@dataclass(frozen=True, slots=True)
class TypedEquation:
    """Both sides in their likeliest reading, and the stretch of text that writes them."""

    left: Formula
    right: Formula
    typed: str

    @property
    def names(self) -> frozenset[str]:
        """The letters of both sides."""
        return self.left.names | self.right.names


def typed_equations(text: str, names: Iterable[str]) -> Iterator[TypedEquation]:
    """Yield the equations of a text over these names, in order; at most four.

    A side that needs another name is not read, so its equation is left out.
    """
    known = list(dict.fromkeys(names))
    prepared = with_signs(_without_words(clean(text), known))
    sides = re.split(r"[=≈]", prepared)[: MAX_EQUATIONS + 1]
    for before, after in pairwise(sides):
        left = best_formula(before, known, last=True)
        right = best_formula(after, known, last=False)
        if left and right:
            typed = f"{_stretch(before, last=True)} = {_stretch(after, last=False)}"
            yield TypedEquation(left, right, typed)


def _without_words(text: str, known: list[str]) -> str:
    """Put a break in the place of every word, so that "energy" is not e times n times e."""

    def kept(match: re.Match[str]) -> str:
        run = match[0]
        if run in known or run in FUNCTIONS:
            return run
        if run.lower() in _SMALL_WORDS and len(run) > 1:
            return ";"
        rest = _CALLS.sub("", run)
        return ";" if len(rest) >= _WORD and _VOWELS.search(rest) else run

    return _LETTERS.sub(kept, text)


def _stretch(side: str, *, last: bool) -> str:
    parts = [part.strip() for part in re.split(r"[;\n?!:]|,(?!\d)|\.(?!\d)", side)]
    return parts[-1] if last else parts[0]
