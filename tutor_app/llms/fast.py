"""The fast engine: CTranslate2 with int8 weights, on one thread, without torch."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, Self

import ctranslate2  # type: ignore[import-untyped]
import numpy as np
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from numpy.typing import NDArray
from pydantic import PrivateAttr
from safetensors import SafetensorError

from tutor_app.errors import ModelError
from tutor_app.llms.chat_text import as_result, room_for_reply
from tutor_app.llms.chat_tokenizer import ChatTokenizer
from tutor_app.llms.sampling import SamplingChatModel
from tutor_app.llms.sealed import read_json, refuse_code

FAST_FOLDER = "ct2"

Quantization = Literal["int8_float32", "float32"]


class FastChatModel(SamplingChatModel):
    """Says what `LocalChatModel` says, several times faster; safe to call from many threads.

    It samples by the same rules too: temperature first, then `top_k` and `top_p`.
    """

    _generator: Any = PrivateAttr()
    _tokenizer: ChatTokenizer = PrivateAttr()
    _positions: int = PrivateAttr()

    @classmethod
    def load(
        cls,
        folder: Path,
        max_new_tokens: int = 96,
        temperature: float = 0.7,
        weights: Path | None = None,
        seed: int | None = None,
    ) -> Self:
        """Load tokenizer and fast weights.

        Args:
            folder: the model folder.
            max_new_tokens: upper bound of a reply, in tokens.
            temperature: 0 is greedy.
            weights: the folder that `build_fast` wrote, if it is not the one inside `folder`.
            seed: makes the replies of this process repeatable, in the order asked for.

        Raises:
            ModelError: a part is missing or broken.
        """
        weights = weights or folder / FAST_FOLDER
        chat = cls(folder=str(folder), max_new_tokens=max_new_tokens, temperature=temperature)
        refuse_code(folder)
        chat._tokenizer = ChatTokenizer(folder)
        chat._positions = _positions(folder)
        if seed is not None:
            ctranslate2.set_random_seed(seed)
        try:
            chat._generator = ctranslate2.Generator(str(weights), inter_threads=1, intra_threads=1)
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"chat model: {weights} cannot be loaded: {error}. Build it again."
            ) from None
        return chat

    def prompt(self, messages: Sequence[BaseMessage]) -> list[int]:
        """Return the token ids of the prompt; raises ModelError when it leaves no room to reply."""
        ids = self._tokenizer.prompt(messages)
        room_for_reply(len(ids), self._positions)
        return ids

    def continue_greedily(self, prompt: Sequence[int], most: int, least: int = 0) -> list[int]:
        """Return the likeliest continuation, `least` to `most` tokens, without the end token."""
        return self._continue(prompt, most, min_length=least)[0]

    def log_probabilities(self, prompt: Sequence[int], reply: Sequence[int]) -> NDArray[np.float64]:
        """Return the natural-log probability of each token of a reply, shape (len(reply),)."""
        tokens = self._tokenizer.tokens([*prompt, *reply])
        (scores,) = self._generator.score_batch([tokens], max_input_length=0)
        return np.array(scores.log_probs[len(prompt) - 1 :])

    @property
    def _llm_type(self) -> str:
        return "tutor-fast"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        n: int = 1,
        **kwargs: Any,
    ) -> ChatResult:
        prompt = self.prompt(messages)
        sampling: dict[str, Any] = {"repetition_penalty": self.repetition_penalty}
        if self.temperature > 0:
            sampling |= {
                "sampling_temperature": self.temperature,
                "sampling_topp": self.top_p,
                "sampling_topk": min(self.top_k, self._tokenizer.size),
                "num_hypotheses": n,
            }
        most = min(self.max_new_tokens, room_for_reply(len(prompt), self._positions))
        replies = self._continue(prompt, most, **sampling)
        return as_result([(self._tokenizer.text(ids), len(ids) < most) for ids in replies], stop)

    def _continue(self, prompt: Sequence[int], most: int, **options: Any) -> list[list[int]]:
        (result,) = self._generator.generate_batch(
            [self._tokenizer.tokens(prompt)],
            include_prompt_in_result=False,
            end_token=self._tokenizer.end_ids,
            max_length=most,
            **options,
        )
        replies: list[list[int]] = result.sequences_ids
        return replies


def _positions(folder: Path) -> int:
    positions = read_json(folder / "config.json").get("max_position_embeddings")
    if not isinstance(positions, int):
        raise ModelError(f"chat model: {folder} does not say how long a text it reads.")
    return positions


def build_fast(
    folder: Path, target: Path | None = None, quantization: Quantization = "int8_float32"
) -> Path:
    """Convert a model folder for the fast engine; seal the folder afterwards, not before.

    Args:
        folder: a Hugging Face folder with a Llama-like model and tokenizer.json.
        target: where the weights go, `folder`/ct2 unless told; replaced when it exists.
        quantization: of the weights; "float32" is there to compare with.

    Raises:
        ModelError: the folder cannot be converted.
    """
    target = target or folder / FAST_FOLDER
    refuse_code(folder)
    ChatTokenizer(folder)  # a folder without one could be converted, but not spoken to
    if not list(folder.glob("model*.safetensors")):
        raise ModelError(f"chat model: {folder} holds no safetensors. Save the model as such.")
    draft = target.with_name(f"{target.name}.draft")
    try:
        # its converters bring torch, and are imported by this first use
        ctranslate2.converters.TransformersConverter(str(folder)).convert(
            str(draft), quantization=quantization, force=True
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(
            f"chat model: {folder} cannot be converted: {error}. Use a Llama-like model."
        ) from None
    if target.exists():
        shutil.rmtree(target)
    draft.rename(target)
    return target
