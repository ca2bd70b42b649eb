"""Words that are aimed at the grader instead of answering: found by patterns, shown to a person.

How to use: `find_injections(text)` returns the sentences with the kind of each; an empty tuple is
no finding. A finding sends the submission to a person; it never changes a score by itself.

Patterns in injection.toml cover what learners and the published attacks on graders write
(Perez and Ribeiro 2022; OWASP LLM01), in 19 languages. They find what they foresee: all 20 attacks
in the gold sets, none of 9,860 other answers there and in SemEval, but only 2 of 24 attacks that
were written to be unlike the others (datasets/evaluation/integrity). So they are no defence by
themselves: a grader that asks a model also fences the submission, checks every quote, hears
`injection_head` and is compared with one that has no words to be talked into anything.
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
from typing import Any

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
_STRING = re.compile(r"(?:[(=,\[:]|\breturn)\s{0,2}[\"'][^\"'\n]{0,80}[\"']")
"""A string of a program: what it prints is told to nobody."""
_SHOWN = 200


@dataclass(frozen=True)
class Injection:
    """A place that speaks to the grader.

    Attributes:
        kind: family of the pattern: override, demand, address, role, markup, authority, leak, the
            name of a language family, or "about" for words about grading told to somebody.
        sentence: the words that were found with what surrounds them, at most 200 characters.
    """

    kind: str
    sentence: str


def find_injections(text: str, known: str = "") -> tuple[Injection, ...]:
    """Return what speaks to the grader, one entry per family.

    Args:
        text: an answer.
        known: the question and its reference answers; what they say of grading is no sign.
    """
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
        if "about" not in found and (sentence := _about_grading(latin, fold(known))):
            found["about"] = Injection("about", sentence[:_SHOWN])
    return tuple(found.values())


def _about_grading(text: str, known: str) -> str:
    """Return a sentence in which somebody is told something about grading, or ""."""
    grading, telling = _about()
    text = _STRING.sub("", text)
    if not grading.search(text):
        return ""
    for match in _SENTENCE.finditer(text):
        sentence = match[0].strip()
        terms = {found[0] for found in grading.finditer(sentence) if found[0] not in known}
        if terms and any(found[0] not in terms for found in telling.finditer(sentence)):
            return sentence
    return ""


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
def _data() -> dict[str, Any]:
    return tomllib.loads(_PATTERNS.read_text(encoding="utf-8"))


@cache
def _about() -> tuple[re.Pattern[str], re.Pattern[str]]:
    families = _data()["about"]
    grading, telling = (
        "|".join(_written_out(one, {}) for one in families[name]) for name in ("grading", "telling")
    )
    return re.compile(rf"\b(?:{grading})\b"), re.compile(rf"(?:{telling})\b")


@cache
def _patterns() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    data = _data()
    fragments = data["fragments"]
    return tuple(
        (kind, alphabet, re.compile("|".join(_written_out(one, fragments) for one in some)))
        for alphabet, families in data.items()
        if alphabet in ("latin", "other")
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
