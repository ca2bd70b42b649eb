"""What keeps a typed formula from being read: a bracket without its partner, an unknown symbol."""

import re

from tutor_app.answers.cleaning import clean
from tutor_app.answers.formula_tokens import is_known
from tutor_app.domain.item import Answer, SymbolicAnswer

_MAX_CHARACTERS = 300
_FACE = re.compile(r"[:;]'?-?[()]")
_LABEL = re.compile(r"^\W*\w\)\s")
_RUN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_OPENS, _CLOSES = re.compile(r"[(\[{]"), re.compile(r"[)\]}]")
_BEFORE = re.compile(r"(?:[*/^+√]| - )\s?[\d.]*$")
_AFTER = re.compile(r"\s?[*/^+]| - ")
# "sin of theta", "= the root of": behind these a single letter is a symbol, a word may be prose
_LOOSELY_BEFORE = re.compile(r"(?:=|\b(?:sin|cos|tan|ln|log|exp|sqrt))\s?$")
_INSIDE = re.compile(r"[(\[{]\s?[\d.]*$"), re.compile(r"\s?[)\]}]")
_MAX_SYMBOL = 5


def formula_trouble(text: str, answer: Answer) -> str:
    """Name what cannot be read in a formula, in one sentence; "" where nothing stands out.

    Words in prose are no symbols: a stranger is named only where a sign of arithmetic holds it.
    """
    if not isinstance(answer, SymbolicAnswer):
        return ""
    plain = _LABEL.sub("", _FACE.sub(" ", clean(text)))
    if len(plain) > _MAX_CHARACTERS:
        return ""
    opened, closed = len(_OPENS.findall(plain)), len(_CLOSES.findall(plain))
    if opened != closed:
        which = "opened and not closed" if opened > closed else "closed and not opened"
        return f"A bracket is {which}."
    if stranger := _stranger(plain, answer):
        return f"The symbol {stranger} does not belong to this exercise."
    return ""


def _stranger(plain: str, answer: SymbolicAnswer) -> str:
    """Return the first unknown name that is bound to a sign of arithmetic, or ""."""
    names = [*answer.symbols, *([answer.target] if answer.target else [])]
    for run in _RUN.finditer(plain):
        before, name = plain[: run.start()], run[0]
        bound = (
            _BEFORE.search(before)
            or _AFTER.match(plain, run.end())
            or (_INSIDE[0].search(before) and _INSIDE[1].match(plain, run.end()))
            or (len(name) == 1 and _LOOSELY_BEFORE.search(before))
        )
        if bound and len(name) <= _MAX_SYMBOL and not is_known(name, names):
            return name
    return ""
