"""Token ids of pairs, padded to one length, for the cross-encoder."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 96


def pair_tokenizer(folder: Path) -> Tokenizer:
    """Return MiniLM's tokenizer, set to cut pairs to MAX_TOKENS, the longer half first."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
    tokenizer.no_padding()
    return tokenizer


def pack(encoded: Sequence[Encoding]) -> tuple[NDArray[np.int64], ...]:
    """Return ids, mask (1 for what is no padding) and half (0 or 1), each (pairs, tokens)."""
    width = max(len(one.ids) for one in encoded)
    made = tuple(np.zeros((len(encoded), width), dtype=np.int64) for _ in range(3))
    for row, one in enumerate(encoded):
        for array, part in zip(made, (one.ids, one.attention_mask, one.type_ids), strict=True):
            array[row, : len(part)] = part
    return made
