"""How well moves are worded on situations that were held out: raw samples, and the whole tutor."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.dialogue import Candidate
from tutor_app.errors import ContentError
from tutor_app.evaluation.rehearsal import Rehearsal, Stage
from tutor_app.tutoring.candidates import Material
from tutor_app.tutoring.speakers import Speakers
from tutor_app.tutoring.verification import verify

CHECKS = ("leakage", "numbers", "grounding", "form")
_WORD = re.compile(r"[a-z']+")


@dataclass(frozen=True)
class RawFigures:
    """Raw first samples of one speaker on one set of situations; shares in [0, 1].

    Attributes:
        unfilled: it left a slot open that has no value in that turn, or said nothing.
        failed: share that fails each check.
        stopped: it ended by itself.
        repeats: some three words in a row occur twice.
        distinct: different texts over all turns.
    """

    name: str
    total: int
    passed: float
    unfilled: float
    failed: dict[str, float]
    stopped: float
    repeats: float
    distinct: float


@dataclass(frozen=True)
class WholeFigures:
    """Who spoke, after all checks, on one set of situations."""

    name: str
    total: int
    spoke: dict[str, float]


@dataclass(frozen=True)
class WordingScoreboard:
    """Both tables, as Markdown."""

    raw: tuple[RawFigures, ...]
    whole: tuple[WholeFigures, ...]

    def __str__(self) -> str:
        """Draw the tables."""
        lines = [
            "| first sample, before any check | n | passes | leaks | false numbers | ungrounded "
            "| form | open slot | stops | repeats | distinct |",
            "|" + "---|" * 11,
        ]
        for row in self.raw:
            shares = [row.failed[check] for check in CHECKS]
            cells = [row.passed, *shares, row.unfilled, row.stopped, row.repeats, row.distinct]
            lines.append(
                f"| {row.name} | {row.total} | " + " | ".join(f"{c:.1%}" for c in cells) + " |"
            )
        lines += ["", "| who speaks in the whole tutor | n | model | memory | hint | template |"]
        lines.append("|" + "---|" * 6)
        for one in self.whole:
            cells = [one.spoke.get(s, 0.0) for s in ("model", "memory", "hint", "template")]
            lines.append(
                f"| {one.name} | {one.total} | " + " | ".join(f"{c:.1%}" for c in cells) + " |"
            )
        return "\n".join(lines)


def rehearse_all(demonstrations: Iterable[Demonstration], stage: Stage) -> list[Rehearsal]:
    """Return the turns; those whose learner's line cannot be filled are left out."""
    found = []
    for one in demonstrations:
        try:
            found.append(stage.rehearse(one))
        except ContentError:
            continue
    return found


def raw_figures(
    name: str, turns: Sequence[Rehearsal], sample: Callable[[Material], tuple[str, bool]]
) -> RawFigures:
    """Check the first sample of every turn.

    Args:
        name: what the row is called.
        turns: the rehearsed turns.
        sample: draws one wording, filled ("" where it cannot be), and says whether it stopped.
    """
    failed: Counter[str] = Counter()
    passed = unfilled = stopped = repeats = 0
    texts = []
    for turn in turns:
        text, ended = sample(turn.material)
        stopped += ended
        if not text:
            unfilled += 1
            continue
        texts.append(text)
        repeats += _repeats(text)
        checked = verify(Candidate(text=text, source="model"), turn.context)
        failed.update(check.name for check in checked.checks if not check.passed)
        passed += checked.passed
    total = max(1, len(turns))
    return RawFigures(
        name=name,
        total=len(turns),
        passed=passed / total,
        unfilled=unfilled / total,
        failed={check: failed[check] / total for check in CHECKS},
        stopped=stopped / total,
        repeats=repeats / total,
        distinct=len(set(texts)) / total,
    )


def whole_figures(name: str, turns: Sequence[Rehearsal], speakers: Speakers) -> WholeFigures:
    """Let the whole tutor word every turn and count who spoke."""
    spoke = Counter(said(turn, speakers).source for turn in turns)
    total = max(1, len(turns))
    return WholeFigures(name, len(turns), {s: n / total for s, n in spoke.items()})


def said(turn: Rehearsal, speakers: Speakers) -> Candidate:
    """Return the wording that the whole tutor chooses."""

    def checked(candidate: Candidate) -> Candidate:
        return verify(candidate, turn.in_context(candidate))

    return speakers.choose(turn.material, checked)[0]


def _repeats(text: str) -> bool:
    words = _WORD.findall(text.lower())
    threes = [tuple(words[n : n + 3]) for n in range(len(words) - 2)]
    return len(set(threes)) < len(threes)
