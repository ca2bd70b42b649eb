"""One question to a chat model: tried again for a while where that can help, measured, never more.

Whatever goes wrong ends as `Unanswered` with a reason in plain words; nothing else gets out.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import httpx
import openai
from langchain_core.exceptions import LangChainException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from tutor_app.errors import ModelError
from tutor_app.grading.llm_reply import Reply

FAILED_BEFORE_SINGLE = 3
"""After so many failures in a row a call is tried once only, until one succeeds."""
_LONGEST_WAIT_S = 60.0
_SHOWN = 200
# what a foreign server or client may throw at us; a mistake of ours would show in every test
_FAILURES = (
    openai.OpenAIError, LangChainException, httpx.HTTPError, ModelError,
    OSError, ValueError, TypeError, KeyError, AttributeError,
)  # fmt: skip


class Unanswered(Exception):  # noqa: N818 - an outcome, not an error of ours
    """The model gave nothing that can be used; the message says why, for people."""


@dataclass(frozen=True)
class CallOptions:
    """How long and how often one question is tried.

    Attributes:
        attempts: calls at most, where the server is busy or fails.
        time_limit_s: no new attempt begins after so many seconds.
        first_wait_s: before the second attempt; doubles each time unless the server says.
    """

    attempts: int = 5
    time_limit_s: float = 180.0
    first_wait_s: float = 1.0


@dataclass(frozen=True)
class Usage:
    """What was asked and what it took.

    Attributes:
        asked: submissions that the model was asked about; `cached` those it had been asked before.
        failed: of `asked`, those that came to no usable reply.
        calls: answers of the server, repairs included.
        tokens_in: tokens read; `tokens_out` tokens written, as the server counts them.
        counted: calls for which the server gave its count; tokens of the others are not known.
        seconds: spent waiting for the model, summed over parallel calls.
    """

    asked: int = 0
    cached: int = 0
    failed: int = 0
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    counted: int = 0
    seconds: float = 0.0

    def since(self, before: "Usage") -> "Usage":
        """Return what was used after an earlier reading."""
        return Usage(**{k: v - getattr(before, k) for k, v in asdict(self).items()})


class ModelCaller:
    """Asks a chat model; may be shared between threads."""

    def __init__(self, model: BaseChatModel, options: CallOptions):
        self._model = model
        self._options = options
        self._lock = threading.Lock()
        self._usage = Usage()
        self._in_a_row = 0
        self._structured: Any = _structured(model)

    @property
    def usage(self) -> Usage:
        """What was used so far."""
        return self._usage

    def count(self, **more: float) -> None:
        """Add to the usage."""
        with self._lock:
            self._usage = replace(
                self._usage, **{k: getattr(self._usage, k) + v for k, v in more.items()}
            )

    def ask(self, messages: Sequence[BaseMessage]) -> str:
        """Return what the model says, JSON or not.

        Raises:
            Unanswered: it failed, refused, was cut off or said nothing.
        """
        attempts = self._options.attempts if self._in_a_row < FAILED_BEFORE_SINGLE else 1
        retrying = Retrying(
            retry=retry_if_exception(_may_pass),
            stop=stop_after_attempt(attempts) | stop_after_delay(self._options.time_limit_s),
            wait=self._wait_s,
            reraise=True,
        )
        began = time.monotonic()
        try:
            message = retrying(self._once, list(messages))
        except openai.LengthFinishReasonError as error:
            said = error.completion.choices[0].message.content if error.completion.choices else ""
            self._note(0)
            return said or _refuse("the model's answer was cut off")
        except _FAILURES as error:
            self._note(self._in_a_row + 1)
            raise Unanswered(_why(error)) from error
        finally:
            self.count(seconds=time.monotonic() - began)
        self._note(0)
        self._count_tokens(message)
        refusal = message.additional_kwargs.get("refusal")
        if refusal:
            _refuse(f"the model refused: {str(refusal)[:_SHOWN]}")
        said = str(message.text).strip()
        if not said and message.tool_calls:
            said = Reply.model_validate(message.tool_calls[0]["args"]).model_dump_json()
        return said or _refuse("the model said nothing")

    def _once(self, messages: list[BaseMessage]) -> AIMessage:
        if self._structured is not None:
            try:
                answer = self._structured.invoke(messages)
                return _message(answer["raw"] if isinstance(answer, dict) else answer)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                plain = _message(self._model.invoke(messages))
                if "response_format" in str(error) or "json_schema" in str(error):
                    self._structured = None
                return plain
        return _message(self._model.invoke(messages))

    def _note(self, failures: int) -> None:
        with self._lock:
            self._in_a_row = failures

    def _count_tokens(self, message: AIMessage) -> None:
        used = message.usage_metadata
        if used is None:
            self.count(calls=1)
        else:
            self.count(
                calls=1,
                counted=1,
                tokens_in=used["input_tokens"],
                tokens_out=used["output_tokens"],
            )

    def _wait_s(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, openai.APIStatusError):
            said = error.response.headers.get("retry-after", "")
            if said.replace(".", "", 1).isdecimal():
                return min(float(said), _LONGEST_WAIT_S)
        wait = wait_random_exponential(self._options.first_wait_s, _LONGEST_WAIT_S)
        return float(wait(state))


def _structured(model: BaseChatModel) -> Any:
    """Hold the model to the form where it can be; else the form is read from its text."""
    try:
        # given as a schema, not as a class: clients parse a class themselves and lose the words
        return model.with_structured_output(Reply.model_json_schema(), include_raw=True)
    except (NotImplementedError, ValueError):
        return None


def _message(answer: object) -> AIMessage:
    if not isinstance(answer, AIMessage):
        raise TypeError(f"the server answered with {type(answer).__name__}, not with a message")
    return answer


def _may_pass(error: BaseException) -> bool:
    """Tell failures that pass by themselves: busy, down, slow."""
    if isinstance(error, openai.APIStatusError):
        return error.status_code in (408, 409, 429) or error.status_code >= 500
    return isinstance(error, (openai.APIConnectionError, httpx.TransportError, TimeoutError))


def _why(error: Exception) -> str:
    if isinstance(error, openai.RateLimitError):
        return "the server takes no more requests for now (429)"
    if isinstance(error, (openai.APITimeoutError, httpx.TimeoutException, TimeoutError)):
        return "the server did not answer in time"
    if isinstance(error, openai.APIStatusError):
        return f"the server answered with error {error.status_code}"
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return "the server's content filter stopped the answer"
    if isinstance(error, (openai.APIConnectionError, httpx.TransportError, OSError)):
        return "the server cannot be reached"
    return f"the call failed: {type(error).__name__}: {str(error)[:_SHOWN]}"


def _refuse(reason: str) -> str:
    raise Unanswered(reason)
