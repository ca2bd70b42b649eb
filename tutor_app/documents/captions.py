"""Read subtitles (WebVTT, SRT): short cues joined into paragraphs that begin at a time."""

import html
import re
from dataclasses import dataclass
from pathlib import Path

from tutor_app.documents.decoding import decode
from tutor_app.documents.document import Document
from tutor_app.documents.writing import Writing
from tutor_app.errors import DocumentError

_TIMES = re.compile(
    r"^\s*(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*-->\s*"
    r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
)
_SPEAKER = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,100})>")
_TAG = re.compile(r"</?[a-zA-Z0-9:.][^<>]{0,200}>|\{\\[^{}]{0,50}\}")
_SENTENCE_END = re.compile(r"[.!?…。？！][\"'”’)\]]*$")
# About 40 seconds of speech: long enough to read, short enough for its time to be exact.
_LONG_ENOUGH = 450
_TOO_LONG = 800
_PAUSE_S = 2.0
_LONGEST_S = 60.0


@dataclass(frozen=True)
class _Cue:
    start_s: float
    end_s: float
    speaker: str
    text: str


def read_captions(path: Path, content: bytes) -> Document:
    """Read a .vtt or .srt file; `start_s` of a block is the time of its first cue, in seconds.

    Raises:
        DocumentError: no cue with a time and words is in it.
    """
    text, remarks = decode(path, content)
    writing = Writing(path)
    writing.remarks.extend(remarks)
    paragraph: list[_Cue] = []
    for cue in _cues(text):
        if paragraph and _parts(paragraph, cue):
            _write(writing, paragraph)
            paragraph = []
        paragraph.append(cue)
    _write(writing, paragraph)
    if writing.is_empty():
        raise DocumentError(
            f"{path}: holds no subtitles: no line such as '00:01:02.000 --> 00:01:05.000' with "
            "words below it. Export the subtitles again as VTT or SRT."
        )
    return writing.document()


def _cues(text: str) -> list[_Cue]:
    """Return the cues in order, without what rolling captions repeat."""
    cues: list[_Cue] = []
    shown: list[str] = []
    lines = text.split("\n")
    at = [(n, found) for n, line in enumerate(lines) if (found := _TIMES.match(line))]
    ends = [*(n for n, _ in at), len(lines)][1:]
    for (n, times), end in zip(at, ends, strict=True):
        body = []
        for line in lines[n + 1 : end]:
            if not line.strip():
                break
            body.append(line)
        speaker = next((m[1].strip() for line in body if (m := _SPEAKER.search(line))), "")
        plain = [" ".join(html.unescape(_TAG.sub("", line)).split()) for line in body]
        fresh = [line for line in plain if line and line not in shown]
        shown = plain or shown
        if fresh:
            groups = times.groups()
            cues.append(_Cue(_seconds(groups[:4]), _seconds(groups[4:]), speaker, " ".join(fresh)))
    return cues


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + int((fraction or "0").ljust(3, "0")) / 1000


def _parts(paragraph: list[_Cue], cue: _Cue) -> bool:
    """Tell whether a cue begins a new paragraph."""
    size = sum(len(one.text) + 1 for one in paragraph)
    last = paragraph[-1]
    ended = _SENTENCE_END.search(last.text) is not None
    return (
        cue.speaker not in ("", paragraph[0].speaker)
        or cue.start_s - last.end_s > _PAUSE_S
        or cue.start_s - paragraph[0].start_s >= _LONGEST_S
        or (ended and size >= _LONG_ENOUGH)
        or size >= _TOO_LONG
    )


def _write(writing: Writing, paragraph: list[_Cue]) -> None:
    if paragraph:
        speaker = paragraph[0].speaker
        writing.start_s = paragraph[0].start_s
        said = " ".join(cue.text for cue in paragraph)
        writing.add("paragraph", f"{speaker}: {said}" if speaker else said)
