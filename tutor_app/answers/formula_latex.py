"""Write formulas, as KaTeX or in their own grammar."""

import re

from tutor_app.answers.formula_tree import Call, Formula, Name, Negation, Node, Number, Operation

_GREEK = re.compile(
    "alpha|beta|gamma|delta|epsilon|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|chi|psi|"
    "omega|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega"
)
_FUNCTIONS = {"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan", "log10": r"\log_{10}"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def to_latex(formula: Formula) -> str:
    r"""Write a formula as KaTeX without the dollars: sqrt(2*g*h) is `\sqrt{2 g h}`."""
    return _latex(formula.root)[0]


def name_latex(name: str) -> str:
    r"""Write a symbol: theta is `\theta`, v0 and v_0 are `v_{0}`, speed is `\mathrm{speed}`."""
    match = re.fullmatch(r"([A-Za-z]+)(?:_?(\d+)|_(\w+))?", name)
    stem, index = (match[1], match[2] or match[3] or "") if match else (name, "")
    if _GREEK.fullmatch(stem):
        stem = "\\" + stem
    elif len(stem) > 1:
        stem = _upright(stem)
    if not index:
        return stem
    return f"{stem}_{{{index if len(index) == 1 or index.isdigit() else _upright(index)}}}"


def _upright(word: str) -> str:
    return r"\mathrm{" + word.replace("_", r"\_") + "}"


def _latex(node: Node) -> tuple[str, int]:
    """Return the text and how tightly it binds."""
    match node:
        case Number(text):
            mantissa, _, exponent = text.lower().partition("e")
            if exponent:
                return rf"{mantissa} \times 10^{{{int(exponent)}}}", _PRODUCT
            return mantissa, _ATOM
        case Name(name):
            return name_latex(name), _ATOM
        case Call("sqrt", argument):
            return rf"\sqrt{{{_latex(argument)[0]}}}", _ATOM
        case Call("abs", argument):
            return rf"\left|{_latex(argument)[0]}\right|", _ATOM
        case Call(function, argument):
            command = _FUNCTIONS.get(function, "\\" + function)
            return rf"{command}\left({_latex(argument)[0]}\right)", _ATOM
        case Negation(operand):
            return "-" + _bracketed(operand, _PRODUCT), _SUM
        case Operation("/", left, right):
            return rf"\frac{{{_latex(left)[0]}}}{{{_latex(right)[0]}}}", _ATOM
        case Operation("^", left, right):
            base, bond = _latex(left)
            simple = bond == _ATOM and isinstance(left, Name | Number)
            base = base if simple else rf"\left({base}\right)"
            return f"{base}^{{{_latex(right)[0]}}}", _POWER
        case Operation("*", left, right):
            first, second = _bracketed(left, _PRODUCT), _bracketed(right, _PRODUCT)
            sign = r" \cdot " if second[0].isdigit() else " "
            return first + sign + second, _PRODUCT
        case Operation(operator, left, right):
            first = _latex(left)[0]
            return f"{first} {operator} {_bracketed(right, _PRODUCT)}", _SUM


def _bracketed(node: Node, least: int) -> str:
    text, bond = _latex(node)
    return text if bond >= least else rf"\left({text}\right)"


def to_text(root: Node) -> str:
    """Write a tree in the grammar of answers.formula, with no bracket too many."""
    return _text(root)[0]


def _text(node: Node) -> tuple[str, int]:
    def bracketed(part: Node, least: int) -> str:
        text, bond = _text(part)
        return text if bond >= least else f"({text})"

    match node:
        case Number(text):
            return text, _ATOM
        case Name(name):
            return name, _ATOM
        case Call(function, argument):
            return f"{function}({_text(argument)[0]})", _ATOM
        case Negation(operand):
            return "-" + bracketed(operand, _POWER), _SUM
        case Operation("^", left, right):
            return f"{bracketed(left, _ATOM)}^{bracketed(right, _ATOM)}", _POWER
        case Operation("*" | "/" as operator, left, right):
            return f"{bracketed(left, _PRODUCT)}{operator}{bracketed(right, _POWER)}", _PRODUCT
        case Operation(operator, left, right):
            return f"{_text(left)[0]} {operator} {bracketed(right, _PRODUCT)}", _SUM
