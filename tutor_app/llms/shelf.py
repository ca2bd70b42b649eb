"""The shelf: every tutor model there is, with its seal, card and report."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor_app.errors import ModelError, NotFoundError
from tutor_app.llms.sealed import MANIFEST, Manifest, verify_sealed

NONE = "none"
"""No model speaks; reply memory and hints do."""
CARD = "README.md"
REPORT = "report.md"
CHAMPION = "champion.json"


@dataclass(frozen=True)
class ShelvedModel:
    """One model folder. `problem` says why it cannot be loaded, "" when it can."""

    id: str
    folder: Path
    manifest: Manifest | None
    problem: str

    @property
    def bytes(self) -> int:
        """Size on disk."""
        return sum(p.stat().st_size for p in self.folder.rglob("*") if p.is_file())

    @property
    def card(self) -> str:
        """The model card (Markdown), or ""."""
        return _text(self.folder / CARD)

    @property
    def report(self) -> str:
        """The evaluation report (Markdown), or ""."""
        return _text(self.folder / REPORT)


class Shelf:
    """Model folders in several places; the first place wins where ids are equal."""

    def __init__(self, places: Sequence[Path]) -> None:
        """Take the places, a school's own before the shipped ones."""
        self._places = tuple(places)

    def models(self) -> list[ShelvedModel]:
        """Return every sealed folder, by id; every byte is checked."""
        return [self.find(model_id) for model_id in self.ids()]

    def ids(self) -> list[str]:
        """Return the ids of all sealed folders, without checking them."""
        return sorted(
            {p.parent.name for place in self._places for p in place.glob(f"*/{MANIFEST}")}
        )

    def find(self, model_id: str, expected: str = "") -> ShelvedModel:
        """Return a model, checked.

        Args:
            model_id: name of its folder.
            expected: the manifest's `digest` when it was promoted; "" where nobody wrote it down.

        Raises:
            NotFoundError: no place holds it.
        """
        for place in self._places:
            folder = place / model_id
            if model_id in self.ids() and (folder / MANIFEST).is_file():
                try:
                    manifest = verify_sealed(folder, expected)
                except ModelError as error:
                    return ShelvedModel(model_id, folder, None, str(error))
                return ShelvedModel(model_id, folder, manifest, "")
        known = ", ".join([NONE, *self.ids()])
        raise NotFoundError(f"tutor model: there is no {model_id!r}. Known: {known}.")

    def champion(self) -> str:
        """Return the model of a fresh install; "none" where no champion is named."""
        for place in self._places:
            path = place / CHAMPION
            if path.is_file():
                try:
                    return str(json.loads(path.read_text(encoding="utf-8"))["model"])
                except (ValueError, KeyError, TypeError):
                    raise ModelError(
                        f'{path}: this names no model. Write {{"model": ID}}.'
                    ) from None
        return NONE


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""
