"""A new batch: what was brought, what each question is graded by, five tried first, and off."""

import shutil
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from tutor_app.errors import TutorError
from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions
from tutor_app.exchange.submissions.report import Asked, Choices
from tutor_app.grading.start import Assigned, start_batch
from tutor_app.grading.teaching import Brought
from tutor_app.ui import resources
from tutor_app.ui.failures import show_failure, show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.grading.assigning import assign_questions, assigned_of, left_out
from tutor_app.ui.instructor.grading.graded_elsewhere import show_brought
from tutor_app.ui.instructor.grading.running import run_in_background
from tutor_app.ui.instructor.grading.trying import show_trial
from tutor_app.ui.session import Reviewing, Session, Source
from tutor_app.ui.words import counted

FORMATS = ["csv", "tsv", "txt", "xlsx", "xlsm", "zip"]
NOTES_SHOWN = 200
LANGUAGES = {
    "en": "English", "de": "German", "es": "Spanish", "fr": "French", "it": "Italian",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "sv": "Swedish", "tr": "Turkish",
}  # fmt: skip
NOTE_WORDS = {
    "skipped": "passed over", "problem": "not graded", "duplicate": "answered twice",
    "joined": "several files", "missing": "handed in nothing", "unknown": "not on the list",
    "empty": "empty", "hidden": "hidden text", "remark": "remark",
}  # fmt: skip


def show_new_batch(session: Session) -> None:
    """Draw the steps to a new batch; each one appears when the one before is done."""
    reviewing = session.reviewing
    st.button(
        "All batches", icon=":material/arrow_back:", type="tertiary",
        on_click=leave, args=(session,),
    )  # fmt: skip
    st.title("New batch", anchor=False)
    show_outcome(session)
    if reviewing.source is None:
        _ask_for_files(session)
        return
    source = reviewing.source
    found: SubmissionSet | None = source.found
    if found is None:
        found = _read(session, source)
        if found is None:
            return
    _show_reading(session, source, found)
    if any(not one.guess for one in found.asked):
        return
    st.subheader("What each question is graded by", anchor=False)
    assign_questions(session, source, found.questions)
    chosen = assigned_of(source)
    missing = [one for one in found.questions if one not in source.rubrics]
    if missing:
        st.caption(f"{counted(len(missing), 'question')} still to be settled.")
        return
    if not chosen:
        st.caption("Every question is left out; nothing would be graded.")
        return
    brought = show_brought(source, found, chosen)
    if brought is None:
        return
    show_trial(source, found, chosen, brought)
    _start_form(session, source, found, chosen, brought)


def _ask_for_files(session: Session) -> None:
    st.markdown(
        "Bring the submissions: a table (CSV or Excel, one row per student or per answer), a "
        "Moodle, Canvas or Gradescope export, or a zip with a file or folder per student (Word, "
        "PDF, text, Markdown, HTML, notebooks)."
    )
    file = st.file_uploader("Submissions", type=FORMATS, key=f"submissions-{session.upload}")
    roster = st.file_uploader(
        "Class list, if you have one, to see who is missing", type=["csv", "xlsx"],
        key=f"roster-{session.upload}",
    )  # fmt: skip
    examples = st.file_uploader(
        "Answers graded elsewhere, if you have some, to teach the grader",
        type=["csv", "tsv", "xlsx", "zip"], key=f"examples-{session.upload}",
        help="A table with a column Answer and one for each criterion, headed by its id or title; "
        "or the zip of Gradescope's Export Evaluations.",
    )  # fmt: skip
    if st.button("Read them", type="primary", disabled=file is None) and file is not None:
        _take_in(session, file, roster, examples)


def _take_in(
    session: Session, file: UploadedFile, roster: UploadedFile | None, examples: UploadedFile | None
) -> None:
    folder = resources.settings().home / "uploads" / uuid4().hex
    brought = [one for one in (file, roster, examples) if one is not None]
    try:
        paths = iter(resources.put_down(folder, brought))
    except TutorError as error:
        shutil.rmtree(folder, ignore_errors=True)
        show_failure(error)
        return
    session.reviewing.source = Source(
        folder, next(paths),
        roster=next(paths) if roster is not None else None,
        examples=next(paths) if examples is not None else None,
    )  # fmt: skip
    session.upload = uuid4().hex
    st.rerun()


def _read(session: Session, source: Source) -> SubmissionSet | None:
    try:
        with st.spinner("Reading the submissions", show_time=True):
            source.found = read_submissions(
                source.path, choices=Choices(**source.choices), roster=source.roster,
                language=source.language,
            )  # fmt: skip
    except TutorError as error:
        show_failure(error)
        st.button("Bring other files", on_click=_drop, args=(session,))
        return None
    return source.found


