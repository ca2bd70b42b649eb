"""A real server, started by `tutor serve`, and a real Chromium that may reach nothing else."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import urlopen
from uuid import uuid4

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tutor_app.access.demo import ensure_demo_accounts
from tutor_app.cli.serve import streamlit_command
from tutor_app.domain.dialogue import Dialogue
from tutor_app.settings import Settings
from tutor_app.storage.store import Store

CHECKOUT = Path(__file__).parents[2]
SCREENSHOTS = Path(__file__).parent / "screenshots"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SIZES = {"wide": (1280, 900), "narrow": (400, 850)}
START_S = 240
STEP_MS = 60_000
expect.set_options(timeout=STEP_MS)
NAVIGATION = '[data-testid="stSidebarNavLink"]'
LOW_CONTRAST = """
() => {
  const parse = (text) => {
    const numbers = text.match(/[\\d.]+/g).map(Number);
    const scale = text.startsWith("color(") ? 1 : 255;
    return [...numbers.slice(0, 3).map((n) => n / scale), numbers[3] ?? 1];
  };
  const over = (front, back) =>
    [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
  const luminance = (c) => {
    const [r, g, b] = c.map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest("script, style, .katex-mathml, [disabled], [aria-disabled=true]"))
      continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const layers = [];
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) {
      layers.unshift(parse(getComputedStyle(at).backgroundColor));
      opacity *= Number(getComputedStyle(at).opacity);
    }
    const back = layers.reduce((under, layer) => over(layer, under), [1, 1, 1, 1]);
    const style = getComputedStyle(element);
    const drawn = element.closest("svg");
    const own = parse(drawn ? style.fill : style.color);
    const share = own[3] * opacity * (drawn ? Number(style.fillOpacity) : 1);
    const front = over([...own.slice(0, 3), share], back);
    const [dark, light] = [luminance(front), luminance(back)].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    // icons are letters of a font; graphics need 3:1 only
    const needed = style.fontFamily.includes("Material") ? 3 : 4.5;
    if (ratio < needed) found.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
  }
  return [...new Set(found)];
}
"""
CUT_OFF = """
() => [...document.querySelectorAll(".stMain *")]
  .filter((e) => e.checkVisibility() && !e.closest(".katex, [data-testid=stDataFrame], canvas"))
  // tables and wide pictures scroll inside themselves, a bar is filled by one that is moved
  .filter((e) => !e.parentElement.closest("table, .reading, .st-key-skill-graph"))
  .filter((e) => !e.parentElement.closest("[data-testid=stProgress]"))
  .filter((e) => {
    const box = e.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || box.left < -1);
  })
  .map((e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 40)}`)
  .slice(0, 5)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)
            # a busy machine can lose a click between two redraws; the summary counts reruns
            item.add_marker(pytest.mark.flaky(reruns=1))


class Server:
    """`tutor serve` on a port of its own, with a home of its own."""

    def __init__(self, home: Path):
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, command: list[str] | None = None) -> float:
        """Start and wait until a page is served; returns the seconds it took."""
        serve = [sys.executable, "-m", "tutor_app", "serve", "--port", str(self.port)]
        environment = {**os.environ, "TUTOR_HOME": str(self.home), "OMP_NUM_THREADS": "1"}
        began = time.monotonic()
        with (self.home / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command or serve, cwd=CHECKOUT, env=environment, stdout=log, stderr=log
            )
        while time.monotonic() - began < START_S:
            assert self._process.poll() is None, (self.home / "server.log").read_text()
            try:
                with urlopen(f"{self.url}/_stcore/health", timeout=1):
                    return time.monotonic() - began
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"no page after {START_S} s: {(self.home / 'server.log').read_text()}")

    def start_pages(self) -> None:
        """Start the pages alone: no course is checked or indexed before."""
        self.start(streamlit_command(Settings(home=self.home, port=self.port)))

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    def begin(self, item_id: str, support: str = "open", course_id: str = "mechanics") -> str:
        """Begin a dialogue of the demo student, so that it is the first thing on their page."""
        with Store(self.home / "tutor.db") as store:
            ensure_demo_accounts(store, loopback=True, enabled=True)
            dialogue = Dialogue.model_validate(
                {
                    "id": uuid4().hex,
                    "learner_id": store.accounts.named("student").id,
                    "course_id": course_id,
                    "item_id": item_id,
                    "support": support,
                    "started_at": datetime.now(UTC),
                }
            )
            store.start_dialogue(dialogue)
        return dialogue.id

    def turns(self, dialogue_id: str) -> list[str]:
        """Return what the learner did in a dialogue, as recorded."""
        with Store(self.home / "tutor.db") as store:
            return [turn.text or turn.channel for turn in store.dialogue(dialogue_id).turns]


class Tab:
    """One browser tab; remembers every address it asked for."""

    def __init__(self, page: Page, url: str):
        self.page = page
        self.url = url
        self.elsewhere: list[str] = []
        page.on("request", self._note)
        page.set_default_timeout(STEP_MS)

    def _note(self, request: object) -> None:
        address = str(getattr(request, "url", ""))
        local = address.startswith((self.url, self.url.replace("http", "ws"), "data:", "blob:"))
        if not local:
            self.elsewhere.append(address)

    def open(self, role: str = "") -> "Tab":
        """Open the first page; sign in as one of the demo accounts."""
        if role:
            # somebody may be signed in from before
            self.page.context.clear_cookies()
        self.page.goto(self.url)
        if role:
            self.page.get_by_role("button", name=f"Continue as {role}").click()
            self.page.locator(".st-key-person").wait_for(state="attached")
        self.settle()
        return self

    def go(self, title: str) -> "Tab":
        """Choose a page in the sidebar."""
        opener = self.page.get_by_test_id("stExpandSidebarButton")
        if opener.is_visible():
            opener.click()
        self.page.locator(NAVIGATION, has_text=title).click()
        self.page.get_by_role("heading", name=title).or_(self.page.locator("h1")).first.wait_for()
        self.settle()
        return self

    def answer(self, text: str) -> "Tab":
        """Type into the answer box and press Enter; the box is empty again afterwards."""
        before = self.replies.count()
        self.page.get_by_label("Your answer").fill(text)
        self.page.get_by_text("I read this as").wait_for()
        self.page.keyboard.press("Enter")
        expect(self.replies).to_have_count(before + 1)
        self.settle()
        return self

    @property
    def replies(self):  # type: ignore[no-untyped-def]
        return self.page.get_by_label("Chat message from Tutor")

    def settle(self) -> None:
        """Wait until the script has run and nothing moves."""
        idle = '[data-testid="stApp"][data-test-script-state="notRunning"]'
        self.page.wait_for_timeout(150)
        self.page.locator(idle).wait_for(state="attached")
        self.page.wait_for_timeout(350)

    def until(self, happened: Callable[[], bool]) -> None:
        """Wait for what the page does not show."""
        for _ in range(STEP_MS // 250):
            if happened():
                return
            self.page.wait_for_timeout(250)
        raise AssertionError("it has not happened")

    def photograph(self, name: str) -> None:
        """Save a picture for a person to look at."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        reason = "Chromium is not installed (Debian: apt-get install chromium)"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def indexed_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo accounts and courses, indexed once for all workers of a run."""
    root = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    home = root / "indexed-home"
    with FileLock(root / "indexed-home.lock"):
        if not home.is_dir():
            making = root / "home-in-the-making"
            making.mkdir()
            first = Server(making)
            first.start()
            first.stop()
            making.rename(home)
    return home


@pytest.fixture(scope="module")
def server(
    chromium: Browser, indexed_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server with the demo courses, indexed; the tests of one file share what they do there."""
    home = tmp_path_factory.mktemp("home")
    shutil.copytree(indexed_home, home, dirs_exist_ok=True)
    running = Server(home)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def another_server() -> type[Server]:
    """What starts a server with a home of another kind."""
    return Server


@pytest.fixture
def bare_server(chromium: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server that nothing was made ready for; not started."""
    bare = Server(tmp_path)
    yield bare
    bare.stop()


@pytest.fixture
def tab(
    chromium: Browser,
) -> Iterator[Callable[..., AbstractContextManager[Tab]]]:
    """Open tabs on a server; at the end, no tab may have asked for anything elsewhere."""
    opened: list[Tab] = []

    @contextmanager
    def open_tab(server: Server, size: str = "wide", scheme: str = "light") -> Iterator[Tab]:
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        tab = Tab(context.new_page(), server.url)
        opened.append(tab)
        try:
            yield tab
        finally:
            context.close()

    yield open_tab
    assert [address for tab in opened for address in tab.elsewhere] == []


@pytest.fixture
def look() -> Callable[[Tab, str], list[str]]:
    """Photograph the page and return what is wrong with it."""

    def find(tab: Tab, name: str) -> list[str]:
        tab.photograph(name)
        faint = tab.page.evaluate(LOW_CONTRAST)
        for _ in range(10):
            if not faint:
                break
            # what a busy server has not written again yet is faded
            tab.page.wait_for_timeout(500)
            faint = tab.page.evaluate(LOW_CONTRAST)
        wrong = [f"{name}: contrast {line}" for line in faint]
        return wrong + [f"{name}: cut off {line}" for line in tab.page.evaluate(CUT_OFF)]

    return find
