"""What all tabs share: settings, database, accounts, tutor. Built once in a process.

The tutor takes seconds to build, so it is begun in the background while people sign in.
"""

import gc
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from tutor_app import factory
from tutor_app.access.accounts import Accounts
from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.check import CourseReport, check_course
from tutor_app.courses.intake import Intake
from tutor_app.courses.own_files import OwnFiles
from tutor_app.courses.sections import known_sections
from tutor_app.distillation.promote import Promotions
from tutor_app.errors import SearchIndexError, StorageError, TutorError
from tutor_app.evaluation.item_estimates import ItemEstimate, estimate
from tutor_app.grading.any_grader import AnyGrader
from tutor_app.grading.queue import Queue
from tutor_app.settings import CHAMPION, Settings
from tutor_app.storage.records import Promotion
from tutor_app.storage.store import Store
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui.jobs import Jobs

if TYPE_CHECKING:
    from tutor_app.grading.auditing import Drawn
    from tutor_app.grading.rescoring import Rescored
    from tutor_app.grading.similar import Similar

MAX_QUICK_BYTES = 2_000_000
"""Documents larger than this are not opened to list their headings."""


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
    voice()
    executor = ThreadPoolExecutor(1, thread_name_prefix="loading-tutor")
    future = executor.submit(factory.build_tutor, settings(), store())
    executor.submit(_warm_up, future)
    executor.shutdown(wait=False)
    return future


def _warm_up(future: Future[Tutor]) -> None:
    future.result().warm_up()
    _keep_loaded()


def _keep_loaded() -> None:
    """Keep the garbage collector from what is loaded by now, which stays for good.

    Streamlit collects garbage after every run of a page, which with torch loaded takes 0.4 s.
    """
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
    built = future.result()
    voice().follow(built)
    return built


class Voice:
    """Keeps the tutor's speakers in step with the promotions.

    New speakers are built in a thread of their own; until they are ready, and for good where they
    cannot be built, the ones before speak.
    """

    def __init__(self) -> None:
        """Note the promotion that the tutor, which is built after this, starts with."""
        self._lock = Lock()
        self._newest: Promotion | None = store().promotions.newest()
        self._change: Future[None] | None = None
        self._again = False

    @property
    def changing(self) -> bool:
        """New speakers are being built."""
        return self._change is not None and not self._change.done()

    @property
    def failure(self) -> str:
        """Why the last change did not work, or ""."""
        if self._change is None or not self._change.done():
            return ""
        error = self._change.exception()
        return "" if error is None else str(error) or type(error).__name__

    def follow(self, tutor: Tutor) -> None:
        """Begin to build new speakers if another model was promoted since; returns at once."""
        if settings().tutor_model != CHAMPION:
            return
        try:
            newest = store().promotions.newest()
        except StorageError:
            # the next turn asks again
            return
        with self._lock:
            if self.changing or (newest == self._newest and not self._again):
                return
            self._newest, self._again = newest, False
            executor = ThreadPoolExecutor(1, thread_name_prefix="changing-speakers")
            self._change = executor.submit(_change_speakers, tutor, settings(), store())
            executor.shutdown(wait=False)

    def wait(self, seconds: float) -> None:
        """Wait for a change that is under way, at most so long."""
        if self._change is not None:
            wait([self._change], seconds)

    def try_again(self) -> None:
        """Build the speakers anew at the next turn, for files that were put right."""
        self._again = True


@st.cache_resource(show_spinner=False)
def voice() -> Voice:
    """Return what keeps the tutor's speakers in step with the promotions."""
    return Voice()


def voice_is_ready(wait_s: float) -> None:
    """Let the tutor take up the promoted model, and wait for it at most so many seconds.

    While the tutor itself is being built there is nothing to wait for: it starts with that model.
    """
    future = loading_tutor()
    if future.done() and future.exception() is None:
        voice().follow(future.result())
        voice().wait(wait_s)


def promotions() -> Promotions:
    """Return the way to see and change which tutor model speaks."""
    return factory.build_promotions(settings(), store())


def _change_speakers(tutor: Tutor, settings: Settings, store: Store) -> None:
    # one assignment: a turn has either the old speakers or the new ones
    tutor.speakers = factory.build_speakers(settings, store)
    gc.unfreeze()
    _keep_loaded()


def own_files() -> OwnFiles:
    """Return the courses and rubrics of this school as files to read and write."""
    return OwnFiles(settings().home, catalogue())


@st.cache_resource(show_spinner="Checking every item of the course", show_time=True)
def course_report(course_id: str) -> CourseReport:
    """Return what is wrong or missing in a course; kept until `reload_files`."""
    return check_course(catalogue(), course_id)


