"""Whatever bytes a file holds, a reader returns a document or says DocumentError."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor_app.documents.document import Document
from tutor_app.documents.read import read_document, supported_suffixes
from tutor_app.errors import DocumentError

pytestmark = [pytest.mark.fuzz, pytest.mark.slow]

MANY = os.environ.get("FUZZ_EXAMPLES", "")
EXAMPLES = int(MANY or 6)
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    # The few of every day are always the same, so that a run never fails by bad luck.
    derandomize=not MANY,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MAGIC = st.sampled_from(
    [b"", b"PK\x03\x04", b"%PDF-1.4\n", b"<html>", b"WEBVTT\n", b"{", b"\xff\xfe"]
)
SUFFIXES = supported_suffixes()
KINDS = [
    ".csv",
    ".docx",
    ".epub",
    ".html",
    ".ipynb",
    ".md",
    ".pdf",
    ".pptx",
    ".srt",
    ".vtt",
    ".xlsx",
]
PIECES = ["<p>", "</table>", "<math>", "<tr>", "<li>", "<ol>", "<h2>", "<sup>", "<pre>", "<dt>"]
PIECES += ["00:01.000 --> 00:02.000\n", "<v Ann>", '{"cells": [', "]", "}", "# ", "- ", "```", "$$"]
PIECES += ["\n\n", "a, b", ";", '"']
ZIPS = [".docx", ".epub", ".pptx", ".xlsx"]

Said = Callable[[Document], list[tuple[str, str]]]


def check(path: Path, content: bytes, said: Said) -> None:
    path.write_bytes(content)
    try:
        document = read_document(path)
    except DocumentError:
        return
    said(document)
    document.model_dump_json().encode()


@st.composite
def mutated(draw: st.DrawFn, content: bytes) -> bytes:
    """Some bytes changed, cut out, doubled or put in."""
    result = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(result) - 1, 0)))
        length = draw(st.integers(1, 40))
        how = draw(st.sampled_from(["change", "cut", "double", "put", "end"]))
        if how == "change":
            result[at : at + 1] = draw(st.binary(min_size=1, max_size=4))
        elif how == "cut":
            del result[at : at + length]
        elif how == "double":
            result[at:at] = result[at : at + length] * draw(st.integers(1, 20))
        elif how == "put":
            result[at:at] = draw(st.binary(min_size=1, max_size=length))
        else:
            del result[at:]
    return bytes(result)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_random_bytes(suffix: str, tmp_path: Path, said: Said):
    @fuzzed
    @given(MAGIC, st.binary(max_size=2_000), st.sampled_from([b"", b"\n%%EOF\n"]))
    def run(magic: bytes, body: bytes, end: bytes) -> None:
        check(tmp_path / f"a{suffix}", magic + body + end, said)

    run()


@pytest.mark.parametrize("suffix", [s for s in SUFFIXES if s not in (*ZIPS, ".pdf")])
def test_random_text(suffix: str, tmp_path: Path, said: Said):
    pieces = st.sampled_from(PIECES)

    @fuzzed
    @given(st.lists(st.one_of(pieces, st.text(max_size=20)), max_size=60))
    def run(parts: list[str]) -> None:
        check(tmp_path / f"a{suffix}", "".join(parts).encode("utf-8", "replace"), said)

    run()


@pytest.mark.parametrize("suffix", KINDS)
def test_mutated_files(suffix: str, tmp_path: Path, said: Said, samples: dict[str, bytes]):
    @fuzzed
    @given(mutated(samples[suffix]))
    def run(content: bytes) -> None:
        check(tmp_path / f"a{suffix}", content, said)

    run()


@pytest.mark.parametrize("suffix", ZIPS)
def test_zips_with_a_mutated_part(
    suffix: str,
    tmp_path: Path,
    said: Said,
    samples: dict[str, bytes],
    rezipped: Callable[..., bytes],
):
    with zipfile.ZipFile(io.BytesIO(samples[suffix])) as archive:
        names = archive.namelist()

    @fuzzed
    @given(st.data(), st.sampled_from(names))
    def run(data: st.DataObject, name: str) -> None:
        def change(old: bytes) -> bytes:
            return data.draw(mutated(old))

        check(tmp_path / f"a{suffix}", rezipped(samples[suffix], {name: change}), said)

    run()


@pytest.mark.parametrize("suffix", ZIPS)
def test_zips_with_a_changed_word(
    suffix: str,
    tmp_path: Path,
    said: Said,
    samples: dict[str, bytes],
    rezipped: Callable[..., bytes],
):
    """The XML stays whole, but a name or value in it is another."""
    with zipfile.ZipFile(io.BytesIO(samples[suffix])) as archive:
        names = [name for name in archive.namelist() if name.endswith((".xml", ".rels", ".opf"))]

    @fuzzed
    @given(st.data(), st.sampled_from(names))
    def run(data: st.DataObject, name: str) -> None:
        def change(old: bytes) -> bytes:
            words = old.replace(b"<", b" < ").replace(b'"', b' " ').split()
            word = data.draw(st.sampled_from([w for w in words if w.isalnum()] or [b"w"]))
            other = data.draw(st.sampled_from([b"", b"x", b"-1", b"9" * 30, b"1e400", b"p", b"t"]))
            return old.replace(word, other)

        check(tmp_path / f"a{suffix}", rezipped(samples[suffix], {name: change}), said)

    run()
