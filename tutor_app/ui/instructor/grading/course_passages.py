"""The passages of the course that a criterion rests on, one click away."""

from typing import TYPE_CHECKING

import streamlit as st

from tutor_app.errors import TutorError
from tutor_app.ui import resources
from tutor_app.ui.inert import plain
from tutor_app.ui.passages import open_passage

if TYPE_CHECKING:
    from tutor_app.ui.instructor.grading.review import Sheet

SHOWN = 3


def offer_passages(sheet: "Sheet", sections: tuple[str, ...]) -> None:
    """Draw a button for each section; it opens the passage beside the page."""
    course_id = sheet.batch.course_id or sheet.session.course_id
    wanted = ""
    with st.container(key="passages", gap=None):
        for place, section in enumerate(sections[:SHOWN]):
            name = section.partition("#")[2] or section
            if st.button(
                f"Read: {plain(name)}", key=f"passage-{place}", type="tertiary",
                icon=":material/menu_book:", wrap=True,
            ):  # fmt: skip
                wanted = section
    if wanted:
        try:
            found = resources.tutor().search.passages_in(course_id, wanted)
        except TutorError as error:
            st.error(plain(str(error)))
            return
        if found:
            open_passage(found[0])
        else:
            st.caption("The course has no such section any more.")