@st.cache_resource(show_spinner="Reading the headings of the course", show_time=True)
def sections(course_id: str) -> tuple[str, ...]:
    """Return every "document#Heading" of a course's files that are read quickly, in name order."""
    loaded = catalogue().course(course_id)
    quick = [path for path in loaded.documents if path.stat().st_size <= MAX_QUICK_BYTES]
    return tuple(sorted(known_sections(loaded.notes, quick, {path.stem for path in quick})))


@st.cache_resource(show_spinner=False)
def item_estimate(course_id: str, item_id: str) -> ItemEstimate:
    """Return what simulated learners do with an item; kept until `reload_files`."""
    return estimate(catalogue(), course_id, item_id)


@st.cache_resource(show_spinner="Loading the grader", show_time=True)
def grader() -> AnyGrader:
    """Return the grader; the first call loads the encoder, which takes seconds."""
    built = factory.build_grader(settings())
    _keep_loaded()
    return built


@st.cache_resource(show_spinner=False)
def _queue(batch_id: str) -> Queue:
    return Queue(store().grading, batch_id)


def queue(batch_id: str) -> Queue:
    """Return the submissions of a batch as they stand now; only what changed is read."""
    return _queue(batch_id).refresh()


def forget_rows(batch_id: str) -> None:
    """Read the submissions of a batch anew: its rubrics are others."""
    _queue.clear(batch_id)


def forget_queue(batch_id: str) -> None:
    """Read the submissions and their groups anew: some are gone."""
    _queue.clear(batch_id)
    similar.clear()


def practice_for(rubric_id: str, item: str) -> tuple[str, str] | None:
    """Return (course, item) of an exercise that practises what a rubric or an item asks."""
    course_id, _, item_id = item.partition("/")
    for known in catalogue().course_ids():
        try:
            items = catalogue().course(known).askable
        except TutorError:
            # its own page says what is wrong with it
            continue
        if known == course_id and item_id in items:
            return course_id, item_id
        for one in items.values():
            if not item and one.answer.kind == "text" and one.answer.rubric == rubric_id:
                return known, one.id
    return None


@st.cache_resource(show_spinner="Finding similar answers", show_time=True, max_entries=20)
def similar(batch_id: str, question: str) -> "Similar":
    """Return the groups of similar answers to a question; the answers of a batch never change."""
    from tutor_app.grading.similar import find_similar

    return find_similar(store(), batch_id, question, factory.build_embedder(settings()).embed_array)


def audit_drawn(batch_id: str, plan: str) -> "Drawn":
    """Return what a plan is about, by its digest; drawn again when anything was proposed since."""
    return _audit_drawn(batch_id, plan, store().grading.proposals_version(batch_id))


@st.cache_resource(show_spinner=False, max_entries=20)
def _audit_drawn(batch_id: str, plan: str, version: tuple[int, int, int]) -> "Drawn":
    from tutor_app.grading import auditing

    return auditing.draw(store(), batch_id)


@st.cache_resource(show_spinner="Comparing with before", show_time=True, max_entries=20)
def rescored(batch_id: str, action: str) -> "Rescored":
    """Return what a re-scoring changed, as it was when somebody first looked at it finished."""
    from tutor_app.grading import rescoring

    return rescoring.rescored(store(), batch_id)


def forget_rescored() -> None:
    """Look anew at what re-scorings changed: a person has decided about it."""
    rescored.clear()


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """Return what runs long work for all tabs."""
    return Jobs()


def intake() -> Intake:
    """Return what brings material into courses, on the search index that the tutor uses."""
    from tutor_app.retrieval.search import Searcher

    search = loading_tutor().result().search
    return factory.build_intake(settings(), search.index if isinstance(search, Searcher) else None)


def put_down(folder: Path, files: Sequence[UploadedFile]) -> list[Path]:
    """Write uploaded files into a new folder; raises StorageError where that cannot be.

    Only the last part of a name counts, and two files of one name are told apart.
    """
    paths = []
    try:
        for number, file in enumerate(files):
            name = Path(file.name.replace("\\", "/")).name or "file"
            below = folder / str(number)
            below.mkdir(parents=True)
            (below / name).write_bytes(file.getbuffer())
            paths.append(below / name)
    except OSError as error:
        raise StorageError(
            f"{folder}: it cannot be written ({error.strerror}). Make room, or let the program "
            "write there, and try again."
        ) from error
    return paths


def reload_files() -> None:
    """Read the course and rubric files anew, on the pages and for the students' next turn."""
    catalogue.clear()
    course_report.clear()
    sections.clear()
    item_estimate.clear()
    future = loading_tutor()
    if future.done() and future.exception() is None:
        future.result().reload()


def has_programs(course_id: str) -> bool:
    """Say whether a course asks for programs; a broken course asks for nothing."""
    try:
        items = catalogue().course(course_id).items.values()
    except TutorError:
        return False
    return any(item.answer.kind == "code" for item in items)


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
