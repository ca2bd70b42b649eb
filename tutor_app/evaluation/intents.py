"""How well intents are told apart, on lines written apart from the training data."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tutor_app.tutoring.intents import Intent


@dataclass(frozen=True)
class IntentScore:
    """Precision and recall of one intent, in [0, 1]."""

    intent: str
    lines: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True)
class IntentScoreboard:
    """One row per intent, and the pairs most often taken for each other."""

    rows: tuple[IntentScore, ...]
    confusions: tuple[tuple[str, str, int], ...]

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the intents."""
        return sum(row.f1 for row in self.rows) / len(self.rows)

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = ["| intent | lines | precision | recall | F1 |", "|---|---|---|---|---|"]
        lines += [
            f"| {r.intent} | {r.lines} | {r.precision:.2f} | {r.recall:.2f} | {r.f1:.2f} |"
            for r in self.rows
        ]
        pairs = ", ".join(f"{was} taken for {said} ({n})" for was, said, n in self.confusions)
        return "\n".join([*lines, "", f"macro-F1 {self.macro_f1:.2f}. Most confused: {pairs}."])


def evaluate_intents(
    classify: Callable[[str], Intent], lines: Sequence[tuple[str, str]]
) -> IntentScoreboard:
    """Classify (text, intent) lines and score each intent."""
    pairs = Counter((intent, classify(text).name) for text, intent in lines)
    names = sorted({intent for _, intent in lines})
    rows = []
    for name in names:
        hit = pairs[name, name]
        said = sum(n for (_, guess), n in pairs.items() if guess == name)
        there = sum(n for (true, _), n in pairs.items() if true == name)
        rows.append(IntentScore(name, there, hit / said if said else 0.0, hit / there))
    wrong = [(a, b, n) for (a, b), n in pairs.most_common() if a != b]
    return IntentScoreboard(tuple(rows), tuple(wrong[:5]))
