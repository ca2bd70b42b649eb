"""The same model in transformers and in the fast engine: speed, size, and whether they agree."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import numpy as np
from langchain_core.messages import BaseMessage, HumanMessage
from numpy.typing import NDArray

REPLY_TOKENS = 41
CANDIDATES = 3
TIMED_PROMPTS = 10

_Times = tuple[float, float, float]


class Engine(Protocol):
    """What `LocalChatModel` and `FastChatModel` have in common."""

    def prompt(self, messages: Sequence[BaseMessage]) -> list[int]:
        """Return the token ids of the prompt."""

    def continue_greedily(self, prompt: Sequence[int], most: int, least: int = 0) -> list[int]:
        """Return the likeliest continuation."""

    def log_probabilities(self, prompt: Sequence[int], reply: Sequence[int]) -> NDArray[np.float64]:
        """Return the natural-log probability of each token of a reply."""

    def generate(self, messages: list[list[BaseMessage]], *, n: int) -> Any:
        """Sample n replies."""


@dataclass(frozen=True)
class Contender:
    """One engine with its model loaded; `size` is that of the weights on disk, in bytes."""

    name: str
    engine: Engine
    size: int


@dataclass(frozen=True)
class EngineFigures:
    """What one engine did; times are CPU milliseconds, median over the runs.

    Attributes:
        name: the engine and its precision.
        size: bytes of the weights on disk.
        first_ms: until the first token of a reply.
        reply_ms: a whole reply of `REPLY_TOKENS` tokens.
        sampled_ms: `CANDIDATES` replies sampled in one call, as long as the model makes them.
        same: share of the prompts with the same greedy reply as the reference.
        parts_at: median number of tokens before the other replies part from it, None for none.
        gap: mean absolute difference of the log-probability of a token of the reference's reply.
    """

    name: str
    size: int
    first_ms: float
    reply_ms: float
    sampled_ms: float
    same: float
    parts_at: float | None
    gap: float

    @property
    def tokens_per_s(self) -> float:
        """Tokens per CPU second after the first."""
        return (REPLY_TOKENS - 1) * 1000 / (self.reply_ms - self.first_ms)


@dataclass(frozen=True)
class EngineComparison:
    """All engines on the same prompts, taken in turns; the first is the reference.

    Attributes:
        figures: one per engine.
        prompts: how many were compared.
        prompt_tokens: median length of a prompt.
        runs: how often the times were taken.
        left_out: engines that are not installed.
    """

    figures: Sequence[EngineFigures]
    prompts: int
    prompt_tokens: float
    runs: int
    left_out: Sequence[str] = ()

    def __str__(self) -> str:
        """Say it as a Markdown table."""
        lines = [
            f"{self.prompts} prompts of {self.prompt_tokens:.0f} tokens (median); CPU time, one "
            f"thread, median of {self.runs} runs",
            "",
            "| engine | size MB | first token ms | tokens per s | reply of "
            f"{REPLY_TOKENS} tokens ms | {CANDIDATES} sampled at once ms | same greedy reply | "
            "parts after tokens | log-probability gap |",
            "|---|" + "--:|" * 8,
        ]
        base = self.figures[0].reply_ms
        for f in self.figures:
            parts = "-" if f.parts_at is None else f"{f.parts_at:.0f}"
            lines.append(
                f"| {f.name} | {f.size / 1e6:.1f} | {f.first_ms:.0f} | {f.tokens_per_s:.0f} | "
                f"{f.reply_ms:.0f} (x {base / f.reply_ms:.1f}) | {f.sampled_ms:.0f} | "
                f"{f.same:.1%} | {parts} | {f.gap:.5f} |"
            )
        return "\n".join(
            [*lines, *(f"\nleft out, not installed: {name}" for name in self.left_out)]
        )


def evaluate_engines(
    folder: Path,
    prompts: Sequence[str],
    runs: int = 3,
    on_progress: Callable[[str], None] = lambda step: None,
) -> EngineComparison:
    """Compare transformers, CTranslate2 in float32 and CTranslate2 in int8 on one model folder.

    Args:
        folder: the model; its fast build is taken where it has one, else made for the moment.
        prompts: what the learner's side says.
        runs: how often the times are taken.
        on_progress: called with what is done next.

    Raises:
        ModelError: the folder holds no causal model.
    """
    from tutor_app.llms.local import LocalChatModel

    on_progress("loading")
    weights = sum(file.stat().st_size for file in folder.glob("model*.safetensors"))
    contenders = [Contender("transformers float32", LocalChatModel.load(folder), weights)]
    if find_spec("ctranslate2") is None:
        return compare_engines(contenders, prompts, runs, on_progress, ["CTranslate2"])
    from tutor_app.llms.fast import FAST_FOLDER, FastChatModel, build_fast

    with TemporaryDirectory() as scratch:
        exact = build_fast(folder, Path(scratch) / "float32", "float32")
        built = folder / FAST_FOLDER
        small = built if built.is_dir() else build_fast(folder, Path(scratch) / "int8")
        for name, where in (("CTranslate2 float32", exact), ("CTranslate2 int8", small)):
            size = sum(file.stat().st_size for file in where.iterdir())
            contenders.append(Contender(name, FastChatModel.load(folder, weights=where), size))
        return compare_engines(contenders, prompts, runs, on_progress)


def compare_engines(
    contenders: Sequence[Contender],
    prompts: Sequence[str],
    runs: int = 3,
    on_progress: Callable[[str], None] = lambda step: None,
    left_out: Sequence[str] = (),
) -> EngineComparison:
    """Take the times in turns and hold every greedy reply against that of the first contender."""
    asked: list[list[BaseMessage]] = [[HumanMessage(text)] for text in prompts]
    ids = [contenders[0].engine.prompt(messages) for messages in asked]
    step = max(1, len(asked) // TIMED_PROMPTS)
    timed = list(zip(asked, ids, strict=True))[::step][:TIMED_PROMPTS]
    times: dict[str, list[_Times]] = {c.name: [] for c in contenders}
    for contender in contenders:
        _time(contender.engine, timed[:1])  # warm up
    for number in range(runs):
        on_progress(f"times, run {number + 1} of {runs}")
        for contender in contenders:
            times[contender.name].append(_time(contender.engine, timed))
    expected: list[list[int]] = []
    likely: list[NDArray[np.float64]] = []
    figures = []
    for contender in contenders:
        on_progress(f"replies of {contender.name}")
        engine = contender.engine
        said = [engine.continue_greedily(prompt, REPLY_TOKENS) for prompt in ids]
        expected = expected or said
        pairs = list(zip(ids, expected, strict=True))
        found = [engine.log_probabilities(prompt, reply) for prompt, reply in pairs]
        likely = likely or found
        parts = [_parts_at(a, b) for a, b in zip(said, expected, strict=True) if a != b]
        gap = np.abs(np.concatenate(found) - np.concatenate(likely))
        first_ms, reply_ms, sampled_ms = (
            statistics.median(column) for column in zip(*times[contender.name], strict=True)
        )
        figures.append(
            EngineFigures(
                name=contender.name,
                size=contender.size,
                first_ms=first_ms,
                reply_ms=reply_ms,
                sampled_ms=sampled_ms,
                same=1 - len(parts) / len(prompts),
                parts_at=statistics.median(parts) if parts else None,
                gap=float(gap.mean()) if gap.size else 0.0,
            )
        )
    prompt_tokens = statistics.median(len(prompt) for prompt in ids)
    return EngineComparison(figures, len(prompts), prompt_tokens, runs, left_out)


def _parts_at(said: Sequence[int], expected: Sequence[int]) -> int:
    """Return how many tokens two different replies have in common at their start."""
    pairs = zip(said, expected, strict=False)
    shorter = min(len(said), len(expected))
    return next((at for at, (a, b) in enumerate(pairs) if a != b), shorter)


def _time(engine: Engine, timed: Sequence[tuple[list[BaseMessage], list[int]]]) -> _Times:
    """Return mean CPU milliseconds of a first token, a whole reply and several sampled replies."""

    def mean(call: Callable[[list[BaseMessage], list[int]], object]) -> float:
        # of the whole process: the fast engine works on a thread of its own
        began = time.process_time()
        for messages, prompt in timed:
            call(messages, prompt)
        return (time.process_time() - began) * 1000 / len(timed)

    return (
        mean(lambda _, prompt: engine.continue_greedily(prompt, 1)),
        mean(lambda _, prompt: engine.continue_greedily(prompt, REPLY_TOKENS, REPLY_TOKENS)),
        mean(lambda messages, _: engine.generate([messages], n=CANDIDATES)),
    )
