"""Cut typed text into tokens of formulas: "2gh" is 2, g, h; unknown words end a stretch."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tutor_app.answers.formula import FUNCTIONS
from tutor_app.answers.numerals import numeral_at

_MAX_TOKENS = 150
_MAX_RUN = 40
_RUN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_JOINED = re.compile(r"\(|\s?[*/^]|\s?\+")
CALLS = {
    **dict.fromkeys(FUNCTIONS, ""),
    "√": "sqrt",
    "ROOT": "sqrt",
    "root": "sqrt",
    "sqr": "sqrt",
    "log": "log10",
}


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a typed formula.

    Attributes:
        kind: "number", "symbol", "call" or "sign".
        text: its digits, its symbol as declared, its function or its sign.
        spaced: a space stands before it.
        start: where it stands in the text.
    """

    kind: str
    text: str
    spaced: bool
    start: int


def token_spans(text: str, names: list[str]) -> Iterator[list[Token]]:
    """Cut a text into the longest stretches made only of tokens of formulas."""
    tokens: list[Token] = []
    at = total = 0
    spaced = poisoned = False
    while at < len(text) and total < _MAX_TOKENS:
        character = text[at]
        added: list[Token] | None = None
        end = at + 1
        if character == " ":
            spaced, at = True, at + 1
            continue
        if run := _RUN.match(text, at):
            added, end = _resolve(run[0], names, spaced, at), run.end()
        elif numeral := numeral_at(text, at):
            added, end = [Token("number", numeral.digits, spaced, at)], numeral.end
        elif character in "+-*/^()√·":
            kind = "call" if character == "√" else "sign"
            added = [Token(kind, "*" if character == "·" else character, spaced, at)]
        if added is None:
            # Beside an unknown name a formula would be read without it.
            if tokens and not poisoned and not (run and tokens[-1].text in "*/^+("):
                yield tokens
            tokens = []
            poisoned = bool(run and _JOINED.match(text, end))
        else:
            tokens = tokens + added
            total += len(added)
        spaced, at = False, end
    if tokens and not poisoned:
        yield tokens


def is_known(run: str, names: list[str]) -> bool:
    """Tell whether a run of letters can be read over the names and functions."""
    return _resolve(run, names, spaced=False, start=0) is not None


def _resolve(run: str, names: list[str], spaced: bool, start: int) -> list[Token] | None:
    """Split a run of letters into symbols and functions: "mgsin" is m, g, sin."""
    if len(run) > _MAX_RUN:
        return None
    forms = spellings(tuple(names))
    parts = _split(run, forms)
    if parts is None:
        folded = {form.lower(): name for form, name in forms.items()}
        if len(folded) == len(forms):
            parts = _split(run.lower(), folded)
    if parts is None:
        return None
    return [
        Token(kind, text, spaced and number == 0, start)
        for number, (kind, text) in enumerate(parts)
    ]


def spellings(names: tuple[str, ...]) -> dict[str, str]:
    """Return every spelling of the symbols: v0, v_0 and vo are one."""
    forms: dict[str, str] = {}
    for name in names:
        forms[name] = name
        bare = name.replace("_", "")
        forms.setdefault(bare, name)
        if match := re.fullmatch(r"([A-Za-z]+)(\d+)", bare):
            forms.setdefault(f"{match[1]}_{match[2]}", name)
            if match[2] == "0":
                forms.setdefault(match[1] + "o", name)
                forms.setdefault(match[1] + "_o", name)
        elif match := re.fullmatch(r"([A-Za-z])([a-z]+)", bare):
            forms.setdefault(f"{match[1]}_{match[2]}", name)
    return forms


def _split(run: str, forms: dict[str, str]) -> list[tuple[str, str]] | None:
    """Cover the run with symbols, functions and exponents, longest first."""
    pieces = [*forms, *CALLS, "pi", *("xX" if not {"x", "X"} & set(forms) else "")]
    best: list[list[tuple[str, str]] | None] = [None] * (len(run) + 1)
    best[len(run)] = []
    for at in range(len(run) - 1, -1, -1):
        options: list[list[tuple[str, str]]] = []
        for piece in pieces:
            rest = best[at + len(piece)] if run.startswith(piece, at) else None
            if rest is None:
                continue
            if piece in forms:
                options.append([("symbol", forms[piece]), *rest])
            elif piece in CALLS:
                options.append([("call", piece), *rest])
            elif piece in "xX":
                options.append([("sign", "*"), *rest])
            else:
                options.append([("symbol", "pi"), *rest])
        # A glued 2 or 3 is an exponent: "mv2" is mv^2.
        if at and run[at] in "23" and run[at - 1].isalpha() and best[at + 1] is not None:
            options.append([("sign", "^"), ("number", run[at]), *(best[at + 1] or [])])
        if at and run[at].isdigit() and _ends_call(run[:at]):
            digits = re.match(r"\d+", run[at:])
            size = len(digits[0]) if digits else 1
            rest = best[at + size]
            if rest is not None:
                options.append([("number", run[at : at + size]), *rest])
        best[at] = min(options, key=len, default=None)
    return best[0]


def _ends_call(text: str) -> bool:
    return text.endswith(tuple(name for name in CALLS if name.isalpha()))
