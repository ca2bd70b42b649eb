"""Prepare the language stage: tokenizer, token ids of open text, copy exercises."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tutor_app.distillation.corpus import (
    common_words,
    read_notes,
    read_problem_bank,
    read_textbooks,
    running_text,
)
from tutor_app.distillation.exercises import copy_exercises
from tutor_app.distillation.tokenizer import BOS, train_tokenizer

# Physics, and no other book: the rest of the corpus speaks of other things.
BOOKS = ("osbooks-physics",)
# The course notes are small and nearest to what the tutor will speak about.
NOTES_REPEATED = 3
_HELD_OUT_PART = 40


def prepare_language_stage(
    bank: Path,
    corpus: Path,
    notes: Path,
    out: Path,
    extra: Iterable[str] = (),
    exercises: int = 40_000,
    vocabulary: int = 5000,
    seed: int = 0,
) -> None:
    """Write out/tokenizer, text.npy, held_out_text.npy, exercises.jsonl, held_out_exercises.jsonl.

    Args:
        bank: a problem bank in OATutor's layout (zip).
        corpus: textbooks, as an xz text file with a `# repository path` line before each module.
        notes: a folder of Markdown notes.
        out: where to write.
        extra: texts that only the tokenizer sees, such as the course's items.
        exercises: how many copy exercises to write.
        vocabulary: entries of the tokenizer.
        seed: makes the exercises repeatable.

    Raises:
        ContentError: a source cannot be read.
    """
    steps = read_problem_bank(bank)
    modules = list(read_textbooks(corpus, BOOKS))
    course = read_notes(notes)
    kept = [step for step in steps if not _is_held_out(step.problem_id)]
    held = [step for step in steps if _is_held_out(step.problem_id)]
    hints = [text for _, text in running_text(kept)]
    words = common_words([*modules, *hints])
    rows = list(copy_exercises(kept, words, exercises, seed))
    held_rows = list(copy_exercises(held, words, 400, seed + 1))

    out.mkdir(parents=True, exist_ok=True)
    seen = [f"{row['prompt']}\n{row['reply']}" for row in rows[:5000]]
    tokenizer = train_tokenizer([*modules, *hints, *course, *seen, *extra], vocabulary)
    tokenizer.save_pretrained(out / "tokenizer")
    held_modules = modules[::_HELD_OUT_PART]
    trained = [text for place, text in enumerate(modules) if place % _HELD_OUT_PART]
    _save_stream(tokenizer, [*trained, *hints, *course * NOTES_REPEATED], out / "text.npy")
    held_hints = [text for _, text in running_text(held)]
    _save_stream(tokenizer, [*held_modules, *held_hints], out / "held_out_text.npy")
    _save_rows(rows, out / "exercises.jsonl")
    _save_rows(held_rows, out / "held_out_exercises.jsonl")


def _is_held_out(problem_id: str) -> bool:
    """Hold out by family: numbered problems of one family differ only in their numbers."""
    family = problem_id.rstrip("0123456789")
    return int(hashlib.sha256(family.encode()).hexdigest(), 16) % _HELD_OUT_PART == 0


def _save_stream(tokenizer: Any, texts: Iterable[str], path: Path) -> None:
    start = tokenizer.convert_tokens_to_ids(BOS)
    ids: list[int] = []
    for text in texts:
        ids += [start, *tokenizer.encode(text, add_special_tokens=False, verbose=False)]
    stream: NDArray[np.uint16] = np.array(ids, dtype=np.uint16)
    np.save(path, stream)


def _save_rows(rows: Iterable[dict[str, str]], path: Path) -> None:
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
