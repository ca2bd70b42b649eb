from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor_app.access.audit import Action
from tutor_app.distillation.promote import Promotions
from tutor_app.errors import ModelError, NotFoundError, StorageError
from tutor_app.llms.sealed import seal
from tutor_app.llms.shelf import Shelf
from tutor_app.storage.store import Store


def put(place: Path, model_id: str, weights: str) -> Path:
    folder = place / model_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
    (folder / "model.safetensors").write_text(weights)
    seal(folder, model_id)
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in "abc":
        put(tmp_path / "models", name, f"weights of {name}")
    (tmp_path / "models" / "champion.json").write_text('{"model": "a"}')
    return tmp_path / "models"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tutor.db") as opened:
        yield opened


@pytest.fixture
def promotions(store: Store, place: Path) -> Promotions:
    return Promotions(store, Shelf((place,)))


def test_the_shipped_champion_speaks_until_another_is_promoted(promotions: Promotions) -> None:
    assert (promotions.speaking(), promotions.heard()) == ("a", "a")
    row = promotions.promote("b", "admin", "  It won.  ")
    assert (row.instead_of, row.reason, promotions.speaking()) == ("a", "It won.", "b")
    assert promotions.history() == [row]


def test_rolling_back_twice_leads_two_steps_back_and_then_there_is_no_way(
    promotions: Promotions,
) -> None:
    promotions.promote("b", "admin", "better")
    promotions.promote("c", "admin", "better still")
    assert promotions.roll_back("admin", "worse").model_id == "b"
    assert promotions.before() == "a"
    assert promotions.roll_back("admin", "worse too").model_id == "a"
    with pytest.raises(ModelError, match="no way back"):
        promotions.roll_back("admin", "again")
    assert [row.kind for row in promotions.history()] == ["rollback"] * 2 + ["promote"] * 2


def test_after_a_roll_back_a_promotion_counts_as_any_other(promotions: Promotions) -> None:
    promotions.promote("b", "admin", "better")
    promotions.roll_back("admin", "worse")
    promotions.promote("c", "admin", "better")
    assert promotions.before() == "a"


def test_no_model_at_all_can_be_promoted(promotions: Promotions) -> None:
    row = promotions.promote("none", "admin", "Hints are enough.")
    assert (row.digest, promotions.heard()) == ("", "none")


def test_a_decision_against_a_model_that_speaks_no_longer_changes_nothing(
    promotions: Promotions,
) -> None:
    promotions.promote("b", "one admin", "better")
    for model_id in ("c", "b", "none"):
        with pytest.raises(StorageError, match="'b' speaks now, no longer 'a'"):
            promotions.promote(model_id, "another admin", "better", instead_of="a")
    with pytest.raises(StorageError, match="no longer 'c'"):
        promotions.roll_back("another admin", "worse", instead_of="c")
    assert promotions.speaking() == "b"


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_change_without_a_reason_is_refused(promotions: Promotions, reason: str) -> None:
    with pytest.raises(ModelError, match="no reason"):
        promotions.promote("b", "admin", reason)
    assert promotions.history() == []


def test_the_model_that_speaks_cannot_be_promoted_again(promotions: Promotions) -> None:
    with pytest.raises(ModelError, match="'a' speaks already"):
        promotions.promote("a", "admin", "again")


def test_an_unknown_model_is_refused_with_the_known_ones(promotions: Promotions) -> None:
    with pytest.raises(NotFoundError, match="Known: none, a, b, c"):
        promotions.promote("d", "admin", "better")


def test_a_cut_model_is_not_promoted_and_the_one_before_goes_on(
    promotions: Promotions, place: Path
) -> None:
    (place / "b" / "model.safetensors").write_text("weig")
    with pytest.raises(ModelError, match=r"was cut.* 'a' goes on speaking"):
        promotions.promote("b", "admin", "better")
    assert promotions.speaking() == "a"


def test_where_the_promoted_model_is_damaged_later_the_one_before_is_heard(
    promotions: Promotions, place: Path
) -> None:
    promotions.promote("b", "admin", "better")
    promotions.promote("c", "admin", "better still")
    (place / "c" / "model.safetensors").unlink()
    assert (promotions.speaking(), promotions.heard()) == ("c", "b")
    (place / "b" / "config.json").unlink()
    (place / "b" / "manifest.json").unlink()
    assert promotions.heard() == "a"


def test_another_sealed_model_in_the_place_of_the_promoted_one_is_not_heard(
    promotions: Promotions, place: Path
) -> None:
    promotions.promote("b", "admin", "better")
    put(place, "b", "someone else's weights")
    assert "another model is in its place" in promotions.find("b").problem
    assert promotions.heard() == "a"


def test_every_change_is_in_the_audit_trail_without_its_words(
    promotions: Promotions, store: Store
) -> None:
    promotions.promote("b", "admin-id", "Ada wrote that it is better.")
    promotions.roll_back("admin-id", "worse")
    trail = {row.what: row for row in store.audit.newest()}
    forward, back = trail[Action.MODEL_PROMOTED], trail[Action.MODEL_ROLLED_BACK]
    assert (forward.who, forward.subject, forward.details) == ("admin-id", "b", {"instead_of": "a"})
    assert (back.subject, back.details) == ("a", {"instead_of": "b"})


def test_a_refused_change_leaves_no_trace_in_the_audit_trail(
    promotions: Promotions, store: Store
) -> None:
    with pytest.raises(StorageError):
        promotions.promote("b", "admin", "better", instead_of="c")
    assert store.audit.newest() == []
