"""A Hugging Face causal chat model in a folder, spoken to through its own chat template."""

import threading
from pathlib import Path
from typing import Any, Self

import torch
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import ConfigDict, PrivateAttr
from transformers import AutoModelForCausalLM, AutoTokenizer

from tutor_app.errors import ModelError

_ROLES = {"human": "user", "ai": "assistant", "system": "system"}


class LocalChatModel(BaseChatModel):
    """Generates on the CPU, one reply at a time, in float32."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    folder: str
    max_new_tokens: int = 96
    temperature: float = 0.7
    _model: Any = PrivateAttr()
    _tokenizer: Any = PrivateAttr()
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @classmethod
    def load(cls, folder: Path, max_new_tokens: int = 96, temperature: float = 0.7) -> Self:
        """Load weights and tokenizer from the folder, never from the network.

        Raises:
            ModelError: the folder holds no causal model, or its tokenizer has no chat template.
        """
        chat = cls(folder=str(folder), max_new_tokens=max_new_tokens, temperature=temperature)
        try:
            chat._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            model: Any = AutoModelForCausalLM.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32, use_safetensors=True
            )
            chat._model = model.eval()
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"chat model: {folder} cannot be loaded: {error}") from None
        if chat._tokenizer.chat_template is None:
            raise ModelError(
                f"chat model: {folder} has no chat template. Save one with its tokenizer."
            )
        return chat

    @property
    def _llm_type(self) -> str:
        return "tutor-local"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        chat = [{"role": _ROLES[m.type], "content": str(m.text)} for m in messages]
        with self._lock, torch.inference_mode():
            inputs = self._tokenizer.apply_chat_template(
                chat, add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
            length = inputs["input_ids"].shape[1]
            room = int(self._model.config.max_position_embeddings) - length
            if room < 1:
                raise ModelError(f"chat model: a prompt of {length} tokens does not fit.")
            sampling = {"do_sample": True, "temperature": self.temperature, "top_p": 0.95}
            output = self._model.generate(
                **inputs,
                max_new_tokens=min(self.max_new_tokens, room),
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id,
                **(sampling if self.temperature > 0 else {"do_sample": False}),
            )
        text = self._tokenizer.decode(output[0, length:], skip_special_tokens=True)
        for mark in stop or ():
            text = text.split(mark)[0]
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text.strip()))])
