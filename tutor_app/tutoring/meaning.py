"""What a symbol or a phrase means, in one sentence: from the exercise, or from the course."""

import math
import re
from collections.abc import Sequence

from tutor_app.answers.formula import parse_formula, to_latex
from tutor_app.answers.solution import Solution, fill
from tutor_app.answers.typed_units import units_at
from tutor_app.answers.unit_names import NAMES_OF_PREFIXES, SYMBOLS, WORDS
from tutor_app.answers.units import parse_unit
from tutor_app.domain.item import Item
from tutor_app.domain.passage import Passage
from tutor_app.errors import AnswerSyntaxError
from tutor_app.tutoring.prose import content_words, prose_sentences

MAX_QUOTED_WORDS = 18
MIN_WORDS, MAX_WORDS = 4, 34
_IN_BOLD = 0.9
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z$])")
_BEFORE_DEFINING = 34
_GREEK = frozenset({"theta", "alpha", "phi", "omega"})
_SAYS_WHAT = r"\b(?:is|are|means?|measures|tells|called|stands?)\b"


def symbol_meaning(name: str, item: Item, solution: Solution) -> str:
    """Return what a symbol of the item stands for; "" where the item does not say."""
    answer = item.answer
    if answer.kind == "symbolic" and name in answer.symbols:
        return f"In this exercise ${_latex(name)}$ stands for the {answer.symbols[name]}."
    prompt = fill(item.prompt, solution.names)
    if name in item.quantities:
        value = solution.names[name]
        said = next((s for s in _SENTENCE.split(item.prompt) if f"[[{name}]]" in s), "")
        shown = _shortened(fill(said, solution.names), value)
        where = f" The exercise says: “{shown}”" if shown else ""
        # a long name is the author's own and stands nowhere in the exercise
        sign = f"${_latex(name)}$" if len(name) <= 2 or name in _GREEK else "that value"
        return f"Here {sign} is {value}.{where}"
    said = next(
        (s for s in _SENTENCE.split(prompt) if f"${name}$" in s or f"${_latex(name)}$" in s), ""
    )
    if not said:
        return ""
    return f"${_latex(name)}$ is what the exercise asks for: “{_shortened(said, f'${name}$')}”"


def number_meaning(phrase: str, item: Item, solution: Solution) -> str:
    """Return what a given number of the exercise is ("the 28 degrees"); "" for another number."""
    typed = re.match(r"[-−]?\d+(?:[.,]\d+)?", phrase)
    if typed is None:
        return ""
    value = float(typed[0].replace("−", "-").replace(",", "."))
    named = [n for n, m in solution.quantities.items() if math.isclose(m.value, value)]
    return symbol_meaning(named[0], item, solution) if len(named) == 1 else ""


def unit_meaning(phrase: str) -> str:
    """Return how a unit's sign is read ("kN" is kilonewton); "" where the phrase is no unit."""
    units, end = units_at(phrase.strip(), 0)
    if not units or end != len(phrase.strip()) or phrase.strip().lower() in WORDS:
        return ""
    try:
        powers = parse_unit(units[0])
    except AnswerSyntaxError:
        return ""
    above = [_unit_words(s, p) for s, p in powers.items() if p > 0]
    below = [_unit_words(s, -p) for s, p in powers.items() if p < 0]
    read = " ".join(above) + (f" per {' per '.join(below)}" if below else "")
    alone = len(powers) == 1 and "kg" not in powers
    prefix = next((p for p in NAMES_OF_PREFIXES if alone and read.startswith(p)), "")
    counted = f" “{prefix}” means {NAMES_OF_PREFIXES[prefix]}." if prefix else ""
    return f"The sign {phrase.strip()} is read “{read}”.{counted}"


def numbers_of_prefixes(definition: str) -> frozenset[float]:
    """Return the numbers that a definition of a unit's prefix uses ("a thousandth")."""
    return (
        frozenset(10.0**p for p in (-6, -3, -2, 3, 6)) if "The sign " in definition else frozenset()
    )


def _unit_words(symbol: str, power: float) -> str:
    name = SYMBOLS[symbol].replace("_", " ")
    return name + {1.0: "", 2.0: " squared", 3.0: " cubed"}.get(power, f" to the power {power:g}")


def phrase_meaning(phrase: str, passages: Sequence[Passage]) -> tuple[str, list[Passage]]:
    """Return the sentence of the course that says what a phrase means, with its passage first.

    Only a sentence that holds every word of the phrase counts, and it must look like one that says
    what something is: the phrase in bold, or in front of "is", "means", "measures". Where there is
    none, one of its words in bold will do: "smooth" for "smooth ice".
    """
    found = _defining_sentence(phrase, passages, above=0.0)
    for word in re.findall(r"\w{4,}", phrase) if len(phrase.split()) > 1 else ():
        found = found or _defining_sentence(word, passages, above=_IN_BOLD)
    if found is None:
        return "", []
    said, first = found
    return said, [first, *(p for p in passages if p.id != first.id)]


def _defining_sentence(
    phrase: str, passages: Sequence[Passage], above: float
) -> tuple[str, Passage] | None:
    wanted = content_words(phrase)
    best: tuple[float, str, Passage] | None = None
    for rank, passage in enumerate(passages):
        for sentence in prose_sentences(passage.text):
            plain = sentence.replace("**", "")
            fits = MIN_WORDS <= len(plain.split()) <= MAX_WORDS and not plain.endswith("?")
            if not wanted or not fits or not wanted <= content_words(plain):
                continue
            score = _defining(phrase, sentence)
            if score > above and (best is None or score - 0.02 * rank > best[0]):
                best = (score - 0.02 * rank, plain, passage)
    return best[1:] if best else None


def _defining(phrase: str, sentence: str) -> float:
    """Return how much a sentence looks like one that says what the phrase is; 0 for not at all."""
    words = r"\W+".join(rf"{re.escape(w)}\w*" for w in re.findall(r"\w+", phrase))
    if re.search(rf"\*\*(?:\w+\s)?{words}\W*\*\*", sentence, re.IGNORECASE):
        return 1.0
    found = re.search(words, sentence, re.IGNORECASE)
    if found is None:
        return 0.0
    behind = sentence[found.end() :]
    if found.start() <= _BEFORE_DEFINING and re.match(rf"\W*(?:\$[^$]+\$\W*)?{_SAYS_WHAT}", behind):
        return 0.8 - found.start() / 100
    if re.search(rf"{_SAYS_WHAT}\W+(?:\w+\W+)?$", sentence[: found.start()][-20:]):
        return 0.5
    return 0.0


def _shortened(sentence: str, around: str) -> str:
    """Return the sentence, or the words of it around the ones meant; verbatim, a cut is marked."""
    words = " ".join(sentence.split()).split(" ")
    if len(words) <= MAX_QUOTED_WORDS:
        return " ".join(words)
    head = " ".join(words).partition(around)[0].split()
    start = max(0, min(len(head) - MAX_QUOTED_WORDS // 2, len(words) - MAX_QUOTED_WORDS))
    end = start + MAX_QUOTED_WORDS
    cut = " ".join(words[start:end]).strip(",;:")
    return ("…" if start else "") + cut + ("…" if end < len(words) else "")


def _latex(name: str) -> str:
    return to_latex(parse_formula(name, [name]))
