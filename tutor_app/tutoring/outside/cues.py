"""What a clause of a problem says about how its quantities hang together."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor_app.tutoring.outside.tokens import tokenize


@dataclass(frozen=True)
class Cue:
    """One row of cues.toml: questions for one kind of wording, with slots to fill.

    Attributes:
        weak: it says little, so another cue next to the number goes first.
        index: its place in the table.
    """

    name: str
    pattern: re.Pattern[str]
    whole: tuple[str, ...]
    use: tuple[str, ...]
    sense: tuple[str, ...]
    teach: str
    apply: str
    inverse: tuple[str, ...] = ()
    weak: bool = False
    index: int = 0


@cache
def all_cues() -> tuple[Cue, ...]:
    """Return the rows, the most telling first."""
    table = tomllib.loads(Path(__file__).with_name("cues.toml").read_text(encoding="utf-8"))
    return tuple(
        Cue(**{**row, "pattern": re.compile(row["pattern"], re.IGNORECASE), "index": n})
        for n, row in enumerate(table["cue"])
    )


def cue_of(clause: str, number: str = "", at: int = 0) -> Cue:
    """Return the cue nearest to a number of a clause, else its most telling one.

    Args:
        clause: words of the problem.
        number: the number as written there; "" for the clause as a whole.
        at: from where on to look for it.
    """
    at = clause.find(number, at) if number else -1
    if at >= 0:
        before = " ".join(clause[:at].split()[-2:])
        after = " ".join(clause[at + len(number) :].split()[:4])
        window = f"{before} {number} {after}"
        centre = len(before) + 1
        found = [
            (abs(match.start() - centre) if match.start() > centre else 0, cue.index, cue)
            for cue in all_cues()[:-1]
            if not cue.weak and (match := cue.pattern.search(window))
        ]
        if found:
            return min(found)[2]
    return next(cue for cue in all_cues() if cue.pattern.search(clause))


def number_in(clause: str, cue: Cue) -> str:
    """Return the number that the cue is about, as written: "30%", "a third", "three times"."""
    tokens = [t for t in tokenize(clause) if t.kind == "num"]
    if "percent" in cue.name:
        return next((t.text for t in tokens if t.how == "percent"), "")
    if cue.name == "fraction":
        return next((t.text for t in tokens if t.how == "fraction"), "")
    if cue.name == "times as many":
        for token in tokens:
            if token.how == "multiple":
                return token.text
            if re.match(r"\s+times\b", clause[token.end :]):
                return f"{token.text} times"
    return ""
