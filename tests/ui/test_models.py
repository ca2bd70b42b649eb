"""The Models page, on real folders and a real database; a tiny model is really loaded."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app import factory
from tutor_app.errors import ModelError
from tutor_app.llms.sealed import seal
from tutor_app.settings import Settings
from tutor_app.storage.store import Store
from tutor_app.tutoring.speakers import Speakers, nobody
from tutor_app.ui import resources

Page = Callable[..., Any]
Account = Callable[[str], Any]


@pytest.fixture(autouse=True)
def shelf_place(server: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two models of the school's own and none that is shipped; the encoder stays out."""
    own = server / "models"
    for name in ("tutor-a", "tutor-b"):
        shutil.copytree(tiny_model, own / name)
        (own / name / "report.md").write_text(f"# Figures of {name}\n")
        seal(own / name, name)
    monkeypatch.setattr(
        Settings, "model_folders", property(lambda settings: (settings.home / "models",))
    )
    monkeypatch.setattr(factory, "build_speakers", build_speakers)
    return own


def build_speakers(settings: Settings, store: Store) -> Speakers:
    return factory._with_champion(Speakers(), settings, store)


def confirm(screen: Any, reason: str, label: str) -> Any:
    """Type the reason into the box and press its button, which is the last one of that name.

    A test draws the whole page then, where a browser draws the box and waits for the model.
    """
    screen.test.text_input[0].input(reason)
    found = [b for b in screen.test.button if b.label.replace("\\", "") == label]
    found[-1].click().run()
    assert not screen.test.exception, screen.test.exception
    resources.voice().wait(30)
    return screen


def test_without_a_promotion_memory_and_hints_speak_and_the_history_says_what_will_be_there(
    page: Page,
) -> None:
    screen = page("admin.models", "admin")
    assert "No model speaks." in screen.text
    assert "Every change will be listed here" in screen.text
    assert list(screen.test.dataframe[0].value["Seal"]) == ["whole", "whole"]
    assert not [label for label in screen.buttons if label.startswith("Roll back")]


def test_a_promoted_model_speaks_in_the_running_server_and_is_rolled_back(page: Page) -> None:
    tutor = resources.loading_tutor().result()
    assert tutor.speakers.model is nobody
    screen = page("admin.models", "admin").click("Let tutor-a speak")
    assert "From memory and hints alone to tutor-a" in screen.text.replace("**", "")
    confirm(screen, "It won.", "Let tutor-a speak")
    assert tutor.speakers.model is not nobody
    assert "From memory and hints alone to tutor-a: done." in screen.text
    assert "tutor-a speaks where it won its place" in screen.text.replace("**", "")
    assert list(screen.test.dataframe[0].value["Speaks"]) == ["yes", "no"]
    assert list(screen.test.dataframe[1].value["Why"]) == ["It won."]
    assert list(screen.test.dataframe[1].value["Who"]) == ["admin"]

    screen.click("Roll back to memory and hints alone")
    confirm(screen, "It lost.", "Let memory and hints alone speak")
    assert tutor.speakers.model is nobody
    assert list(screen.test.dataframe[1].value["Kind"]) == ["rolled back", "promoted"]


def test_a_change_without_a_reason_is_refused_in_the_box(page: Page) -> None:
    screen = page("admin.models", "admin").click("Let tutor-a speak")
    confirm(screen, "  ", "Let tutor-a speak")
    assert "no reason is given" in screen.text
    assert resources.promotions().history() == []


def test_a_decision_on_a_page_that_is_out_of_date_changes_nothing(page: Page) -> None:
    screen = page("admin.models", "admin").click("Let tutor-a speak")
    resources.promotions().promote("tutor-b", "another admin", "first")
    confirm(screen, "It won.", "Let tutor-a speak")
    assert "'tutor-b' speaks now, no longer 'none'" in screen.text
    assert resources.promotions().speaking() == "tutor-b"


