"""The card with an item's prompt: the same for the student and in the instructor's preview."""

import streamlit as st

from tutor_app.ui.student.numbers import unbroken


def show_prompt(prompt: str) -> None:
    """Draw a prompt (Markdown, its numbers filled in)."""
    with st.container(border=True, key="item-card"):
        st.markdown(unbroken(prompt))
