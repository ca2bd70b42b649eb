"""People: the accounts."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app.access.roles import Role
from tutor_app.storage.records import AccountRow
from tutor_app.ui import resources
from tutor_app.ui.session import current
from tutor_app.ui.words import counted


def people_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="People", icon=":material/group:", url_path="people")


def show() -> None:
    """Draw the list of accounts."""
    current().person(Role.ADMIN)
    rows = resources.store().accounts.read_all()
    st.title("People", anchor=False)
    simulated = sum(row.simulated for row in rows)
    st.markdown(f"{counted(len(rows), 'account')}, {simulated} of them simulated.")
    st.dataframe(people_table(rows), hide_index=True, width="stretch")
    st.caption("Add one: `tutor accounts add NAME --role learner`. It asks for the password.")


def people_table(rows: Iterable[AccountRow]) -> pd.DataFrame:
    """Return one row an account; the kind tells people from demo and simulated ones."""
    return pd.DataFrame(
        {
            "Name": row.name,
            "Role": Role(row.role).label,
            "Kind": "simulated" if row.simulated else "demo" if row.demo else "person",
            "Since": row.created_at.date(),
        }
        for row in rows
    )
