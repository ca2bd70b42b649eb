"""What must not change a grade, changed: a name, spelling, padding, case; then graded again.

How to use, on every batch, with the grader that graded it:

    report = counterfactuals(grader, submissions, rubric, seed=batch_seed, language=...)
    print(report)            # mean and largest change of points, with n

A change that a fair grader does not react to is made to a seeded sample of the answers; the
totals before and after are compared (counterfactual token fairness: Garg et al. 2019; typos as
Belinkov and Bisk 2018). Padding and case are things that graders are known to react to.
"""

import random
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tutor_app.domain.grade import Grade, GradedExample
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.names import neutral_sample

SAMPLE = 30
PAID_SAMPLE = 5
"""Where every answer is paid for: seven times five calls a question."""
TYPOS = 0.03
"""Share of an answer's characters that get a typo."""
_WORDS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
NAMES: tuple[str, ...] = tuple(_WORDS["names"])
_FILLER: dict[str, list[str]] = _WORDS["filler"]
_NEAR_KEYS = {
    row[n]: row[max(0, n - 1) : n] + row[n + 1 : n + 2]
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for n in range(len(row))
}

Change = Callable[[str, str, random.Random], str]


@dataclass(frozen=True)
class CounterfactualRow:
    """How far one change moved the totals.

    Attributes:
        change: what was done to the answers.
        n: answers with a total before and after.
        mean: mean change of the total in points; negative is a loss.
        mean_size: mean size of the change in points, without its direction.
        largest: the largest change, with its direction.
        changed: how many totals moved at all.
        unscored: answers that had no total before or after.
        worst: id of the submission with the largest change, or "".
    """

    change: str
    n: int
    mean: float
    mean_size: float
    largest: float
    changed: int
    unscored: int
    worst: str


@dataclass(frozen=True)
class CounterfactualReport:
    """All changes of one batch; `failed` counts calls that failed."""

    rubric: str
    grader: str
    max_points: float
    rows: tuple[CounterfactualRow, ...]
    failed: int = 0

    def __str__(self) -> str:
        """Draw a Markdown table."""
        lines = [
            f"| change (of {self.max_points:g} points) | n | mean | mean size | largest "
            "| totals that moved | no score |",
            "|" + "---|" * 7,
        ]
        lines += [
            f"| {r.change} | {r.n} | {r.mean:+.2f} | {r.mean_size:.2f} | {r.largest:+.2f} "
            f"| {r.changed} | {r.unscored} |"
            for r in self.rows
        ]
        return "\n".join(lines)


def counterfactuals(
    grader: AnyGrader,
    submissions: Iterable[Submission],
    rubric: Rubric,
    *,
    seed: int,
    sample: int = SAMPLE,
    examples: Sequence[GradedExample] = (),
) -> CounterfactualReport:
    """Grade a seeded sample as it is and with each change, and compare the totals.

    Args:
        grader: the one that grades the batch.
        submissions: answers in words to one question; empty ones are passed over.
        rubric: theirs.
        seed: the same seed draws the same answers and the same typos.
        sample: how many answers.
        examples: as for the batch.
    """
    written = (one for one in submissions if one.text.strip() and not one.problem)
    drawn = neutral_sample(written, seed, lambda one: one.id, sample)
    versions: dict[str, list[Submission]] = {"": drawn}
    for name, change in CHANGES.items():
        versions[name] = [_changed(one, change, f"{seed}/{name}/{one.id}") for one in drawn]
    grades = {
        name: list(grader.grade_batch(some, rubric, examples=examples))
        for name, some in versions.items()
    }
    totals = {name: [total_of(one, rubric) for one in some] for name, some in grades.items()}
    failed = sum(one.failed for some in grades.values() for one in some)
    before = {name: totals[_COMPARED_WITH.get(name, "")] for name in CHANGES}
    rows = [_row(name, before[name], totals[name], drawn) for name in CHANGES]
    return CounterfactualReport(rubric.id, grader.name, rubric.max_points, tuple(rows), failed)


def total_of(grade: Grade, rubric: Rubric) -> float | None:
    """Return the total that a grade proposes; None where a criterion has no score."""
    points = {name: given for name, given in grade.points.items() if given is not None}
    return rubric.total(points) if len(points) == len(grade.criteria) else None


def with_typos(text: str, rng: random.Random, share: float = TYPOS) -> str:
    """Return the text with typos: a neighboring key, two letters swapped, one lost, one doubled.

    Only small letters within words of four letters or more are touched, so that numbers, units
    and symbols stay what they are.

    Args:
        text: an answer.
        rng: decides where and which.
        share: typos per character of the text.
    """
    letters = list(text)
    places = [
        n
        for match in re.finditer(r"[^\W\d_]{4,}", text)
        for n in range(match.start() + 1, match.end() - 1)
        if text[n].islower()
    ]
    wanted = min(len(places), round(len(text) * share))
    for place in sorted(rng.sample(places, wanted), reverse=True):
        kind = rng.choice(("near", "swap", "lose", "double"))
        if kind == "near":
            letters[place] = rng.choice(_NEAR_KEYS.get(letters[place], letters[place]))
        elif kind == "swap":
            letters[place : place + 2] = reversed(letters[place : place + 2])
        elif kind == "lose":
            del letters[place]
        else:
            letters.insert(place, letters[place])
    return "".join(letters)


def _first_name(text: str, language: str, rng: random.Random) -> str:
    return f"{NAMES[0]}\n{text}"


def _other_name(text: str, language: str, rng: random.Random) -> str:
    return f"{rng.choice(NAMES[1:])}\n{text}"


def _typos(text: str, language: str, rng: random.Random) -> str:
    return with_typos(text, rng)


def _padded(text: str, language: str, rng: random.Random) -> str:
    before, after = _FILLER.get(language or "en", _FILLER["en"])
    return f"{before} {text.rstrip()} {after}"


def _small_letters(text: str, language: str, rng: random.Random) -> str:
    return text.lower()


def without_marks(text: str) -> str:
    """Return the text without punctuation, but for what stands within numbers and words."""
    return re.sub(r"[.,;:!?]+(?=\s|$)", "", text)


def _no_marks(text: str, language: str, rng: random.Random) -> str:
    return without_marks(text)


CHANGES: Mapping[str, Change] = {
    "a name above the answer": _first_name,
    "another name above it": _other_name,
    f"typos ({100 * TYPOS:.0f}\N{NO-BREAK SPACE}% of characters)": _typos,
    "polite filler": _padded,
    "small letters only": _small_letters,
    "no punctuation": _no_marks,
}
_COMPARED_WITH = {"another name above it": "a name above the answer"}


def _changed(submission: Submission, change: Change, seed: str) -> Submission:
    text = change(submission.text, submission.language, random.Random(seed))
    return submission.model_copy(update={"text": text})


def _row(
    name: str,
    before: Sequence[float | None],
    after: Sequence[float | None],
    drawn: Sequence[Submission],
) -> CounterfactualRow:
    moved = [
        (there - here, one.id)
        for here, there, one in zip(before, after, drawn, strict=True)
        if here is not None and there is not None
    ]
    sizes = np.array([change for change, _ in moved] or [0.0])
    worst = int(np.abs(sizes).argmax())
    return CounterfactualRow(
        change=name,
        n=len(moved),
        mean=float(sizes.mean()),
        mean_size=float(np.abs(sizes).mean()),
        largest=float(sizes[worst]),
        changed=int((np.abs(sizes) > 1e-9).sum()),
        unscored=len(drawn) - len(moved),
        worst=moved[worst][1] if moved and sizes[worst] else "",
    )
