"""OpenAI Batch files: requests out, answers in, for a teacher that is not on this machine.

Format: https://platform.openai.com/docs/guides/batch (one JSON object a line; custom_id, method,
url, body out; custom_id, response, error back; at most 50,000 lines and 200 MB a file).
"""

import json
import re
import reprlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from tutor_app.errors import ModelError

MAX_LINES = 50_000
MAX_BYTES = 200 * 1000 * 1000
MAX_ANSWER_BYTES = 1_000_000
URL = "/v1/chat/completions"

_KEY = re.compile(rb'"custom_id"\s*:\s*"([^"\\]{1,64})"')
_KEY_WITHIN = 1000
_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 200

Outcome = Literal["answered", "truncated", "refused", "failed", "foreign", "unreadable", "doubled"]


@dataclass(frozen=True)
class BatchRequest:
    """One chat completion to ask for."""

    system: str
    user: str
    model: str
    temperature: float = 0.8
    max_tokens: int = 6000
    response_format: dict[str, Any] | None = None

    @property
    def custom_id(self) -> str:
        """Cache key: hash of all that decides the answer, 32 hex digits."""
        return sha256(json.dumps(self._body(), sort_keys=True).encode()).hexdigest()[:32]

    def line(self) -> str:
        """Return the request as a line of a batch file, without the line feed."""
        return json.dumps(
            {"custom_id": self.custom_id, "method": "POST", "url": URL, "body": self._body()},
            ensure_ascii=False,
        )

    def _body(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": self.system},
                {"role": "user", "content": self.user},
            ],
            "temperature": self.temperature,
            "max_completion_tokens": self.max_tokens,
        }
        return body | ({"response_format": self.response_format} if self.response_format else {})


@dataclass(frozen=True)
class BatchAnswer:
    """What one line of an output or error file holds.

    Attributes:
        text: the content of the first choice; "" unless the outcome is "answered".
        reason: why there is no answer, in plain words.
    """

    custom_id: str
    outcome: Outcome
    text: str = ""
    model: str = ""
    reason: str = ""
    place: str = ""


def write_requests(
    lines: Iterable[str],
    folder: Path,
    name: str,
    max_lines: int = MAX_LINES,
    max_bytes: int = MAX_BYTES,
) -> list[Path]:
    """Write request lines as `<name>-001.jsonl`, `-002`, ..., none of them over the limits.

    Raises:
        ModelError: one request alone is larger than a file may be.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{name}-[0-9][0-9][0-9].jsonl"):
        old.unlink()
    files: list[Path] = []
    batch: list[bytes] = []
    size = 0

    def flush() -> None:
        files.append(folder / f"{name}-{len(files) + 1:03}.jsonl")
        files[-1].write_bytes(b"".join(batch))

    for line in lines:
        data = line.encode() + b"\n"
        if len(data) > max_bytes:
            raise ModelError(
                f"batch file: one request has {len(data)} bytes, over {max_bytes}. "
                "Shorten the item it is about."
            )
        if batch and (len(batch) == max_lines or size + len(data) > max_bytes):
            flush()
            batch, size = [], 0
        batch.append(data)
        size += len(data)
    if batch:
        flush()
    return files


def read_answers(files: Sequence[Path], known: frozenset[str]) -> Iterator[BatchAnswer]:
    """Yield what every line of output and error files holds, in the order of the files.

    A line that is cut, foreign or malformed is yielded with its outcome and never raises. Which of
    two answers to one request counts is for the reader to say: the first may be of no use.
    """
    for path in files:
        for number, data in enumerate(_lines(path), 1):
            if data.strip():
                yield _read(data, known, f"{path.name}, line {number}")


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file; of an endless line only the beginning, so memory stays bounded."""
    with path.open("rb") as file:
        while data := file.readline(MAX_ANSWER_BYTES + 1):
            rest = data
            while rest and not rest.endswith(b"\n"):
                rest = file.readline(MAX_ANSWER_BYTES)
            yield data


def _read(data: bytes, known: frozenset[str], place: str) -> BatchAnswer:
    def no(outcome: Outcome, reason: str, custom_id: str = "") -> BatchAnswer:
        return BatchAnswer(custom_id, outcome, reason=reason, place=place)

    if len(data) > MAX_ANSWER_BYTES:
        reason = f"the line has over {MAX_ANSWER_BYTES} bytes"
        return no("unreadable", reason, _key(data, known))
    try:
        row = json.loads(data)
    except (ValueError, RecursionError):
        return no("unreadable", "the line is no JSON; it may be cut", _key(data, known))
    custom_id = row.get("custom_id") if isinstance(row, dict) else None
    if not isinstance(custom_id, str):
        return no("unreadable", "the line has no custom_id")
    if custom_id not in known:
        return no("foreign", "no request of this export has that custom_id")
    if row.get("error"):
        return no("failed", _short(row["error"]), custom_id)
    try:
        status = int(row["response"]["status_code"])
        if status != 200:
            return no(
                "failed", f"status {status}: {_short(row['response'].get('body'))}", custom_id
            )
        choice = row["response"]["body"]["choices"][0]
        model = _short(row["response"]["body"].get("model", ""))
        if choice["message"].get("refusal"):
            return no("refused", _short(choice["message"]["refusal"]), custom_id)
        text = choice["message"]["content"]
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
        return no("unreadable", "the line is no chat completion", custom_id)
    if choice.get("finish_reason") == "length":
        return no("truncated", "the answer was cut at its length limit", custom_id)
    if not isinstance(text, str) or not text.strip():
        return no("failed", "the answer is empty", custom_id)
    return BatchAnswer(custom_id, "answered", _writable(text), model, place=place)


def _key(data: bytes, known: frozenset[str]) -> str:
    """Return whose answer an unreadable line began with, so that it can be asked for again."""
    found = _KEY.search(data[:_KEY_WITHIN])
    key = found[1].decode(errors="replace") if found else ""
    return key if key in known else ""


def _short(value: object) -> str:
    # repr of what nests deeply would recurse as deeply; reprlib stops
    text = value if isinstance(value, str) else _REPR.repr(value)
    return _writable(" ".join(text[:1000].split())[:200])


def _writable(text: str) -> str:
    """Return the text without lone surrogates, which no file can hold."""
    return text.encode(errors="replace").decode()
