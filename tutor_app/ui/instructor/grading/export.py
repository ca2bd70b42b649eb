"""Export: marks into the instructor's gradebook, feedback for students, the record of the batch."""

import shutil
from pathlib import Path
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from tutor_app.domain.batch import Batch
from tutor_app.errors import TutorError
from tutor_app.exchange.gradebooks.exporting import GRADEBOOKS, own_columns
from tutor_app.exchange.gradebooks.mark import Export
from tutor_app.grading.audit_file import audit_lines
from tutor_app.grading.exporting import export_batch
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session
from tutor_app.ui.words import counted

OWN = {
    "canvas": "Your own gradebook, exported from Canvas, to be filled",
    "moodle": "Your own grading worksheet, downloaded from Moodle, to be filled",
    "blackboard": "Your own column, downloaded from Blackboard, to be filled",
}
LEFT_OUT_SHOWN = 200


def show_export(session: Session, batch: Batch) -> None:
    """Draw a choice of formats, and the file that was made."""
    with st.container(key="batch-wide"):
        _export(batch, session)


def _export(batch: Batch, session: Session) -> None:
    released = resources.queue(batch.id).standing().released
    st.markdown(f"{counted(released, 'mark')} released. Only released marks are exported.")
    kind = st.selectbox(
        "Format", list(GRADEBOOKS), key="export-kind",
        format_func=lambda one: GRADEBOOKS[one].title[:1].upper() + GRADEBOOKS[one].title[1:],
    )  # fmt: skip
    own = st.file_uploader(OWN[kind], key=f"own-{kind}-{session.upload}") if kind in OWN else None
    title = _column(kind, own, batch)
    unreleased = st.toggle(
        "Also marks that are not released", key="export-all",
        help="For your eyes: the file's name says that it is not released.",
    )  # fmt: skip
    missing = GRADEBOOKS[kind].own == "must" and own is None
    if st.button(
        "Make the file", type="primary", icon=":material/download:",
        disabled=missing or not (released or unreleased),
    ):  # fmt: skip
        _make(batch, kind, own, (title or "").strip() or batch.title, unreleased=unreleased)
    st.divider()
    _offer_audit(batch)


def _column(kind: str, own: UploadedFile | None, batch: Batch) -> str | None:
    """Ask for the column: one of the instructor's own file, or the title of a new one."""
    if not GRADEBOOKS[kind].titled:
        return None
    if own is not None:
        folder = resources.settings().home / "uploads" / uuid4().hex
        try:
            known = own_columns(kind, resources.put_down(folder, [own])[0])
        except TutorError as error:
            show_failure(error)
            return None
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        if known:
            return st.selectbox("Column that is filled", known, key="export-column")
    return st.text_input("Title of its column", value=batch.title, key="export-title")


def _make(
    batch: Batch, kind: str, own: UploadedFile | None, title: str, *, unreleased: bool
) -> None:
    folder = resources.settings().home / "uploads" / uuid4().hex
    try:
        given = resources.put_down(folder, [own])[0] if own else None
        with st.spinner("Writing the file", show_time=True):
            made = export_batch(
                resources.store(), batch.id, kind, folder / "out", title=title, own=given,
                unreleased=unreleased,
            )  # fmt: skip
            content, name = _content(made.path)
    except TutorError as error:
        show_failure(error)
    else:
        _offer(made, content, name)
    finally:
        # marks lie in no second place
        shutil.rmtree(folder, ignore_errors=True)


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
