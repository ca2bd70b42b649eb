"""How well the grounding check tells supported from unsupported sentences."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tutor_app.domain.base import Strict, Text
from tutor_app.errors import ContentError
from tutor_app.tutoring.verification.grounding import (
    THRESHOLD,
    fit_threshold,
    foreign_numbers,
    support,
)

Pair = tuple[str, str, bool]
"""A sentence, the text of the section it cites, and whether that carries it."""


class GroundingPair(Strict):
    """One line of datasets/evaluation/grounding/*.jsonl."""

    sentence: Text
    section: Text
    supported: bool


@dataclass(frozen=True)
class GroundingRow:
    """Precision and recall for "supported" at one threshold on one half."""

    half: str
    pairs: int
    threshold: float
    precision: float
    recall: float


@dataclass(frozen=True)
class GroundingScoreboard:
    """The threshold chosen on one half and what it is worth on the other; then the shipped one."""

    rows: tuple[GroundingRow, ...]
    on_all: float

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = ["| half | pairs | threshold | precision | recall |", "|---|---|---|---|---|"]
        lines += [
            f"| {r.half} | {r.pairs} | {r.threshold:.3f} | {r.precision:.2f} | {r.recall:.2f} |"
            for r in self.rows
        ]
        return "\n".join([*lines, "", f"Fitted on all pairs: {self.on_all:.3f}."])


def section_text(notes: Path, section: str) -> str:
    """Return the text under "stem#Heading" in a folder of notes; "" when there is none."""
    stem, _, heading = section.partition("#")
    path = notes / f"{stem}.md"
    if not path.is_file():
        return ""
    found = re.search(
        rf"^##\s+{re.escape(heading)}\s*\n(.*?)(?=^#{{1,2}}\s|\Z)",
        path.read_text(encoding="utf-8"),
        re.M | re.S,
    )
    return found[1].strip() if found else ""


def load_grounding_pairs(folder: Path, notes: Path) -> list[Pair]:
    """Load all pairs of a folder with the text of their sections.

    Raises:
        ContentError: a line is no pair, or its section does not exist.
    """
    pairs = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                pair = GroundingPair.model_validate_json(line)
            except ValidationError as error:
                raise ContentError(f"{path}, line {number}: {error}. Correct the line.") from None
            text = section_text(notes, pair.section)
            if not text:
                raise ContentError(
                    f"{path}, line {number}: there is no section {pair.section!r}. "
                    "Name one as document#Heading."
                )
            pairs.append((pair.sentence, text, pair.supported))
    return pairs


def evaluate_grounding(pairs: Sequence[Pair]) -> GroundingScoreboard:
    """Choose the threshold on the even pairs, show it on the odd ones, and compare the shipped."""
    even, odd = pairs[::2], pairs[1::2]
    chosen = fit_threshold(even)
    rows = (
        _row("chosen on", even, chosen),
        _row("held out", odd, chosen),
        _row("all, as shipped", pairs, THRESHOLD),
    )
    return GroundingScoreboard(rows, fit_threshold(pairs))


def _row(half: str, pairs: Iterable[Pair], limit: float) -> GroundingRow:
    judged = [
        (support(sentence, text) >= limit and not foreign_numbers(sentence, text), supported)
        for sentence, text, supported in pairs
    ]
    passed = [supported for accepted, supported in judged if accepted]
    positives = sum(supported for _, supported in judged)
    return GroundingRow(
        half,
        len(judged),
        limit,
        sum(passed) / len(passed) if passed else 0.0,
        sum(passed) / positives if positives else 0.0,
    )
