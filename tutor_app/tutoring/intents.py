"""The intent of plain words: cues that settle it, else a linear head over the sentence."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from tutor_app.documents.wording import fold
from tutor_app.errors import ModelError

INTENTS = (
    "attempt",
    "asks_answer",
    "no_attempt",
    "stuck",
    "asks_term",
    "asks_why",
    "asks_course",
    "disputes",
    "done",
    "social",
    "off_topic",
    "unsafe",
    "hostile",
)
BUCKETS = 2048
LETTERS = (3, 4)
MAX_CHARACTERS = 400
MAX_TONE_WORDS = 14
# Under this probability "unsafe" needs a word of worry beside it, for its bias is raised.
UNSAFE_FLOOR = 0.65
CUES = Path(__file__).with_name("intent_cues.toml")
_RAISED = ("unsafe", "hostile")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class Intent:
    """One of INTENTS with its probability; 1.0 where a cue settled it.

    `runner_up` is the next likely one among those whose bias is not raised, for a listener who
    has reason to doubt the first.
    """

    name: str
    confidence: float
    runner_up: str = ""


class IntentClassifier:
    """Softmax over `weight @ features + bias`, after the cues.

    `weight` is (classes, dimensions), float32; the bias of "unsafe" and "hostile" is raised in
    training, because missing one of them is worse than a false alarm.
    """

    def __init__(self, embed: Callable[[str], Vector], head: Path):
        self._embed = embed
        try:
            with safe_open(head, framework="numpy") as file:
                self._labels = tuple((file.metadata() or {})["labels"].split(","))
                self._weight = file.get_tensor("weight")
                self._bias = file.get_tensor("bias")
        except (OSError, KeyError, SafetensorError) as error:
            raise ModelError(
                f"intent classifier: {head} cannot be loaded ({error}). "
                "Train it with `tutor evaluate intents --train`."
            ) from None

    def __call__(self, text: str) -> Intent:
        """Classify one utterance; raises ModelError for an embedder of other dimensions."""
        ranked = self._ranked(text)
        name, confidence = ranked[0]
        if settled := cue_intent(text):
            name, confidence = settled, 1.0
        elif name == "unsafe" and confidence < UNSAFE_FLOOR and not worries(text):
            name, confidence = ranked[1]
        others = (other for other, _ in ranked if other not in (name, *_RAISED))
        return Intent(name, confidence, next(others, ""))

    def _ranked(self, text: str) -> list[tuple[str, float]]:
        """Return every label with its probability, likeliest first."""
        inputs = features(text, self._embed(text))
        if len(inputs) != self._weight.shape[1]:
            raise ModelError(
                f"intent classifier: the embedder gives {len(inputs) - BUCKETS} dimensions, the "
                f"head wants {self._weight.shape[1] - BUCKETS}. "
                "Train it for this embedder with `tutor evaluate intents --train`."
            )
        logits = self._weight @ inputs + self._bias
        weights = np.exp(logits - logits.max())
        shares = weights / weights.sum()
        return [(self._labels[n], float(shares[n])) for n in np.argsort(-shares, kind="stable")]


def cue_intent(text: str) -> str:
    """Return the intent that a cue settles, or ""."""
    folded = fold(text)
    return next((intent for intent, cue in _listening()[0] if cue.search(folded)), "")


def worries(text: str) -> bool:
    """Tell whether a word of danger or despair stands in the text; alone it proves nothing."""
    return bool(_listening()[1].search(fold(text)))


def tone(text: str) -> str:
    """Return "frustrated" or "thanks" where a short line says so in plain words, else ""."""
    if len(text.split()) > MAX_TONE_WORDS:
        return ""
    folded = fold(text)
    return next((name for name, cue in _listening()[2] if cue.search(folded)), "")


def features(text: str, embedding: Vector) -> Vector:
    """Return the embedding next to hashed counts of the text's surface, float32.

    Words, word pairs and groups of three and four letters are counted into 2,048 buckets, damped
    by a square root and scaled to length one (hashing trick: Weinberger et al., 2009). They carry
    what the encoder blurs: question words, slips, other languages. Every number is one word.
    """
    counts = np.zeros(BUCKETS, dtype=np.float32)
    for gram in _grams(text[:MAX_CHARACTERS]):
        counts[crc32(gram.encode("utf-8", "replace")) % BUCKETS] += 1
    counts = np.sqrt(counts)
    return np.concatenate([embedding, counts / max(float(np.linalg.norm(counts)), 1e-9)])


def _grams(text: str) -> Iterator[str]:
    words = ["0" if word[0].isdigit() else word for word in _TOKEN.findall(fold(text))]
    yield from (f"w {word}" for word in words)
    for first, second in zip(["^", *words], [*words, "$"], strict=True):
        yield f"p {first} {second}"
    for word in words:
        edged = f" {word} "
        for size in LETTERS:
            yield from (edged[i : i + size] for i in range(len(edged) - size + 1))


_Cues = tuple[tuple[str, re.Pattern[str]], ...]


@cache
def _listening() -> tuple[_Cues, re.Pattern[str], _Cues]:
    """Return the cues of intents, the words of worry, and the cues of tones."""
    data = tomllib.loads(CUES.read_text(encoding="utf-8"))
    groups = {name: _joined(pattern) for name, pattern in data["groups"].items()}
    cues = []
    for cue in data["cues"]:
        if "phrase" in cue:
            pattern = _joined(cue["phrase"])
        else:
            first, second = (rf"\b(?:{groups[name]})(?!\w)" for name in cue["near"])
            gap = rf"\W+(?:\w+\W+){{0,{cue['within']}}}?"
            pattern = f"{first}{gap}{second}|{second}{gap}{first}"
        cues.append((cue["intent"], re.compile(pattern)))
    worry = re.compile(rf"\b(?:{groups['worry']})(?!\w)")
    tones = tuple((one["tone"], re.compile(_joined(one["phrase"]))) for one in data["tones"])
    return tuple(cues), worry, tones


def _joined(pattern: str) -> str:
    return re.sub(r"\n\s*", "", pattern)
