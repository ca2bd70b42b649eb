"""Every program in the notes of a programming course runs, and shows what the note says."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

CHECKOUT = Path(__file__).parents[2]
NOTES = sorted((CHECKOUT / "datasets/courses/python-basics/notes").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
TYPED = re.compile(r"^# typed: (.*)$", re.M)
MARKS = re.compile(r"^[ ~^]*[~^][ ~^]*\n", re.M)
BEGINNING = "Traceback (most recent call last):\n"


class Snippet(NamedTuple):
    """A program of a note, and what the note says that it shows."""

    line: int
    program: str
    shown: str


def snippets(text: str) -> list[Snippet]:
    """Return the programs; a text block counts as output when only white space parts them."""
    blocks = list(BLOCK.finditer(text))
    found = []
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block[1] != "python":
            continue
        follows = (
            after is not None
            and after[1] == "text"
            and not text[block.end() : after.start()].strip()
        )
        shown = after[2] if after is not None and follows else ""
        found.append(Snippet(text[: block.start()].count("\n") + 1, block[2], shown))
    return found


def run(program: str, folder: Path) -> str:
    """Return what a program shows: its output, then its traceback if it has one."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "program.py"],
        input="".join(f"{line}\n" for line in TYPED.findall(program)),
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "NO_COLOR": "1"},
        timeout=20,
        check=False,
    )
    return done.stdout + done.stderr.replace(str(folder) + os.sep, "")


def plain(output: str) -> str:
    """Return output without the marks under a line, which differ between versions of Python."""
    return MARKS.sub("", output.rstrip() + "\n") if BEGINNING in output else output.rstrip() + "\n"


@pytest.mark.parametrize("note", NOTES, ids=lambda note: note.stem)
def test_every_program_in_a_note_runs_and_shows_what_the_note_says(
    note: Path, tmp_path: Path
) -> None:
    found = snippets(note.read_text(encoding="utf-8"))
    assert len(found) >= 5
    for number, snippet in enumerate(found):
        folder = tmp_path / str(number)
        folder.mkdir()
        output = run(snippet.program, folder)
        assert plain(output) == plain(snippet.shown), f"{note.name}:{snippet.line}"


def test_the_notes_have_no_other_code_blocks_that_could_look_like_programs() -> None:
    kinds = {m[1] for note in NOTES for m in re.finditer(r"^```(.+)$", note.read_text(), re.M)}
    assert kinds == {"python", "text"}


def test_a_false_output_and_a_program_that_fails_are_noticed(tmp_path: Path) -> None:
    note = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\nint('x')\n```\n"
    first, second = snippets(note)
    assert first.shown == "3\n"
    assert run(first.program, tmp_path) == "2\n"
    assert second.shown == ""
    assert "ValueError" in run(second.program, tmp_path)
