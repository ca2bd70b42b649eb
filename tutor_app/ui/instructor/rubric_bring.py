"""Bring a rubric from another program: read it, look at the reading, go on in the editor."""

import streamlit as st

from tutor_app.courses.drafts import draft_of_rubric_data, new_rubric
from tutor_app.errors import TutorError
from tutor_app.exchange.rubrics.read import SUFFIXES, read_pasted, read_rubrics
from tutor_app.exchange.rubrics.reading import RubricReading
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.instructor.rubric_reading import show_reading
from tutor_app.ui.session import Bringing, Editing, Session
from tutor_app.ui.words import counted

ASKED_AT_ONCE = 8
"""Points of so many levels are asked for here; of more, in the editor."""


def show_bring(session: Session, bringing: Bringing) -> None:
    """Draw the boxes for a file and a table, or what was read of them."""
    st.button(
        "Rubrics", icon=":material/arrow_back:", key="back",
        on_click=lambda: setattr(session, "bringing", None),
    )  # fmt: skip
    st.title("Bring a rubric", anchor=False)
    if not bringing.readings:
        _ask(bringing)
        return
    reading = _choose(bringing)
    rubric = reading.rubric
    worth = sum(max(0.0, criterion.points or 0.0) for criterion in rubric.criteria)
    st.subheader(plain(rubric.title) or "Without a title", anchor=False)
    points = f", {worth:g} points in all" if worth else ", no points yet"
    st.markdown(
        f"{plain(bringing.name) or 'Pasted'}, read as {reading.format}: "
        f"{counted(len(rubric.criteria), 'criterion', 'criteria')}{points}."
    )
    show_reading(reading)
    given = _points(reading)
    _missing(reading)
    with st.container(horizontal=True):
        if st.button("Go on in the editor", type="primary", icon=":material/edit:"):
            _go_on(session, reading, given)
        st.button(
            "Bring another one", type="tertiary", key="another",
            on_click=lambda: setattr(session, "bringing", Bringing()),
        )  # fmt: skip
    begun = session.drafts.get(("rubric", "", ""))
    st.caption(
        "Nothing is saved before you press Save in the editor."
        + (" The new rubric that you began and did not save gives way." if begun else "")
    )


def _ask(bringing: Bringing) -> None:
    st.markdown(
        "From Canvas, MarkUs or PrairieLearn, or any table with a row for each criterion. You see "
        "how each cell is read before anything is saved."
    )
    of_file, pasted = st.tabs(["A file", "A pasted table"])
    with of_file:
        file = st.file_uploader(
            "Canvas CSV, MarkUs YAML, PrairieLearn JSON, Excel, Word, CSV or text",
            type=[suffix.lstrip(".") for suffix in SUFFIXES], key="rubric-file", max_upload_size=5,
        )  # fmt: skip
        if file is not None:
            _read(bringing, file.name, file.getvalue())
    with pasted:
        text = st.text_area(
            "The table, with its headings", height=220, key="rubric-table",
            placeholder="Criterion\tClear (2)\tPartly (1)\tMissing (0)\n"
            "Names osmosis\tSays that ...\tSays ...\tNothing of it",
        )  # fmt: skip
        if st.button("Read the table", type="primary", disabled=not (text or "").strip()):
            _read(bringing, "", (text or "").encode())


def _read(bringing: Bringing, name: str, content: bytes) -> None:
    try:
        found = read_rubrics(name, content) if name else read_pasted(content.decode())
    except TutorError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return
    bringing.name, bringing.readings, bringing.chosen = name, tuple(found), 0
    st.rerun()


def _choose(bringing: Bringing) -> RubricReading:
    """Let people choose where there are several rubrics in the file."""
    if len(bringing.readings) > 1:
        numbers = range(len(bringing.readings))

        def named(number: int) -> str:
            rubric = bringing.readings[number].rubric
            count = counted(len(rubric.criteria), "criterion", "criteria")
            return f"{number + 1}. {rubric.title or 'Without a title'} ({count})"

        bringing.chosen = st.selectbox(
            f"{len(bringing.readings)} rubrics were found; which one?", numbers,
            bringing.chosen, format_func=named, key="which-rubric",
        )  # fmt: skip
    return bringing.readings[bringing.chosen]


def _points(reading: RubricReading) -> dict[str, float]:
    """Ask for the points of levels that have none, once for each title."""
    titles = reading.pointless_levels
    if not titles or len(titles) > ASKED_AT_ONCE:
        return {}
    st.markdown("**Points are missing.** Give them here, for all criteria at once:")
    given = {}
    with st.container(horizontal=True):
        for number, title in enumerate(titles):
            value = st.number_input(
                plain(title), value=None, step=0.5, key=f"points-{number}", width=160
            )
            if value is not None:
                given[title] = float(value)
    return given


def _missing(reading: RubricReading) -> None:
    if not reading.missing:
        st.markdown(":material/check: Nothing that a rubric needs is missing.")
        return
    st.markdown("**Still missing**, and asked for in the editor:")
    st.markdown("\n".join(f"- {plain(one)}" for one in reading.missing))


def _go_on(session: Session, reading: RubricReading, given: dict[str, float]) -> None:
    data = reading.rubric.data()
    for criterion in data["criteria"]:
        for level in criterion["levels"]:
            if level["points"] is None:
                level["points"] = given.get(level["title"])
        worth = [level["points"] for level in criterion["levels"]]
        if criterion["points"] is None and worth and None not in worth:
            criterion["points"] = max(worth)
    taken = resources.catalogue().rubric_ids()
    if data["id"] in taken:
        # a new one beside it; the editor asks for another name where the title leads to one taken
        data["id"] = ""
    # whatever is read is unsaved work, so it is measured against an empty rubric
    editing = Editing(draft_of_rubric_data(data))
    editing.before = new_rubric()
    session.drafts.pop(("rubric", "", ""), None)
    session.begin("rubric", editing)
    session.bringing = None
    st.rerun()
