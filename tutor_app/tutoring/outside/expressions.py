"""Arithmetic that stands in prose: "3 bids * $50 per bid", "half of 26", "50 divided by 10"."""

from dataclasses import dataclass

from tutor_app.answers.formula import evaluate, parse_formula
from tutor_app.errors import AnswerSyntaxError
from tutor_app.tutoring.outside.tokens import Token

MAX_UNIT_WORDS = 5
_MAX_DEPTH = 20
_OPERATORS = {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/"}
_WORDED = {"times": "*", "plus": "+", "minus": "-"}
_TWO_WORDS = {("divided", "by"): "/", ("multiplied", "by"): "*", ("added", "to"): "+"}
# words that end a unit: "3 and 4 + 5" is no sum of three
_NO_UNIT = frozenset(
    "and or so then is was are were be equals equal gives which that because since if to from i he "
    "she they we it therefore but by get got when would have has had leaves left makes".split()
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A number in an expression, and where it stands in the text."""

    value: float
    start: int
    end: int
    how: str = "digits"


@dataclass(frozen=True)
class Expression:
    """A formula whose numbers are named n0, n1, ... so that one can be exchanged for another.

    Attributes:
        pieces: the formula, cut so that every operator is a piece of its own.
        leaves: its numbers, in the order of their names.
        variables: single letters that stand for unknowns.
    """

    pieces: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    start: int
    end: int
    variables: frozenset[str] = frozenset()

    @property
    def operators(self) -> tuple[str, ...]:
        """The operators, left to right."""
        return tuple(piece for piece in self.pieces if piece in "+-*/^")

    @property
    def operands(self) -> tuple[float, ...]:
        """The numbers, left to right."""
        return tuple(leaf.value for leaf in self.leaves)

    def value(
        self,
        operands: tuple[float, ...] | None = None,
        operators: tuple[str, ...] | None = None,
        unknown: float | None = None,
    ) -> float | None:
        """Compute, with other numbers or operators if given; None where there is no value.

        Args:
            operands: one for each leaf.
            operators: one for each operator.
            unknown: what every variable stands for.
        """
        if self.variables and unknown is None:
            return None
        given = self.operands if operands is None else operands
        pieces = list(self.pieces)
        if operators is not None:
            left = iter(operators)
            pieces = [next(left) if piece in "+-*/^" else piece for piece in pieces]
        values = {f"n{n}": number for n, number in enumerate(given)}
        values |= {name: unknown or 0.0 for name in self.variables}
        try:
            return evaluate(parse_formula("".join(pieces), values), values)
        except AnswerSyntaxError:
            return None


def expression_at(tokens: tuple[Token, ...], at: int) -> tuple[Expression, int] | None:
    """Read the longest expression that begins at this token, and where it ends; or None."""
    parser = _Parser(tokens)
    end = parser.sum(at, 0)
    if end is None or not (parser.leaves or parser.variables):
        return None
    last = parser.last
    return (
        Expression(
            tuple(parser.pieces),
            tuple(parser.leaves),
            tokens[at].start,
            tokens[last].end,
            frozenset(parser.variables),
        ),
        end,
    )


class _Parser:
    """Recursive descent; a method returns the position after what it read, or None."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self.pieces: list[str] = []
        self.leaves: list[Leaf] = []
        self.variables: set[str] = set()
        self.last = 0

    def sum(self, at: int, depth: int) -> int | None:
        end = self._product(at, depth)
        while end is not None:
            sign = self._operator(end, "+-")
            if sign is None:
                return end
            attempt = self._joined(sign[0], sign[1], depth, self._product)
            if attempt is None:
                return end
            end = attempt
        return None

    def _joined(self, operator: str, at: int, depth: int, operand) -> int | None:  # type: ignore[no-untyped-def]
        before = (list(self.pieces), list(self.leaves), set(self.variables), self.last)
        self.pieces.append(operator)
        end: int | None = operand(at, depth)
        if end is None:
            self.pieces, self.leaves, self.variables, self.last = before
        return end

    def _product(self, at: int, depth: int) -> int | None:
        end = self._factor(at, depth)
        while end is not None:
            sign = self._operator(end, "*/^")
            if sign is None:
                sign = ("*", end) if self._glued(end) else None
            if sign is None:
                return end
            attempt = self._joined(sign[0], sign[1], depth, self._factor)
            if attempt is None:
                return end
            end = attempt
        return None

    def _factor(self, at: int, depth: int) -> int | None:
        token = self._token(at)
        if token is None or depth > _MAX_DEPTH:
            return None
        if token.kind == "money":
            return self._factor(at + 1, depth)
        if token.kind == "op" and token.text in "-−–" and self._kind(at + 1) in ("num", "money"):
            self.pieces.append("(0-")
            end = self._factor(at + 1, depth + 1)
            self.pieces.append(")")
            return end
        if token.kind == "open":
            self.pieces.append("(")
            end = self.sum(at + 1, depth + 1)
            if end is None or self._kind(end) != "close":
                return None
            self.pieces.append(")")
            self.last = end
            return self._units(end + 1)
        if token.kind == "num":
            self.pieces.append(f"n{len(self.leaves)}")
            self.leaves.append(Leaf(token.value, token.start, token.end, token.how))
            self.last = at
            return self._units(at + 1)
        if is_variable(self._tokens, at):
            name = token.text.lower()
            self.pieces.append(name)
            self.variables.add(name)
            self.last = at
            return at + 1
        return None

    def _units(self, at: int) -> int:
        """Step over unit words where an operator or an equals sign follows them."""
        end = at
        while (
            end - at < MAX_UNIT_WORDS
            and (token := self._token(end)) is not None
            and (
                (token.kind == "word" and token.text.lower() not in _NO_UNIT)
                or (token.kind in ("open", "close") and self._in_brackets(end))
                or self._is_per(end)
            )
            and not is_variable(self._tokens, end)
            and (self._operator(end, "+-*/") is None or self._is_per(end))
        ):
            end += 1
        if end == at:
            return at
        after = self._token(end)
        if after is not None and (after.kind == "eq" or self._operator(end, "+-*/") is not None):
            return end
        return at

    def _in_brackets(self, at: int) -> bool:
        """Say whether "(spoons)" stands here: after a number it is a unit too."""
        if self._kind(at) == "open":
            return self._kind(at + 1) == "word" and self._kind(at + 2) == "close"
        return self._kind(at - 1) == "word" and self._kind(at - 2) == "open"

    def _is_per(self, at: int) -> bool:
        """Say whether the slash of "$900/day" or "2 GB/minute" stands here."""
        token = self._token(at)
        return (
            token is not None
            and token.text in ("/", "÷")
            and self._kind(at + 1) == "word"
            and not is_variable(self._tokens, at + 1)
        )

    def _operator(self, at: int, wanted: str) -> tuple[str, int] | None:
        """Return the operator at this position and the position of its right operand."""
        token = self._token(at)
        if token is None:
            return None
        found, end = "", at + 1
        if token.kind == "op":
            found = _OPERATORS.get(token.text, token.text)
            before, after = self._tokens[at - 1], self._token(at + 1)
            hyphen = found == "-" and (before.kind == "word" or (after and after.kind == "word"))
            if hyphen and (before.end == token.start or (after and after.start == token.end)):
                return None
        elif token.kind == "word":
            word = token.text.lower()
            following = self._token(at + 1)
            if word == "x" and self._is_times(at):
                found = "*"
            elif word in _WORDED and self._kind(at + 1) in ("num", "money", "open"):
                found = _WORDED[word]
            elif following is not None and (word, following.text.lower()) in _TWO_WORDS:
                found, end = _TWO_WORDS[word, following.text.lower()], at + 2
            elif word == "of" and self._tokens[at - 1].how in ("percent", "fraction"):
                skip = at + 1
                while (t := self._token(skip)) is not None and t.text.lower() in (
                    "the", "his", "her", "their", "those", "these",
                ):  # fmt: skip
                    skip += 1
                found, end = "*", skip
        return (found, end) if found and found in wanted else None

    def _is_times(self, at: int) -> bool:
        before, after = self._tokens[at - 1], self._token(at + 1)
        if after is None or after.kind not in ("num", "money", "open"):
            return False
        return before.kind in ("num", "close", "word") and not (
            before.kind == "num" and before.end == self._tokens[at].start != after.start - 1
        )

    def _glued(self, at: int) -> bool:
        """2x, 3(x + 2), (0.3x)(1/3): a product without a sign."""
        token, before = self._token(at), self._tokens[at - 1]
        if (
            token is None
            or before.end != token.start
            or (before.kind == "word" and len(before.text) > 1)
        ):
            return False
        return token.kind == "open" or is_variable(self._tokens, at)

    def _token(self, at: int) -> Token | None:
        return self._tokens[at] if at < len(self._tokens) else None

    def _kind(self, at: int) -> str:
        token = self._token(at)
        return token.kind if token else ""


def is_variable(tokens: tuple[Token, ...], at: int) -> bool:
    """Say whether a single letter stands for an unknown, by what it touches."""
    token = tokens[at]
    if token.kind != "word" or len(token.text) != 1:
        return False
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    glued = before is not None and before.kind in ("num", "close") and before.end == token.start
    if token.text.lower() == "x" and glued and after is not None and after.kind in ("num", "money"):
        return False
    joined = [t for t in (before, after) if t is not None and t.kind in ("op", "eq")]
    if token.text in "aAI":
        return glued or len(joined) == 2
    return glued or bool(joined)
