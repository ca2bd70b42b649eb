"""Sealed model folders: a manifest with the size and sha256 of every file, checked before loading.

A seal shows that nothing was cut, swapped or added since; who made the folder it cannot show. Keep
the manifest's own `digest` elsewhere (a promotion record) and pass it as `expected` for that.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from tutor_app.domain.base import Strict
from tutor_app.errors import ModelError

MANIFEST = "manifest.json"
KNOWN_ARCHITECTURES = frozenset(
    {
        "LlamaForCausalLM",
        "MistralForCausalLM",
        "Qwen2ForCausalLM",
        "Qwen3ForCausalLM",
        "GemmaForCausalLM",
        "Phi3ForCausalLM",
    }
)
# CTranslate2's weights are called .bin too, but are read as plain arrays.
FAST_WEIGHTS = "ct2/model.bin"
_PASSIVE = frozenset({".json", ".jinja", ".safetensors", ".txt", ".md"})
_PASSIVE_NAMES = frozenset({"LICENSE", "NOTICE", FAST_WEIGHTS})
_CONFIGS = ("config.json", "tokenizer_config.json", "generation_config.json")
_REMOTE_CODE = ("auto_map", "custom_generate", "trust_remote_code")


class SealedFile(Strict):
    """One file as it was sealed; `bytes` is its size."""

    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    bytes: int = Field(ge=0)


class Manifest(Strict):
    """What `manifest.json` holds.

    Attributes:
        id: the model's name, for instance "tutor-mechanics-0.1".
        architecture: class name from config.json, one of `KNOWN_ARCHITECTURES`.
        files: by path inside the folder, with forward slashes; cards (*.md) are left out.
        created: when it was sealed, ISO 8601 in UTC.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$")]
    architecture: str
    files: dict[str, SealedFile] = Field(min_length=1)
    created: datetime

    @property
    def digest(self) -> str:
        """The sha256 over id, architecture and files: two folders with one digest are one model."""
        content = self.model_dump(mode="json", exclude={"created"})
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def seal(folder: Path, model_id: str) -> Manifest:
    """Write the manifest of a finished model folder; an older one is replaced.

    Raises:
        ModelError: the folder is no causal model, or holds files that could carry code.
    """
    names = _contents(folder)
    try:
        manifest = Manifest(
            id=model_id,
            architecture=_architecture(folder),
            files={
                name: SealedFile(
                    sha256=_sha256(folder / name), bytes=(folder / name).stat().st_size
                )
                for name in names
            },
            created=datetime.now(UTC).replace(microsecond=0),
        )
    except ValidationError as error:
        raise _broken(folder, _first(error)) from None
    draft = folder / f"{MANIFEST}.json"
    draft.write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    draft.replace(folder / MANIFEST)
    return manifest


def verify_sealed(folder: Path, expected: str = "") -> Manifest:
    """Check every file of a sealed folder against its manifest.

    Args:
        folder: the model folder.
        expected: the manifest's `digest` as recorded elsewhere; "" leaves that check out.

    Raises:
        ModelError: there is no manifest, a file is missing, cut, changed or not listed, the
            architecture is unknown, or something in the folder could bring code with it.
    """
    manifest = _read_manifest(folder)
    names = _contents(folder)
    if missing := sorted(set(manifest.files) - set(names)):
        raise _broken(folder, f"{missing[0]} is missing")
    if foreign := sorted(set(names) - set(manifest.files)):
        raise _broken(folder, f"{foreign[0]} was not there when it was sealed")
    for name, sealed in manifest.files.items():
        size = (folder / name).stat().st_size
        if size != sealed.bytes:
            how = "cut" if size < sealed.bytes else "changed"
            raise _broken(folder, f"{name} was {how}: {size} bytes of {sealed.bytes}")
    for name, sealed in manifest.files.items():
        digest = _sha256(folder / name)
        if digest != sealed.sha256:
            raise _broken(
                folder, f"{name} was changed: its sha256 is {digest[:12]}, not {sealed.sha256[:12]}"
            )
    architecture = _architecture(folder)
    if architecture != manifest.architecture:
        raise _broken(folder, f"the manifest says {manifest.architecture}, it is {architecture}")
    if expected and manifest.digest != expected:
        raise _broken(
            folder, f"another model is in its place: {manifest.digest[:12]}, not {expected[:12]}"
        )
    return manifest


def refuse_code(folder: Path) -> None:
    """Refuse a folder whose configuration asks for code of its own to be run.

    Raises:
        ModelError: naming the file and the key, or a JSON file that cannot be read.
    """
    for name in _CONFIGS:
        if not (folder / name).is_file():
            continue
        config = read_json(folder / name)
        if asked := [key for key in _REMOTE_CODE if config.get(key)]:
            raise _broken(folder, f"{name} asks for code of its own ({asked[0]!r})")


def read_json(path: Path) -> dict[str, object]:
    """Read a JSON object; raises ModelError when the file is missing, cut or something else."""
    try:
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path.parent, f"{path.name} cannot be read: {error}") from None
    if not isinstance(loaded, dict):
        raise _broken(path.parent, f"{path.name} holds no object")
    return loaded


def _read_manifest(folder: Path) -> Manifest:
    if not (folder / MANIFEST).is_file():
        raise _broken(folder, f"it has no {MANIFEST}, so nobody can tell whether it is whole")
    try:
        return Manifest.model_validate(read_json(folder / MANIFEST))
    except ValidationError as error:
        raise _broken(folder, f"{MANIFEST}: {_first(error)}") from None


def _contents(folder: Path) -> list[str]:
    """Return the paths that a seal covers, after refusing what could carry code."""
    if not folder.is_dir():
        raise _broken(folder, "there is no such folder")
    names = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise _broken(folder, f"{name} is a link to somewhere else")
        if path.is_dir() or name == MANIFEST:
            continue
        if path.suffix not in _PASSIVE and name not in _PASSIVE_NAMES:
            raise _broken(folder, f"{name} is of a kind that could carry code")
        if path.suffix != ".md":
            names.append(name)
    refuse_code(folder)
    return names


def _architecture(folder: Path) -> str:
    named = read_json(folder / "config.json").get("architectures")
    name = str(named[0]) if isinstance(named, list) and named else "none"
    if name not in KNOWN_ARCHITECTURES:
        raise _broken(folder, f"its architecture is {name}, not {_either(KNOWN_ARCHITECTURES)}")
    return name


def _either(names: Iterable[str]) -> str:
    *most, last = sorted(names)
    return f"{', '.join(most)} or {last}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _first(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"


def _broken(folder: Path, what: str) -> ModelError:
    return ModelError(f"model {folder}: {what}. Restore the folder, or use another model.")
