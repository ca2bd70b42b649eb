"""load_chat_model(spec): the one way to a language model, as LangChain's BaseChatModel."""

import os
import re
from pathlib import Path

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from tutor_app.errors import ModelError
from tutor_app.llms.sealed import FAST_WEIGHTS, MANIFEST, verify_sealed

_OPENAI = re.compile(r"^openai:(?P<model>[^@]+)@(?P<url>https?://\S+)$")
KNOWN = 'known: "none", a folder with a chat model, "openai:<model>@<http://host:port/v1>"'


def load_chat_model(
    spec: str,
    max_new_tokens: int = 96,
    temperature: float = 0.7,
    timeout_s: float = 20.0,
    sealed: bool = False,
) -> BaseChatModel | None:
    """Load the chat model that a spec names; None for "none".

    Args:
        spec: "none", a folder, or "openai:<model>@<base url>". The key of an OpenAI-compatible
            server is read from TUTOR_API_KEY.
        max_new_tokens: upper bound of a reply, in tokens.
        temperature: 0 is greedy.
        timeout_s: how long a server may take for one reply, in seconds.
        sealed: the folder must carry a manifest, as ours do. Without it a folder that has none is
            taken as it is, which is for a model that an admin names; one that has a manifest is
            held to it in any case.

    Raises:
        ModelError: the spec names nothing, the folder holds no chat model, or it is not as sealed.
    """
    if spec == "none":
        return None
    if match := _OPENAI.match(spec):
        from langchain_openai import ChatOpenAI

        return ChatOpenAI(
            model=match["model"],
            base_url=match["url"],
            api_key=SecretStr(os.environ.get("TUTOR_API_KEY") or "none"),
            max_completion_tokens=max_new_tokens,
            temperature=temperature,
            timeout=timeout_s,
            max_retries=0,
        )
    folder = Path(spec).expanduser()
    if folder.is_dir():
        if sealed or (folder / MANIFEST).exists():
            verify_sealed(folder)
        if (folder / FAST_WEIGHTS).exists():
            from tutor_app.llms.fast import FastChatModel

            return FastChatModel.load(folder, max_new_tokens, temperature)
        from tutor_app.llms.local import LocalChatModel

        return LocalChatModel.load(folder, max_new_tokens, temperature)
    raise ModelError(f"chat model: {spec!r} names no model. Use one of the {KNOWN}.")
