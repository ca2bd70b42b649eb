"""The grader: proposes a level, points, a quote and a confidence for each criterion.

It proposes; instructors decide. A total is summed by `Rubric.total`, never by a model.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import numpy as np

from tutor_app.documents.ideas import Embed, Vectors
from tutor_app.domain.grade import CriterionGrade, Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.criteria import CriterionScorer, PreparedRubric, WrongIdeas, prepare
from tutor_app.grading.doubt import DEFAULT_OPTIONS, DoubtOptions, propose
from tutor_app.grading.evidence import span
from tutor_app.grading.pieces import Pieces, take_apart
from tutor_app.grading.unread import (
    NOTHING_HANDED_IN,
    NOTHING_OWN,
    nothing_own,
    pending,
    unanswered,
)

BATCH = 32
"""Submissions whose pieces are encoded together."""
RUBRICS_KEPT = 64
COPIED = 0.95
"""How sure it is that a copied question earns nothing."""


class Grader:
    """Grades criterion by criterion with a small encoder; no network, no generated text.

    Attributes:
        name: "grader-0.1:" and the digest of everything but the rubric that can change a grade.
    """

    def __init__(
        self,
        embed: Embed,
        *,
        encoder: str = "",
        wrong_ideas: WrongIdeas = lambda rubric_id: (),
        options: DoubtOptions = DEFAULT_OPTIONS,
    ):
        """Take what the grader stands on.

        Args:
            embed: texts to unit vectors, shape (texts, dimensions).
            encoder: the encoder's name, for the audit.
            wrong_ideas: rubric id to sentences that voice known misconceptions.
            options: when a person has to look.
        """
        self._embed = embed
        self._scorer = CriterionScorer()
        self._options = options
        stands_on = f"{encoder}|{self._scorer.name}|{options!r}"
        self.name = f"grader-0.1:{hashlib.sha256(stands_on.encode()).hexdigest()[:12]}"
        self._wrong_ideas = wrong_ideas
        self._prepared: dict[str, PreparedRubric] = {}

    def grade(
        self,
        submission: Submission,
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Grade:
        """Propose a grade for one submission; never raises on what it holds.

        A submission with a `problem` comes back pending, with the problem as the reason.

        Args:
            submission: what was handed in.
            rubric: what it is judged against.
            item: the item, where its answer is a number, a formula, a choice or a program.
            examples: answers to the same question that a person has graded.
        """
        return next(self.grade_batch([submission], rubric, item=item, examples=examples))

    def grade_batch(
        self,
        submissions: Iterable[Submission],
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Iterator[Grade]:
        """Yield one grade per submission, in their order; memory does not grow with their number.

        Args:
            submissions: a stream; it is read a few dozen ahead.
            rubric: see `grade`.
            item: see `grade`.
            examples: see `grade`.
        """
        stream = iter(submissions)
        while group := list(islice(stream, BATCH)):
            yield from self._grade_group(group, rubric)

    def _grade_group(self, group: Sequence[Submission], rubric: Rubric) -> Iterator[Grade]:
        taken = [take_apart(one.text, rubric.question) for one in group]
        readable = [
            bool(pieces.spans) and not one.problem for one, pieces in zip(group, taken, strict=True)
        ]
        texts = [
            text
            for pieces, wanted in zip(taken, readable, strict=True)
            if wanted
            for text in pieces.texts
        ]
        unique = list(dict.fromkeys(texts))
        rows = {text: row for row, text in enumerate(unique)}
        vectors = self._embed(unique) if unique else np.empty((0, 0), dtype=np.float32)
        for submission, pieces, wanted in zip(group, taken, readable, strict=True):
            if wanted:
                own = vectors[[rows[text] for text in pieces.texts]]
                criteria = self._judge(submission, rubric, pieces, own)
            elif submission.problem:
                criteria = pending(rubric, submission.problem)
            elif pieces.blank:
                criteria = unanswered(rubric)
            else:
                criteria = nothing_own(rubric, COPIED)
            yield Grade(
                submission=submission.id,
                rubric=rubric.id,
                rubric_hash=rubric.digest,
                grader=self.name,
                criteria=criteria,
                flags=_flags(submission, pieces),
            )

    def _judge(
        self, submission: Submission, rubric: Rubric, pieces: Pieces, vectors: Vectors
    ) -> tuple[CriterionGrade, ...]:
        doubts = _doubts(submission, pieces)
        scored = self._scorer.score(pieces.texts, vectors, self._prepare(rubric))
        return tuple(
            propose(
                criterion,
                one,
                span(pieces.text, *pieces.spans[one.best]) if one.best >= 0 else None,
                doubts=doubts,
                options=self._options,
            )
            for criterion, one in zip(rubric.criteria, scored, strict=True)
        )

    def _prepare(self, rubric: Rubric) -> PreparedRubric:
        digest = rubric.digest
        if digest not in self._prepared:
            if len(self._prepared) >= RUBRICS_KEPT:
                self._prepared.pop(next(iter(self._prepared)))
            self._prepared[digest] = prepare(rubric, self._embed, self._wrong_ideas(rubric.id))
        return self._prepared[digest]


def _doubts(submission: Submission, pieces: Pieces) -> list[str]:
    doubts = []
    if submission.hidden:
        doubts.append("The file holds text that a reader would not see.")
    if pieces.unread:
        doubts.append(f"The answer is long: its last {pieces.unread:,} characters were not read.")
    return doubts


def _flags(submission: Submission, pieces: Pieces) -> tuple[str, ...]:
    flags = []
    if submission.problem:
        return (submission.problem,)
    if pieces.blank:
        flags.append(NOTHING_HANDED_IN)
    elif not pieces.spans:
        flags.append(NOTHING_OWN)
    flags += [f"Hidden text: “{found[:200]}”" for found in submission.hidden]
    return tuple(flags)
