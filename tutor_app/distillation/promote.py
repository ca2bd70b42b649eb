"""Promote a tutor model, or roll back to one that spoke before; the history stays."""

from datetime import UTC, datetime
from typing import Literal

from tutor_app.access import audit
from tutor_app.errors import ModelError, NotFoundError
from tutor_app.llms.shelf import NONE, Shelf, ShelvedModel
from tutor_app.storage.records import Promotion
from tutor_app.storage.store import Store


class Promotions:
    """Which model speaks, and the way to change it."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        """Take the database, which remembers, and the shelf, which holds the models."""
        self._store = store
        self._shelf = shelf

    def speaking(self) -> str:
        """Return the id of the model that is to speak; "none" for memory and hints alone."""
        newest = self._store.promotions.newest()
        return newest.model_id if newest else self._shelf.champion()

    def history(self) -> list[Promotion]:
        """Return all changes, newest first."""
        return self._store.promotions.history()

    def before(self) -> str:
        """Return the model that a roll-back leads to; a second one leads a step further back.

        Raises:
            ModelError: there is none.
        """
        spoke: list[str] = []
        for row in reversed(self.history()):
            if row.kind == "promote":
                spoke.append(row.instead_of)
            elif spoke:
                spoke.pop()
        if not spoke:
            raise ModelError("Tutor model: no earlier model is left, so there is no way back.")
        return spoke[-1]

    def known(self) -> list[str]:
        """Return the ids of all models on the shelf."""
        return self._shelf.ids()

    def find(self, model_id: str) -> ShelvedModel:
        """Return a model, checked against its seal and against what was promoted under its name.

        Raises:
            NotFoundError: the shelf has no such model.
        """
        digests = (row.digest for row in self.history() if row.model_id == model_id)
        return self._shelf.find(model_id, next(digests, ""))

    def heard(self) -> str:
        """Return the model that speaks in fact: the first sound one of those that spoke."""
        tried = [self.speaking(), *(row.instead_of for row in self.history())]
        for model_id in dict.fromkeys(tried):
            if model_id == NONE or self._sound(model_id):
                return model_id
        return NONE

    def promote(self, model_id: str, who: str, reason: str, instead_of: str = "") -> Promotion:
        """Let another model speak.

        Args:
            model_id: a sealed model on the shelf, or "none".
            who: account id, or "command line".
            reason: why, in plain words; kept for ever.
            instead_of: the model that the decision was made against; "" for the current one.

        Raises:
            NotFoundError: the shelf has no such model.
            ModelError: its seal is broken, it speaks already, or no reason is given.
            StorageError: another model was promoted meanwhile.
        """
        return self._change("promote", model_id, who, reason, instead_of)

    def roll_back(self, who: str, reason: str, instead_of: str = "") -> Promotion:
        """Let the model speak again that spoke before; takes and raises the same as `promote`."""
        return self._change("rollback", self.before(), who, reason, instead_of)

    def _sound(self, model_id: str) -> bool:
        try:
            return self.find(model_id).manifest is not None
        except NotFoundError:
            return False

    def _change(
        self,
        kind: Literal["promote", "rollback"],
        model_id: str,
        who: str,
        reason: str,
        instead_of: str,
    ) -> Promotion:
        speaking = self.speaking()
        if not reason.strip():
            raise ModelError("Tutor model: no reason is given. Say why; the history keeps it.")
        if model_id == speaking and instead_of in ("", speaking):
            raise ModelError(f"Tutor model: {model_id!r} speaks already. Nothing was changed.")
        digest = ""
        if model_id != NONE:
            model = self._shelf.find(model_id)
            if model.manifest is None:
                raise ModelError(f"{model.problem} {speaking!r} goes on speaking.")
            digest = model.manifest.digest
        row = Promotion(
            at=datetime.now(UTC),
            who=who,
            kind=kind,
            model_id=model_id,
            digest=digest,
            instead_of=instead_of or speaking,
            reason=reason.strip(),
        )
        forward = kind == "promote"
        what = audit.Action.MODEL_PROMOTED if forward else audit.Action.MODEL_ROLLED_BACK
        with self._store.transaction():
            self._store.promotions.append(row, self._shelf.champion())
            audit.record(self._store, who, what, model_id, instead_of=row.instead_of)
        return row
