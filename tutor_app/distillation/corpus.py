"""Open text for the language stage: a problem bank in OATutor's layout, textbooks, course notes."""

import json
import lzma
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from tutor_app.distillation.tokenizer import QUANTITIES
from tutor_app.errors import ContentError

_UNIT = (
    r"(?:km/h|m/s|mph|°[CF]?|%|(?:kilo|centi|milli)?(?:meter|gram|second)s?|kg|km|cm|mm|ft|"
    r"feet|foot|inch(?:es)?|miles?|hours?|minutes?|days?|weeks?|months?|years?|pounds?|dollars?|"
    r"cents?|degrees?|lb|oz|[mgsNJWV])"
)
_NUMBER = re.compile(rf"(?<![\w{{.])\$?\d[\d,]*(?:\.\d+)?(?:\s?{_UNIT}(?![\w/]))?(?!\w)")
_FRACTION = re.compile(r"\\frac\{([\w+\- ]+)\}\{([\w+\- ]+)\}")
_FIGURE = re.compile(r"##\S*|\\n")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
# A hint that hands over the answer is no model for a tutor.
_GIVES = re.compile(r"\b(?:answers? (?:is|are|would|should|will)|correct answer)\b", re.I)
_SENTENCE = re.compile(r"(?<=[.?!]) +(?=[A-Z{\"])")
_WORDS_OF_PROBLEM = 60


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a problem with its hints (title, text), all numbers of the problem lifted out."""

    problem_id: str
    problem: str
    goal: str
    hints: list[tuple[str, str]]


def sentences(text: str) -> list[str]:
    """Split at sentence ends that a capital, a quotation or a placeholder follows."""
    return [part for part in _SENTENCE.split(text.strip()) if part]


def read_problem_bank(archive: Path) -> list[Step]:
    """Read every step that is mostly words; numbers of the problem become {q1}, {q2}, ...

    Raises:
        ContentError: the file is no readable problem bank.
    """
    try:
        with ZipFile(archive) as bank:
            return list(_steps(bank))
    except (OSError, BadZipFile, json.JSONDecodeError, KeyError, TypeError) as error:
        raise ContentError(
            f"{archive}: is no problem bank ({error}). Give a zip in OATutor's layout."
        ) from error


def _steps(bank: ZipFile) -> Iterator[Step]:
    names = [name for name in bank.namelist() if "/tutoring/" in name and name.endswith(".json")]
    for name in sorted(names):
        folder, step_id = name.split("/tutoring/")[0], name.split("/")[-3]
        problem_id = name.split("/")[1]
        problem = json.loads(bank.read(f"content-pool/{problem_id}/{problem_id}.json"))
        step = json.loads(bank.read(f"{folder}/{step_id}.json"))
        goal = plain(step.get("stepTitle") or "")
        body = plain(problem.get("body") or "")
        body = body if goal in body else f"{body} {goal}".strip()
        if len(body.split()) < 6:
            continue
        body, quantities = lift_numbers(_shorten(body))
        if quantities is None:
            continue
        hints = []
        for hint in json.loads(bank.read(name)):
            title, text = plain(hint.get("title") or ""), plain(hint.get("text") or "")
            if text and _is_wordy(text) and not _GIVES.search(text):
                hints.append((put_back(title, quantities), put_back(text, quantities)))
        if hints:
            hints = list(dict.fromkeys(hints))
            yield Step(problem_id, body, put_back(_shorten(goal), quantities), hints)


def plain(text: str) -> str:
    """Take the dollar signs and simple fractions out; empty when other LaTeX remains."""
    text = _FRACTION.sub(r"\1/\2", _FIGURE.sub(" ", text.replace("$$", "")))
    return "" if re.search(r"[\\^_{}@]", text) else " ".join(text.split())


def _is_wordy(text: str) -> bool:
    pieces = text.split()
    words = [piece for piece in pieces if _WORD.fullmatch(piece.strip(".,;:?!()\"'"))]
    return 4 <= len(pieces) <= 45 and len(words) >= 0.75 * len(pieces)


def _shorten(text: str) -> str:
    kept: list[str] = []
    for sentence in sentences(text):
        if kept and len(" ".join((*kept, sentence)).split()) > _WORDS_OF_PROBLEM:
            break
        kept.append(sentence)
    return " ".join(" ".join(kept).split()[: _WORDS_OF_PROBLEM + 20])


def lift_numbers(text: str) -> tuple[str, dict[str, str] | None]:
    """Replace numbers by placeholders in order of first occurrence; None for more than nine."""
    found = list(dict.fromkeys(match.group() for match in _NUMBER.finditer(text)))
    if len(found) > len(QUANTITIES):
        return text, None
    quantities = dict(zip(found, QUANTITIES, strict=False))
    return put_back(text, quantities), quantities


def put_back(text: str, quantities: dict[str, str]) -> str:
    """Replace the known numbers of another text by their placeholders; others stay."""
    by_value = {_value(number): mark for number, mark in quantities.items()}

    def mark(match: re.Match[str]) -> str:
        number = match.group()
        return quantities.get(number) or by_value.get(_value(number)) or number

    return _NUMBER.sub(mark, text)


def _value(number: str) -> str:
    return re.sub(r"[^\d.]", "", number.split(" ")[0])


def running_text(steps: Iterable[Step]) -> Iterator[tuple[str, str]]:
    """Yield each step as (problem id, running text): the problem, what to find, its hints."""
    for step in steps:
        hints = " ".join(text for _, text in step.hints)
        yield step.problem_id, f"{step.problem}\n{step.goal}\n{hints}"


def read_textbooks(corpus: Path, books: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules of the named books (repository names) without lists of key terms.

    Raises:
        ContentError: the file cannot be read.
    """
    try:
        with lzma.open(corpus, "rt", encoding="utf-8") as lines:
            text = lines.read()
    except (OSError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise ContentError(f"{corpus}: cannot be read ({error}). Give an xz text file.") from error
    for module in re.split(r"^# (?=openstax/)", text, flags=re.M)[1:]:
        head, _, body = module.partition("\n")
        if any(book in head for book in books):
            kept = [line for line in body.splitlines() if len(line.split()) > 5]
            yield "\n".join(kept)


def read_notes(folder: Path) -> list[str]:
    """Read a course's Markdown notes, one text a file."""
    return [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.md"))]


def common_words(texts: Iterable[str], count: int = 3000) -> list[str]:
    """Return the most frequent lower-case words, most frequent first."""
    counts = Counter(word for text in texts for word in re.findall(r"\b[a-z]{2,}\b", text))
    return [word for word, _ in counts.most_common(count)]
