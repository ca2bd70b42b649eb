"""How many decisions a CPU-second gives, and against encoding every text by itself."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np
import torch

from tutor_app.documents.ideas import Embed
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission
from tutor_app.evaluation.graded_answers import GradedAnswer
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.features import measure, read_answers, read_target
from tutor_app.grading.scoring import AnswerScorer
from tutor_app.retrieval.embedder import SentenceEmbedder

RUNS = 3
_WORDS = (
    "the bulb lights because current flows in a closed path from battery to terminal and heat "
    "makes water turn into gas when energy moves faster than cold particles do near surface"
).split()


@dataclass(frozen=True)
class GradingSpeed:
    """Decisions per CPU-second, one thread, medians of three runs taken in turn.

    Attributes:
        answers: how many were judged each time, one decision each.
        first: the first stage, with questions and references read before.
        cascade: both stages.
        one_by_one: first-stage measures where answer, question and each reference are encoded by
            a call of their own, for each answer.
    """

    answers: int
    first: float
    cascade: float
    one_by_one: float

    @property
    def ratio(self) -> float:
        """How many times faster the first stage is than the loop."""
        return self.first / self.one_by_one

    def __str__(self) -> str:
        """Say it in three lines."""
        return (
            f"{self.answers} answers, decisions per CPU-second on one thread, median of {RUNS}:\n"
            f"first stage {self.first:.0f}, with the cross-encoder where it is unsure "
            f"{self.cascade:.0f}\nencoding every text by itself {self.one_by_one:.0f}: the first "
            f"stage is {self.ratio:.1f} times faster"
        )


def measure_grading_speed(
    first: AnswerScorer,
    cascade: AnswerScorer,
    embedder: SentenceEmbedder,
    answers: Sequence[GradedAnswer],
) -> GradingSpeed:
    """Time the scorer and the loop in turn, so that a busy machine hits all alike.

    Args:
        first: without the second stage.
        cascade: with it.
        embedder: the encoder both use.
        answers: what is judged; questions and references are read before the clock starts.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in answers:
        groups.setdefault((one.question, one.references), []).append(one.answer)

    def batched(scorer: AnswerScorer) -> Callable[[], None]:
        def run() -> None:
            # several questions are read in one go, as a batch is graded
            said = read_answers(
                embedder.embed_array, [text for texts in groups.values() for text in texts]
            )
            start = 0
            for (question, references), texts in groups.items():
                rows = np.arange(start, start + len(texts))
                start += len(texts)
                scorer.judge(scorer.target(question, references), said[rows])

        return run

    def one_by_one() -> None:
        for (question, references), texts in groups.items():
            for text in texts:
                target = read_target(_alone(embedder), question, references)
                measure(target, read_answers(_alone(embedder), [text]))

    runs = {"first": batched(first), "cascade": batched(cascade), "loop": one_by_one}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        batched(cascade)()
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(RUNS):
            for name, run in runs.items():
                started = time.process_time()
                run()
                times[name].append(time.process_time() - started)
    finally:
        torch.set_num_threads(threads)
    rates = {name: len(answers) / median(some) for name, some in times.items()}
    return GradingSpeed(len(answers), rates["first"], rates["cascade"], rates["loop"])


def measure_criteria_speed(
    graders: Mapping[str, AnyGrader], batches: Sequence[tuple[Rubric, Sequence[Submission]]]
) -> dict[str, float]:
    """Return criterion decisions per CPU-second of whole graders, one thread, medians of three.

    Args:
        graders: by name; each grades everything once before the clock starts.
        batches: submissions by their rubric.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    times: dict[str, list[float]] = {name: [] for name in graders}
    decisions = sum(len(rubric.criteria) * len(some) for rubric, some in batches)
    try:
        for turn in range(RUNS + 1):
            for name, grader in graders.items():
                started = time.process_time()
                for rubric, some in batches:
                    for _ in grader.grade_batch(some, rubric):
                        pass
                if turn:
                    times[name].append(time.process_time() - started)
    finally:
        torch.set_num_threads(threads)
    return {name: decisions / median(some) for name, some in times.items()}


def made_up_answers(count: int, questions: int = 4, references: int = 4) -> list[GradedAnswer]:
    """Return answers of 6 to 18 words to a few questions, for timing only; always the same."""
    draw = random.Random(0)

    def sentence() -> str:
        return " ".join(draw.choices(_WORDS, k=draw.randint(6, 18)))

    asked = [
        (f"q{n}", sentence(), tuple(sentence() for _ in range(references)))
        for n in range(questions)
    ]
    return [
        GradedAnswer(n, *asked[n % questions], str(n), sentence(), 0, None, float("nan"))
        for n in range(count)
    ]


def _alone(embedder: SentenceEmbedder) -> Embed:
    return lambda texts: np.stack([embedder.embed_array([text])[0] for text in texts])
