"""The passage behind a citation: its place, its text, and the cited sentence marked."""

import re

import streamlit as st

from tutor_app.documents.sentences import sentence_spans
from tutor_app.domain.passage import Passage
from tutor_app.ui import inert

_CODE = re.compile(r"^(```+).*?(?:^\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_WORD = re.compile(r"[^\W_]{3,}")


def show_citations(reply: str, passages: tuple[Passage, ...], key: str) -> None:
    """Draw one button per passage of a reply; it opens the passage beside the page.

    A passage that the reply cites as [n] has that number; one that it does not is there to read.
    """
    for number, passage in enumerate(passages, 1):
        cited = f"[{number}]" in reply
        place = passage.place.model_copy(update={"section": passage.place.section[-1:]})
        if st.button(
            inert.calm(f"[{number}] {place}" if cited else f"Read: {place}"),
            key=f"cite-{key}-{number}",
            type="tertiary",
            icon=":material/menu_book:",
        ):
            open_passage(passage, cited_sentence(reply, number, passage.text) if cited else "")


@st.dialog("From the course", width=440, position="right")
def open_passage(passage: Passage, sentence: str = "") -> None:
    """Draw a passage beside the page, with one of its sentences marked."""
    st.caption(inert.calm(f"{passage.place}"))
    st.markdown(inert.passage(marked(passage.text, sentence)))
    st.caption(
        inert.calm(f"Document: {passage.place.document}. ")
        + ("The marked sentence is the one this reply rests on." if sentence else "")
    )


def cited_sentence(reply: str, number: int, passage: str) -> str:
    """Return the sentence of the passage on which the sentence marked [number] rests, or "".

    It is the one that shares the largest part of its words with the reply's sentence; where none
    shares any, with the whole reply.
    """
    before = reply.split(f"[{number}]")[0]
    claim = (_sentences(before) or [reply])[-1]
    return _nearest(_words(claim), passage) or _nearest(_words(reply), passage)


def _nearest(words: set[str], passage: str) -> str:
    best, found = 0.0, ""
    for sentence in _sentences(_CODE.sub("\n\n", passage)):
        own = _words(sentence)
        if sentence.startswith(("$$", "#", "|")) or not own:
            continue
        score = len(words & own) / len(words | own)
        if score > best:
            best, found = score, sentence
    return found


def marked(passage: str, sentence: str) -> str:
    """Return the passage as Markdown with one sentence highlighted."""
    if not sentence or sentence.count("[") != sentence.count("]"):
        return passage
    return passage.replace(sentence, f":primary-background[{' '.join(sentence.split())}]", 1)


def _sentences(text: str) -> list[str]:
    """Return sentences of the paragraphs; a sentence never crosses a blank line or list item."""
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*#|]|\d+\.)\s)", text)
    found = []
    for block in blocks:
        body = re.sub(r"^\s*(?:[-*]|\d+\.)\s+", "", block)
        found += [body[start:end] for start, end in sentence_spans(body)]
    return found


def _words(text: str) -> set[str]:
    return set(_WORD.findall(text.lower()))
