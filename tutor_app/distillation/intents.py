"""Train the intent head: multinomial logistic regression, settled by grouped cross-validation."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from safetensors.numpy import save_file
from sklearn.cluster import DBSCAN
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold

from tutor_app.domain.base import Strict, Text
from tutor_app.errors import ContentError
from tutor_app.tutoring.intents import INTENTS, cue_intent, features

STRENGTHS = (5.0, 10.0, 20.0)
FOLDS = 5
# Lines that say nearly the same may not stand in both training and test folds.
SAME = 0.8
# Missing one of these is worse than a false alarm, so they are preferred until this share of the
# other lines is taken for them.
CAUTIOUS = {"unsafe": 0.03, "hostile": 0.025}


class LabelledText(Strict):
    """One line of datasets/intents/*.jsonl."""

    text: str
    intent: Text
    language: str = "en"


def load_labelled(path: Path) -> list[LabelledText]:
    """Load the lines of a file; raises ContentError for a broken line or an unknown intent."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = LabelledText.model_validate_json(line)
        except ValidationError as error:
            raise ContentError(
                f"{path}:{number}: is no labelled text ({error.errors()[0]['msg']}). "
                'Write {"text": ..., "intent": ...}.'
            ) from error
        if row.intent not in INTENTS:
            known = ", ".join(INTENTS)
            raise ContentError(f"{path}:{number}: no intent {row.intent!r}. Use one of: {known}.")
        rows.append(row)
    return rows


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
    vectors = embed_many(texts)
    inputs = np.stack([features(t, v) for t, v in zip(texts, vectors, strict=True)])
    labels = np.array([row.intent for row in rows])
    # chains of lines that are nearer than SAME; a line without such a neighbour is its own group
    chains = DBSCAN(eps=1 - SAME, min_samples=1, metric="cosine")
    groups = chains.fit_predict(vectors)
    tried = [(_out_of_fold(inputs, labels, groups, c), c) for c in STRENGTHS]
    names = list(np.unique(labels))
    best_score, strength, logits = max(
        (
            (f1_score(labels, np.array(names)[out.argmax(axis=1)], average="macro"), c, out)
            for out, c in tried
        ),
        key=lambda entry: entry[0],
    )
    model = _fit(inputs, labels, strength)
    save_head(head, names, model.coef_, model.intercept_ + _raised(logits, labels, texts))
    return float(best_score)


def save_head(
    head: Path, labels: Sequence[str], weight: NDArray[np.float64], bias: NDArray[np.float64]
) -> None:
    """Save a head; weight is (labels, dimensions), bias (labels,)."""
    head.parent.mkdir(parents=True, exist_ok=True)
    # safetensors writes memory as it lies: rows must be contiguous
    arrays = {
        "weight": np.ascontiguousarray(weight, dtype=np.float32),
        "bias": np.ascontiguousarray(bias, dtype=np.float32),
    }
    save_file(arrays, head, metadata={"labels": ",".join(labels)})
    head.chmod(0o644)


def _fit(
    inputs: NDArray[np.float32], labels: NDArray[np.str_], strength: float
) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=500, tol=1e-3).fit(inputs, labels)


def _out_of_fold(
    inputs: NDArray[np.float32],
    labels: NDArray[np.str_],
    groups: NDArray[np.int64],
    strength: float,
) -> NDArray[np.float64]:
    """Return logits (texts, classes) from models that did not see the text or its like."""
    logits = np.empty((len(labels), len(np.unique(labels))))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(inputs, labels, groups):
        logits[test] = _fit(inputs[train], labels[train], strength).decision_function(inputs[test])
    return logits


def _raised(
    logits: NDArray[np.float64], labels: NDArray[np.str_], texts: Sequence[str]
) -> NDArray[np.float64]:
    """Return what to add to the bias so that each cautious intent has its share of alarms."""
    names = list(np.unique(labels))
    added = np.zeros(len(names))
    open_to_head = np.array([not cue_intent(text) for text in texts])
    for name, share in CAUTIOUS.items():
        column = names.index(name)
        others = open_to_head & (labels != name)
        rivals = np.delete(logits, column, axis=1).max(axis=1)
        # how much the intent would have to gain to win each of the other lines
        gaps = np.sort((rivals - logits[:, column])[others])
        added[column] = max(0.0, float(gaps[int(share * len(gaps))]))
    return added
