"""Presentation MathML to LaTeX that people can read and KaTeX can draw.

No kept library does this (the packages on PyPI had one release each), and textbooks, web pages and
EPUBs need only the elements below. An element that is not known gives its content; nothing is
dropped.
"""

import re
from collections.abc import Callable, Iterator
from typing import Protocol
from xml.etree.ElementTree import Element

from tutor_app.documents.math_symbols import FUNCTIONS, SYMBOLS

_SPACED = frozenset(
    r"= + - < > \times \cdot \pm \mp \div \approx \cong \ne \le \ge \ll \gg \propto \to \leftarrow "
    r"\Rightarrow \leftrightarrow \equiv \sim \in \perp \parallel".split()
)
_SIGNS = "(?:" + "|".join(re.escape(sign) for sign in sorted(_SPACED)) + r")(?![A-Za-z])"
_GAP = r"(?:\\ | )"
_AROUND_SIGN = re.compile(f"{_GAP}+({_SIGNS}){_GAP}*|({_SIGNS}){_GAP}+")
_WORD = re.compile(r"\\text\{([^{}]*)\}")
_WORDS = re.compile(r"(?:\\text\{[^{}]*\}){2,}")
_ACCENTS = {
    "→": "vec", "⃗": "vec", "⇀": "vec", "¯": "bar", "‾": "bar", "ˉ": "bar", "̅": "bar", "_": "bar",
    "^": "hat", "ˆ": "hat", "~": "tilde", "˜": "tilde", "˙": "dot", ".": "dot", "¨": "ddot",
}  # fmt: skip
_WIDE = {"bar": "overline", "vec": "overrightarrow", "hat": "widehat", "tilde": "widetilde"}
_LETTERS = "[A-Za-z\u00c0-\u024f]+"
_TEXT_RUN = re.compile(rf"{_LETTERS}(?:[ /·'’-]+{_LETTERS})*|\s+|.", re.DOTALL)
_SET_AS_TEXT = frozenset("sin cos tan log ln".split())
_FENCES = {"{": r"\{", "}": r"\}", "|": r"\vert", "‖": r"\Vert", "⟨": r"\langle", "⟩": r"\rangle"}
_SPACES = dict.fromkeys((0xA0, 0x205F), " ")
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064\u200b\ufeff"))
_MAX_DEPTH = 100


class Node(Protocol):
    """What is needed of an XML element: those of lxml and of the standard library have it."""

    @property
    def tag(self) -> object:
        """The name; no text where it is a comment."""

    def get(self, key: str, default: str, /) -> str:
        """Return an attribute."""

    def itertext(self) -> Iterator[object]:
        """Yield the text of the element and all inside."""

    def __iter__(self) -> Iterator["Node"]:
        """Yield the children."""


def latex_from_mathml(math: Node) -> str:
    """Return the LaTeX of a math element, without dollar signs.

    An annotation in TeX that the file carries wins over the conversion; an `alttext` stands in
    where there is nothing to convert. What is nested too deep to be a formula gives its text.

    Args:
        math: a MathML element, with or without a namespace.
    """
    if _is_deeper(math, _MAX_DEPTH):
        return _symbols(_text(math))
    annotation = next(_annotations(math), "")
    return annotation or _tidy(_convert(math)) or " ".join(math.get("alttext", "").split())


