"""Equations of Word and PowerPoint (OMML) to LaTeX."""

from lxml import etree

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_ESCAPED = str.maketrans(
    {"\\": r"\backslash ", "{": r"\{", "}": r"\}", "%": r"\%", "#": r"\#", "&": r"\&", "$": r"\$"}
    | {"\u2061": "", "_": r"\_"}
)
_ACCENTS = {"\u0305": "bar", "\u20d7": "vec", "\u0302": "hat", "\u0303": "tilde", "\u0307": "dot"}
_MAX_DEPTH = 60


def latex_from_office(math: etree._Element) -> str:
    """Return LaTeX without delimiters for an m:oMath element."""
    return " ".join(_children(math, 0).split())


def _children(element: etree._Element | None, depth: int) -> str:
    if element is None or depth > _MAX_DEPTH:
        return ""
    return " ".join(part for child in element if (part := _latex(child, depth + 1)))


def _base(latex: str) -> str:
    return latex if len(latex) == 1 else f"{{{latex}}}"


def _latex(element: etree._Element, depth: int) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    name = tag.removeprefix(_MATH)

    def part(child: str) -> str:
        return _children(element.find(_MATH + child), depth)

    def setting(child: str, default: str = "") -> str:
        found = element.find(f"{_MATH}{name}Pr/{_MATH}{child}")
        return default if found is None else found.get(_MATH + "val", "")

    if name == "r":
        text = "".join(t.text or "" for t in element.iter(_MATH + "t")).translate(_ESCAPED)
        plain = element.find(f"{_MATH}rPr/{_MATH}nor") is not None
        return rf"\text{{{text}}}" if plain and text.strip() else text
    if name in ("sSup", "sSub", "sSubSup", "sPre"):
        below = f"_{{{part('sub')}}}" if name != "sSup" else ""
        above = f"^{{{part('sup')}}}" if name != "sSub" else ""
        base = part("e")
        return f"{{}}{below}{above}{base}" if name == "sPre" else f"{_base(base)}{below}{above}"
    if name == "f":
        return rf"\frac{{{part('num')}}}{{{part('den')}}}"
    if name == "rad":
        degree = part("deg")
        return rf"\sqrt{f'[{degree}]' if degree else ''}{{{part('e')}}}"
    if name == "nary":
        below, above = part("sub"), part("sup")
        limits = (f"_{{{below}}}" if below else "") + (f"^{{{above}}}" if above else "")
        return f"{setting('chr', '∫')}{limits} {part('e')}"
    if name == "d":
        inner = ", ".join(_children(e, depth) for e in element.findall(_MATH + "e"))
        opening, closing = (setting("begChr", "("), setting("endChr", ")"))
        return f"{opening.translate(_ESCAPED)}{inner}{closing.translate(_ESCAPED)}"
    if name == "func":
        return f"{part('fName')} {part('e')}"
    if name in ("limLow", "limUpp"):
        return f"{part('e')}{'_' if name == 'limLow' else '^'}{{{part('lim')}}}"
    if name in ("acc", "bar"):
        accent = _ACCENTS.get(setting("chr", "\u0302"), "bar") if name == "acc" else "bar"
        return rf"\{accent}{{{part('e')}}}"
    if name == "m":
        rows = [
            " & ".join(_children(e, depth) for e in row.findall(_MATH + "e"))
            for row in element.findall(_MATH + "mr")
        ]
        return r"\begin{matrix} " + r" \\ ".join(rows) + r" \end{matrix}"
    if name == "eqArr":
        return r" \\ ".join(_children(e, depth) for e in element.findall(_MATH + "e"))
    return "" if name.endswith("Pr") else _children(element, depth)
