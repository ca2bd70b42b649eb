"""The first half of a refresh: requests out to a teacher model, its answers in."""

import io
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd
import streamlit as st

from tutor_app.distillation.demonstrate import load_asks
from tutor_app.distillation.handover import ASKS, REQUESTS, Imported, outputs
from tutor_app.distillation.intake import (
    export_again,
    exports,
    load_outcome,
    put_beside,
    take_in,
)
from tutor_app.distillation.select import Funnel
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.session import current
from tutor_app.ui.words import counted, percent

MAX_REASONS = 8
_OUTCOMES = {
    "answered": "answered",
    "truncated": "cut at the length limit",
    "refused": "refused by the teacher",
    "failed": "an error of the service",
    "foreign": "of no request of this export",
    "unreadable": "not readable; the file may be cut",
    "doubled": "answered before; the first one counts",
}


def exports_of(course_id: str) -> list[Path]:
    """Return the folders of a course's exports, the newest first."""
    return exports(resources.settings().home / "refresh" / course_id)


def show_export(course_id: str, *, primary: bool) -> None:
    """Draw the part that asks a teacher."""
    st.subheader("1. Ask a teacher", anchor=False)
    st.markdown(
        "Requests for every exercise, step and known wrong idea of the course, as batch files for "
        "a large language model elsewhere. They hold the course and its solutions, and nothing of "
        "any student."
    )
    with st.form("export", border=False):
        teacher = st.text_input(
            "Name of the model at the batch service", "teacher", max_chars=100
        ).strip()
        pressed = st.form_submit_button(
            "Export",
            type="primary" if primary else "secondary",
            icon=":material/upload_file:",
        )
    if pressed:
        with st.spinner("Writing the requests", show_time=True):
            done = export_again(
                resources.catalogue(),
                course_id,
                resources.settings().home / "refresh" / course_id,
                teacher or "teacher",
            )
        current().notice = (
            f"{counted(done.requests, 'request')} for {counted(done.situations, 'situation')}."
        )
        st.rerun()
    for newest in exports_of(course_id)[:1]:
        files = sorted(newest.glob(f"{REQUESTS}-*.jsonl"))
        st.download_button(
            "Download the requests",
            partial(zipped, files),
            file_name=f"{course_id}-{newest.name}.zip",
            mime="application/zip",
            icon=":material/download:",
            on_click="ignore",
        )
        st.caption(f"{counted(len(files), 'file')} in {plain(str(newest))}")


def show_import(course_id: str, *, primary: bool) -> None:
    """Draw the part that takes the answers in, with what the last import did."""
    st.subheader("2. Bring the answers back", anchor=False)
    folders = exports_of(course_id)
    if not folders:
        st.markdown("Export first; the teacher's answers come back here.")
        return
    folder = folders[0]
    if len(folders) > 1:
        folder = st.selectbox("Export", folders, format_func=lambda path: path.name)
    with st.form("import", border=False, clear_on_submit=True):
        files = st.file_uploader(
            "Output and error files, in any order; the same file twice does no harm",
            type="jsonl",
            accept_multiple_files=True,
        )
        pressed = st.form_submit_button(
            "Import", type="primary" if primary else "secondary", icon=":material/download_done:"
        )
    st.caption(f"Files that are too large for this box: put them into {plain(str(folder))}.")
    if pressed and not files and not outputs(folder):
        st.warning("Choose the files first.")
    elif pressed:
        with st.spinner("Reading the answers and filtering them", show_time=True):
            for file in files:
                put_beside(folder, file.getvalue())
            take_in(folder, resources.catalogue(), resources.settings().home / "dialogues")
        resources.voice().try_again()
        st.rerun()
    _show_outcome(folder)


def _show_outcome(folder: Path) -> None:
    taken = load_outcome(folder)
    if taken is None:
        asked = len(load_asks(folder / ASKS))
        st.markdown(f"{counted(asked, 'request')} asked; no answer is in yet.")
        return
    found, funnel = taken.imported, taken.funnel
    st.markdown(progress_sentence(found))
    st.dataframe(outcome_table(found), hide_index=True, width="stretch")
    if found.unfit:
        worst = sorted(found.unfit.items(), key=lambda pair: -pair[1])
        lines = [f"- {plain(reason[:160])}: {count}" for reason, count in worst[:MAX_REASONS]]
        left = len(worst) - MAX_REASONS
        more = [f"- and {counted(left, 'other reason')}"] if left > 0 else []
        st.markdown("Parts of answers that could not be used:\n" + "\n".join([*lines, *more]))
    if found.retry:
        st.download_button(
            f"Download what failed, to ask again ({counted(len(found.retry), 'file')})",
            partial(zipped, found.retry),
            file_name=f"retry-{folder.name}.zip",
            mime="application/zip",
            icon=":material/replay:",
            on_click="ignore",
        )
    st.markdown(
        f"**{counted(funnel.kept, 'demonstration')} kept** of {found.demonstrations}, "
        f"{percent(funnel.distinct)} of them distinct. The tutor's memory uses them from now on."
    )
    st.dataframe(funnel_table(funnel), hide_index=True, width="stretch")
    st.caption(f"Every dropped one with its reason: {plain(str(folder / 'dropped.jsonl'))}")


def progress_sentence(found: Imported) -> str:
    """Say how far the requests have come."""
    answered = found.requests - found.waiting
    parts = [f"{answered} of {counted(found.requests, 'request')} came back"]
    if found.waiting:
        parts.append(f"{found.waiting} still waiting")
    return "; ".join(parts) + "."


def outcome_table(found: Imported) -> pd.DataFrame:
    """Return one row an outcome, the commonest first."""
    rows = sorted(found.outcomes.items(), key=lambda pair: -pair[1])
    return pd.DataFrame({"Lines": count, "What they are": _OUTCOMES[name]} for name, count in rows)


def funnel_table(funnel: Funnel) -> pd.DataFrame:
    """Return one row a filter: how many came in, how many it took out, and why."""
    return pd.DataFrame(
        {
            "Filter": name,
            "In": entered,
            "Taken out": dropped,
            "Commonest reasons": "; ".join(f"{reason} ({count})" for reason, count in reasons),
        }
        for name, entered, dropped, reasons in funnel.rows
    )


def zipped(files: Sequence[Path]) -> bytes:
    """Return the files as one zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.name)
    return buffer.getvalue()