def test_a_model_that_was_cut_is_shown_as_such_and_cannot_be_promoted(
    page: Page, shelf_place: Path
) -> None:
    (shelf_place / "tutor-b" / "model.safetensors").write_bytes(b"cut")
    screen = page("admin.models", "admin")
    assert list(screen.test.dataframe[0].value["Seal"]) == ["whole", "broken"]
    assert "model.safetensors was cut" in screen.text
    assert "Let tutor-b speak" not in screen.buttons


def test_a_promoted_model_that_was_swapped_is_told_with_who_speaks_instead(
    page: Page, shelf_place: Path
) -> None:
    resources.promotions().promote("tutor-a", "x", "first")
    resources.promotions().promote("tutor-b", "x", "second")
    shutil.rmtree(shelf_place / "tutor-b")
    shutil.copytree(shelf_place / "tutor-a", shelf_place / "tutor-b")
    seal(shelf_place / "tutor-b", "tutor-b-other")
    screen = page("admin.models", "admin")
    assert "tutor-b is promoted but cannot speak" in screen.text
    assert "another model is in its place" in screen.text
    assert "Until then tutor-a speaks" in screen.text


def test_a_promoted_model_whose_folder_is_gone_is_told(page: Page, shelf_place: Path) -> None:
    resources.promotions().promote("tutor-a", "x", "first")
    shutil.rmtree(shelf_place / "tutor-a")
    screen = page("admin.models", "admin")
    assert "tutor-a is promoted but cannot speak: Its folder is gone." in screen.text
    assert "memory and hints alone speaks, as before" in screen.text


def test_speakers_that_cannot_be_built_leave_the_ones_before_and_are_tried_again(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    tutor = resources.loading_tutor().result()
    before = tutor.speakers

    def broken(settings: Settings, store: Store) -> Speakers:
        raise ModelError("the reply memory: line 3 is no demonstration. Remove the line.")

    with monkeypatch.context() as patch:
        patch.setattr(factory, "build_speakers", broken)
        resources.promotions().promote("tutor-a", "x", "first")
        resources.voice_is_ready(10)
        screen = page("admin.models", "admin")
    assert tutor.speakers is before
    assert "the one before goes on speaking" in screen.text
    assert "line 3 is no demonstration" in screen.text
    screen.click("Load it again")
    resources.voice_is_ready(10)
    assert tutor.speakers.model is not nobody


def test_a_turn_takes_the_promoted_model_up_by_itself(shelf_place: Path) -> None:
    tutor = resources.tutor()
    assert not resources.voice().changing
    with Store(resources.settings().database) as elsewhere:
        factory.build_promotions(resources.settings(), elsewhere).promote("tutor-a", "x", "cli")
    assert resources.tutor() is tutor
    resources.voice().wait(30)
    assert tutor.speakers.model is not nobody
    assert resources.voice().failure == ""


def test_a_server_that_was_told_its_model_is_not_moved_by_promotions(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUTOR_MODEL", "none")
    resources.promotions().promote("tutor-a", "x", "first")
    resources.voice_is_ready(10)
    assert resources.loading_tutor().result().speakers.model is nobody
    assert "TUTOR_MODEL=none" in page("admin.models", "admin").text


def test_a_card_from_elsewhere_loads_and_links_nothing(page: Page, shelf_place: Path) -> None:
    card = "---\nname: x\n---\n# Card\n![x](http://evil.example/x.png) <img src=x> | a | b |\n"
    (shelf_place / "tutor-a" / "README.md").write_text(card)
    screen = page("admin.models", "admin")
    (drawn,) = [m.value for m in screen.test.markdown if "evil" in m.value]
    assert drawn.startswith("**Card**")
    assert "](" not in drawn.replace("\\](", "")
    assert "<img" not in drawn.replace("\\<", "")


def test_a_student_sees_no_models(page: Page) -> None:
    assert "it is for the admin" in page("admin.models", "student").text
