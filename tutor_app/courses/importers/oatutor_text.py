"""OATutor's texts as Markdown with KaTeX, and long hints in pieces that can be said."""

import re
from itertools import pairwise

from tutor_app.documents.sentences import count_words, sentence_spans

MAX_WORDS = 45
CHOOSE = "Choose:"
_FIGURE = re.compile(
    r"##\s*([\w .-]*?\.(?:gif|png|jpe?g|svg|webp))?([^#\n]*?)(?:##|(?=\n)|$)", re.I
)
_MATHS = re.compile(r"\$\$(.+?)\$\$", re.S)
_SPEAKS_OF_FIGURE = re.compile(
    r"\bsee (?:the )?(?:image|figure|graph|picture|diagram)\b|\b(?:figure|graph|diagram|image|"
    r"picture|table|chart|plot|histogram)s? (?:is |are |that is )?(?:shown|below|above|pictured|"
    r"given below)\b|\b(?:shown|depicted|pictured|displayed) (?:in|on) the (?:\w+ )?(?:figure|"
    r"graph|image|picture|diagram|table|chart)\b|\bwhose graph is shown\b|\bin the figure\b|"
    r"\bthe (?:image|figure|picture|diagram) (?:to the|on the|below|above)\b|"
    r"\b(?:use|using|from) the (?:image|picture|figure)\b|\bfollowing (?:figure|image|diagram|"
    r"picture|histogram|chart)\b",
    re.I,
)
_MONEY = re.compile(r"\s*(-?)\\\$\s?([\d,.]+)\s*")
_ENDS = re.compile(r"[.!?)\]”\"’'*$%]$")
_CLAUSES = re.compile(r"(?<=[,;:])\s+|\s+(?=(?:and|but|so|because|which|where|then|since) )")
# a line break written as two characters, not a command such as \neq
_LATEX_N = re.compile(r"\\n(?!e\b|eq|u\b|ot\b|abla|i\b|less|gtr|mid|parallel|leq|geq|cong|sim)")


def figures_in(text: str) -> list[str]:
    """Return the names of the figures a text refers to; "a figure" where it has no name."""
    return [(found[1] or "a figure").strip() for found in _FIGURE.finditer(text)]


def speaks_of_a_figure(text: str) -> bool:
    """Say whether a text cannot be understood without a picture that it only speaks of."""
    return _SPEAKS_OF_FIGURE.search(_MATHS.sub(" x ", text)) is not None


def markdown(text: str) -> str:
    r"""Return Markdown: $$x$$ as $x$, money as \$5, figures left out, no headings by accident."""
    text = _FIGURE.sub(lambda m: f" {m[2].strip()} ", text)
    parts = _MATHS.split(text)
    out: list[str] = []
    for n, part in enumerate(parts):
        if n % 2:
            money = _MONEY.fullmatch(part)
            if money:
                out.append(rf"{money[1]}\${money[2]}")
            else:
                inner = " ".join(part.replace(r"\$", r"\text{USD }").split())
                out.append(f"${inner.replace('$', '')}$" if inner.strip("$ ") else "")
        else:
            out.append(_prose(part))
    lines = [" ".join(line.split()) for line in "".join(out).splitlines()]
    return "\n\n".join(line for line in lines if line)


def _prose(text: str) -> str:
    text = _LATEX_N.sub("\n", text)
    text = re.sub(r"\\?\$+", r"\\$", text)
    if text.count("*") > 1:
        text = text.replace("*", r"\*")
    return re.sub(r"(?m)^(\s*)([#>])", r"\1\\\2", text.replace("[[", "[ ["))


def plain_title(text: str) -> str:
    """Return a title without LaTeX dollars; KaTeX is not shown in buttons."""
    words = re.sub(r"\\[a-zA-Z]+|[{}$\\]", " ", _FIGURE.sub(" ", text))
    return " ".join(words.split())


def on_one_line(text: str) -> str:
    """Return a Markdown text as a hint is said: one paragraph that ends like a sentence."""
    text = " ".join(markdown(text).split())
    return text if not text or _ENDS.search(text) else f"{text.rstrip(' ,;:')}."


def pieces(text: str) -> list[str]:
    """Cut a hint at its sentences into pieces of at most 45 words and one question each.

    A sentence that is longer is cut at a clause; a formula is never cut.
    """
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    short = [part for sentence in sentences for part in _shorter(sentence)]
    found: list[str] = []
    for part in short:
        joined = f"{found[-1]} {part}" if found else part
        fits = count_words(joined) <= MAX_WORDS and joined.count("?") <= 1
        if found and fits and ("?" not in found[-1] or part.startswith(CHOOSE)):
            found[-1] = joined
        else:
            found.append(part)
    return [_ended(piece) for piece in found if piece.strip()]


def _shorter(sentence: str) -> list[str]:
    """Cut a sentence that is too long, or that asks twice, outside its formulas."""
    if count_words(sentence) <= MAX_WORDS and sentence.count("?") <= 1:
        return [sentence]
    hidden = _hide(sentence)
    at_questions = [m.end() for m in re.finditer(r"\?", hidden)][:-1]
    if at_questions:
        return _cut(sentence, at_questions)
    places = [m.start() for m in _CLAUSES.finditer(hidden)]
    places = places or [m.start() for m in re.finditer(r"\s+", hidden)]
    middle = min(places, key=lambda place: abs(place - len(sentence) / 2), default=0)
    if not 0 < middle < len(sentence) - 1:
        return [sentence]
    return _cut(sentence, [middle])


def _cut(sentence: str, places: list[int]) -> list[str]:
    ends = [0, *places, len(sentence)]
    parts = [sentence[a:b].strip() for a, b in pairwise(ends)]
    parts = [part for part in parts if re.search(r"\w", part)]
    if len(parts) < 2:
        return [sentence]
    return [short for part in parts for short in _shorter(part)]


def _hide(sentence: str) -> str:
    """Replace the inside of formulas by letters, so that no cut falls there."""
    return re.sub(r"(?<!\\)\$[^$]+\$", lambda m: "x" * len(m[0]), sentence)


def _ended(piece: str) -> str:
    piece = piece.strip()
    return piece if _ENDS.search(piece) else f"{piece.rstrip(' ,;:')}."
