"""The grader: proposes a level, points, a quote and a confidence for each criterion.

    grader = build_grader(settings)                     # factory
    grade = grader.grade(submission, rubric)            # one
    for grade in grader.grade_batch(stream, rubric): ...

It proposes; instructors decide. A total is summed by `Rubric.total`, never by a model. Nothing is
graded by accident: what could not be read, and answers in a language that the encoder does not
know, come back pending (no score) with the reason.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from tutor_app.documents.ideas import Encoder
from tutor_app.domain.grade import CriterionGrade, Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.grading.adaptation import FEWEST, MOST, Adaptation
from tutor_app.grading.by_answer import decides, grade_by_answer
from tutor_app.grading.criteria import CriterionScorer, Read, Scored, read
from tutor_app.grading.criterion_measures import beside_the_question
from tutor_app.grading.criterion_model import CriterionModel
from tutor_app.grading.criterion_pairs import ReadPairs
from tutor_app.grading.doubt import DEFAULT_OPTIONS, DoubtOptions, propose
from tutor_app.grading.evidence import span
from tutor_app.grading.integrity import with_signs
from tutor_app.grading.language import other_language
from tutor_app.grading.pieces import Pieces, take_apart
from tutor_app.grading.prepared import PreparedRubric, WrongIdeas, prepare
from tutor_app.grading.unread import (
    NOTHING_HANDED_IN,
    NOTHING_OWN,
    NOTHING_READ,
    is_the_question,
    nothing_own,
    only_the_question,
    pending,
    unanswered,
)
from tutor_app.grading.wavering import wavering

BATCH = 32
"""Submissions whose pieces are encoded together."""
RUBRICS_KEPT = 64
COPIED = 0.95
"""How sure it is that a copied question earns nothing; on the gold answers it never did."""
BESIDE = (
    "Hardly anything in it speaks of the question, or it is spelt so that nothing was recognised."
)
OTHER_ENCODER = "Another encoder is in use than the one that the confidence was measured with."


class Grader:
    """Grades criterion by criterion with a small encoder; no network, no generated text.

    Attributes:
        name: "grader-0.2:" and the digest of everything but the rubric that can change a grade.
    """

    def __init__(
        self,
        encoder: Encoder,
        model: CriterionModel,
        pairs: ReadPairs | None = None,
        *,
        other_encoder: bool = False,
        wrong_ideas: WrongIdeas = lambda rubric_id: (),
        options: DoubtOptions = DEFAULT_OPTIONS,
    ):
        """Take what the grader stands on.

        Args:
            encoder: what gives vectors.
            model: measures of a criterion to chances.
            pairs: the cross-encoder that the model was trained beside; the measures alone without.
            other_encoder: it is not the bundled one: it may know other languages, so they are
                graded too, but every grade is for review.
            wrong_ideas: rubric id to sentences that voice known misconceptions.
            options: when a person has to look.
        """
        self._encoder = encoder
        self._scorer = CriterionScorer(model, pairs)
        self._options = options
        self._other_encoder = other_encoder
        stands_on = f"{encoder.name}|{self._scorer.name}|{other_encoder}|{options!r}"
        self.name = f"grader-0.2:{hashlib.sha256(stands_on.encode()).hexdigest()[:12]}"
        self._wrong_ideas = wrong_ideas
        self._prepared: dict[str, PreparedRubric] = {}
        self._learnt: tuple[str, tuple[GradedExample, ...], dict[str, Adaptation]] | None = None

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

        Raises:
            ContentError: the item cannot be computed.
            ModelError: the encoder cannot be loaded.
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
            submissions: a stream; it is read 32 ahead.
            rubric: see `grade`.
            item: see `grade`.
            examples: see `grade`.
        """
        digest, stream = rubric.digest, iter(submissions)
        adaptations: dict[str, Adaptation] | None = None
        while group := list(islice(stream, BATCH)):
            if item is not None and decides(item):
                judged = [_by_answer(one, rubric, item) for one in group]
            else:
                if adaptations is None:
                    adaptations = self._learn(rubric, examples)
                judged = self._by_criteria(group, rubric, adaptations)
            for submission, (criteria, flags) in zip(group, judged, strict=True):
                grade = Grade(
                    submission=submission.id,
                    rubric=rubric.id,
                    rubric_hash=digest,
                    grader=self.name,
                    criteria=criteria,
                    flags=flags,
                )
                yield with_signs(grade, submission, rubric)

    def _learn(self, rubric: Rubric, examples: Sequence[GradedExample]) -> dict[str, Adaptation]:
        """Return what the graded answers say; nothing where there are fewer than five."""
        if len(examples) < FEWEST:
            return {}
        some = tuple(examples[-MOST:])
        # a batch comes page by page, always with the same examples
        if self._learnt and self._learnt[:2] == (rubric.digest, some):
            return self._learnt[2]
        prepared = self._prepare(rubric)
        taken = [
            (example, texts)
            for example in some
            if (texts := take_apart(example.text, rubric.question).texts)
        ]
        answers = read([(example.text, texts) for example, texts in taken], prepared, self._encoder)
        known = [(example, one) for (example, _), one in zip(taken, answers, strict=True)]
        learnt = self._scorer.learn(known, prepared)
        self._learnt = (rubric.digest, some, learnt)
        return learnt

    def _by_criteria(
        self,
        group: Sequence[Submission],
        rubric: Rubric,
        adaptations: Mapping[str, Adaptation],
    ) -> "list[_Judged]":
        judged = [_without_model(one, rubric) for one in group]
        taken = {
            place: take_apart(one.text, rubric.question)
            for place, one in enumerate(group)
            if judged[place] is None
        }
        for place, pieces in taken.items():
            submission = group[place]
            if not pieces.spans and pieces.repeated:
                judged[place] = (nothing_own(rubric, COPIED), (NOTHING_OWN,))
            elif not self._other_encoder and (
                language := other_language(submission.text, submission.language)
            ):
                judged[place] = (pending(rubric, unknown_language(language)), ())
            elif not pieces.spans:
                judged[place] = (pending(rubric, NOTHING_READ), (NOTHING_READ,))
        open_ones = {n: pieces for n, pieces in taken.items() if judged[n] is None}
        if open_ones:
            made = self._by_model(list(open_ones.values()), rubric, adaptations)
            for place, criteria in zip(open_ones, made, strict=True):
                judged[place] = (criteria, ())
        return [one for one in judged if one is not None]

    def _by_model(
        self, taken: Sequence[Pieces], rubric: Rubric, adaptations: Mapping[str, Adaptation]
    ) -> list[tuple[CriterionGrade, ...]]:
        prepared = self._prepare(rubric)
        answers = read([(one.text, one.texts) for one in taken], prepared, self._encoder)
        scored = self._scorer.score(answers, prepared, adaptations)
        return [
            self._propose(prepared, pieces, answer, some)
            for pieces, answer, some in zip(taken, answers, scored, strict=True)
        ]

    def _propose(
        self, prepared: PreparedRubric, pieces: Pieces, answer: Read, scored: Sequence[Scored]
    ) -> tuple[CriterionGrade, ...]:
        rubric = prepared.rubric
        doubts = [OTHER_ENCODER] if self._other_encoder else []
        if pieces.unread:
            doubts.append(f"It is long: the last {pieces.unread:,} characters were not compared.")
        if beside_the_question(answer.vectors, prepared):
            doubts.append(BESIDE)
        doubts += wavering(pieces.text, rubric)
        return tuple(
            propose(
                criterion,
                one,
                span(pieces.text, *pieces.to_show(one.best)),
                passages=prepared.passages[criterion.id],
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
            self._prepared[digest] = prepare(
                rubric,
                self._encoder.embed_array,
                self._wrong_ideas(rubric.id),
                respell=not self._other_encoder,
            )
        return self._prepared[digest]


_Judged = tuple[tuple[CriterionGrade, ...], tuple[str, ...]]


def unknown_language(language: str) -> str:
    """Say that an answer waits for a person because of its language."""
    return (
        f"The answer seems to be in another language ({language}), which the encoder does not know."
    )


def _without_model(submission: Submission, rubric: Rubric) -> _Judged | None:
    if submission.problem:
        return pending(rubric, submission.problem), (submission.problem,)
    if not submission.text.strip():
        return unanswered(rubric), (NOTHING_HANDED_IN,)
    if is_the_question(submission.text, rubric.question):
        return only_the_question(rubric), (NOTHING_OWN,)
    return None


def _by_answer(submission: Submission, rubric: Rubric, item: Item) -> _Judged:
    return _without_model(submission, rubric) or (
        grade_by_answer(submission.text, rubric, item),
        (),
    )
