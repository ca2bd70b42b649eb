"""A rubric as a file for another program."""

import streamlit as st

from tutor_app.courses.yaml_files import content_text
from tutor_app.domain.rubric import Rubric
from tutor_app.exchange.rubrics.write import FORMATS, file_of, format_title, lost_in, write_rubric
from tutor_app.ui.inert import plain


def show_download(rubric: Rubric, key: str) -> None:
    """Draw the button that offers a rubric in every format; a file is made when it is asked for."""
    with st.popover("Download", icon=":material/download:"):
        for format in FORMATS:
            _offer(rubric, format, f"{key}-{format}")
        st.download_button(
            "As this program keeps it (YAML)", lambda: content_text(rubric).encode(),
            f"{rubric.id}.yaml", "application/yaml", key=f"{key}-yaml", on_click="ignore",
            type="tertiary",
        )  # fmt: skip


def _offer(rubric: Rubric, format: str, key: str) -> None:
    name, mime = file_of(rubric, format)
    lost = lost_in(rubric, format)
    st.download_button(
        format_title(format), lambda: write_rubric(rubric, format).content, name, mime,
        key=key, on_click="ignore", type="tertiary",
        help=plain(" ".join(lost)) if lost else "Carries all of it, and is read back the same.",
    )  # fmt: skip
