"""Write a stretch of typed tokens in the grammar of answers.formula."""

from dataclasses import dataclass

from tutor_app.answers.formula_tokens import CALLS, Token

_MAX_DEPTH = 30


@dataclass(frozen=True, slots=True)
class Scopes:
    """How to read what typing leaves open.

    Attributes:
        flip_root: a root without brackets covers more, or less, than usual.
        flip_fraction: a denominator without brackets covers more, or less, than usual.
        sum_below: everything after a slash stands below: a/b+c is a/(b+c).
    """

    flip_root: bool = False
    flip_fraction: bool = False
    sum_below: bool = False


class UnreadableError(Exception):
    """The tokens are no formula."""


class Assembler:
    """Recursive descent over tokens."""

    def __init__(self, tokens: list[Token], scopes: Scopes) -> None:
        """Take one stretch of tokens and how to read its doubtful scopes."""
        self._tokens = tokens
        self._at = 0
        self._scopes = scopes

    def formula(self) -> str:
        """Return the formula.

        Raises:
            UnreadableError: the tokens are none.
        """
        text = self._sum(0)
        if self._at < len(self._tokens):
            raise UnreadableError
        return text

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _takes(self, signs: str) -> str:
        token = self._peek()
        if token and token.kind == "sign" and token.text in signs:
            self._at += 1
            return token.text
        return ""

    def _sum(self, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise UnreadableError
        text = self._product(depth)
        while sign := self._takes("+-"):
            text += sign + self._product(depth)
        return text

    def _product(self, depth: int) -> str:
        text = self._signed(depth)
        plain_number = text.replace(".", "").isdigit()
        while True:
            if self._takes("*"):
                text = f"{text}*{self._signed(depth)}"
                plain_number = False
            elif self._takes("/"):
                text = f"{text}/{self._denominator(depth, plain_number)}"
                plain_number = False
            elif self._begins_factor(self._peek()):
                text = f"{text}*{self._power(depth)}"
                plain_number = False
            else:
                return text

    def _begins_factor(self, token: Token | None) -> bool:
        return token is not None and (token.kind != "sign" or token.text == "(")

    def _denominator(self, depth: int, after_number: bool) -> str:
        """v^2/2g is v^2/(2g), but 1/2mv^2 is (1/2)mv^2."""
        text = self._signed(depth)
        while self._scopes.sum_below and (sign := self._takes("+-")):
            text += sign + self._product(depth)
        wide = after_number == self._scopes.flip_fraction
        while (
            wide
            and (token := self._peek()) is not None
            and self._begins_factor(token)
            and (not token.spaced or self._scopes.flip_fraction)
        ):
            text = f"{text}*{self._power(depth)}"
        return f"({text})"

    def _signed(self, depth: int) -> str:
        sign = self._takes("+-")
        if sign:
            return f"({sign if sign == '-' else ''}{self._power(depth)})"
        return self._power(depth)

    def _power(self, depth: int) -> str:
        base = self._operand(depth)
        if self._takes("^"):
            sign = self._takes("+-")
            return f"({base})^({'-' if sign == '-' else ''}{self._operand(depth + 1)})"
        return base

    def _operand(self, depth: int) -> str:
        token = self._peek()
        if token is None:
            raise UnreadableError
        self._at += 1
        if token.kind == "call":
            return self._call(token.text, depth)
        if token.text == "(":
            text = self._sum(depth + 1)
            if not self._takes(")"):
                raise UnreadableError
            return f"({text})"
        if token.kind == "sign":
            raise UnreadableError
        return token.text

    def _call(self, name: str, depth: int) -> str:
        if depth > _MAX_DEPTH:
            raise UnreadableError
        function = CALLS[name] or name
        power = ""
        if function != "sqrt" and self._takes("^"):
            power = f"^({self._operand(depth + 1)})"
        token = self._peek()
        if token is not None and token.text == "(":
            argument = self._operand(depth + 1)
        elif function == "sqrt":
            argument = self._root(depth + 1, whole=(name == "ROOT") != self._scopes.flip_root)
        else:
            argument = self._angle(depth + 1)
        return f"({function}({argument}){power})"

    def _root(self, depth: int, whole: bool) -> str:
        """√2gh covers all that is glued; "root of 2 g h" the whole product."""
        text = self._power(depth)
        while (token := self._peek()) is not None:
            if whole and token.text == "*" and token.kind == "sign":
                self._at += 1
            elif whole and token.text == "/" and token.kind == "sign":
                self._at += 1
                text = f"{text}/{self._denominator(depth, False)}"
                continue
            elif not self._begins_factor(token) or (
                not whole and (token.spaced or token.kind == "call")
            ):
                break
            text = f"{text}*{self._power(depth)}"
        return text

    def _angle(self, depth: int) -> str:
        """Sin 2 theta takes a number and a symbol; sin theta cos theta only the first."""
        text = self._power(depth)
        token = self._peek()
        if text.isdigit() and token is not None and token.kind == "symbol":
            text = f"{text}*{self._power(depth)}"
        return text
