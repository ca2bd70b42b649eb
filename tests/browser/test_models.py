"""The admin's journey: ask a teacher, take the answers in, train, let the new model speak."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tutor_app.cli.serve import streamlit_command
from tutor_app.settings import Settings
from tutor_app.storage.store import Store

CHECKOUT = Path(__file__).parents[2]
RUN_MS = 240_000


@pytest.fixture
def tiny_server(
    server: Any, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """A server with one tiny model on its shelf, and neither our model nor our dialogues."""
    content = tmp_path / "content"
    for part in ("datasets/courses", "rubrics", "models/critic-0.1", "models/intents-0.1"):
        (content / part).parent.mkdir(parents=True, exist_ok=True)
        (content / part).symlink_to(CHECKOUT / part)
    monkeypatch.setenv("TUTOR_CONTENT", str(content))
    tiny = type(server)(tmp_path)
    shutil.copytree(tiny_model, tmp_path / "models" / tiny_model.name)
    tiny.start(streamlit_command(Settings(home=tmp_path, port=tiny.port)))
    yield tiny
    tiny.stop()


def test_an_admin_makes_a_model_and_lets_it_speak_and_takes_it_back(
    tiny_server: Any, tab: Any, teacher_says: Callable[[Path], list[str]]
) -> None:
    with tab(tiny_server) as admin:
        page = admin.open("admin").go("Models").page
        expect(page.get_by_text("No model speaks.")).to_be_visible()
        page.get_by_role("button", name="Plan a refresh").click()

        page.get_by_role("button", name="Export", exact=True).click()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download the requests").click()
        with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
            assert archive.namelist() == ["requests-001.jsonl"]

        (export,) = (tiny_server.home / "refresh" / "mechanics").iterdir()
        lines = teacher_says(export)
        sent = [
            {"name": "asks.jsonl", "mimeType": "application/jsonl", "buffer": part.encode()}
            for part in ("\n".join(lines), lines[0][:200])
        ]
        page.locator('input[type="file"]').set_input_files(sent)
        expect(page.get_by_role("button", name="Remove asks.jsonl")).to_have_count(2)
        admin.settle()
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_text("demonstrations kept of 26")).to_be_visible(timeout=RUN_MS)
        admin.settle()
        admin.photograph("wide-light-admin-imported")

        page.get_by_label("Name of the new model").fill("tutor-by-hand")
        page.get_by_label("Minutes of training").fill("0.3")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Start a run").click()
        expect(page.get_by_text("% done")).to_be_visible(timeout=RUN_MS)
        admin.photograph("wide-light-admin-training")
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Resume").click(timeout=RUN_MS)
        expect(page.get_by_text("is on the shelf")).to_be_visible(timeout=RUN_MS)
        admin.settle()
        admin.photograph("wide-light-admin-trained")

        page.get_by_role("button", name="Let tutor-by-hand speak").click()
        box = page.get_by_role("dialog")
        expect(box).to_contain_text("From memory and hints alone to tutor-by-hand")
        box.get_by_role("button", name="Let tutor-by-hand speak").click()
        expect(box).to_contain_text("no reason is given")
        admin.photograph("wide-light-admin-no-reason")
        box.get_by_label("Why").fill("It is the first one.")
        box.get_by_role("button", name="Let tutor-by-hand speak").click()
        expect(
            page.get_by_text("From memory and hints alone to tutor-by-hand: done")
        ).to_be_visible(timeout=RUN_MS)
        admin.go("Models")
        expect(page.get_by_text("tutor-by-hand speaks where it won its place")).to_be_visible()
        admin.photograph("wide-light-admin-promoted")

        page.get_by_role("button", name="Roll back to memory and hints alone").click()
        box.get_by_label("Why").fill("It was only a try.")
        box.get_by_role("button", name="Let memory and hints alone speak").click()
        expect(page.get_by_text("No model speaks.")).to_be_visible(timeout=RUN_MS)

    with Store(tiny_server.home / "tutor.db") as store:
        kinds = [(row.kind, row.model_id) for row in store.promotions.history()]
        assert kinds == [("rollback", "none"), ("promote", "tutor-by-hand")]
        done = [row.what for row in store.audit.newest() if "sign" not in row.what]
    assert done[::-1][-5:] == [
        "refresh started",
        "refresh cancelled",
        "refresh started",
        "model promoted",
        "model rolled back",
    ]
