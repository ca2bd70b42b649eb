"""From measures to chances: does an answer earn something of a criterion, does it earn all?

Two questions ("some": more than a quarter of the points; "full": more than three quarters), each
answered by a linear head and boosted trees, and put together by a third head that was fitted on
answers whose rubrics the two had not seen. Where the cross-encoder has read the answer, a last head
puts what it says beside that. Steps between are read off the line between the two,
in log-odds: cumulative logits with a common slope (McCullagh, 1980).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from tutor_app.errors import ModelError
from tutor_app.grading.criterion_measures import MEASURES
from tutor_app.grading.criterion_pairs import PAIR_MEASURES
from tutor_app.grading.trees import Trees

Array = NDArray[np.float64]
MODEL = "model.safetensors"
STEPS = ("some", "full")
SHARES = (0.25, 0.75)
_RETRAIN = "Take the file anew, or run: tutor grader train-criteria."


@dataclass(frozen=True)
class Step:
    """The heads of one question.

    Attributes:
        centre, scale: of the measures, (measures,).
        weight, bias: linear head over standardised measures; log-odds.
        trees: boosted trees over the measures as they are.
        blend: weights of both log-odds and a constant, (3,).
        second: weights of the calibrated log-odds, the pair measures and a constant,
            (1 + len(PAIR_MEASURES) + 1,); empty where no cross-encoder was there.
    """

    centre: Array
    scale: Array
    weight: Array
    bias: float
    trees: Trees
    blend: Array
    second: Array

    def parts(self, values: Array) -> Array:
        """Return the log-odds of the two heads, (rows, 2), for measures (rows, measures)."""
        linear = ((values - self.centre) / self.scale) @ self.weight + self.bias
        return np.column_stack([linear, self.trees.log_odds(values)])

    def log_odds(self, values: Array) -> Array:
        """Return calibrated log-odds, (rows,)."""
        made: Array = self.parts(values) @ self.blend[:2] + self.blend[2]
        return made

    def with_pairs(self, log_odds: Array, pairs: Array) -> Array:
        """Return log-odds, (rows,), with what the cross-encoder says, (rows, PAIR_MEASURES)."""
        made: Array = np.column_stack([log_odds, pairs]) @ self.second[:-1] + self.second[-1]
        return made


@dataclass(frozen=True)
class CriterionModel:
    """Both steps; `name` tells the weights apart."""

    steps: Mapping[str, Step]
    name: str = "unsaved"

    def log_odds(self, values: Array, pairs: Array | None = None) -> Array:
        """Return the log-odds of "some" and "full", (rows, 2); the second never above the first.

        Args:
            values: measures, (rows, len(MEASURES)).
            pairs: pair measures, (rows, len(PAIR_MEASURES)); rows of NaN where there are none.
        """
        some, full = (self._step(name, values, pairs) for name in STEPS)
        return np.column_stack([np.maximum(some, full), full])

    def _step(self, name: str, values: Array, pairs: Array | None) -> Array:
        step = self.steps[name]
        alone = step.log_odds(values)
        if pairs is None or not len(step.second):
            return alone
        asked = np.isfinite(pairs[:, 0])
        alone[asked] = step.with_pairs(alone[asked], pairs[asked])
        return alone


def distribution(log_odds: Array, shares: Sequence[float]) -> Array:
    """Return the probability of each possible share of the points.

    Args:
        log_odds: of "some" and "full", (2,).
        shares: what is possible, in [0, 1], best first; at least two.
    """
    middles = (np.asarray(shares[:-1]) + np.asarray(shares[1:])) / 2
    if len(shares) == 2:
        at = np.array([log_odds[1]])
    else:
        place = (middles - SHARES[0]) / (SHARES[1] - SHARES[0])
        at = log_odds[0] + place * (log_odds[1] - log_odds[0])
    reached = np.concatenate([[0.0], 1 / (1 + np.exp(-at)), [1.0]])
    return np.diff(reached)


def save_model(model: CriterionModel, path: Path) -> None:
    """Save a model as safetensors."""
    arrays: dict[str, NDArray[Any]] = {}
    for name, step in model.steps.items():
        arrays |= {
            f"{name}.{field}": np.ascontiguousarray(getattr(step, field), dtype=np.float64)
            for field in ("centre", "scale", "weight", "blend", "second")
        }
        arrays |= {f"{name}.bias": np.array([step.bias])} | step.trees.dump(f"{name}.trees")
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"measures": "|".join(MEASURES), "pair measures": "|".join(PAIR_MEASURES)}
    save_file(arrays, path, metadata=about)
    path.chmod(0o644)


def load_model(path: Path) -> CriterionModel:
    """Load what `save_model` saved; raises ModelError for anything else."""
    try:
        content = path.read_bytes()
        arrays = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{path}: cannot be read ({error}). {_RETRAIN}") from error
    try:
        steps = {name: _step(arrays, name) for name in STEPS}
    except KeyError as error:
        raise ModelError(f"{path}: has no {error}. {_RETRAIN}") from error
    if any(step.weight.shape != (len(MEASURES),) for step in steps.values()):
        shape = steps[STEPS[0]].weight.shape
        raise ModelError(
            f"{path}: was trained on {shape} measures, not {len(MEASURES)}. {_RETRAIN}"
        )
    return CriterionModel(steps, f"{path.parent.name}:{sha256(content).hexdigest()[:12]}")


def _step(arrays: Mapping[str, NDArray[Any]], name: str) -> Step:
    return Step(
        centre=arrays[f"{name}.centre"],
        scale=arrays[f"{name}.scale"],
        weight=arrays[f"{name}.weight"],
        bias=float(arrays[f"{name}.bias"][0]),
        trees=Trees.load(arrays, f"{name}.trees"),
        blend=arrays[f"{name}.blend"],
        second=arrays[f"{name}.second"],
    )
