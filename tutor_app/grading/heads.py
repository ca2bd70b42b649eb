"""Linear heads over numbers, kept as plain arrays in safetensors."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from tutor_app.errors import ModelError
from tutor_app.grading.judged import CLASSES

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """A linear layer to the log-odds of the classes.

    Attributes:
        weight: (3, inputs).
        bias: (3,).
    """

    weight: Numbers
    bias: Numbers

    def log_odds(self, inputs: NDArray[np.floating]) -> Numbers:
        """Return log-odds whose mean over the classes is 0, shape (rows, 3)."""
        made: Numbers = inputs.astype(np.float64) @ self.weight.T + self.bias
        return np.asarray(made - made.mean(axis=1, keepdims=True))


def softmax(log_odds: Numbers) -> Numbers:
    """Return probabilities along the last axis."""
    shifted = np.exp(log_odds - log_odds.max(axis=-1, keepdims=True))
    made: Numbers = shifted / shifted.sum(axis=-1, keepdims=True)
    return made


def save_heads(heads: Mapping[str, Head], extra: Mapping[str, Numbers], path: Path) -> None:
    """Save heads and further arrays as safetensors, float32."""
    arrays = {name: np.ascontiguousarray(value, dtype=np.float32) for name, value in extra.items()}
    for name, head in heads.items():
        arrays[f"{name}.weight"] = np.ascontiguousarray(head.weight, dtype=np.float32)
        arrays[f"{name}.bias"] = np.ascontiguousarray(head.bias, dtype=np.float32)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(arrays, path)
    path.chmod(0o644)


def load_heads(path: Path) -> tuple[dict[str, Head], dict[str, Numbers]]:
    """Load what `save_heads` saved; raises ModelError for anything else."""
    try:
        arrays = {name: value.astype(np.float64) for name, value in load_file(path).items()}
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"{path}: cannot be read ({error}). Run: tutor grader train, or take the file anew."
        ) from error
    names = [name.removesuffix(".weight") for name in arrays if name.endswith(".weight")]
    try:
        heads = {
            name: Head(arrays.pop(f"{name}.weight"), arrays.pop(f"{name}.bias")) for name in names
        }
    except KeyError as error:
        raise ModelError(f"{path}: has no {error}. Run: tutor grader train.") from error
    for name, head in heads.items():
        if head.bias.shape != (len(CLASSES),) or head.weight.shape[:-1] != (len(CLASSES),):
            raise ModelError(
                f"{path}: head {name!r} has shape {head.weight.shape}, not {len(CLASSES)} rows. "
                "Run: tutor grader train."
            )
    return heads, arrays
