"""How hard is an item, and can its wrong answers be told apart? Estimated, never measured.

Simulated learners answer each item alone: by Bayesian knowledge tracing (Corbett & Anderson 1995,
eq. 4: P(right) = P(known) (1 - slip) + P(unknown) guess, skill by skill) they get it right, or they
follow one of its misconceptions to a wrong answer. What they type is judged by the real checker. So
the estimate knows only what its author wrote down: it finds slips of authors and compares items,
and says nothing about real learners.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import sqrt

from tutor_app.answers.check import check_answer, matching_misconception
from tutor_app.answers.solution import solve
from tutor_app.answers.units import Measure, format_measure
from tutor_app.courses.catalogue import Catalogue
from tutor_app.domain.answer import Check, Verdict
from tutor_app.domain.course import Skill
from tutor_app.domain.item import Item
from tutor_app.tutoring.simulated_learner import right_answer, voiced
from tutor_app.tutoring.tutor import Prepared

LEVELS = (0.2, 0.5, 0.8)
"""Mastery of every skill of the item, from a beginner's to a practised learner's."""
LEARNERS = 200
RIGHT = "the right answer"
NOTHING = "no misconception"
_JUDGED_HERE = ("numeric", "symbolic", "choice", "exact")
_DIGITS = (4, 3, 2)


@dataclass(frozen=True)
class Share:
    """How many of `n` simulated learners solved the item alone at a mastery in [0, 1]."""

    mastery: float
    solved: int
    n: int

    @property
    def share(self) -> float:
        """The share that solved it, in [0, 1]."""
        return self.solved / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share; it shows the noise of the simulation only."""
        z, p, n = 1.96, self.share, self.n
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, min(p, middle - half)), min(1.0, max(p, middle + half))


@dataclass(frozen=True)
class Confusion:
    """An answer that is taken for another one: what it came from, and what it is taken for."""

    typed: str
    came_from: str
    taken_for: str


@dataclass(frozen=True)
class ItemEstimate:
    """What simulated learners do with an item.

    Attributes:
        shares: one a level of LEVELS.
        confusions: distinct typed answers that are not told apart.
        typed: how many answers the learners of all levels typed.
        unclear: how many of them were not told apart.
        judged: the answers were run; those in words and programs are not, and then only the
            shares say something.
    """

    item_id: str
    shares: tuple[Share, ...]
    confusions: tuple[Confusion, ...] = ()
    typed: int = 0
    unclear: int = 0
    judged: bool = True

    @property
    def unclear_share(self) -> float | None:
        """The share of typed answers that cannot be told apart; None where none was run."""
        return self.unclear / self.typed if self.typed else None


def estimate(
    catalogue: Catalogue, course_id: str, item_id: str, learners: int = LEARNERS, seed: int = 0
) -> ItemEstimate:
    """Let simulated learners answer one item.

    Args:
        catalogue: where course and rubrics are.
        course_id: the course.
        item_id: the item.
        learners: how many at each level of mastery.
        seed: of their luck; the same seed gives the same estimate.

    Raises:
        NotFoundError: there is no such course, item or rubric.
        ContentError: the item cannot be computed.
    """
    loaded = catalogue.course(course_id)
    item = loaded.item(item_id)
    rubric = catalogue.rubric(item.answer.rubric) if item.answer.kind == "text" else None
    prepared = Prepared(loaded, item, solve(item), rubric)
    luck = random.Random(f"{seed}-{course_id}-{item_id}")
    judged = item.answer.kind in _JUDGED_HERE
    judge = _Judge(prepared)
    shares, typed = [], Counter[tuple[str, str]]()
    for mastery in LEVELS:
        solved = 0
        for _ in range(learners):
            source = _answers_by(prepared, mastery, luck)
            text = luck.choice(judge.wordings(source)) if judged and source != NOTHING else ""
            if text:
                typed[source, text] += 1
                solved += judge.verdict(text) is Verdict.RIGHT
            else:
                solved += source == RIGHT
        shares.append(Share(mastery, solved, learners))
    wrong = {key: taken for key in typed if (taken := judge.taken_for(*key))}
    return ItemEstimate(
        item_id,
        tuple(shares),
        tuple(Confusion(text, _title(item, s), _title(item, t)) for (s, text), t in wrong.items()),
        typed.total(),
        sum(typed[key] for key in wrong),
        judged,
    )


def estimate_course(
    catalogue: Catalogue,
    course_id: str,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[ItemEstimate]:
    """Estimate every item of a course, in file order; see `estimate`."""
    items = list(catalogue.course(course_id).items)
    found = []
    for done, item_id in enumerate(items):
        on_progress(done, len(items))
        found.append(estimate(catalogue, course_id, item_id))
    return found


def _answers_by(prepared: Prepared, mastery: float, luck: random.Random) -> str:
    """Return where a learner's answer comes from: RIGHT, a misconception's id, or NOTHING."""
    item, course = prepared.item, prepared.loaded.course
    failed = [skill for skill in item.skills if not _performs(course.skill(skill), mastery, luck)]
    if not failed:
        return RIGHT
    of_step = {step.id: step.skill or item.skills[0] for step in item.steps}
    first = item.steps[0].id
    held = [m.id for m in item.misconceptions if of_step.get(m.step or first) in failed]
    held = held or [m.id for m in item.misconceptions]
    return luck.choice(held) if held else NOTHING


def _performs(skill: Skill, mastery: float, luck: random.Random) -> bool:
    known = luck.random() < mastery
    return luck.random() < (1 - skill.bkt.p_slip if known else skill.bkt.p_guess)


class _Judge:
    """Types the answers of one item in several ways, and has them checked; each text once."""

    def __init__(self, prepared: Prepared):
        self._prepared = prepared
        self._checks: dict[str, Check] = {}
        self._wordings: dict[str, list[str]] = {}

    def wordings(self, source: str) -> list[str]:
        """Return what a learner may type who means the right answer, or has a misconception."""
        if source not in self._wordings:
            self._wordings[source] = self._written(source) or [""]
        return self._wordings[source]

    def verdict(self, text: str) -> Verdict:
        """Return what the checker says."""
        return self._check(text).verdict

    def taken_for(self, source: str, text: str) -> str:
        """Return what an answer is taken for if not for what it is; "" where it is told apart."""
        check, item = self._check(text), self._prepared.item
        shows = matching_misconception(check.reading, item, self._prepared.solution)
        if source == RIGHT:
            told = check.verdict is Verdict.RIGHT or check.verdict.nearly
            return "" if told else shows or NOTHING
        if check.verdict is Verdict.RIGHT:
            return RIGHT
        return "" if shows == source else shows or NOTHING

    def _check(self, text: str) -> Check:
        if text not in self._checks:
            prepared = self._prepared
            self._checks[text] = check_answer(text, prepared.item.answer, prepared.solution)
        return self._checks[text]

    def _written(self, source: str) -> list[str]:
        item, solution = self._prepared.item, self._prepared.solution
        if source == RIGHT:
            if solution.answer is None:
                return [right_answer(self._prepared)]
            return _distinct(format_measure(solution.answer, digits) for digits in _DIGITS)
        idea = next(m for m in item.misconceptions if m.id == source)
        value = solution.mal_rules.get(source)
        if value is None or solution.answer is None:
            return [text] if (text := voiced(idea, self._prepared)) else []
        wrong = Measure(value, solution.answer.unit)
        return _distinct(format_measure(wrong, digits) for digits in _DIGITS)


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(texts))


def _title(item: Item, source: str) -> str:
    return next((m.title for m in item.misconceptions if m.id == source), source)
