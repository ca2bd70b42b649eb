"""How well short answers are judged: criteria that are met, and misconceptions that are voiced.

Thresholds are chosen on half of the rubrics and shown on the other half, then the other way round.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError
from tutor_app.tutoring.key_elements import MET, KeyElementJudge
from tutor_app.tutoring.sayings import VOICED, SayingMatcher

WANTED_PRECISION = 0.9


class ShortAnswer(Strict):
    """One line: an answer, which criteria it meets, and the misconception it voices, if any.

    `kind` says what makes the answer hard, for reading the results.
    """

    rubric: Text
    text: str
    kind: str = ""
    met: dict[str, bool]
    misconception: str = ""


@dataclass(frozen=True)
class Case:
    """One decision: whose rubric, the score, whether saying yes is right, and the kind of answer.

    `wanted` is False where a yes cannot be missed: a right thing that is not there.
    """

    rubric: str
    score: float
    right: bool
    wanted: bool
    kind: str = ""


@dataclass(frozen=True)
class Rates:
    """Of the decisions at or above a threshold: how many were right, and of how many wanted."""

    name: str
    threshold: float
    hits: int
    said: int
    wanted: int

    @property
    def precision(self) -> float:
        """Share of right ones among those said; 1 when nothing was said."""
        return self.hits / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Share of those wanted that were said."""
        return self.hits / self.wanted if self.wanted else 0.0

    def __str__(self) -> str:
        """Write a row of a Markdown table."""
        return (
            f"| {self.name} | {self.threshold:.2f} | {self.precision:.2f} ({self.hits}/{self.said})"
            f" | {self.recall:.2f} ({self.hits}/{self.wanted}) |"
        )


@dataclass(frozen=True)
class ShortTextScoreboard:
    """Rates of both decisions, and where a wrong "met" came from."""

    rows: tuple[Rates, ...]
    wrong_by_kind: Mapping[str, tuple[int, int]]

    def __str__(self) -> str:
        """Draw two Markdown tables."""
        kinds = sorted(self.wrong_by_kind.items(), key=lambda entry: -entry[1][0])
        lines = ["| decision | from | precision | recall |", "|---|---|---|---|"]
        lines += [str(row) for row in self.rows]
        lines += ["", "| kind of answer | wrongly met | of not met |", "|---|---|---|"]
        lines += [f"| {kind} | {wrong} | {total} |" for kind, (wrong, total) in kinds]
        return "\n".join(lines)


def load_short_answers(folder: Path) -> list[ShortAnswer]:
    """Load all *.jsonl of a folder, in name order; raises ContentError for a broken line."""
    answers = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                answers.append(ShortAnswer.model_validate_json(line))
            except ValidationError as error:
                raise ContentError(
                    f"{path}:{number}: is no short answer ({error.errors()[0]['msg']}). "
                    'Write {"rubric": ..., "text": ..., "met": {criterion: true or false}}.'
                ) from error
    return answers


def evaluate_short_text(
    judge: KeyElementJudge,
    matcher: SayingMatcher,
    answers: Sequence[ShortAnswer],
    rubric: Callable[[str], Rubric],
    items: Mapping[str, Item],
) -> ShortTextScoreboard:
    """Judge every answer and match its misconception.

    Args:
        judge: what decides which criteria are met.
        matcher: what names the misconception.
        answers: labelled answers.
        rubric: a rubric by its id.
        items: the item of each rubric, by rubric id.
    """
    met, voiced = [], []
    for answer in answers:
        for judged in judge(answer.text, rubric(answer.rubric)):
            true = answer.met[judged.criterion]
            met.append(Case(answer.rubric, judged.similarity, true, true, answer.kind))
        name, score = matcher.likeliest(answer.text, items[answer.rubric])
        there = bool(answer.misconception)
        right = there and name == answer.misconception
        voiced.append(Case(answer.rubric, score, right, there, answer.kind))
    rows = (
        *_both_ways("criterion met", met),
        _rates("criterion met, as shipped", met, MET),
        *_both_ways("misconception voiced", voiced),
        _rates("misconception voiced, as shipped", voiced, VOICED),
    )
    return ShortTextScoreboard(rows, _wrong_by_kind(met))


def _both_ways(name: str, cases: Sequence[Case]) -> list[Rates]:
    rubrics = sorted({case.rubric for case in cases})
    halves = [[c for c in cases if c.rubric in rubrics[start::2]] for start in (0, 1)]
    rows = []
    for chosen_on, shown_on in (halves, halves[::-1]):
        threshold = choose_threshold(chosen_on)
        rows.append(_rates(f"{name}, chosen on", chosen_on, threshold))
        rows.append(_rates(f"{name}, held out", shown_on, threshold))
    return rows


def choose_threshold(cases: Sequence[Case], precision: float = WANTED_PRECISION) -> float:
    """Return the threshold with the most hits among those that keep the precision; 1.0 if none."""
    rates = [_rates("", cases, threshold) for threshold in sorted({c.score for c in cases})]
    good = [r for r in rates if r.precision >= precision]
    return max(good, key=lambda r: r.hits).threshold if good else 1.0


def _rates(name: str, cases: Sequence[Case], threshold: float) -> Rates:
    said = [case for case in cases if case.score >= threshold]
    return Rates(
        name, threshold, sum(c.right for c in said), len(said), sum(c.wanted for c in cases)
    )


def _wrong_by_kind(cases: Sequence[Case]) -> dict[str, tuple[int, int]]:
    kinds = sorted({case.kind for case in cases})
    wrong = {kind: [c for c in cases if c.kind == kind and not c.right] for kind in kinds}
    return {kind: (sum(c.score >= MET for c in there), len(there)) for kind, there in wrong.items()}
