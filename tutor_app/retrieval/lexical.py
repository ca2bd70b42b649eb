"""Rank passages by shared words (BM25)."""

import re
from collections.abc import Sequence

import bm25s
import numpy as np
from numpy.typing import NDArray

# No list of stop words: rare words weigh more by themselves, in every language.
_WORD = re.compile(r"[^\W_]{2,}")
# The usual choice for short passages of similar length (Anserini's default).
_K1, _B = 0.9, 0.4


class LexicalIndex:
    """BM25 (Robertson & Zaragoza 2009) over a fixed list of texts."""

    def __init__(self, texts: Sequence[str]):
        self._size = len(texts)
        self._bm25 = bm25s.BM25(k1=_K1, b=_B)
        if texts:
            # An empty list of words would be no document to bm25s.
            self._bm25.index([_words(text) or [""] for text in texts], show_progress=False)

    def scores(self, query: str) -> NDArray[np.float32]:
        """Return one score per text, shape (texts,); 0 where no word is shared."""
        known = [word for word in _words(query) if self._size and word in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._size, dtype=np.float32)
        scores: NDArray[np.float32] = self._bm25.get_scores(known)
        return scores


def _words(text: str) -> list[str]:
    return [_singular(word) for word in _WORD.findall(text.casefold())]


def _singular(word: str) -> str:
    """Cut an English plural (the S-stemmer, Harman 1991)."""
    if word.endswith("ies") and not word.endswith(("eies", "aies")) and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and not word.endswith(("aes", "ees", "oes")):
        return word[:-1]
    if word.endswith("s") and not word.endswith(("us", "ss")):
        return word[:-1]
    return word
