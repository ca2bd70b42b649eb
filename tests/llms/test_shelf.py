import json
from pathlib import Path

import pytest

from tutor_app.errors import ModelError, NotFoundError
from tutor_app.llms.sealed import seal
from tutor_app.llms.shelf import NONE, Shelf


def put(place: Path, model_id: str, weights: bytes = b"weights") -> Path:
    """Write a sealed folder; a seal does not look into the weights."""
    folder = place / model_id
    folder.mkdir(parents=True)
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
    (folder / "model.safetensors").write_bytes(weights)
    (folder / "README.md").write_text(f"# {model_id}\n")
    (folder / "report.md").write_text("# Figures\n")
    seal(folder, model_id)
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    return tmp_path / "shipped"


@pytest.fixture
def shelf(own: Path, shipped: Path) -> Shelf:
    return Shelf((own, shipped))


def test_an_empty_shelf_has_no_model_and_no_champion(shelf: Shelf) -> None:
    assert (shelf.models(), shelf.champion()) == ([], NONE)


def test_models_of_all_places_are_listed_with_card_report_and_size(
    shelf: Shelf, own: Path, shipped: Path
) -> None:
    put(shipped, "tutor-b")
    folder = put(own, "tutor-a")
    (own / "notes").mkdir()
    first, second = shelf.models()
    assert (first.id, second.id) == ("tutor-a", "tutor-b")
    assert (first.card, first.report, first.problem) == ("# tutor-a\n", "# Figures\n", "")
    assert first.bytes == sum(path.stat().st_size for path in folder.iterdir())


def test_a_schools_own_model_goes_before_a_shipped_one_of_that_name(
    shelf: Shelf, own: Path, shipped: Path
) -> None:
    put(shipped, "tutor-a")
    assert shelf.find("tutor-a").folder.parent == shipped
    put(own, "tutor-a", b"other weights")
    assert shelf.find("tutor-a").folder.parent == own


def test_a_folder_that_was_cut_is_listed_with_its_problem(shelf: Shelf, own: Path) -> None:
    (put(own, "tutor-a") / "model.safetensors").write_bytes(b"weig")
    (model,) = shelf.models()
    assert model.manifest is None
    assert "model.safetensors was cut: 4 bytes of 7" in model.problem


def test_a_folder_of_another_architecture_is_listed_with_its_problem(
    shelf: Shelf, own: Path
) -> None:
    config = put(own, "tutor-a") / "config.json"
    config.write_text('{"architectures": ["BertForMaskedLM"]}')
    assert "config.json was" in shelf.find("tutor-a").problem


def test_a_sound_folder_in_the_place_of_the_promoted_one_is_told_by_its_fingerprint(
    shelf: Shelf, own: Path, shipped: Path
) -> None:
    put(shipped, "tutor-a")
    promoted = shelf.find("tutor-a")
    assert promoted.manifest is not None
    put(own, "tutor-a", b"swapped")
    assert shelf.find("tutor-a").problem == ""
    assert (
        "another model is in its place" in shelf.find("tutor-a", promoted.manifest.digest).problem
    )


def test_an_unknown_model_is_refused_with_the_known_ones(shelf: Shelf, own: Path) -> None:
    put(own, "tutor-a")
    for name in ("tutor-b", "../own/tutor-a", ""):
        with pytest.raises(NotFoundError, match="Known: none, tutor-a"):
            shelf.find(name)


def test_a_schools_own_champion_goes_before_the_shipped_one(
    shelf: Shelf, own: Path, shipped: Path
) -> None:
    for place in (shipped, own):
        place.mkdir()
    (shipped / "champion.json").write_text(json.dumps({"model": "tutor-a"}))
    assert shelf.champion() == "tutor-a"
    (own / "champion.json").write_text(json.dumps({"model": "tutor-b"}))
    assert shelf.champion() == "tutor-b"


@pytest.mark.parametrize("text", ["", "[]", '{"name": "x"}'])
def test_a_champion_file_that_names_none_is_refused(shelf: Shelf, own: Path, text: str) -> None:
    own.mkdir()
    (own / "champion.json").write_text(text)
    with pytest.raises(ModelError, match="names no model"):
        shelf.champion()
