"""Train the intent head: multinomial logistic regression, regularisation by cross-validation."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from tutor_app.domain.base import Strict, Text
from tutor_app.tutoring.intents import features

STRENGTHS = (2.0, 5.0, 10.0, 20.0)
FOLDS = 5


class LabelledText(Strict):
    """One line of datasets/intents/*.jsonl."""

    text: str
    intent: Text
    language: str = "en"


def load_labelled(path: Path) -> list[LabelledText]:
    """Load the lines of a file; raises pydantic's ValidationError for a broken one."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [LabelledText.model_validate(json.loads(line)) for line in lines if line.strip()]


def train_intent_head(
    embed_many: Callable[[list[str]], NDArray[np.float32]], rows: Sequence[LabelledText], head: Path
) -> float:
    """Train and save the head; returns the cross-validated macro-F1 of the chosen strength.

    Args:
        embed_many: texts to unit vectors, shape (texts, dimensions).
        rows: labelled texts.
        head: where the safetensors file goes.
    """
    texts = [row.text for row in rows]
    inputs = np.stack([features(t, e) for t, e in zip(texts, embed_many(texts), strict=True)])
    search = GridSearchCV(
        LogisticRegression(max_iter=2000),
        {"C": STRENGTHS},
        scoring="f1_macro",
        cv=StratifiedKFold(FOLDS, shuffle=True, random_state=0),
    )
    search.fit(inputs, [row.intent for row in rows])
    best = search.best_estimator_
    head.parent.mkdir(parents=True, exist_ok=True)
    save_file(
        # safetensors writes memory as it lies: rows must be contiguous
        {
            "weight": np.ascontiguousarray(best.coef_, dtype=np.float32),
            "bias": np.ascontiguousarray(best.intercept_, dtype=np.float32),
        },
        head,
        metadata={"labels": ",".join(best.classes_)},
    )
    return float(search.best_score_)
