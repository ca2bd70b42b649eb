"""Compare answers in words: the ways to say "no solution", opposites, code, counted things."""

import re

from tutor_app.answers.exact_values import Sameness

_SAYINGS = (
    "none|no solution|no solutions|no real solution|no real solutions|there is no solution|"
    "there are no solutions|empty set|the empty set|∅|no answer|it has no solution|no real roots|"
    "the solution is the empty set|no real number",
    "dne|does not exist|do not exist|doesn't exist|undefined|und|not defined|is undefined|"
    "it does not exist|not exist",
    "na|n/a|not applicable",
    "all real numbers|all reals|all real number|every real number|all x|any real number|"
    "the set of all real numbers|reals|all numbers|(-inf,inf)|(-inf, inf)",
    "infinitely many|infinitely many solutions|infinite solutions|infinite|"
    "infinite number of solutions|there are infinitely many solutions",
    "yes|y",
    "no|n",
    "true|t",
    "false|f",
    "up|upward|upwards|opens up|it opens up|opens upward",
    "down|downward|downwards|opens down|it opens down|opens downward",
    "increasing|it is increasing",
    "decreasing|it is decreasing",
)
_OPPOSITES = (
    {"yes", "no"},
    {"true", "false"},
    {"up", "down", "left", "right"},
    {"increasing", "decreasing", "constant"},
    {"dependent", "independent", "inconsistent", "consistent"},
    {"even", "odd", "neither"},
    {"positive", "negative", "zero"},
    {"rational", "irrational"},
    {"maximum", "minimum"},
    {"real", "complex", "imaginary"},
    {"unimodal", "bimodal", "multimodal"},
    {"none", "all real numbers", "infinitely many"},
)
_MEANING = {way: ways.split("|")[0] for ways in _SAYINGS for way in ways.split("|")}
# "n" is typed for "none" where the exercise says so
_ALSO = {"no": {"none", "dne", "na"}, "na": {"none", "dne"}}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_FILLERS = frozenset("and of the a an is are there it has to for or per each".split())


def compare_words(typed: str, right: str) -> Sameness:
    """Compare two answers in words; DIFFERENT only where the typed one is known to be wrong."""
    said, due = _plain(typed), _plain(right)
    if said == due or _squeezed(typed) == _squeezed(right):
        return Sameness.SAME
    meant, asked = meaning(said), meaning(due)
    if meant == asked or (len(due) == 1 and meant in _ALSO.get(asked, ())):
        return Sameness.SAME
    if any({meant, asked} <= group for group in _OPPOSITES):
        return Sameness.DIFFERENT
    return _counted(said, due)


def meaning(said: str) -> str:
    """Return the name of what a set phrase means; the phrase itself where it is none."""
    return _MEANING.get(_plain(said), _plain(said))


def is_set_phrase(text: str) -> bool:
    """Say whether a text is one of the known ways to say something without numbers."""
    return _plain(text) in _MEANING


def _plain(text: str) -> str:
    kept = re.sub(r"[^\w\s.,/'()∅+*=<>\[\]-]", " ", text.casefold())
    return " ".join(kept.split()).strip(" .,")


def _squeezed(text: str) -> str:
    """Return code without spaces and with one kind of quotes."""
    return re.sub(r"\s+", "", text).replace('"', "'")


def _counted(said: str, due: str) -> Sameness:
    """Compare "128 child and 125 adult" with "128 child tickets, 125 adult tickets"."""
    numbers, asked = _NUMBER.findall(said), _NUMBER.findall(due)
    if not asked or not numbers:
        return Sameness.UNSURE
    words = set(re.findall(r"[a-z]{2,}", said)) - _FILLERS
    known = set(re.findall(r"[a-z]{2,}", due))
    if numbers == asked and words and words <= known | {f"{word}s" for word in known}:
        order = [w for w in re.findall(r"[a-z]{2,}", due) if w in words]
        typed = [w for w in re.findall(r"[a-z]{2,}", said) if w in known]
        return Sameness.SAME if typed == order else Sameness.UNSURE
    # code that differs may do the same
    told = words and not re.search(r"[()_=\[]", f"{said}{due}")
    return Sameness.DIFFERENT if told and sorted(numbers) != sorted(asked) else Sameness.UNSURE
