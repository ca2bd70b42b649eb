"""A dialogue as a file: Markdown to read, JSON to keep."""

import json

import streamlit as st

from tutor_app.domain.dialogue import Dialogue
from tutor_app.tutoring.tutor import Prepared
from tutor_app.ui.words import counted, date, said


@st.dialog("Export this dialogue")
def offer_export(dialogue: Dialogue, prepared: Prepared) -> None:
    """Open a box with the two files."""
    st.markdown(f"**{prepared.item.title}**, {counted(len(dialogue.turns), 'turn')}")
    with st.container(horizontal=True):
        st.download_button(
            "Markdown, to read",
            dialogue_markdown(dialogue, prepared),
            file_name=f"dialogue-{dialogue.item_id}.md",
            mime="text/markdown",
            type="primary",
            on_click="ignore",
        )
        st.download_button(
            "JSON, to keep",
            dialogue_json(dialogue),
            file_name=f"dialogue-{dialogue.item_id}.json",
            mime="application/json",
            on_click="ignore",
        )


def dialogue_markdown(dialogue: Dialogue, prepared: Prepared) -> str:
    """Return the dialogue as Markdown, with its citations as notes at the end."""
    lines = [
        f"# {prepared.item.title}",
        f"{prepared.loaded.course.title}, {date(dialogue.started_at)} (UTC)",
        prepared.prompt.strip(),
    ]
    notes: list[str] = []
    for turn in dialogue.turns:
        lines.append(f"**You**\n\n{_quoted(said(turn.channel, turn.text, prepared.item))}")
        lines.append(f"**Tutor**\n\n{turn.reply}")
        for number, passage in enumerate(turn.passages, 1):
            if f"[{number}]" in turn.reply:
                place = f"{passage.place.document}: {passage.place}"
                notes.append(f"- Turn {turn.number} [{number}] {place}")
    if notes:
        lines += ["## Places in the course", "\n".join(notes)]
    return "\n\n".join(lines) + "\n"


def dialogue_json(dialogue: Dialogue) -> str:
    """Return everything that is stored of the dialogue."""
    return json.dumps(dialogue.model_dump(mode="json"), ensure_ascii=False, indent=2)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.splitlines())
