"""Running text of CNXML to Markdown: emphasis, terms, code, maths, references."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from tutor_app.documents.mathml import latex_from_mathml, name_of

_SUPERSCRIPTS = str.maketrans("0123456789+-−–()nith", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾ⁿⁱᵗʰ")
_SUBSCRIPTS = str.maketrans("0123456789+-−()aeioxhklmnpst", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎ₐₑᵢₒₓₕₖₗₘₙₚₛₜ")
_MARKS = {"bold": "**", "italics": "*", "italic": "*", "underline": "*", "": "**"}
_MARKDOWN = re.compile(r"[\\`*$]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|\[(?=[^\]]*\]\()")
_LINE_START = re.compile(r"^(#{1,6}\s|[-+>]\s|\d+[.)]\s|=+$|-+$|~~~)", re.MULTILINE)
_BASE = re.compile(r"(?<![\w$*])(?P<mark>\*{0,2})(?P<letters>[A-Za-z]{1,2})(?P=mark)$")
_LETTER = re.compile(r"\*\*(?P<bold>[A-Za-z]{1,3})\*\*|\*(?P<italic>[A-Za-z]{1,3})\*")
_SIDE_BY_SIDE = re.compile(r"(?<!\*)(?:\*\*[A-Za-z]{1,3}\*\*|\*[A-Za-z]{1,3}\*){2,}(?![*\w])")
_STOP = re.compile(r"[.,;:]+$")


class Inline:
    """Converts running text; knows what the book's references point at."""

    def __init__(self, labels: Mapping[str, str], modules: Mapping[str, str]):
        """Keep the names.

        Args:
            labels: what a figure, table, ... is called, by its id: "Figure 2.3".
            modules: titles by module id.
        """
        self._labels = labels
        self._modules = modules

    def text(self, nodes: list[Element | str]) -> str:
        """Return the Markdown of text and inline elements as one paragraph.

        A <newline/> is a line break; other white space is one space each.
        """
        parts: list[str] = []
        after_maths = False
        for node in nodes:
            if parts and not isinstance(node, str) and name_of(node) == "math":
                parts[-1] = re.sub(r"\(\s+$", "(", parts[-1])
            piece = escape(node) if isinstance(node, str) else self.element(node)
            if piece.startswith(("$_", "$^")):
                piece = _with_base(parts, piece)
            if after_maths and piece.strip():
                piece = re.sub(r"^\s+(?=[.,;:!?)])", "", piece)
            if piece:
                after_maths = not isinstance(node, str) and name_of(node) == "math"
            parts.append(piece)
        lines = _SIDE_BY_SIDE.sub(_as_formula, "".join(parts)).split("\n")
        text = "\n".join(" ".join(line.split()) for line in lines).strip()
        return _LINE_START.sub(_no_markup, text)

    def plain(self, node: Element) -> str:
        """Return the text of a title: code and maths are kept, emphasis is not."""
        parts = [_one_line(node.text)]
        for child in node:
            name = name_of(child)
            parts.append(self.element(child) if name in ("code", "math") else self.plain(child))
            parts.append(_one_line(child.tail))
        return " ".join("".join(parts).split())

    def content(self, node: Element) -> str:
        """Return the Markdown of all that is in an element."""
        return self.text(pieces(node))

    def element(self, node: Element) -> str:
        """Return the Markdown of one inline element."""
        match name_of(node):
            case "math":
                return formula(node)
            case "code" | "kbd":
                return code_span(code_text(node))
            case "emphasis":
                return self._marked(node, _MARKS.get(node.get("effect", ""), ""))
            case "term":
                is_defined = "no-emphasis" not in node.get("class", "")
                return self._marked(node, "**" if is_defined else "")
            case "sup":
                return self._script(node, _SUPERSCRIPTS, "^")
            case "sub":
                return self._script(node, _SUBSCRIPTS, "_")
            case "newline":
                return "\n"
            case "space":
                return " "
            case "footnote":
                return f" ({self.content(node)})"
            case "link":
                return self._link(node)
            case "" | "title" | "label":
                return ""
        return self._inside(node)

    def _inside(self, node: Element) -> str:
        text = self.text(pieces(node))
        before = " " if (node.text or "x")[:1].isspace() else ""
        return before + text + _space_after(node) if text else " "

    def _marked(self, node: Element, mark: str) -> str:
        """Put marks around the words, not around the spaces at their ends."""
        text = self.content(node)
        if not text or not mark or text.startswith("`"):
            return self._inside(node)
        before = " " if (node.text or "x")[:1].isspace() else ""
        return f"{before}{mark}{text}{mark}{_space_after(node)}"

    def _script(self, node: Element, letters: dict[int, int], sign: str) -> str:
        text = self.content(node).strip("*")
        if all(ord(c) in letters for c in text):
            return text.translate(letters)
        is_plain = re.fullmatch(r"[\w ,.+−-]+", text)
        return f"${sign}{{\\text{{{text}}}}}$" if is_plain else text

    def _link(self, node: Element) -> str:
        said = self.content(node)
        target, document = node.get("target-id", ""), node.get("document", "")
        label = self._labels.get(target, "")
        if said:
            is_part = re.fullmatch(r"\(?[a-z]\)?", said)
            return f"{label}{said}" if label and is_part else said
        return label or self._modules.get(document, "")