def name_of(element: Node) -> str:
    """Return the tag in lower case, without its namespace; "" for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""


def _is_deeper(node: Node, limit: int) -> bool:
    level = [node]
    for _ in range(limit):
        level = [child for parent in level for child in parent]
    return bool(level)


def _annotations(node: Node) -> Iterator[str]:
    """Yield the formulas in TeX that stand beside the markup."""
    if name_of(node) == "annotation" and "tex" in node.get("encoding", "").lower():
        yield " ".join(_text(node).split())
    for child in node:
        yield from _annotations(child)


def _parts(node: Node) -> list[Node]:
    return [child for child in node if name_of(child)]


def _convert(node: Node) -> str:
    convert = _CONVERTERS.get(name_of(node))
    return convert(node) if convert else _row(_parts(node)) or _symbols(_text(node))


def _row(nodes: list[Node]) -> str:
    return _join([_convert(node) for node in nodes])


def _join(parts: list[str]) -> str:
    """Join LaTeX; a command is kept apart from a letter that follows it."""
    joined = ""
    for part in parts:
        apart = re.search(r"\\[A-Za-z]+$", joined) and re.match(r"[A-Za-z]", part)
        joined += f" {part}" if apart else part
    return joined


def _text(node: Node) -> str:
    raw = "".join(map(str, node.itertext())).translate(_INVISIBLE)
    return " ".join(raw.translate(_SPACES).split())


def _symbols(text: str) -> str:
    return _join([_symbol(c) for c in text])


def _symbol(character: str) -> str:
    return SYMBOLS.get(character, character)


def _identifier(node: Node) -> str:
    text = _text(node)
    if text in FUNCTIONS:
        return rf"\{text} "
    if len(text) == 1 or not text.isalpha():
        latex = _symbols(text)
    else:
        latex = _join([_symbol(c) for c in text]) if not text.isascii() else rf"\mathrm{{{text}}}"
    return _variant(node, latex)


def _number(node: Node) -> str:
    return _variant(node, _symbols(_text(node)).replace(" ", r"\ "))


def _operator(node: Node) -> str:
    text = _text(node)
    if text in FUNCTIONS:
        return rf"\{text} "
    if len(text) > 1 and text.isalpha():
        return rf"\text{{{text}}}"
    latex = _symbol(text) if text in SYMBOLS else _symbols(text)
    return f" {latex} " if latex in _SPACED else latex


def _mtext(node: Node) -> str:
    """Words stay words; numbers, signs and Greek letters that were set as text become maths."""
    raw = "".join(map(str, node.itertext())).translate(_INVISIBLE).translate(_SPACES)
    parts = []
    for run in _TEXT_RUN.findall(raw):
        if run.isspace():
            parts.append(r"\ ")
        elif run in _SET_AS_TEXT:
            parts.append(rf"\{run} ")
        elif run in SYMBOLS:
            latex = SYMBOLS[run]
            parts.append(f" {latex} " if latex in _SPACED else latex)
        elif run[0].isalpha():
            parts.append(rf"\text{{{run}}}")
        else:
            parts.append(run)
    return _variant(node, _join(parts))


def _space(node: Node) -> str:
    return r"\ "


def _variant(node: Node, latex: str) -> str:
    if not latex.strip() or "bold" not in _style(node):
        return latex
    word = re.fullmatch(r"\\text\{([A-Za-z]+)\}", latex.strip())
    command = "boldsymbol" if re.fullmatch(r"\\[A-Za-z]+", latex.strip()) else "mathbf"
    return rf"\{command}{{{word[1] if word else latex.strip()}}}"


def _style(node: Node) -> str:
    return node.get("mathvariant", "") + node.get("fontweight", "")


def _styled(node: Node) -> str:
    return _variant(node, _row(_parts(node)))


def _grouped(node: Node) -> str:
    """Return the LaTeX as one token or in braces."""
    latex = _tidy(_convert(node))
    is_command = re.fullmatch(r"\\[A-Za-z]+", latex) and latex[1:] not in FUNCTIONS
    return latex if len(latex) == 1 or is_command else f"{{{latex}}}"


def _base(node: Node) -> str:
    """Return what carries a script: braces only where the script would attach to a part."""
    latex = _tidy(_convert(node))
    simple = r"([A-Za-z]|[\d.]+|[)\]|]|\\[A-Za-z]+|\\[a-z]+\{(?:[^{}]|\{[^{}]*\})*\})'*"
    return latex if re.fullmatch(simple, latex) else f"{{{latex}}}"


def _unprimed(base: str) -> str:
    """Return a base that may take a superscript: a prime is one already."""
    return f"{{{base}}}" if base.endswith("'") else base


def _child(node: Node, number: int) -> Node:
    children = _parts(node)
    return children[number] if number < len(children) else Element("mrow")


def _superscript(node: Node) -> str:
    power = _grouped(_child(node, 1))
    if power == r"{^\circ}":
        power = r"\circ"
    if power.strip("{}").strip() in ("'", "''"):
        return _base(_child(node, 0)) + power.strip("{}")
    return _unprimed(_base(_child(node, 0))) + (f"^{power}" if power != "{}" else "")


def _subscript(node: Node) -> str:
    below = _grouped(_child(node, 1))
    return _base(_child(node, 0)) + (f"_{below}" if below != "{}" else "")


def _both_scripts(node: Node) -> str:
    base, below, above = (_child(node, i) for i in range(3))
    scripts = _script_pairs([below, above])
    return (_unprimed(_base(base)) if "^" in scripts else _base(base)) + scripts


def _over(node: Node) -> str:
    base, mark = _tidy(_convert(_child(node, 0))), _text(_child(node, 1))
    accent = _ACCENTS.get(mark)
    if accent:
        is_wide = len(re.sub(r"\\[a-z]+|[{}]", "", base)) > 1
        return rf"\{_WIDE.get(accent, accent) if is_wide else accent}{{{base}}}"
    return rf"\overset{{{_tidy(_convert(_child(node, 1)))}}}{{{base}}}"


def _under(node: Node) -> str:
    base, mark = _tidy(_convert(_child(node, 0))), _tidy(_convert(_child(node, 1)))
    if base in (r"\sum", r"\prod", r"\int", r"\lim"):
        return f"{base}_{{{mark}}}"
    return rf"\underset{{{mark}}}{{{base}}}"


def _under_over(node: Node) -> str:
    base, below, above = (_tidy(_convert(_child(node, i))) for i in range(3))
    if base in (r"\sum", r"\prod", r"\int"):
        return f"{base}_{{{below}}}^{{{above}}}"
    return rf"\underset{{{below}}}{{\overset{{{above}}}{{{base}}}}}"


def _fraction(node: Node) -> str:
    above, below = (_tidy(_convert(_child(node, i))) for i in range(2))
    return (
        f"{above}/{below}"
        if node.get("bevelled", "") == "true"
        else rf"\frac{{{above}}}{{{below}}}"
    )


def _root(node: Node) -> str:
    return rf"\sqrt{{{_tidy(_row(_parts(node)))}}}"


def _nth_root(node: Node) -> str:
    radicand, index = (_tidy(_convert(_child(node, i))) for i in range(2))
    return rf"\sqrt[{index}]{{{radicand}}}"


def _fenced(node: Node) -> str:
    left, right = node.get("open", "("), node.get("close", ")")
    inside = f"{node.get('separators', ',')[:1].strip()} ".join(
        _tidy(_convert(c)) for c in _parts(node)
    )
    return rf"\left{_FENCES.get(left, left) or '.'}{inside}\right{_FENCES.get(right, right) or '.'}"


def _enclosed(node: Node) -> str:
    inside, notation = _tidy(_row(_parts(node))), node.get("notation", "")
    if "strike" in notation:
        return rf"\cancel{{{inside}}}"
    return rf"\boxed{{{inside}}}" if "box" in notation else inside


def _table(node: Node) -> str:
    rows = [
        [_tidy(_convert(cell)) for cell in row if name_of(cell) == "mtd"]
        for row in node
        if name_of(row) in ("mtr", "mlabeledtr")
    ]
    width = max((len(row) for row in rows), default=1)
    if width == 1 and len(rows) == 1:
        return rows[0][0] if rows[0] else ""
    first = next((row for row in node if name_of(row) in ("mtr", "mlabeledtr")), node)
    sides = [_side(node, first, cell) for cell in _parts(first)][:width]
    columns = "".join(sides).ljust(width, "l")
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{array}}{{{columns}}} {body} \end{{array}}"


def _side(table: Node, row: Node, cell: Node) -> str:
    given = (
        cell.get("columnalign", "")
        or row.get("columnalign", "")
        or table.get("columnalign", "")
        or "center"
    )
    return given[0] if given[0] in "lcr" else "c"


def _multiscripts(node: Node) -> str:
    """Scripts on both sides, as an isotope has them."""
    base, *rest = _parts(node) or [Element("mrow")]
    names = [name_of(part) for part in rest]
    cut = names.index("mprescripts") if "mprescripts" in names else len(rest)
    before, after = _script_pairs(rest[cut + 1 :]), _script_pairs(rest[:cut])
    return f"{{}}{before}{_base(base)}{after}" if before else _base(base) + after


def _script_pairs(parts: list[Node]) -> str:
    latex = ""
    for below, above in zip(parts[::2], [*parts[1::2], Element("none")], strict=False):
        for sign, part in (("_", below), ("^", above)):
            if name_of(part) != "none" and (script := _grouped(part)) != "{}":
                latex += sign + script
    return latex


def _tidy(latex: str) -> str:
    """Give operators even spaces, make a leading minus a sign, join neighbouring words."""
    latex = re.sub(r"(?:\\ |\s)*\\ (?:\\ |\s)*", r"\\ ", latex)
    latex = _AROUND_SIGN.sub(lambda found: f" {found[1] or found[2]} ", latex)
    latex = re.sub(r"(?<!\\) {2,}", " ", latex).strip(" ")
    latex = re.sub(r"^(?:\\ )+|(?:\\ ?)+$", "", latex)
    latex = _WORDS.sub(lambda found: f"\\text{{{''.join(_WORD.findall(found[0]))}}}", latex)
    begins = r"(^|[=<>(\[{,&]|\\(?:times|cdot|approx|pm|le|ge|to))"
    return re.sub(begins + r" ?([-+]|\\pm) (?=\S)", r"\1 \2", latex).strip(" ").replace("( -", "(-")


_CONVERTERS: dict[str, Callable[[Node], str]] = {
    "mi": _identifier,
    "mn": _number,
    "mo": _operator,
    "mtext": _mtext,
    "ms": _mtext,
    "mspace": _space,
    "mstyle": _styled,
    "msup": _superscript,
    "msub": _subscript,
    "msubsup": _both_scripts,
    "mover": _over,
    "munder": _under,
    "munderover": _under_over,
    "mfrac": _fraction,
    "msqrt": _root,
    "mroot": _nth_root,
    "mfenced": _fenced,
    "menclose": _enclosed,
    "mtable": _table,
    "mmultiscripts": _multiscripts,
    "mphantom": lambda node: "",
    "none": lambda node: "",
    "annotation": lambda node: "",
    "annotation-xml": lambda node: "",
}
