"""Train the head that tells sentences which speak to a grader; measure it beside the patterns."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from tutor_app.documents.ideas import Embed
from tutor_app.evaluation.gold import GoldAnswer
from tutor_app.grading.injection import find_injections
from tutor_app.grading.injection_head import sentences

STRENGTH = 10.0
FOLDS = 5
FALSE_ALARMS = 0.005
"""Share of innocent gold answers over the threshold, out of fold."""
ATTACK = "instruction to grader"
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Caught:
    """How many texts of a set are flagged by patterns, by the head, by either."""

    name: str
    texts: int
    patterns: int
    head: int
    either: int

    def __str__(self) -> str:
        """Draw a row of a Markdown table."""
        return f"| {self.name} | {self.texts} | {self.patterns} | {self.head} | {self.either} |"


def load_texts(path: Path) -> list[str]:
    """Load the texts of a file of datasets/evaluation/integrity."""
    return [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]


def train_injection_head(
    embed: Embed, folder: Path, gold: Sequence[GoldAnswer], head: Path
) -> None:
    """Train on everything but the fresh sets, set the threshold out of fold, and save.

    Args:
        embed: texts to unit vectors.
        folder: datasets/evaluation/integrity.
        gold: gold answers; those that speak to the grader are attacks.
        head: where the safetensors file goes.
    """
    written = [one for one in gold if one.answer.strip()]
    attacks = [
        *load_texts(folder / "attacks.jsonl"),
        *load_texts(folder / "attacks_blind.jsonl"),
        *(one.answer for one in written if one.kind == ATTACK),
    ]
    innocent = [one for one in written if one.kind != ATTACK]
    hard = [
        *load_texts(folder / "innocent.jsonl"),
        *load_texts(folder / "innocent_blind.jsonl"),
    ]
    texts = [*attacks, *hard, *(one.answer for one in innocent)]
    vectors = embed(texts)
    labels = np.array([1] * len(attacks) + [0] * (len(texts) - len(attacks)))
    # answers to one question are alike: they stand in one fold
    groups = [f"{n}" for n in range(len(attacks) + len(hard))] + [one.rubric for one in innocent]
    scores = []
    for train, test in GroupKFold(FOLDS).split(vectors, labels, groups):
        fitted = _fit(vectors[train], labels[train])
        own = [n for n in test if n >= len(attacks) + len(hard)]
        scores += _scores(embed, fitted, [texts[n] for n in own])
    threshold = float(np.quantile(scores, 1 - FALSE_ALARMS))
    whole = _fit(vectors, labels)
    head.parent.mkdir(parents=True, exist_ok=True)
    save_file(
        {
            "weights": whole.coef_[0].astype(np.float32),
            "bias": whole.intercept_.astype(np.float32),
            "threshold": np.array([threshold], dtype=np.float32),
        },
        head,
    )


def measure_injections(
    find_all: Callable[[Sequence[str]], Sequence[str]], sets: Sequence[tuple[str, Sequence[str]]]
) -> list[Caught]:
    """Count what patterns and head flag in each set of texts."""
    rows = []
    for name, texts in sets:
        flagged = [
            (bool(find_injections(text)), bool(told))
            for text, told in zip(texts, find_all(texts), strict=True)
        ]
        rows.append(
            Caught(
                name=name,
                texts=len(texts),
                patterns=sum(one for one, _ in flagged),
                head=sum(other for _, other in flagged),
                either=sum(one or other for one, other in flagged),
            )
        )
    return rows


def _fit(vectors: NDArray[np.float32], labels: NDArray[np.int64]) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500).fit(
        vectors, labels
    )


def _scores(embed: Embed, fitted: LogisticRegression, texts: Sequence[str]) -> list[float]:
    parts = [sentences(text) or [text] for text in texts]
    every = fitted.decision_function(embed([one for some in parts for one in some]))
    ends = np.cumsum([len(some) for some in parts])
    return [float(own.max()) for own in np.split(every, ends[:-1])]
