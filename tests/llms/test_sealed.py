import json
import os
from pathlib import Path

import pytest

from tutor_app.errors import ModelError
from tutor_app.llms.sealed import seal, verify_sealed

DIGEST = "0" * 64
SEALED_FILE = json.dumps({"sha256": DIGEST, "bytes": 1})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with all kinds of files; a seal does not look into the weights."""
    folder = tmp_path / "tutor-0.1"
    (folder / "ct2").mkdir(parents=True)
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
    (folder / "tokenizer_config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "ct2/model.bin").write_bytes(b"fast weights")
    (folder / "README.md").write_text("A card.")
    (folder / "LICENSE").write_text("Terms.")
    return folder


def refused(folder: Path, match: str) -> None:
    with pytest.raises(ModelError, match=match):
        verify_sealed(folder)


def test_an_untouched_folder_passes_and_tells_what_it_holds(folder: Path) -> None:
    written = seal(folder, "tutor-0.1")
    manifest = verify_sealed(folder)
    assert manifest == written
    assert (manifest.id, manifest.architecture) == ("tutor-0.1", "LlamaForCausalLM")
    assert set(manifest.files) == {
        "LICENSE",
        "config.json",
        "tokenizer_config.json",
        "model.safetensors",
        "ct2/model.bin",
    }
    assert manifest.files["model.safetensors"].bytes == len(b"weights")


def test_a_folder_can_be_moved_and_sealed_again(folder: Path) -> None:
    first = seal(folder, "tutor-0.1")
    moved = folder.rename(folder.with_name("elsewhere"))
    assert verify_sealed(moved) == first
    assert seal(moved, "tutor-0.1").digest == first.digest
    assert seal(moved, "tutor-0.2").digest != first.digest


def test_a_folder_without_a_manifest_is_refused(folder: Path) -> None:
    refused(folder, "no manifest")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "gone", "no manifest")
    with pytest.raises(ModelError, match="no such folder"):
        seal(tmp_path / "gone", "tutor-0.1")


def test_a_missing_file_is_named(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    (folder / "ct2/model.bin").unlink()
    refused(folder, r"ct2/model\.bin is missing")


def test_a_cut_file_is_named_with_its_size(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    (folder / "model.safetensors").write_bytes(b"weig")
    refused(folder, r"model\.safetensors was cut: 4 bytes of 7")


def test_a_swapped_file_of_the_same_size_is_named(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    (folder / "model.safetensors").write_bytes(b"stheigw")
    refused(folder, r"model\.safetensors was changed: its sha256")


def test_a_file_that_was_added_is_refused(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    (folder / "adapter_model.safetensors").write_bytes(b"more")
    refused(folder, "adapter_model.safetensors was not there")


def test_a_card_may_be_written_after_the_seal(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    (folder / "README.md").write_text("A longer card.")
    (folder / "report.md").write_text("Figures.")
    verify_sealed(folder)


@pytest.mark.parametrize(
    "name",
    ["pytorch_model.bin", "weights.pt", "modeling.py", "data.pkl", "ct2/other.bin", "so.so", "run"],
)
def test_a_file_that_could_carry_code_is_neither_sealed_nor_accepted(
    folder: Path, name: str
) -> None:
    seal(folder, "tutor-0.1")
    (folder / name).write_bytes(b"x")
    refused(folder, "could carry code")
    with pytest.raises(ModelError, match="could carry code"):
        seal(folder, "tutor-0.1")


def test_a_link_is_refused_wherever_it_points(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    weights = folder / "model.safetensors"
    elsewhere = weights.rename(folder.parent / "weights.safetensors")
    os.symlink(elsewhere, weights)
    refused(folder, "is a link")


@pytest.mark.parametrize(
    "config",
    ['{"architectures": ["EvilForCausalLM"]}', '{"architectures": []}', '{"architectures": "x"}'],
)
def test_another_architecture_is_refused(folder: Path, config: str) -> None:
    (folder / "config.json").write_text(config)
    with pytest.raises(ModelError, match="architecture is"):
        seal(folder, "tutor-0.1")


def test_a_manifest_of_another_architecture_is_refused(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("LlamaFor", "Qwen2For"))
    refused(folder, "manifest says Qwen2ForCausalLM, it is LlamaForCausalLM")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_a_configuration_that_asks_for_code_is_refused_even_when_sealed_so(
    folder: Path, name: str
) -> None:
    seal(folder, "tutor-0.1")
    config = json.loads((folder / name).read_text()) | {"auto_map": {"AutoModel": "evil.Evil"}}
    (folder / name).write_text(json.dumps(config))
    refused(folder, "code of its own")


@pytest.mark.parametrize(
    "manifest",
    [
        "{",
        "[]",
        "{}",
        '{"id": "t", "architecture": "a", "files": {}, "created": "2026-01-01T00:00:00Z"}',
        f'{{"id": "../t", "architecture": "a", "files": {{"a": {SEALED_FILE}}},'
        ' "created": "2026-01-01T00:00:00Z"}',
    ],
)
def test_a_broken_manifest_is_refused(folder: Path, manifest: str) -> None:
    (folder / "manifest.json").write_text(manifest)
    refused(folder, "manifest.json")


def test_a_manifest_cannot_vouch_for_files_outside_the_folder(folder: Path) -> None:
    seal(folder, "tutor-0.1")
    (folder.parent / "outside.json").write_text("{}")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["../outside.json"] = {"sha256": DIGEST, "bytes": 2}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    refused(folder, r"\.\./outside\.json is missing")


def test_another_whole_model_in_its_place_is_told_by_the_digest(folder: Path) -> None:
    promoted = seal(folder, "tutor-0.1").digest
    assert verify_sealed(folder, promoted).digest == promoted
    (folder / "model.safetensors").write_bytes(b"another")
    seal(folder, "tutor-0.1")
    with pytest.raises(ModelError, match="another model is in its place"):
        verify_sealed(folder, promoted)