def _show_reading(session: Session, source: Source, found: SubmissionSet) -> None:
    with st.container(border=True, key="reading"):
        st.markdown(f"**{plain(source.path.name)}** is read as: {plain(found.kind)}.")
        st.caption(plain(found.reason))
        if not any(not one.guess for one in found.asked):
            st.markdown(
                f"{counted(found.learners, 'student')}, "
                f"{counted(len(found.questions), 'question')}, {counted(len(found), 'answer')}."
            )
        for one in found.asked:
            _settle(source, one)
        _ask_language(source)
        if found.columns:
            with st.expander("How each column is read"):
                st.dataframe(
                    [{"Column": c.heading, "Read as": c.use, "Why": c.reason}
                     for c in found.columns], hide_index=True,
                )  # fmt: skip
        _notes(found)
        st.button("Bring other files", type="tertiary", on_click=_drop, args=(session,))


def _settle(source: Source, asked: Asked) -> None:
    options = list(asked.options)
    many = asked.id in ("answers", "groups")
    settled: Any = source.choices.get(asked.id) or asked.guess
    if many:
        held = [settled] if isinstance(settled, str) and settled else list(settled or ())
        now: Any = tuple(st.multiselect(asked.question, options, [h for h in held if h in options]))
    else:
        at = options.index(settled) if settled in options else None
        now = st.selectbox(asked.question, options, index=at) or ""
    if now and now != settled and now != (settled,):
        source.choices[asked.id] = now
        source.found = None
        st.rerun()


def _ask_language(source: Source) -> None:
    chosen = st.selectbox(
        "Language of the answers, where the file names none", ["", *LANGUAGES],
        index=["", *LANGUAGES].index(source.language), key="answers-language",
        format_func=lambda one: LANGUAGES.get(one, "Not said: each answer is checked by itself"),
        help="It decides for answers that are too short to tell. Longer ones are always checked "
        "one by one; what the grader cannot read waits for you.",
    )  # fmt: skip
    if chosen is not None and chosen != source.language:
        source.language, source.found, source.trial = chosen, None, None
        st.rerun()


def _notes(found: SubmissionSet) -> None:
    report = found.report
    if not report.counts:
        st.caption("Nothing odd was found in it.")
        return
    kinds = ", ".join(f"{NOTE_WORDS.get(k, k)} {n:,}" for k, n in report.counts.most_common())
    serious = sum(report.counts[kind] for kind in ("problem", "duplicate", "unknown", "missing"))
    label = f"{counted(sum(report.counts.values()), 'row')} to know about: {kinds}"
    with st.expander(label, expanded=bool(serious)):
        st.dataframe(
            [
                {"Where": n.where, "Student": n.learner, "What": NOTE_WORDS.get(n.kind, n.kind),
                 "In words": n.message}
                for n in report.notes[:NOTES_SHOWN]
            ],
            hide_index=True,
        )  # fmt: skip
        if len(report.notes) > NOTES_SHOWN or report.not_listed:
            st.caption(f"The first {NOTES_SHOWN} of {sum(report.counts.values()):,} rows.")


def _start_form(
    session: Session,
    source: Source,
    found: SubmissionSet,
    chosen: dict[str, Assigned],
    brought: Brought,
) -> None:
    title = st.text_input("Title of the batch", value=source.path.stem, key="batch-title")
    if not st.button(
        f"Grade {counted(len(found), 'answer')}", type="primary", icon=":material/play_arrow:",
        disabled=not (title or "").strip(), key="start-batch",
    ):  # fmt: skip
        return
    person = session.account
    try:
        grader = resources.grader()
        with st.spinner("Writing the batch down", show_time=True):
            started = start_batch(
                resources.store(), found, chosen,
                title=(title or "").strip(), who=person.id if person else "", grader=grader.name,
                course_id=session.course_id,
                leave_out=left_out(source), brought=brought,
            )  # fmt: skip
    except TutorError as error:
        show_failure(error)
        return
    shutil.rmtree(source.folder, ignore_errors=True)
    session.notice = (
        "" if started.fresh else "These submissions were graded before; this is that batch."
    )
    try:
        run_in_background(started.batch)
    except TutorError as error:
        # other work is going on; the batch offers to go on
        session.failure = str(error)
    session.reviewing = Reviewing(batch_id=started.batch.id)
    st.rerun()


def _drop(session: Session) -> None:
    source = session.reviewing.source
    if source is not None:
        shutil.rmtree(source.folder, ignore_errors=True)
    session.reviewing.source = None


def leave(session: Session) -> None:
    """Go back to the list; what was brought is thrown away."""
    _drop(session)
    session.reviewing = Reviewing(names=session.reviewing.names)
