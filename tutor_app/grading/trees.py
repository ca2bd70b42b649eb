"""Small boosted trees as plain arrays: no pickle, and the same numbers as the library's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FIELDS = ("feature", "threshold", "left", "right", "value")


@dataclass(frozen=True)
class Trees:
    """Boosted trees; every array but `start` has the shape (trees, nodes).

    Attributes:
        feature: which input a node looks at; below 0 in a leaf.
        threshold: inputs up to it (compared as float32) go left.
        left, right: places of the children.
        value: what a leaf adds to the log-odds, the learning rate included.
        start: log-odds before any tree.
    """

    feature: NDArray[np.int64]
    threshold: Array
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Array
    start: float

    @classmethod
    def of(cls, model: Any) -> "Trees":
        """Take over a fitted sklearn GradientBoostingClassifier for two classes."""
        trees = [one.tree_ for one in model.estimators_[:, 0]]
        nodes = max(tree.node_count for tree in trees)

        def padded(values: Any, fill: float) -> Any:
            rows = [np.pad(v, (0, nodes - len(v)), constant_values=fill) for v in values]
            return np.stack(rows)

        share = float(model.init_.class_prior_[1])
        return cls(
            feature=padded([tree.feature for tree in trees], -2).astype(np.int64),
            threshold=padded([tree.threshold for tree in trees], 0).astype(np.float64),
            left=padded([tree.children_left for tree in trees], -1).astype(np.int64),
            right=padded([tree.children_right for tree in trees], -1).astype(np.int64),
            value=model.learning_rate * padded([tree.value[:, 0, 0] for tree in trees], 0),
            start=float(np.log(share / (1 - share))),
        )

    @classmethod
    def load(cls, arrays: Mapping[str, NDArray[Any]], name: str) -> "Trees":
        """Take them from arrays as `dump` names them; raises KeyError."""
        fields = {field: arrays[f"{name}.{field}"] for field in FIELDS}
        return cls(**fields, start=float(arrays[f"{name}.start"][0]))

    def dump(self, name: str) -> dict[str, NDArray[Any]]:
        """Return the arrays with their names."""
        made: dict[str, NDArray[Any]] = {
            f"{name}.{field}": np.ascontiguousarray(getattr(self, field)) for field in FIELDS
        }
        return made | {f"{name}.start": np.array([self.start])}

    def log_odds(self, inputs: Array) -> Array:
        """Return one log-odds per row of inputs (rows, measures)."""
        inputs = inputs.astype(np.float32)
        rows = np.arange(len(inputs))[:, None]
        trees = np.arange(len(self.feature))[None, :]
        node = np.zeros((len(inputs), len(self.feature)), dtype=np.int64)
        while True:
            feature = self.feature[trees, node]
            inner = feature >= 0
            if not inner.any():
                break
            goes_left = inputs[rows, np.maximum(feature, 0)] <= self.threshold[trees, node]
            child = np.where(goes_left, self.left[trees, node], self.right[trees, node])
            node = np.where(inner, child, node)
        made: Array = self.start + self.value[trees, node].sum(axis=1)
        return made
