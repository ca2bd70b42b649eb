"""Which tutor model speaks: rows that are written once; the newest one counts."""

from tutor_app.errors import StorageError
from tutor_app.storage.connections import Connections
from tutor_app.storage.dialogues import iso
from tutor_app.storage.records import Promotion

_COLUMNS = "at, who, kind, model_id, digest, instead_of, reason"


class PromotionTable:
    """Append-only; triggers in the database see to it."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def newest(self) -> Promotion | None:
        """Return the row that counts; None before the first promotion."""
        return next(iter(self.history(limit=1)), None)

    def history(self, limit: int = 100) -> list[Promotion]:
        """Return the rows, newest first."""
        with self._connections.reading() as db:
            rows = db.query(f"SELECT {_COLUMNS} FROM promotions ORDER BY id DESC LIMIT ?", [limit])
            return [Promotion(**row) for row in rows]

    def append(self, row: Promotion, default: str) -> None:
        """Write a row if `instead_of` still speaks (compare and swap).

        Args:
            row: the change.
            default: the model that speaks while the table is empty.

        Raises:
            StorageError: another change came first; nothing was written.
        """
        with self._connections.writing() as db:
            found = db.execute(
                "SELECT model_id FROM promotions ORDER BY id DESC LIMIT 1"
            ).fetchone()
            speaking = found[0] if found else default
            if speaking != row.instead_of:
                raise StorageError(
                    f"Tutor model: {speaking!r} speaks now, no longer {row.instead_of!r}; somebody "
                    "else changed it. Nothing was changed. Look again, then decide."
                )
            db.table("promotions").insert(row.model_dump() | {"at": iso(row.at)})
