"""The second stage: MiniLM fine-tuned to read a right answer and an answer together, as ONNX."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tutor_app.errors import ModelError
from tutor_app.grading.pair_tokens import pack, pair_tokenizer

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

# Lengths are sorted first, so a batch is padded little.
BATCH = 32

Numbers = NDArray[np.float64]


class CrossEncoder:
    """Reads pairs; the network is loaded by the first call. One thread per instance.

    Attributes:
        name: tells its weights from others.
    """

    def __init__(self, path: Path, tokenizer_folder: Path, name: str = ""):
        """Take the ONNX file, the folder with MiniLM's tokenizer.json, and a name."""
        self.name = name
        self._path = path
        self._folder = tokenizer_folder
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None

    def __call__(self, pairs: Sequence[tuple[str, str]]) -> tuple[Numbers, Numbers]:
        """Return log-odds (pairs, 3) and comparison vectors (pairs, dimensions).

        Args:
            pairs: (right answer, answer).

        Raises:
            ModelError: the network cannot be loaded.
        """
        if not pairs:
            return np.zeros((0, 3)), np.zeros((0, 1))
        session, tokenizer = self._load()
        encoded = tokenizer.encode_batch(list(pairs))
        order = sorted(range(len(pairs)), key=lambda i: len(encoded[i].ids))
        made: list[tuple[Numbers, Numbers]] = []
        for start in range(0, len(order), BATCH):
            ids, mask, kinds = pack([encoded[i] for i in order[start : start + BATCH]])
            log_odds, vectors = session.run(None, {"ids": ids, "mask": mask, "kinds": kinds})
            made.append((log_odds.astype(np.float64), vectors.astype(np.float64)))
        back = np.argsort(order)
        return (
            np.concatenate([one for one, _ in made])[back],
            np.concatenate([other for _, other in made])[back],
        )

    def _load(self) -> "tuple[InferenceSession, Tokenizer]":
        if self._loaded is None:
            import onnxruntime
            from onnxruntime.capi import onnxruntime_pybind11_state as errors

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            try:
                session = onnxruntime.InferenceSession(
                    str(self._path), options, providers=["CPUExecutionProvider"]
                )
            except (errors.Fail, errors.InvalidProtobuf, errors.NoSuchFile) as error:
                raise ModelError(
                    f"{self._path}: cannot be loaded ({error}). Take the file anew."
                ) from error
            self._loaded = session, pair_tokenizer(self._folder)
        return self._loaded
