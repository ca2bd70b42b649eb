"""Characters of MathML and the LaTeX that says the same."""

import unicodedata

FUNCTIONS = frozenset(
    "sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh log ln exp lim min max det".split()
)
_CAPITALS = frozenset("Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega".split())
_LATIN_CAPITALS = {
    "Alpha": "A", "Beta": "B", "Epsilon": "E", "Zeta": "Z", "Eta": "H", "Iota": "I", "Kappa": "K",
    "Mu": "M", "Nu": "N", "Omicron": "O", "Rho": "P", "Tau": "T", "Chi": "X",
}  # fmt: skip


def _greek() -> dict[str, str]:
    """Return the Greek letters; capitals that look Latin are Latin in LaTeX."""
    found = {"ϑ": r"\vartheta", "ϕ": r"\phi", "ϵ": r"\epsilon", "ϒ": r"\Upsilon", "µ": r"\mu"}
    for code in range(0x391, 0x3CA):
        character = chr(code)
        words = unicodedata.name(character, "").split()
        if len(words) != 4 or words[:1] != ["GREEK"]:
            continue
        letter = {"LAMDA": "lambda"}.get(words[3], words[3].lower())
        if words[1] == "CAPITAL":
            name = letter.capitalize()
            found[character] = f"\\{name}" if name in _CAPITALS else _LATIN_CAPITALS[name]
        else:
            found[character] = "o" if letter == "omicron" else f"\\{letter}"
    return found


SYMBOLS: dict[str, str] = {
    **_greek(),
    "−": "-", "–": "-", "‐": "-", "—": "-",
    "×": r"\times", "⋅": r"\cdot", "·": r"\cdot", "∙": r"\cdot", "•": r"\cdot", "∗": "*",
    "±": r"\pm", "∓": r"\mp", "÷": r"\div", "≈": r"\approx", "≅": r"\cong", "≃": r"\simeq",
    "≠": r"\ne", "≤": r"\le", "≥": r"\ge", "≪": r"\ll", "≫": r"\gg", "≡": r"\equiv",
    "∼": r"\sim", "∝": r"\propto", "∞": r"\infty", "→": r"\to", "←": r"\leftarrow",
    "⇒": r"\Rightarrow", "↔": r"\leftrightarrow", "⇌": r"\rightleftharpoons",
    "∑": r"\sum", "∏": r"\prod", "∫": r"\int", "∮": r"\oint", "∂": r"\partial", "∇": r"\nabla",
    "√": r"\sqrt", "∘": r"^\circ", "′": "'", "″": "''", "…": r"\dots", "⋯": r"\cdots",
    "∠": r"\angle", "⊥": r"\perp", "∥": r"\parallel", "||": r"\parallel",
    "ℓ": r"\ell", "ħ": r"\hbar", "ℏ": r"\hbar",
    "∈": r"\in", "∉": r"\notin", "∪": r"\cup", "∩": r"\cap", "⊂": r"\subset", "∅": r"\emptyset",
    "∴": r"\therefore", "½": r"\tfrac{1}{2}", "¼": r"\tfrac{1}{4}", "¾": r"\tfrac{3}{4}",
    "ŷ": r"\hat{y}", "ẋ": r"\dot{x}", "⟨": r"\langle", "⟩": r"\rangle", "‖": r"\Vert",
    "{": r"\{", "}": r"\}", "%": r"\%", "$": r"\$", "#": r"\#", "&": r"\&", "_": r"\_",
    "\\": r"\backslash", "\xa0": r"\ ", " ": r"\ ", "\u2003": r"\quad ", "\u2009": r"\,",
    "°": r"^\circ", "’": "'", "\x96": "-",
}  # fmt: skip
