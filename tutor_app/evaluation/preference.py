"""Blind preference: which of two wordings a reader would rather see said to this learner.

A reader gets pairs without sources, in random order, some of them twice (the second time swapped).
Votes are "a", "b" or "=". The key is kept apart from what the reader sees.
"""

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from pydantic import ValidationError

from tutor_app.domain.base import Strict
from tutor_app.errors import ContentError

T = TypeVar("T", bound=Strict)
TWICE = 0.2
RESAMPLES = 2000

Vote = Literal["a", "b", "="]


class Wordings(Strict):
    """One turn, worded by several speakers; `spoken` maps a speaker's name to its words."""

    turn: str
    group: str
    problem: str
    showed: str
    step: str
    learner: str
    spoken: dict[str, str]


class Pair(Strict):
    """What a reader sees."""

    id: str
    problem: str
    showed: str
    step: str
    learner: str
    a: str
    b: str


class Key(Strict):
    """Who said what in a pair; `turn` is the same for a pair that is shown twice."""

    id: str
    turn: str
    group: str
    a: str
    b: str


class Judged(Strict):
    """One vote of one reader, with six words why."""

    id: str
    reader: str
    vote: Vote
    why: str = ""


@dataclass(frozen=True)
class Match:
    """How often one speaker was preferred to another, in [0, 1]; a tie counts half.

    Attributes:
        turns: different turns; several votes on one turn are averaged first.
        low: lower end of the 95 % bootstrap interval over turns.
        high: its upper end.
    """

    group: str
    first: str
    second: str
    turns: int
    wins: float
    ties: float
    score: float
    low: float
    high: float


def make_pairs(
    turns: Iterable[Wordings], against: Sequence[tuple[str, str]], seed: int = 7
) -> list[tuple[Pair, Key]]:
    """Return every asked-for pair of speakers on every turn, shuffled; a fifth of them twice.

    Turns on which the two speakers say the same, or one says nothing, give no pair.
    """
    draw = random.Random(seed)
    found: list[tuple[Wordings, str, str]] = []
    for turn in turns:
        for first, second in against:
            said = turn.spoken.get(first), turn.spoken.get(second)
            if all(said) and said[0] != said[1]:
                found.append((turn, first, second))
    again = draw.sample(found, round(len(found) * TWICE))
    pairs = []
    for copy, group in enumerate((found, again)):
        for turn, first, second in group:
            # the second showing is swapped, so the first is drawn by the turn alone
            swap = random.Random(f"{seed} {turn.turn} {first} {second}").random() < 0.5
            a, b = (second, first) if swap != bool(copy) else (first, second)
            pairs.append((turn, a, b))
    draw.shuffle(pairs)
    return [
        (
            Pair(
                id=f"p{number:04}",
                problem=turn.problem,
                showed=turn.showed,
                step=turn.step,
                learner=turn.learner,
                a=turn.spoken[a],
                b=turn.spoken[b],
            ),
            Key(id=f"p{number:04}", turn=turn.turn, group=turn.group, a=a, b=b),
        )
        for number, (turn, a, b) in enumerate(pairs)
    ]


def tally(keys: Sequence[Key], votes: Sequence[Judged], seed: int = 7) -> list[Match]:
    """Return the matches, group by group.

    Raises:
        ContentError: a vote is on a pair that the key does not hold.
    """
    known = {key.id: key for key in keys}
    scores: dict[tuple[str, str, str], dict[str, list[float]]] = {}
    for vote in votes:
        if vote.id not in known:
            raise ContentError(f"vote {vote.id!r}: the key has no such pair.")
        key = known[vote.id]
        first, second = sorted((key.a, key.b))
        won = 0.5 if vote.vote == "=" else float((key.a if vote.vote == "a" else key.b) == first)
        for group in (key.group, "all"):
            scores.setdefault((group, first, second), {}).setdefault(key.turn, []).append(won)
    draw = np.random.default_rng(seed)
    matches = []
    for (group, first, second), by_turn in sorted(scores.items()):
        means = np.array([np.mean(won) for won in by_turn.values()])
        resampled = draw.choice(means, (RESAMPLES, len(means))).mean(axis=1)
        low, high = np.quantile(resampled, [0.025, 0.975])
        matches.append(
            Match(
                group, first, second, len(means), float((means > 0.5).mean()),
                float((means == 0.5).mean()), float(means.mean()), float(low), float(high),
            )
        )  # fmt: skip
    return matches


def consistency(keys: Sequence[Key], votes: Sequence[Judged]) -> tuple[float, int]:
    """Return how often a reader who saw a pair twice voted the same, and on how many pairs."""
    known = {key.id: key for key in keys}
    seen: dict[tuple[str, str, str, str], list[str]] = {}
    for vote in votes:
        key = known[vote.id]
        first, second = sorted((key.a, key.b))
        for_whom = "=" if vote.vote == "=" else key.a if vote.vote == "a" else key.b
        seen.setdefault((vote.reader, key.turn, first, second), []).append(for_whom)
    twice = [said for said in seen.values() if len(said) > 1]
    same = sum(len(set(said)) == 1 for said in twice)
    return (same / len(twice) if twice else 0.0), len(twice)


def table(matches: Sequence[Match]) -> str:
    """Draw a Markdown table; a score over 50 % is for the first."""
    lines = [
        "| turns | n | first | second | first preferred | tie | score (95 %) |",
        "|" + "---|" * 7,
    ]
    lines += [
        f"| {m.group} | {m.turns} | {m.first} | {m.second} | {m.wins:.0%} | {m.ties:.0%} "
        f"| {m.score:.0%} [{m.low:.0%}, {m.high:.0%}] |"
        for m in matches
    ]
    return "\n".join(lines)


def load_keys(path: Path) -> list[Key]:
    """Load a key file, one JSON object a line; raises ContentError."""
    return [_line(Key, path, number, line) for number, line in _lines(path)]


def load_votes(path: Path) -> list[Judged]:
    """Load votes, one JSON object a line; raises ContentError."""
    return [_line(Judged, path, number, line) for number, line in _lines(path)]


def _lines(path: Path) -> Iterable[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return ((number, line) for number, line in enumerate(lines, 1) if line.strip())


def _line(kind: type[T], path: Path, number: int, line: str) -> T:
    try:
        return kind.model_validate_json(line)
    except ValidationError:
        raise ContentError(f"{path}, line {number}: this is no {kind.__name__.lower()}.") from None


def save(path: Path, rows: Iterable[Strict | Mapping[str, object]]) -> None:
    """Write rows as JSONL."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(
        (row.model_dump_json() if isinstance(row, Strict) else json.dumps(row)) + "\n"
        for row in rows
    )
    path.write_text(text, encoding="utf-8")
