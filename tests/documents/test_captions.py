from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.documents.read import read_document
from tutor_app.errors import DocumentError

Write = Callable[[str, str], Path]


def cue(second: int, words: str) -> str:
    begin, end = (f"00:{s // 60:02d}:{s % 60:02d}.000" for s in (second, second + 5))
    return f"{begin} --> {end}\n{words}\n\n"


def test_short_cues_are_joined_and_begin_at_their_time(write: Write, said: Any):
    document = read_document(
        write(
            "a.vtt", "WEBVTT\n\nintro\n" + cue(61, "Energy is\nkept &amp;") + cue(66, "<b>so</b>.")
        )
    )
    assert said(document) == [("paragraph", "Energy is kept & so.")]
    assert document.blocks[0].place.start_s == 61.0
    assert str(document.blocks[0].place) == "a, 1:01"


def test_srt_reads_the_same(write: Write, said: Any):
    srt = (
        "1\n00:00:01,500 --> 00:00:04,000\n<i>Good</i> {\\an8}day.\n\n"
        "2\n01:00:04,000 --> 01:00:06,000\nBye.\n"
    )
    document = read_document(write("a.srt", srt))
    assert said(document) == [("paragraph", "Good day."), ("paragraph", "Bye.")]
    assert [block.place.start_s for block in document.blocks] == [1.5, 3604.0]


def test_speakers_and_long_pauses_part_paragraphs(write: Write, said: Any):
    cues = cue(0, "<v Ann>Why?") + cue(5, "<v Bob>Because.") + cue(10, "Of it.") + cue(40, "Next.")
    document = read_document(write("a.vtt", "WEBVTT\n\n" + cues))
    assert [t for _, t in said(document)] == ["Ann: Why?", "Bob: Because. Of it.", "Next."]


def test_long_talk_is_parted_at_sentence_ends(write: Write, said: Any):
    cues = "".join(
        cue(5 * n, f"Sentence {n} has some words and ends." if n % 2 else f"Half {n} of")
        for n in range(80)
    )
    texts = [text for _, text in said(read_document(write("a.vtt", "WEBVTT\n\n" + cues)))]
    assert len(texts) > 3
    assert all(text.endswith(".") and len(text) < 800 for text in texts)


def test_lines_that_rolling_captions_repeat_are_read_once(write: Write, said: Any):
    cues = cue(0, "so today") + cue(2, "so today\nwe look at") + cue(4, "we look at\nenergy")
    assert said(read_document(write("a.vtt", "WEBVTT\n\n" + cues))) == [
        ("paragraph", "so today we look at energy")
    ]


@pytest.mark.parametrize("content", ["WEBVTT\n", "Just words.", cue(1, "<b></b>")])
def test_a_file_without_cues_is_refused(write: Write, content: str):
    with pytest.raises(DocumentError, match="holds no subtitles"):
        read_document(write("a.vtt", content))


def test_a_pause_of_more_than_two_seconds_and_a_minute_part_paragraphs(write: Write, said: Any):
    slow = cue(0, "one") + cue(6, "two") + cue(14, "three")
    document = read_document(write("a.vtt", "WEBVTT\n\n" + slow))
    assert [text for _, text in said(document)] == ["one two", "three"]
    steady = "".join(cue(5 * n, f"word {n}") for n in range(30))
    document = read_document(write("b.vtt", "WEBVTT\n\n" + steady))
    assert [block.place.start_s for block in document.blocks] == [0.0, 60.0, 120.0]
