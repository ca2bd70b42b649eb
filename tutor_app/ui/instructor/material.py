"""Material: bring files into the course, or make a course of a textbook or a problem bank."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.uploaded_file_manager import UploadedFile

from tutor_app.access.roles import Role
from tutor_app.courses.import_log import ImportRecord, load_log
from tutor_app.courses.importers.dispatch import FORMATS, suggested_id
from tutor_app.documents.read import supported_suffixes
from tutor_app.domain.duration import duration
from tutor_app.errors import NotFoundError, TutorError
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.material_report import show_result
from tutor_app.ui.jobs import Job, Progress
from tutor_app.ui.local_time import local
from tutor_app.ui.session import Session, current
from tutor_app.ui.words import counted, date

LOOK_EVERY_S = 1.0
ADD, IMPORT = "Add files", "New course from an archive"


def material_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="Material", icon=":material/upload_file:", url_path="material")


def show() -> None:
    """Draw what is being imported, what came of the last import, and the way to the next."""
    session = current()
    session.person(Role.INSTRUCTOR)
    st.title("Material", anchor=False)
    jobs = resources.jobs()
    if (job := jobs.running) is not None:
        st.fragment(_watch, run_every=LOOK_EVERY_S)(job)
        return
    if (last := jobs.last(session.course_id)) is not None:
        _show_end(session, last)
    ways = [ADD, IMPORT] if session.course_id else [IMPORT]
    way = st.segmented_control(
        "Way", ways, default=ways[0], required=True, label_visibility="collapsed", key="way"
    )
    if way == IMPORT:
        _import_form(session)
    else:
        _add_form(session)
        _offer_undo(session)


def _add_form(session: Session) -> None:
    kinds = ", ".join(suffix.removeprefix(".") for suffix in supported_suffixes())
    st.markdown(
        f"Add files to **{plain(resources.course_title(session.course_id))}**. The tutor then "
        "reads and cites them, with page, slide, time or section."
    )
    files = st.file_uploader(
        f"Files: {kinds}", accept_multiple_files=True, key=f"files-{session.upload}"
    )
    if st.button(
        "Add them", type="primary", icon=":material/upload:", disabled=not files, key="add-files"
    ):
        course_id = session.course_id

        def add(paths: Sequence[Path], tell: Progress) -> object:
            return resources.intake().add_documents(course_id, paths, tell)

        _begin(session, f"Adding {counted(len(files), 'file')}", course_id, files, add)


def _import_form(session: Session) -> None:
    st.markdown(
        "Make a new course of a textbook (CNXML, as OpenStax has it), a problem bank (OATutor) or "
        "a zip archive of mixed files."
    )
    file = st.file_uploader("Archive", type=["zip"], key=f"archive-{session.upload}")
    names = {"auto": "Tell it from the content", "cnxml": "Textbook (CNXML)",
             "oatutor": "Problem bank (OATutor)", "files": "Mixed files"}  # fmt: skip
    left, right = st.columns(2)
    with left:
        wanted = st.text_input(
            "Short name of the course", placeholder=suggested_id(Path(file.name)) if file else "",
            help="Small letters, digits and hyphens. Made from the file's name when left empty.",
        )  # fmt: skip
    with right:
        chosen = st.selectbox(
            "What it is",
            ["auto", *FORMATS],
            format_func=lambda one: names.get(one, one),
            key="what",
        )
    plan = ""
    if chosen == "oatutor":
        plan = st.text_input(
            "Course plan", placeholder="All of the bank", key="plan",
            help="A course plan's name, or a part of it that no other has. If none fits, the "
            "report lists those that there are.",
        ).strip()  # fmt: skip
    if (
        st.button(
            "Make the course", type="primary", icon=":material/upload:", disabled=file is None
        )
        and file is not None
    ):
        course_id = wanted.strip()

        def bring(paths: Sequence[Path], tell: Progress) -> object:
            return resources.intake().import_course(paths[0], chosen, course_id, tell, plan)

        _begin(session, f"Importing {file.name}", session.course_id, [file], bring)


def _begin(
    session: Session,
    title: str,
    about: str,
    files: Sequence[UploadedFile],
    work: Callable[[Sequence[Path], Progress], object],
) -> None:
    """Put what was uploaded beside the courses, and begin the job that reads it."""
    folder = resources.settings().home / "uploads" / uuid4().hex

    def run(tell: Progress) -> object:
        try:
            return work(paths, tell)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            resources.reload_files()

    try:
        paths = resources.put_down(folder, files)
        resources.jobs().start(title, about, run)
    except TutorError as error:
        shutil.rmtree(folder, ignore_errors=True)
        show_failure(error)
        return
    # a new box, without the files of this time
    session.upload = uuid4().hex
    st.rerun()


def _watch(job: Job) -> None:
    """Draw a job that is going on; once it is over, the whole page is drawn anew."""
    if job.state != "running":
        st.rerun()
    st.markdown(f"**{plain(job.title)}**")
    left = job.seconds_left
    words = f"{job.step[:1].upper()}{job.step[1:]}, {job.done:,} of {job.total:,}"
    st.progress(job.share, text=words + (f", about {duration(left)} left" if left else ""))
    if job.stopping:
        st.caption("It is asked to stop, and does so before the next part.")
    elif job.can_stop:
        st.button("Cancel", icon=":material/stop_circle:", on_click=job.stop)
    st.caption("It goes on when you leave this page.")


def _show_end(session: Session, job: Job) -> None:
    """Draw what came of a job, until it is put away."""
    if job.state == "cancelled":
        st.info(f"{plain(job.title)}: cancelled. Nothing of it is in the course.")
    elif job.state == "failed":
        st.error(plain(job.message), icon=":material/error:")
        st.caption("Nothing half done was left in the course.")
    else:
        course_id = show_result(job.result)
        if course_id and course_id != session.course_id and st.button("Open the course"):
            session.course_id, session.goto = course_id, "Course"
            session.open("")
            st.rerun()
    if st.button("Put this report away", type="tertiary", icon=":material/close:"):
        resources.jobs().forget(job.about)
        st.rerun()


def _offer_undo(session: Session) -> None:
    try:
        record = last_import(session.course_id)
    except TutorError as error:
        show_failure(error)
        return
    if record is None:
        return
    what = (
        counted(len(record.files), "file") if record.files else f"the course from {record.format}"
    )
    when = date(local(record.when))
    with st.container(horizontal=True, vertical_alignment="center", key="undo-import"):
        st.caption(f"Imported last: {what}, {when}.", width="stretch")
        with st.popover("Undo the last import", type="tertiary", icon=":material/undo:"):
            st.markdown(_undo_words(record))
            if st.button("Take it out again", key="undo-import-now"):
                _undo(session)


def _undo_words(record: ImportRecord) -> str:
    if record.files:
        names = ", ".join(plain(Path(file.path).name) for file in record.files[:5])
        more = f" and {len(record.files) - 5} more" if len(record.files) > 5 else ""
        return f"{names}{more} will leave the course. Files that you changed since stay."
    return "The whole course is moved aside; students do not see it any more."


def _undo(session: Session) -> None:
    course_id = session.course_id

    def work(tell: Progress) -> object:
        try:
            return resources.intake().undo(course_id, tell)
        finally:
            resources.reload_files()

    try:
        resources.jobs().start("Taking the last import out", course_id, work)
    except TutorError as error:
        show_failure(error)
        return
    st.rerun()


def last_import(course_id: str) -> ImportRecord | None:
    """Return the last import into a course of one's own; None where there is none."""
    if not resources.own_files().is_own(course_id):
        return None
    try:
        imports = load_log(resources.catalogue().course_folder(course_id)).imports
    except NotFoundError:
        return None
    return imports[-1] if imports else None
