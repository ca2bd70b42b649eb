"""System: version, index, database, backups, and the model in use."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from tutor_app import __version__
from tutor_app.access import audit
from tutor_app.access.roles import Account, Role
from tutor_app.answers.code.sandbox import shortcoming
from tutor_app.llms.shelf import NONE
from tutor_app.settings import CHAMPION
from tutor_app.storage.backup import backup
from tutor_app.ui import resources
from tutor_app.ui.failures import show_outcome
from tutor_app.ui.inert import plain
from tutor_app.ui.session import Session, current
from tutor_app.ui.words import counted


def system_page() -> StreamlitPage:
    """Return the page for the navigation."""
    return st.Page(show, title="System", icon=":material/dns:", url_path="system", default=True)


def show() -> None:
    """Draw the state of the installation, each part with its own verdict."""
    session = current()
    account = session.person(Role.ADMIN)
    settings = resources.settings()
    st.title("System", anchor=False)
    st.markdown(
        f"Version {__version__}, listening on {settings.address}. "
        f"What people make lies in `{settings.home}`."
    )
    if not settings.loopback:
        st.warning("Other computers can reach this server. It is not ready for a class yet.")
    _database()
    _backups(session, account)
    _index()
    _model()
    _programs()


def _programs() -> None:
    if not any(resources.has_programs(course) for course in resources.catalogue().course_ids()):
        return
    st.subheader("Learners' programs", anchor=False)
    with st.spinner("Trying the sandbox", show_time=True):
        missing = shortcoming()
    if missing:
        st.warning(plain(missing))
    else:
        st.markdown("Run without network, without files, and apart from all other processes.")


def _database() -> None:
    st.subheader("Database", anchor=False)
    with st.spinner("Checking the whole database", show_time=True):
        health = resources.store().storage_health()
    for problem in health.problems:
        st.error(problem)
    verdict = "It has problems." if health.problems else "Sound."
    st.markdown(
        f"{verdict} {health.database_bytes / 1e6:.1f} MB in `{health.path}`, "
        f"{health.free_bytes / 1e9:.1f} GB free on the disk."
    )


def _backups(session: Session, account: Account) -> None:
    settings = resources.settings()
    st.subheader("Backups", anchor=False)
    show_outcome(session)
    folder = settings.home / "backups"
    found = sorted(folder.glob("*.zip"), reverse=True)
    if not found:
        st.markdown(f"Backups will be listed here; they are kept in `{folder}`.")
    if st.button("Back up now", type="primary", icon=":material/save:"):
        bar = st.progress(0.0, text="Copying the database and all uploaded files")

        def move_bar(done: int, total: int) -> None:
            bar.progress(min(1.0, done / max(total, 1)), text=f"{done} of {total} bytes copied")

        written = backup(
            settings.database,
            settings.home,
            folder,
            on_progress=move_bar,
        )
        audit.record(resources.store(), account.id, audit.Action.BACKED_UP)
        session.notice = f"Saved as {written.name}."
        st.rerun()
    for path in found[:10]:
        st.markdown(f"- `{path.name}`, {path.stat().st_size / 1e6:.1f} MB")
    if len(found) > 10:
        st.caption(f"and {counted(len(found) - 10, 'older one')}")
    if found:
        st.caption("To put one back, stop the app and run: tutor restore FILE --force")


def _index() -> None:
    st.subheader("Search index", anchor=False)
    ids = resources.catalogue().course_ids()
    if not ids:
        st.markdown("There is no course to search yet.")
    for course_id in ids:
        problem = resources.index_problem(course_id)
        if problem:
            st.warning(f"{problem} Until then the tutor works without citations.")
        else:
            st.markdown(f"{resources.course_title(course_id)}: up to date with its last indexing.")


def _model() -> None:
    st.subheader("Tutor model", anchor=False)
    named = resources.settings().tutor_model
    if named != CHAMPION:
        st.markdown(f"{plain(named)}, by TUTOR_MODEL. Every wording is checked before it is shown.")
        return
    with st.spinner("Checking the model's seal", show_time=True):
        heard = resources.promotions().heard()
    if heard == NONE:
        st.markdown("None. The tutor speaks with memory and hints. See the Models page.")
    else:
        st.markdown(f"{plain(heard)}. See the Models page.")
