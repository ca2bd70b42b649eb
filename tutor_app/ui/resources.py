"""What all tabs share: settings, database, accounts, tutor. Built once in a process.

The tutor takes seconds to build, so it is begun in the background while people sign in.
"""

import gc
from concurrent.futures import Future, ThreadPoolExecutor

import streamlit as st

from tutor_app import factory
from tutor_app.access.accounts import Accounts
from tutor_app.courses.catalogue import Catalogue
from tutor_app.errors import SearchIndexError, TutorError
from tutor_app.settings import Settings
from tutor_app.storage.store import Store
from tutor_app.tutoring.tutor import Tutor


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """Return the settings, with the address on which this server really listens."""
    listens_on = st.get_option("server.address") or "0.0.0.0"
    return Settings.from_environment().model_copy(update={"address": listens_on})


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """Return the database; it keeps a connection for each thread itself."""
    return factory.build_store(settings())


@st.cache_resource(show_spinner=False)
def accounts() -> Accounts:
    """Return the accounts, with the demo accounts where they are allowed."""
    return factory.build_accounts(settings(), store())


def demo_allowed() -> bool:
    """Say whether the demo accounts may sign in."""
    return settings().loopback and settings().demo


@st.cache_resource(show_spinner=False)
def catalogue() -> Catalogue:
    """Return courses and rubrics; `reload_files` reads them anew."""
    return factory.build_catalogue(settings())


@st.cache_resource(show_spinner=False)
def loading_tutor() -> Future[Tutor]:
    """Begin to build the tutor in a thread of its own, once; the encoder is loaded after that.

    So the first item shows after a second, and the encoder is there when the answer is typed.
    """
    executor = ThreadPoolExecutor(1, thread_name_prefix="loading-tutor")
    future = executor.submit(factory.build_tutor, settings(), store())
    executor.submit(_warm_up, future)
    executor.shutdown(wait=False)
    return future


def _warm_up(future: Future[Tutor]) -> None:
    future.result().warm_up()
    # Streamlit collects garbage after every run of a page, which with torch loaded takes 0.4 s;
    # what is loaded by now stays for good, so the collector need not look at it again
    gc.collect()
    gc.freeze()


def tutor() -> Tutor:
    """Return the tutor, waiting for it under a named spinner; a failed build is tried again."""
    future = loading_tutor()
    if not future.done():
        with st.spinner("Opening the course", show_time=True):
            future.exception()
    if future.exception() is not None:
        loading_tutor.clear()
    return future.result()


def reload_files() -> None:
    """Read the course and rubric files anew, for the pages that check them."""
    catalogue.clear()


def course_title(course_id: str) -> str:
    """Return the title of a course, or its id while its files have mistakes."""
    try:
        return catalogue().course(course_id).course.title
    except TutorError:
        return course_id


def index_problem(course_id: str) -> str:
    """Return why a course cannot be searched, with the command that helps; "" when it can."""
    try:
        tutor().search.search(course_id, "")
    except SearchIndexError as error:
        return str(error)
    return ""
