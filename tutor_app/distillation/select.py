"""Select: a chain of filters over demonstrations; every drop has its reason.

Cheap checks first. Near duplicates are found by MinHash over word 3-grams (Broder 1997).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from tutor_app.domain.base import Strict
from tutor_app.domain.demonstration import Demonstration, Situation
from tutor_app.domain.dialogue import Candidate, State
from tutor_app.domain.item import Item
from tutor_app.errors import ContentError
from tutor_app.evaluation.rehearsal import Stage, open_slot
from tutor_app.tutoring.plan import TABLE
from tutor_app.tutoring.slots import slot_names
from tutor_app.tutoring.verification import verify

PERMUTATIONS = 128
NEAR_DUPLICATE = 0.8
CONTAMINATION_WORDS = 8
_SLOT = re.compile(r"\[\[\s*(\w+)\s*\]\]")
_BRACKETS = re.compile(r"\[\[|\]\]|[{}]")
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"(?<![^\W\d])\d")
_WORD = re.compile(r"\[\[\w+\]\]|[^\W\d_]+(?:'[^\W\d_]+)*")
_FORGED = re.compile(r"https?://|www\.|<\|?\w|javascript:|\bignore (?:all|previous|your)\b", re.I)


class Dropped(Strict):
    """A demonstration that a filter took out, and why."""

    demonstration: Demonstration
    filter: str
    reason: str


@dataclass(frozen=True)
class Funnel:
    """How many demonstrations each filter saw and took out, with the commonest reasons.

    Attributes:
        rows: (filter, in, dropped, commonest reasons) in the order of the chain.
        distinct: share of kept replies that differ with their slots left open, in [0, 1].
    """

    rows: tuple[tuple[str, int, int, tuple[tuple[str, int], ...]], ...]
    kept: int
    distinct: float

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = ["| filter | in | dropped | commonest reasons |", "|---|---|---|---|"]
        for name, entered, dropped, reasons in self.rows:
            said = "; ".join(f"{reason} ({count})" for reason, count in reasons)
            lines.append(f"| {name} | {entered} | {dropped} | {said} |")
        lines.append(f"| kept | {self.kept} | | {self.distinct:.0%} distinct |")
        return "\n".join(lines)


Filter = Callable[[Sequence[Demonstration]], Iterator[tuple[Demonstration, str]]]


def select(
    demonstrations: Sequence[Demonstration],
    stage: Stage,
    items: dict[str, Item],
    struck: Mapping[str, str] | None = None,
) -> tuple[list[Demonstration], list[Dropped], Funnel]:
    """Run the chain; returns what is kept, what is dropped, and the funnel.

    Args:
        demonstrations: what the teacher wrote.
        stage: puts them into real turns.
        items: the course's items by id.
        struck: what a reader struck out, demonstration id to the reason.
    """
    chain: list[tuple[str, Filter]] = [
        ("schema", lambda some: _each(some, lambda d: _schema(d, items))),
        ("tutor's checks", lambda some: _each(some, lambda d: _checks(d, stage))),
        ("exact duplicates", _exact),
        ("near duplicates", _near),
        ("held-out contamination", _contaminated),
    ]
    if struck:
        chain.append(("reading", lambda some: _each(some, lambda d: struck.get(d.id, ""))))
    left, dropped, rows = list(demonstrations), [], []
    for name, run in chain:
        verdicts = list(run(left))
        out = [Dropped(demonstration=d, filter=name, reason=why) for d, why in verdicts if why]
        reasons = Counter(_kind(drop.reason) for drop in out).most_common(3)
        rows.append((name, len(left), len(out), tuple(reasons)))
        dropped += out
        left = [d for d, why in verdicts if not why]
    bare = {_normal(d.reply) for d in left}
    return left, dropped, Funnel(tuple(rows), len(left), len(bare) / len(left) if left else 0.0)


def _kind(reason: str) -> str:
    return _DIGIT.sub("", reason).split(":")[0][:70].strip()


def _each(
    some: Sequence[Demonstration], judge: Callable[[Demonstration], str]
) -> Iterator[tuple[Demonstration, str]]:
    return ((one, judge(one)) for one in some)


def _schema(one: Demonstration, items: dict[str, Item]) -> str:
    """Slots, digits and foreign content; "" when all is well."""
    situation = one.situation
    item = items.get(situation.item_id)
    if item is None:
        return f"no item {situation.item_id!r} in the course"
    if unknown := _unknown(situation, item):
        return unknown
    allowed = slot_names(item, situation)
    for text in (one.learner, one.reply):
        if strange := set(_SLOT.findall(text)) - allowed:
            return f"a slot that is not offered: {', '.join(sorted(strange))}"
        if _BRACKETS.search(_SLOT.sub("", text)):
            return "brackets that are no slot"
        if _FORGED.search(text):
            return "a link, markup or an instruction"
    if _DIGIT.search(_SLOT.sub("", one.reply)):
        return "a digit in the reply"
    if _NUMBER.search(_SLOT.sub("", one.learner)):
        return "a number in the learner's line"
    if {"quoted", "definition"} & set(_SLOT.findall(one.learner)):
        return "a reply's slot in the learner's line"
    if situation.row == "term" and "definition" not in _SLOT.findall(one.reply):
        return "no definition where one is asked for"
    return ""


def _unknown(situation: Situation, item: Item) -> str:
    """Name what the course no longer has; demonstrations outlive the course they were made for."""
    steps = {step.id for step in item.steps}
    if situation.row not in TABLE:
        return f"no row {situation.row!r} in the plan"
    if gone := ({situation.step, *situation.shown} - {""}) - steps:
        return f"no step {min(gone)!r} in the item"
    if situation.misconception not in {"", *(m.id for m in item.misconceptions)}:
        return f"no misconception {situation.misconception!r} in the item"
    nearly = situation.row in ("unit", "sign", "rounding")
    if nearly != (situation.state is State.NEAR):
        return f"the row {situation.row!r} does not go with {situation.state.value!r}"
    if situation.state is State.STEP_RIGHT and not situation.shown:
        return "a right step, but none shown"
    return ""


def _checks(one: Demonstration, stage: Stage) -> str:
    """Leakage, numbers, grounding and form, on the item's numbers and on its parallel's."""
    runs = [False] + [True] * stage.has_parallel(one.situation.item_id)
    for parallel in runs:
        try:
            rehearsal = stage.rehearse(one, parallel=parallel)
            text = rehearsal.filled(one.reply)
        except ContentError as error:
            return open_slot(error)
        passages = rehearsal.context.passages
        checked = verify(
            Candidate(text=text, source="memory", passages=tuple(passages)), rehearsal.context
        )
        for check in checked.checks:
            if not check.passed:
                return f"{check.name}: {check.reason}"
    return ""


def _exact(some: Sequence[Demonstration]) -> Iterator[tuple[Demonstration, str]]:
    seen: set[tuple[str, str, str]] = set()
    for one in some:
        key = (one.situation.item_id, one.situation.row, _normal(one.reply))
        yield one, "the same reply was seen before" if key in seen else ""
        seen.add(key)


def _near(some: Sequence[Demonstration]) -> Iterator[tuple[Demonstration, str]]:
    """Drop a reply whose word 3-grams agree with an earlier one of the item by 0.8 or more."""
    sketches: dict[str, list[np.ndarray]] = {}
    for one in some:
        sketch = _sketch(_shingles(_normal(one.reply), 3))
        earlier = sketches.setdefault(one.situation.item_id, [])
        close = any(float((sketch == other).mean()) >= NEAR_DUPLICATE for other in earlier)
        yield one, "nearly the same reply was seen before" if close else ""
        if not close:
            earlier.append(sketch)


def _contaminated(some: Sequence[Demonstration]) -> Iterator[tuple[Demonstration, str]]:
    """Drop what shares eight words in a row with a held-out demonstration."""
    held_out: set[str] = set()
    for one in some:
        if one.situation.held_out:
            held_out |= _shingles(_normal(one.reply), CONTAMINATION_WORDS)
    for one in some:
        shared = not one.situation.held_out and bool(
            _shingles(_normal(one.reply), CONTAMINATION_WORDS) & held_out
        )
        yield one, "eight words in a row of a held-out reply" if shared else ""


def _normal(text: str) -> str:
    return " ".join(_WORD.findall(text.lower()))


def _shingles(text: str, size: int) -> set[str]:
    words = text.split()
    if len(words) < size:
        return {text} if size < CONTAMINATION_WORDS else set()
    return {" ".join(words[n : n + size]) for n in range(len(words) - size + 1)}


def _sketch(shingles: Iterable[str]) -> np.ndarray:
    """Return the MinHash signature, (128,) uint64, by multiply-shift hashing (64-bit wrap)."""
    hashes = np.array(
        [int.from_bytes(blake2b(s.encode(), digest_size=8).digest(), "big") for s in shingles],
        dtype=np.uint64,
    )
    signature: np.ndarray = ((hashes[:, None] * _A + _B) >> np.uint64(20)).min(axis=0)
    return signature


_random = np.random.default_rng(11)
_A = _random.integers(0, 1 << 63, PERMUTATIONS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
_B = _random.integers(0, 1 << 63, PERMUTATIONS, dtype=np.uint64)
