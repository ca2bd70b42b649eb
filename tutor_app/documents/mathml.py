"""MathML to LaTeX: presentation markup as browsers, EPUBs and textbooks have it."""

from collections.abc import Callable

from lxml import etree

_ESCAPED = str.maketrans(
    {"\\": r"\backslash ", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$"}
    | {"\u2061": "", "\u2062": "", "\u2063": "", "\u00a0": " ", "_": r"\_"}
)
_ACCENTS = {"¯": "bar", "‾": "bar", "→": "vec", "⃗": "vec", "^": "hat", "ˆ": "hat", "~": "tilde"}
_ACCENTS |= {"˙": "dot", ".": "dot", "¨": "ddot"}
_MAX_DEPTH = 100

Parts = list[str]


def latex_from_mathml(math: etree._Element) -> str:
    """Return LaTeX without delimiters for a <math> element, whatever its namespace.

    An annotation in TeX or an `alttext` that the file carries wins over the conversion.
    """
    for element in math.iter():
        if _name(element) == "annotation" and "tex" in element.get("encoding", "").lower():
            return " ".join((element.text or "").split())
    return " ".join(_latex(math, 0).split()) or " ".join(math.get("alttext", "").split())


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rsplit("}", 1)[-1].rsplit(":", 1)[-1].lower() if isinstance(tag, str) else ""


def _latex(element: etree._Element, depth: int) -> str:
    name = _name(element)
    if depth > _MAX_DEPTH or name in ("", "annotation", "annotation-xml", "mspace", "mphantom"):
        return ""
    if name in ("mi", "mn", "mo", "mtext", "ms"):
        return _token(name, "".join(map(str, element.itertext())))
    parts = [_latex(child, depth + 1) for child in element if isinstance(child.tag, str)]
    convert = _SHAPES.get(name)
    if convert and len(parts) >= convert[0]:
        return convert[1](parts)
    if name == "mfenced":
        inner = ", ".join(parts)
        return f"{element.get('open', '(')}{inner}{element.get('close', ')')}"
    return " ".join(part for part in parts if part)


def _token(name: str, text: str) -> str:
    body = " ".join(text.split())
    escaped = body.translate(_ESCAPED)
    if name in ("mtext", "ms"):
        return rf"\text{{{text.translate(_ESCAPED)}}}" if body else ""
    if name == "mi" and len(body) > 1 and body.isalpha():
        return rf"\mathrm{{{escaped}}}"
    return escaped


def _base(latex: str) -> str:
    return latex if len(latex) == 1 else f"{{{latex}}}"


def _over(parts: Parts) -> str:
    accent = _ACCENTS.get(parts[1].strip())
    return rf"\{accent}{{{parts[0]}}}" if accent else rf"\overset{{{parts[1]}}}{{{parts[0]}}}"


def _rows(parts: Parts) -> str:
    return r"\begin{matrix} " + r" \\ ".join(parts) + r" \end{matrix}"


_SHAPES: dict[str, tuple[int, Callable[[Parts], str]]] = {
    "mfrac": (2, lambda p: rf"\frac{{{p[0]}}}{{{p[1]}}}"),
    "msqrt": (1, lambda p: rf"\sqrt{{{' '.join(p)}}}"),
    "mroot": (2, lambda p: rf"\sqrt[{p[1]}]{{{p[0]}}}"),
    "msup": (2, lambda p: f"{_base(p[0])}^{{{p[1]}}}"),
    "msub": (2, lambda p: f"{_base(p[0])}_{{{p[1]}}}"),
    "msubsup": (3, lambda p: f"{_base(p[0])}_{{{p[1]}}}^{{{p[2]}}}"),
    "munder": (2, lambda p: f"{p[0]}_{{{p[1]}}}"),
    "mover": (2, _over),
    "munderover": (3, lambda p: f"{p[0]}_{{{p[1]}}}^{{{p[2]}}}"),
    "mtable": (1, _rows),
    "mtr": (1, " & ".join),
}
