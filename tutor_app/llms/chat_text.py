"""From LangChain's messages to a model's prompt and back: what both local engines do alike."""

import re
from collections.abc import Iterable, Sequence

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from tutor_app.errors import ModelError

_ROLES = {"human": "user", "ai": "assistant", "system": "system"}
_PLACEHOLDER = re.compile(r"\{\w+\}")


def is_control(token: str, special: bool) -> bool:
    """Tell a token that steers the model from one that is text, such as `{q1}`."""
    return special and not _PLACEHOLDER.fullmatch(token)


def as_chat(messages: Sequence[BaseMessage], control: Iterable[str]) -> list[dict[str, str]]:
    """Return the messages as role and content, with control tokens in the content made harmless.

    A learner who types `<|end|>` must not be able to end the prompt.
    """
    longest_first = sorted(control, key=len, reverse=True)
    fence = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
    return [{"role": _ROLES[m.type], "content": fence.sub(" ", str(m.text))} for m in messages]


def room_for_reply(prompt_tokens: int, positions: int) -> int:
    """Return how many tokens a reply may have; raises ModelError when there is no room at all."""
    room = positions - prompt_tokens
    if room < 1:
        raise ModelError(
            f"chat model: a prompt of {prompt_tokens} tokens does not fit in {positions}. "
            "Shorten it."
        )
    return room


def as_result(replies: Iterable[tuple[str, bool]], stop: Sequence[str] | None) -> ChatResult:
    """Return one generation per reply, each cut before the first stop mark in it.

    Args:
        replies: the text, and whether the model ended it by itself; `finish_reason` in the
            generation's info says so ("stop" or "length").
        stop: marks to cut at.
    """
    found = []
    for text, ended in replies:
        for mark in stop or ():
            text = text.split(mark)[0]
        message = AIMessage(content=text.strip())
        info = {"finish_reason": "stop" if ended else "length"}
        found.append(ChatGeneration(message=message, generation_info=info))
    return ChatResult(generations=found)
