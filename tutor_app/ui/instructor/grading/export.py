"""Export: marks into the instructor's gradebook, feedback for students, the record of the batch."""

import shutil
from pathlib import Path
from uuid import uuid4

import streamlit as st

from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.exchange.gradebooks.mark import Export
from tutor_app.grading.audit_file import audit_lines
from tutor_app.grading.exporting import FORMATS, export_batch
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted

TITLES = {
    "canvas": "Canvas gradebook", "moodle": "Moodle grading worksheet",
    "moodle-quiz": "Moodle gradebook import", "blackboard": "Blackboard",
    "gradescope": "Gradescope, points by criterion", "per-item": "CSV, points by criterion",
    "xlsx": "Excel", "pdf": "A PDF for each student",
}  # fmt: skip
OWN = {
    "canvas": "Your own gradebook, exported from Canvas",
    "moodle": "Your own grading worksheet, downloaded from Moodle",
    "blackboard": "Your own column, downloaded from Blackboard",
}  # fmt: skip
LEFT_OUT_SHOWN = 200


def show_export(session: Session, batch: Batch) -> None:
    """Draw a choice of formats, and the file that was made."""
    released = resources.queue(batch.id).standing().released
    st.markdown(f"{counted(released, 'mark')} released. Only released marks are exported.")
    kinds = list(FORMATS)
    kind = st.selectbox(
        "Format", kinds, format_func=lambda one: TITLES.get(one, one), key="export-kind"
    )
    own = None
    if kind in OWN:
        own = st.file_uploader(OWN[kind], key=f"own-{kind}-{session.upload}")
    unreleased = st.toggle(
        "Also marks that are not released", key="export-all",
        help="For your eyes: the file's name says that it is not released.",
    )  # fmt: skip
    if st.button(
        "Make the file", type="primary", icon=":material/download:",
        disabled=not released and not unreleased,
    ):  # fmt: skip
        folder = resources.settings().home / "uploads" / uuid4().hex
        try:
            given = resources.put_down(folder, [own])[0] if own else None
            with st.spinner("Writing the file", show_time=True):
                made = export_batch(
                    resources.store(), batch.id, kind, folder / "out", own=given,
                    unreleased=unreleased,
                )  # fmt: skip
                content, name = _content(made.path)
        except TutorError as error:
            show_failure(error)
        else:
            _offer(made, content, name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    st.divider()
    _offer_audit(batch)


def _content(path: Path) -> tuple[bytes, str]:
    """Return the file, a folder as a zip archive."""
    if path.is_file():
        return path.read_bytes(), path.name
    packed = Path(shutil.make_archive(str(path), "zip", path))
    return packed.read_bytes(), packed.name


def _offer(made: Export, content: bytes, name: str) -> None:
    st.success(f"{counted(made.written, 'mark')} in {plain(name)}.")
    st.download_button(
        f"Download {plain(name)}", content, file_name=name, on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
    for remark in made.remarks:
        st.caption(plain(remark))
    if made.left_out:
        with st.expander(f"Left out: {len(made.left_out):,}"):
            st.dataframe(
                [
                    {"Student": one.learner, "Name": one.name, "Why": one.reason}
                    for one in made.left_out[:LEFT_OUT_SHOWN]
                ],
                hide_index=True,
            )


def _offer_audit(batch: Batch) -> None:
    st.markdown(
        "**The record of the batch**: rubrics, proposals with evidence, every decision. Any mark "
        "can be rebuilt from it, and a changed line shows."
    )
    st.download_button(
        "Download the record", lambda: "\n".join(audit_lines(resources.store(), batch.id)) + "\n",
        file_name=f"audit-{batch.id}.jsonl", on_click="ignore", icon=":material/history:",
        key="audit-file",
    )  # fmt: skip
