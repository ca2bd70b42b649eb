"""A Hugging Face causal chat model in a folder, spoken to through its own chat template."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from numpy.typing import NDArray
from pydantic import PrivateAttr
from safetensors import SafetensorError
from transformers import AutoModelForCausalLM, AutoTokenizer, LogitsProcessorList
from transformers import RepetitionPenaltyLogitsProcessor as RepetitionPenalty

from tutor_app.errors import ModelError
from tutor_app.llms.chat_text import as_chat, as_result, is_control, room_for_reply
from tutor_app.llms.sampling import SamplingChatModel
from tutor_app.llms.sealed import read_json, refuse_code


class LocalChatModel(SamplingChatModel):
    """Generates with transformers on the CPU, one call at a time, in float32, on one thread.

    Every causal model runs here; it is the reference that `FastChatModel` is held against.
    """

    _model: Any = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _control: dict[int, str] = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @classmethod
    def load(cls, folder: Path, max_new_tokens: int = 96, temperature: float = 0.7) -> Self:
        """Load weights and tokenizer from the folder, never from the network.

        Raises:
            ModelError: the folder holds no causal model, asks for code of its own, or its tokenizer
                has no chat template.
        """
        chat = cls(folder=str(folder), max_new_tokens=max_new_tokens, temperature=temperature)
        # the tokenizers library raises a bare Exception on a cut file: find that out first
        for file in folder.glob("*.json"):
            read_json(file)
        refuse_code(folder)
        # more threads lose more than they win while others share the cores
        torch.set_num_threads(1)
        try:
            chat._tokenizer = AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder,
                local_files_only=True,
                trust_remote_code=False,
                dtype=torch.float32,
                use_safetensors=True,
            )
            chat._model = model.eval()
        except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
            raise ModelError(f"chat model: {folder} cannot be loaded: {error}") from None
        if chat._tokenizer.chat_template is None:
            raise ModelError(
                f"chat model: {folder} has no chat template. Save one with its tokenizer."
            )
        chat._control = {
            number: token.content
            for number, token in chat._tokenizer.added_tokens_decoder.items()
            if is_control(token.content, token.special)
        }
        return chat

    def prompt(self, messages: Sequence[BaseMessage]) -> list[int]:
        """Return the token ids of the prompt; raises ModelError when it leaves no room to reply."""
        chat = as_chat(messages, self._control.values())
        with self._lock:
            ids: list[int] = self._tokenizer.apply_chat_template(
                chat, add_generation_prompt=True, return_dict=True
            )["input_ids"]
        self._room(ids)
        return ids

    def continue_greedily(self, prompt: Sequence[int], most: int, least: int = 0) -> list[int]:
        """Return the likeliest continuation, `least` to `most` tokens, without the end token."""
        return self._continue(prompt, most, do_sample=False, min_new_tokens=least or None)[0]

    def log_probabilities(self, prompt: Sequence[int], reply: Sequence[int]) -> NDArray[np.float64]:
        """Return the natural-log probability of each token of a reply, shape (len(reply),)."""
        with self._lock, torch.inference_mode():
            logits = self._model(torch.tensor([[*prompt, *reply]])).logits[0].double()
        rows = torch.log_softmax(logits[len(prompt) - 1 : -1], dim=-1)
        chosen = rows.gather(1, torch.tensor(reply, dtype=torch.long).unsqueeze(1)).squeeze(1)
        return np.asarray(chosen.numpy())

    @property
    def _llm_type(self) -> str:
        return "tutor-local"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        n: int = 1,
        **kwargs: Any,
    ) -> ChatResult:
        prompt = self.prompt(messages)
        how: dict[str, Any] = {"do_sample": False}
        if self.temperature > 0:
            how = {
                "do_sample": True,
                "num_return_sequences": n,
                "temperature": self.temperature,
                "top_p": self.top_p,
                "top_k": self.top_k,
            }
        if self.repetition_penalty != 1:
            penalty = RepetitionPenalty(self.repetition_penalty, prompt_ignore_length=len(prompt))
            how["logits_processor"] = LogitsProcessorList([penalty])
        most = min(self.max_new_tokens, self._room(prompt))
        replies = self._continue(prompt, most, **how)
        return as_result([(self._text(ids), len(ids) < most) for ids in replies], stop)

    def _continue(self, prompt: Sequence[int], most: int, **how: Any) -> list[list[int]]:
        ids = torch.tensor([prompt])
        ends = self._model.generation_config.eos_token_id
        ends = [] if ends is None else [ends] if isinstance(ends, int) else ends
        pad = self._tokenizer.pad_token_id
        with self._lock, torch.inference_mode():
            output = self._model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=most,
                pad_token_id=(ends or [0])[0] if pad is None else pad,
                **how,
            )
        rows: list[list[int]] = output[:, len(prompt) :].tolist()
        return [_before_end(row, ends) for row in rows]

    def _room(self, prompt: Sequence[int]) -> int:
        return room_for_reply(len(prompt), int(self._model.config.max_position_embeddings))

    def _text(self, ids: Sequence[int]) -> str:
        with self._lock:
            return str(self._tokenizer.decode([i for i in ids if i not in self._control]))


def _before_end(ids: list[int], ends: Sequence[int]) -> list[int]:
    return next((ids[:at] for at, number in enumerate(ids) if number in ends), ids)
