r"""Bring any text into one plain form, so that the checks read what a person would read.

Unicode look-alikes, full-width and foreign digits, vulgar fractions, superscripts, HTML and LaTeX
become plain characters: "１９٫８ m/s²" and `\frac{99}{5}\,\mathrm{m/s^2}` become "19.8 m/s^2" and
"((99)/(5)) m/s^2".
"""

import html
import re
import unicodedata
from functools import lru_cache

MAX_LENGTH = 4000
"""Longer texts are cut; the leakage check refuses them."""

_SUPERSCRIPT = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ·˙", "0123456789+-=()n..", strict=True))
_SUPERSCRIPTS = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ]+(?:[·˙.][⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
_SUBSCRIPT = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_LOOK_ALIKES = str.maketrans("аАвВеЕкКмМнНоОрРсСтТуУхХіІјЈѕЅοΟ", "aABBeEkKMMHHoOpPcCTTyYxXiIjJsSoO")
_SIGNS = str.maketrans(
    {
        "×": "*", "✕": "*", "✖": "*", "·": "*", "⋅": "*", "∙": "*", "∗": "*", "÷": "/", "∕": "/",
        "−": "-", "‐": "-", "‑": "-", "﹣": "-", "–": "–", "—": " — ", "⁄": "/", "√": " sqrt ",
        "∛": " cbrt ", "≈": "≈", "≃": "≈", "≅": "≈", "∼": "≈", "~": "≈", "⇒": "=>", "→": "=>",
        "⟶": "=>", "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "٫": ".",
        "٬": ",", "。": ". ", "､": ",", "、": ",", "π": " pi ", "\u00a0": " ", "№": "No", "º": "°",
        "🔟": "10", "💯": "100", "θ": " theta ", "α": " alpha ", "β": " beta ", "φ": " phi ",
        "ρ": " rho ", "ω": " omega ", "Δ": " Delta ", "λ": " lambda ", "μ": " mu ", "\u03a9": "ohm",
        "\u2126": "ohm",
    }
)  # fmt: skip
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")
_VULGAR = re.compile(r"(\d?)\s?([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])")
_MICRO_UNIT = re.compile(r"[µμ](?=[mgsNJW]\b)")
_DIGIT_LIKE = re.compile(r"(?<![A-Za-z0-9])(?=[lIO.,]*\d)[\dlIO]+(?:[.,][\dlIO]+)?(?![A-Za-z0-9])")
_SPACED_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+(?![\d.,]*\d)")
_LETTER_DIGITS = str.maketrans("lIO", "110")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_COMMANDS = {
    "times": "*", "cdot": "*", "ast": "*", "div": "/", "approx": "≈", "sim": "≈", "simeq": "≈",
    "pm": "±", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "lt": "<", "gt": ">", "to": "=>",
    "rightarrow": "=>", "Rightarrow": "=>", "implies": "=>", "arcsin": "asin", "arccos": "acos",
    "arctan": "atan", "degree": "°", "circ": "°", "newline": "\n", "sqrt": " sqrt ",
}  # fmt: skip
_SPACING = re.compile(
    r"\\(?:left|right|big|Big|bigg|Bigg|displaystyle|limits)(?![a-zA-Z])|\\[,;:! ]"
)
_WRAPPER = re.compile(
    r"\\(?:text|textrm|textbf|textit|mathrm|mathbf|mathit|mathsf|mathbb|mathcal|operatorname|rm|bf|"
    r"boxed|fbox|underline|overline|phantom|hphantom|color|textcolor|emph|hat|vec|bar|tilde|unit|"
    r"si|num)\s*\{([^{}]*)\}"
)
_FRACTION = re.compile(r"\\[dtc]?frac\s*(?:\{([^{}]*)\}|(\d))\s*(?:\{([^{}]*)\}|(\d))")
_ROOT = re.compile(r"\\sqrt\s*(?:\[([^\[\]{}]*)\])?\s*\{([^{}]*)\}")
_SCRIPT = re.compile(r"([\^_])\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\([a-zA-Z]+)")


@lru_cache(maxsize=512)
def canonical(text: str) -> str:
    """Return the text in plain characters, at most MAX_LENGTH of them (before unfolding)."""
    text = _CONTROL.sub(" ", text[:MAX_LENGTH])
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isascii():
        text = _plain_characters(text)
    if "\\" in text:
        text = _without_latex(text)
    text = text.replace("**", "^").replace("$", " ").replace("`", " ")
    text = _SPACED_THOUSANDS.sub(lambda m: re.sub(r"\s", "", m[0]), text)
    text = _DIGIT_LIKE.sub(lambda m: m[0].translate(_LETTER_DIGITS), text)
    return re.sub(r"(?<=[A-Za-z]{3})_(?=[A-Za-z]{3})", " ", text)


def _plain_characters(text: str) -> str:
    text = _VULGAR.sub(_fraction, text)
    text = _SUPERSCRIPTS.sub(_superscript, text.translate(_SUBSCRIPT))
    text = _MICRO_UNIT.sub("u", text)
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    if text.isascii():
        return text
    # Marks and invisible characters can split or strike a number without changing how it reads.
    text = unicodedata.normalize("NFD", text)
    text = "".join(_plain(ch) for ch in text if unicodedata.category(ch) not in ("Mn", "Me", "Cf"))
    mixed = re.search(r"[A-Za-z]", text)
    return text.translate(_LOOK_ALIKES) if mixed else text


def _plain(character: str) -> str:
    if character.isascii():
        return character
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    number = unicodedata.numeric(character, None)
    # Ideographs are left to the numeral reader; a circled ⑲ has become 19 in NFKC already.
    if number is not None and unicodedata.category(character) == "No" and number == int(number):
        return f" {int(number)} "
    return character


def _fraction(match: re.Match[str]) -> str:
    """Turn "2½" into "2.5" and "½" into "(1/2)"."""
    value = unicodedata.numeric(match[2])
    if match[1]:
        return match[1] + f"{value:.4f}".rstrip("0")[1:]
    above, below = unicodedata.normalize("NFKC", match[2]).split("\u2044")
    return f" ({above}/{below}) "


def _superscript(match: re.Match[str]) -> str:
    plain = "".join(_SUPERSCRIPT.get(ch, ch) for ch in match[0])
    before = match.string[match.start() - 1] if match.start() else " "
    if before.isalnum() or before in ")]}":
        return "^" + (plain if len(plain) == 1 else f"({plain})")
    return plain


def _without_latex(text: str) -> str:
    text = re.sub(r"\\([()\[\]])", " ", text)
    text = text.replace(r"\%", "%").replace(r"\$", " ").replace(r"\{", "(").replace(r"\}", ")")
    text = re.sub(r"(?<=\d)\\,(?=\d{3}(?!\d))", "", text)
    text = _SPACING.sub(" ", text)
    for _ in range(8):
        before = text
        text = _WRAPPER.sub(r" \1 ", text)
        text = _SCRIPT.sub(lambda m: m[1] + (f"({m[2]})" if m[1] == "^" else m[2]), text)
        text = _FRACTION.sub(lambda m: f"(({m[1] or m[2]})/({m[3] or m[4]}))", text)
        text = _ROOT.sub(lambda m: f" cbrt({m[2]}) " if m[1] == "3" else f" sqrt({m[2]}) ", text)
        if text == before:
            break
    text = _COMMAND.sub(lambda m: f" {_COMMANDS.get(m[1], m[1])} ", text)
    return text.replace("\\\\", "\n").replace("\\", " ").replace("{", "(").replace("}", ")")