def pieces(node: Element) -> list[Element | str]:
    """Return text and children of an element in order."""
    found: list[Element | str] = [node.text or ""]
    for child in node:
        found += [child, child.tail or ""]
    return found


def escape(text: str) -> str:
    """Return text as Markdown that shows exactly it, on one line."""
    return _MARKDOWN.sub(r"\\\g<0>", _one_line(text))


def formula(node: Element) -> str:
    """Return maths within a line; a stop at its end goes outside, lone words are words."""
    latex = latex_from_mathml(node)
    stop = _STOP.search(latex)
    outside = stop[0] if stop else ""
    latex = latex.removesuffix(outside).rstrip("\\ ")
    if not latex:
        return outside
    words = re.fullmatch(r"\\text\{([^{}\\]*)\}", latex)
    return (escape(words[1]) if words else f"${latex}$") + outside


def code_text(node: Element) -> str:
    """Return the characters of a code element, its line breaks as newlines."""
    parts = [node.text or ""]
    for child in node:
        parts.append("\n" if name_of(child) == "newline" else code_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def code_span(code: str) -> str:
    """Return code within a line, whatever backticks it holds."""
    code = " ".join(code.split())
    if not code:
        return ""
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if code.startswith("`") or code.endswith("`") else ""
    return f"{fence}{pad}{code}{pad}{fence}"


def _no_markup(begin: re.Match[str]) -> str:
    """Escape what would make a heading, list or rule of a line; in "1." it is the stop."""
    number = re.match(r"\d+", begin[0])
    return f"{number[0]}\\{begin[0][number.end() :]}" if number else f"\\{begin[0]}"


def _as_formula(letters: re.Match[str]) -> str:
    """Turn letters in bold and italics side by side (*m***g***h*) into a formula."""
    return "$" + _LETTER.sub(lambda m: m["italic"] or rf"\mathbf{{{m['bold']}}}", letters[0]) + "$"


def _with_base(parts: list[str], script: str) -> str:
    """Take the letters that carry a script out of the text, so that they are one formula."""
    before = "".join(parts)
    found = _BASE.search(before)
    if not found:
        return script
    parts[:] = [before[: found.start()]]
    letters = found["letters"]
    base = rf"\mathbf{{{letters}}}" if found["mark"] == "**" else letters
    return f"${base}{script.removeprefix('$')}"


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _space_after(node: Element) -> str:
    last = (node[-1].tail if len(node) else node.text) or ""
    return " " if last[-1:].isspace() else ""
