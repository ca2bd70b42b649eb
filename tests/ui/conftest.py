"""Pages run by Streamlit's AppTest, on the real course, database and tutor; only the search and
the intent classifier are stand-ins, because the encoder takes seconds to load."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.testing.v1 import AppTest

from tutor_app import factory
from tutor_app.access.roles import Account, Role
from tutor_app.documents.read import read_document
from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError
from tutor_app.retrieval.passages import cut_passages
from tutor_app.retrieval.sections import is_within
from tutor_app.settings import Settings
from tutor_app.storage.store import Store
from tutor_app.tutoring.heard import Ears
from tutor_app.tutoring.intents import Intent
from tutor_app.tutoring.tutor import Tutor
from tutor_app.ui import resources
from tutor_app.ui.session import Session

CONTENT = Path(__file__).parents[2]
APP = CONTENT / "tutor_app" / "ui" / "app.py"
COURSE = "mechanics"


@cache
def passages() -> list[Passage]:
    note = CONTENT / "datasets/courses/mechanics/notes/11-energy-conservation.md"
    return cut_passages(read_document(note), COURSE)


class Shelf:
    """A search over one note of the course, or one that has no index."""

    def __init__(self) -> None:
        self.indexed = True

    def search(
        self, course_id: str, query: str, top_k: int = 4, exclude_sections: Sequence[str] = ()
    ) -> list[Passage]:
        if not self.indexed:
            raise SearchIndexError(f"{course_id}: no search index. Run: tutor index {course_id}")
        return passages()[:top_k]

    def passages_in(self, course_id: str, section: str) -> list[Passage]:
        self.search(course_id, "")
        return [passage for passage in passages() if is_within(passage.place, section)]

    def best_in_section(self, course_id: str, section: str, query: str) -> Passage | None:
        return next(iter(self.passages_in(course_id, section)), None)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture(autouse=True)
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> Iterator[Path]:
    """A server on loopback with an empty home; returns the home."""

    def build_tutor(settings: Settings, store: Store) -> Tutor:
        ears = Ears(
            intent=lambda text: Intent("stuck" if "stuck" in text else "attempt", 0.9),
            judge=lambda text, rubric: [],
            saying=lambda text, item: "",
        )
        return Tutor(factory.build_catalogue(settings), store, shelf, ears)

    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    monkeypatch.delenv("TUTOR_DEMO", raising=False)
    monkeypatch.setattr(factory, "build_tutor", build_tutor)
    monkeypatch.setattr(resources, "_warm_up", lambda future: None)
    config.set_option("server.address", "127.0.0.1")
    st.cache_resource.clear()
    yield tmp_path
    if (tmp_path / "tutor.db").exists():
        resources.store().close()
    st.cache_resource.clear()
    config.set_option("server.address", None)


@pytest.fixture
def account() -> Callable[[str], Account]:
    """Return a demo account by name, as after signing in."""

    def find(name: str) -> Account:
        resources.accounts()
        row = resources.store().accounts.named(name)
        return Account(id=row.id, name=row.name, role=Role(row.role), demo=row.demo)

    return find


class Screen:
    """A page as a person sees it."""

    def __init__(self, test: AppTest):
        self.test = test.run()

    @property
    def session(self) -> Session:
        session: Session = self.test.session_state["session"]
        return session

    @property
    def text(self) -> str:
        """All words on the page, without the backslashes of escaped Markdown."""
        test = self.test
        kinds = (test.markdown, test.caption, test.text, test.error, test.warning, test.info)
        more = (test.success, test.title, test.subheader, test.code)
        return "\n".join(e.value for kind in (*kinds, *more) for e in kind).replace("\\", "")

    @property
    def buttons(self) -> list[str]:
        return [button.label.replace("\\", "") for button in self.test.button]

    def click(self, label: str) -> "Screen":
        """Press the button whose label begins so."""
        found = [b for b in self.test.button if b.label.replace("\\", "").startswith(label)]
        assert found, f"no button {label!r} among {self.buttons}"
        found[0].click().run()
        assert not self.test.exception, self.test.exception
        return self

    def choose(self, option: str) -> "Screen":
        """Choose from the first menu on the page."""
        self.test.menu_button[0].click(option).run()
        assert not self.test.exception, self.test.exception
        return self

    def answer(self, text: str) -> "Screen":
        """Type into the answer box and press Check."""
        self.test.text_input[0].input(text).run()
        return self.click("Check")

    def talk(self, text: str) -> "Screen":
        """Type into the chat box and press Enter."""
        self.test.chat_input[0].set_value(text).run()
        return self


@pytest.fixture
def app() -> Callable[[], Screen]:
    """Open the whole app, signed out."""
    return lambda: Screen(AppTest.from_file(str(APP), default_timeout=30))


@pytest.fixture
def page(account: Callable[[str], Account]) -> Callable[..., Screen]:
    """Open one page as a person who is signed in; errors of ours become messages, as in the app."""

    def draw(module: str, name: str, **remembered: object) -> Screen:
        test = AppTest.from_string(
            f"from tutor_app.errors import TutorError\n"
            f"from tutor_app.ui.failures import show_failure\n"
            f"from tutor_app.ui.{module} import show\n"
            f"try:\n    show()\nexcept TutorError as error:\n    show_failure(error)\n",
            default_timeout=30,
        )
        session = Session(account=account(name), course_id=COURSE)
        for key, value in remembered.items():
            setattr(session, key, value)
        test.session_state["session"] = session
        screen = Screen(test)
        assert not test.exception, test.exception
        return screen

    return draw


@pytest.fixture
def begin(account: Callable[[str], Account]) -> Callable[[str], str]:
    """Begin a dialogue of the student on an item; returns its id."""

    def start(item_id: str) -> str:
        tutor = resources.loading_tutor().result()
        return tutor.start(account("student").id, COURSE, item_id).id

    return start


@pytest.fixture
def dropped_ball(begin: Callable[[str], str]) -> str:
    """A dialogue that the student has begun, on an item with a known misconception."""
    return begin("energy-drop-speed")
