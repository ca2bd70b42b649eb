"""The tokenizer and chat template of a model folder, without torch."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import TemplateError
from langchain_core.messages import BaseMessage
from tokenizers import Tokenizer
from transformers.utils.chat_template_utils import render_jinja_template

from tutor_app.errors import ModelError
from tutor_app.llms.chat_text import as_chat, is_control
from tutor_app.llms.sealed import read_json


class ChatTokenizer:
    """Turns messages into a prompt's token ids, and a reply's ids into text.

    Attributes:
        end_ids: the tokens that end a reply.
        size: entries of the vocabulary.
    """

    def __init__(self, folder: Path):
        """Read tokenizer.json and the chat template.

        Raises:
            ModelError: one of them is missing or broken, or no token ends a reply.
        """
        config = read_json(folder / "tokenizer_config.json")
        read_json(folder / "tokenizer.json")  # so that a cut file gets a message that says so
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.size: int = self._tokenizer.get_vocab_size()
        self._names: dict[str, Any] = {
            name: str(value["content"] if isinstance(value, dict) else value)
            for name, value in config.items()
            if name in ("bos_token", "eos_token", "unk_token", "pad_token") and value
        }
        self._control = {
            number: token.content
            for number, token in self._tokenizer.get_added_tokens_decoder().items()
            if is_control(token.content, token.special)
        }
        self._template = _read_template(folder, config)
        self.end_ids = self._end_ids(folder)

    def prompt(self, messages: Sequence[BaseMessage]) -> list[int]:
        """Render the messages up to where the tutor's reply starts, as token ids.

        Raises:
            ModelError: the template cannot render them.
        """
        chat = as_chat(messages, self._control.values())
        try:
            rendered: Any = render_jinja_template(
                [chat], chat_template=self._template, add_generation_prompt=True, **self._names
            )
        except TemplateError as error:
            raise ModelError(f"chat template: {error}. Save one that takes these roles.") from None
        return list(self._tokenizer.encode(rendered[0][0], add_special_tokens=False).ids)

    def tokens(self, ids: Sequence[int]) -> list[str]:
        """Return the vocabulary's entry of each id."""
        return [str(self._tokenizer.id_to_token(number)) for number in ids]

    def text(self, ids: Sequence[int]) -> str:
        """Return what the ids say, without control tokens; placeholders stay."""
        spoken = [number for number in ids if number not in self._control]
        return str(self._tokenizer.decode(spoken, skip_special_tokens=False))

    def _end_ids(self, folder: Path) -> list[int]:
        for name in ("generation_config.json", "config.json"):
            ids = (
                read_json(folder / name).get("eos_token_id") if (folder / name).is_file() else None
            )
            if isinstance(ids, int):
                return [ids]
            if isinstance(ids, list) and ids:
                return [int(number) for number in ids]
        raise ModelError(f"chat model: {folder} names no end token. Set eos_token_id.")


def _read_template(folder: Path, config: dict[str, object]) -> str:
    file = folder / "chat_template.jinja"
    source = file.read_text(encoding="utf-8") if file.is_file() else config.get("chat_template")
    if not isinstance(source, str):
        raise ModelError(f"chat model: {folder} has no chat template. Save one with its tokenizer.")
    return source
