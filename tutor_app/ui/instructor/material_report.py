"""What became of an import: counts, every file or part with its reason, and a few passages."""

from pathlib import Path

import pandas as pd
import streamlit as st

from tutor_app.courses.importers.report import ImportReport
from tutor_app.courses.intake_report import FileRow, IntakeReport, UndoReport
from tutor_app.ui.inert import calm, plain
from tutor_app.ui.words import counted

MAX_ROWS = 300
PREVIEW_LETTERS = 400


def show_result(result: object) -> str:
    """Draw a report; returns the id of a course that was made, or ""."""
    if isinstance(result, IntakeReport):
        _show_files(result)
    elif isinstance(result, ImportReport):
        _show_course(result)
        return result.course_id
    elif isinstance(result, UndoReport):
        _show_undo(result)
    return ""


def _show_files(report: IntakeReport) -> None:
    st.success(files_sentence(report), icon=":material/check:")
    if report.copied_to:
        st.caption(
            f"The course came with the program, so it was copied to {plain(str(report.copied_to))} "
            "first. Students see your copy from now on."
        )
    if report.index_problem:
        st.warning(f"The files are in, but cannot be searched yet: {plain(report.index_problem)}")
    st.dataframe(files_table(report.files), hide_index=True, width="stretch")
    shown = [row for row in report.files if row.preview]
    if shown:
        with st.expander(f"Passages, as the tutor will cite them: {report.passages} in all"):
            row = st.selectbox("File", shown, format_func=lambda row: Path(row.name).name)
            for passage in row.preview:
                st.caption(plain(str(passage.place)))
                st.markdown(calm(_start(passage.text)))


def files_sentence(report: IntakeReport) -> str:
    """Say in one sentence what became of the files."""
    parts = [f"{counted(report.count('added'), 'file')} added with {report.passages} passages"]
    if known := report.count("known"):
        parts.append(f"{known} known already")
    if refused := report.count("refused"):
        parts.append(f"{refused} refused; the reasons stand below")
    return ", ".join(parts) + "."


def files_table(rows: tuple[FileRow, ...]) -> pd.DataFrame:
    """Return one row a file, those that were refused first."""
    order = {"refused": 0, "known": 1, "added": 2}
    return pd.DataFrame(
        {
            "File": Path(row.name).name,
            "Became": row.outcome,
            "Passages": row.passages,
            "Remarks": " ".join([row.reason, *row.remarks]).strip() or "none",
        }
        for row in sorted(rows, key=lambda row: order[row.outcome])[:MAX_ROWS]
    )


def _show_course(report: ImportReport) -> None:
    outcomes = ", ".join(f"{count:,} {name}" for name, count in report.outcomes().items())
    st.success(
        f"{plain(report.title)} ({report.format}): {outcomes or 'nothing to do'}.",
        icon=":material/check:",
    )
    for sentence in report.missed:
        st.warning(plain(sentence))
    if report.counts:
        st.markdown(
            "\n".join(
                f"- {plain(name.replace('_', ' '))}: {count:,}"
                for name, count in report.counts.items()
            )
        )
    told = [part for part in report.parts if part.outcome != "imported" or part.reason]
    if told:
        more = f", the first {MAX_ROWS} of {len(told):,}" if len(told) > MAX_ROWS else ""
        st.markdown(f"Parts with a remark{more}:")
        st.dataframe(
            pd.DataFrame(
                {"Part": part.name, "Became": part.outcome, "Reason": part.reason or "none"}
                for part in told[:MAX_ROWS]
            ),
            hide_index=True,
            width="stretch",
        )


def _show_undo(report: UndoReport) -> None:
    if report.moved_to:
        st.success(f"The course was taken out. It lies in {plain(str(report.moved_to))}.")
    else:
        st.success(f"{counted(len(report.removed), 'file')} taken out of the course.")
    for name in report.kept:
        st.caption(f"{plain(name)} stays: it was changed since it was added.")
    if report.index_problem:
        st.warning(f"The search is not up to date: {plain(report.index_problem)}")


def _start(text: str) -> str:
    return text if len(text) <= PREVIEW_LETTERS else f"{text[:PREVIEW_LETTERS].rstrip()} …"
