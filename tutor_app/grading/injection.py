"""Words that are aimed at the grader instead of answering: found by patterns, shown to a person.

How to use: `find_injections(text)` returns the sentences with the kind of each; an empty tuple is
no finding. A finding sends the submission to a person; it never changes a score by itself.

Patterns in injection.toml cover what learners and the published attacks on graders write
(Perez and Ribeiro 2022; OWASP LLM01). They are no defence by themselves: a grader that asks a
model also fences the submission, checks every quote and is compared with one that has no words.
"""

import base64
import binascii
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tutor_app.documents.wording import fold
from tutor_app.grading.hidden import strip_hidden, unmask

_PATTERNS = Path(__file__).with_suffix(".toml")
_READ = 60_000
"""Characters of a text that are looked at; the head and the tail of a longer one."""
_SENTENCE = re.compile(r"[^.!?。！？।\n]*[.!?。！？।\n]*")
_SPELLED = re.compile(r"(?:\b\w ){4,}\w\b")
_WIDE = re.compile(r"\s{2,}")
_LEET_WORD = re.compile(r"\b(?=\w*[a-z])(?=\w*[013457])[a-z013457]{3,}\b")
_LEET = str.maketrans("013457", "oieast")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{20,}={0,2}")
_SHOWN = 200


@dataclass(frozen=True)
class Injection:
    """A place that speaks to the grader.

    Attributes:
        kind: family of the pattern: override, demand, address, role, markup, authority, leak, or
            the name of a language family.
        sentence: the words that were found with what surrounds them, at most 200 characters.
    """

    kind: str
    sentence: str


def find_injections(text: str) -> tuple[Injection, ...]:
    """Return what speaks to the grader, one entry per family."""
    if len(text) > _READ:
        text = text[: _READ // 2] + "\n" + text[-_READ // 2 :]
    found: dict[str, Injection] = {}
    for reading in _readings(text):
        latin, other = fold(reading), unicodedata.normalize("NFKC", reading).lower()
        for kind, alphabet, pattern in _patterns():
            if kind in found:
                continue
            searched = latin if alphabet == "latin" else other
            if match := pattern.search(searched):
                found[kind] = Injection(kind, _around(searched, match.start(), match.end()))
    return tuple(found.values())


def _readings(text: str) -> Iterator[str]:
    """Yield the text as it stands, and the ways in which it may have been disguised."""
    clean, hidden = strip_hidden(text)
    clean = unmask(clean)
    yield clean
    for one in hidden:
        if one.kind in ("tags", "selectors") and one.text:
            yield one.text
    if _SPELLED.search(clean):
        yield _SPELLED.sub(lambda m: m[0].replace(" ", ""), _WIDE.sub("\n", clean))
    lower = clean.lower()
    if _LEET_WORD.search(lower):
        yield _LEET_WORD.sub(lambda m: m[0].translate(_LEET), lower)
    for match in _BASE64.finditer(clean):
        if said := _decoded(match[0]):
            yield said


def _decoded(blob: str) -> str:
    try:
        said = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return said if said.isprintable() and " " in said else ""


def _around(text: str, start: int, end: int) -> str:
    for match in _SENTENCE.finditer(text):
        if match.end() > start:
            sentence = text[match.start() : max(end, match.end())].strip()
            return sentence if len(sentence) <= _SHOWN else text[start:end][:_SHOWN]
    return text[start:end][:_SHOWN]


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    data = tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))
    fragments = data.pop("fragments")
    return tuple(
        (kind, alphabet, re.compile("|".join(_written_out(one, fragments) for one in some)))
        for alphabet, families in data.items()
        for kind, some in families.items()
    )


def _written_out(pattern: str, fragments: dict[str, str]) -> str:
    for name, fragment in fragments.items():
        pattern = pattern.replace("{" + name + "}", fragment)
    pattern = re.sub(r"\(\?<([!=])([^()]*)\)", _lookbehind, pattern)
    pattern = re.sub(r"<(\d+)>", r"(?:[^\\w.!?=(){};]{1,3}[\\w'%-]+){0,\1}?", pattern)
    return f"(?:{pattern.replace('~?', _MAYBE).replace('~', _BETWEEN)})"


def _lookbehind(match: re.Match[str]) -> str:
    return f"(?<{match[1]}{match[2].replace('~', ' ')})"


_BETWEEN = r"[^\w.!?=(){};]{1,3}"
_MAYBE = r"\s{0,2}"
