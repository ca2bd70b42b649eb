"""Bring typed text to plain characters: one minus, one times, ^ for superscripts, no LaTeX."""

import re
import unicodedata

MAX_READ = 4000
"""Longer texts are read at both ends only, which bounds all later work."""

_MAX_BRACES = 40
_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("−﹣－‐‑⁃", "-"),
        **dict.fromkeys("×✕✖⨯∗⨉", "*"),
        **dict.fromkeys("⋅·∙", "·"),
        **dict.fromkeys("÷∕⁄", "/"),
        **dict.fromkeys("º˚", "°"),
        **dict.fromkeys("≃≅∼≒", "≈"),
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’ʼ´`", "'"),
        **dict.fromkeys("⇒→⟹➔➜∴", " so "),
        "—": " ; ",
        "٫": ".",
        "٬": ",",
        "…": " ... ",
        "µ": "μ",
        "℃": "°C",
        "Ω": "Ω",
        "∛": " cbrt ",
        "\t": " ",
        "\r": "\n",
    }
)
_GREEK = {
    "π": "pi",
    "θ": "theta",
    "ϑ": "theta",
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "φ": "phi",
    "ϕ": "phi",
    "λ": "lambda",
    "ω": "omega",
    "ρ": "rho",
    "τ": "tau",
    "σ": "sigma",
    "η": "eta",
    "κ": "kappa",
    "Δ": "Delta",
    "∆": "Delta",
}
_SUPERSCRIPT_RUN = re.compile("[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_FROM_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_FRACTIONS = re.compile("[¼½¾⅐-⅞]")


def clean(text: str) -> str:
    """Return the text with plain characters and without LaTeX, at most a few kB long."""
    if len(text) > MAX_READ:
        text = f"{text[: MAX_READ // 2]} ... {text[-MAX_READ // 2 :]}"
    if not text.isascii():
        text = _plain_characters(text)
    if any(c in text for c in "\\${}"):
        text = _without_latex(text)
    text = re.sub(r"<[a-zA-Z/!][^<>]{0,200}>", " ", text)
    text = re.sub(r"\^\s?1/([23])(?![\d.])", r"^(1/\1)", text)
    # 19·8 may be a decimal; everywhere else the dot multiplies.
    text = re.sub(r"(?<!\d)·|·(?!\d)", "*", text)
    text = re.sub(r"(\d[.,]\d+)\.(10\s?\^)", r"\1*\2", text)
    text = re.sub(r"([x*]\s?10)\((-?\d{1,2})\)", r"\1^(\2)", text)
    text = text.replace("**", "^").replace("=>", " so ").replace("->", " so ").replace("~", "≈")
    return "".join(c for c in text if c == "\n" or c.isprintable())


def _plain_characters(text: str) -> str:
    text = re.sub(r"(?<!\w)—(?=\d)", "-", text)
    text = re.sub(r"(?<=\d)–(?=\d)", " to ", text).replace("–", "-")
    text = _SUPERSCRIPT_RUN.sub(lambda m: "^" + m[0].translate(_FROM_SUPERSCRIPT), text)
    # NFKC would turn 1½ into 11/2.
    text = _FRACTIONS.sub(lambda m: f" {unicodedata.normalize('NFKC', m[0])}", text)
    text = text.translate(_CHARACTERS)
    text = unicodedata.normalize("NFKC", text).replace("⁄", "/").replace("μ", "μ")
    # μ stays, as it may be a prefix.
    text = "".join(_GREEK.get(c, c) for c in text)
    return "".join(_digit(c) for c in text if unicodedata.category(c) != "Cf")


def _digit(character: str) -> str:
    """Write any script's decimal digit as ASCII."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


_UNIT = re.compile(r"\s*(?:kg|km|cm|mm|m|s|h|N|J|W)(?:\^\(?-?\d\)?)?\s*")
_COMMAND = re.compile(r"[A-Za-z]+")
_ROOT_INDEX = re.compile(r"\s*\[(\w+)\]")
_DROPPED = frozenset(
    "left right displaystyle textstyle big Big bigg Bigg quad qquad limits nonumber".split()
)
_COMMANDS = {
    "times": "*",
    "cdot": "*",
    "ast": "*",
    "div": "/",
    "approx": "≈",
    "simeq": "≈",
    "sim": "≈",
    "Rightarrow": " so ",
    "implies": " so ",
    "therefore": " so ",
    "rightarrow": " so ",
    "to": " so ",
    "circ": "°",
    "degree": "°",
    "pm": " ± ",
    "arcsin": " asin ",
    "arccos": " acos ",
    "arctan": " atan ",
    "mu": "μ",
    "Omega": "Ω",
}


def _without_latex(text: str) -> str:
    text = re.sub(r"\^\s*\{?\s*\\(circ|degree)\s*\}?", "°", text)
    text = re.sub(r"\\[()\[\],;:! ]|\\\\|[&$]", " ", text).replace("\\%", "%")
    return _Latex(text).converted(0)


class _Latex:
    """One pass over LaTeX text; braces deeper than the limit are left out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def converted(self, depth: int) -> str:
        """Convert up to the closing brace of this level."""
        parts: list[str] = []
        while self._at < len(self._text):
            character = self._text[self._at]
            self._at += 1
            if character == "}":
                if depth:
                    break
            elif character == "{":
                parts.append(self._group(depth))
            elif character == "\\":
                parts.append(self._command(depth))
            elif character == "^":
                parts.append(f"^({self._argument(depth)})" if self._next() == "{" else "^")
            elif character == "_" and self._next() == "{":
                parts.append("_" + re.sub(r"\W", "", self._argument(depth)))
            else:
                parts.append(character)
        return "".join(parts)

    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _group(self, depth: int) -> str:
        return self.converted(depth + 1) if depth < _MAX_BRACES else ""

    def _argument(self, depth: int) -> str:
        while self._next() == " ":
            self._at += 1
        first = self._next()
        self._at += 1
        if first == "{":
            return self._group(depth)
        return self._command(depth) if first == "\\" and depth < _MAX_BRACES else first

    def _command(self, depth: int) -> str:
        match = _COMMAND.match(self._text, self._at)
        if match is None:
            return " "
        self._at = match.end()
        name = match[0]
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            above, below = self._argument(depth + 1), self._argument(depth + 1)
            if _UNIT.fullmatch(above) and _UNIT.fullmatch(below):
                return f" {above}/{below} "
            return f"(({above})/({below}))"
        if name == "sqrt":
            index = _ROOT_INDEX.match(self._text, self._at)
            if index is None:
                return f"√({self._argument(depth + 1)})"
            self._at = index.end()
            return f"(({self._argument(depth + 1)})^(1/{index[1]}))"
        if name in ("text", "mathrm", "textrm", "mbox", "rm", "boxed", "mathbf", "operatorname"):
            return f" {self._argument(depth + 1)} " if self._next() == "{" else " "
        if name in _DROPPED:
            return " "
        return _COMMANDS.get(name, f" {name} ")
