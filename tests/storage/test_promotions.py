import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tutor_app.errors import StorageError
from tutor_app.storage.records import Promotion
from tutor_app.storage.store import Store


def change(model_id: str, instead_of: str) -> Promotion:
    return Promotion(
        at=datetime(2026, 5, 1, tzinfo=UTC),
        who="admin",
        kind="promote",
        model_id=model_id,
        digest="d",
        instead_of=instead_of,
        reason="It won.",
    )


def test_the_newest_change_counts_and_all_are_kept(store: Store) -> None:
    assert store.promotions.newest() is None
    first, second = change("a", "none"), change("b", "a")
    store.promotions.append(first, "none")
    store.promotions.append(second, "none")
    assert store.promotions.newest() == second
    assert store.promotions.history() == [second, first]


def test_a_change_that_was_decided_against_another_model_is_refused(store: Store) -> None:
    store.promotions.append(change("a", "shipped"), "shipped")
    with pytest.raises(StorageError, match="'a' speaks now, no longer 'shipped'"):
        store.promotions.append(change("b", "shipped"), "shipped")
    assert [row.model_id for row in store.promotions.history()] == ["a"]


def test_the_first_change_is_compared_with_the_shipped_model(store: Store) -> None:
    with pytest.raises(StorageError, match="'shipped' speaks now, no longer 'none'"):
        store.promotions.append(change("a", "none"), "shipped")
    assert store.promotions.newest() is None


def test_of_many_who_decide_at_once_one_wins(store: Store) -> None:
    def promote(name: str) -> bool:
        try:
            store.promotions.append(change(name, "none"), "none")
        except StorageError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(promote, [f"m{n}" for n in range(8)]))
    assert sum(won) == 1
    assert len(store.promotions.history()) == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE promotions SET reason = 'x'", "DELETE FROM promotions"]
)
def test_no_row_can_be_changed_or_deleted(store: Store, path: Path, statement: str) -> None:
    store.promotions.append(change("a", "none"), "none")
    refused = pytest.raises(sqlite3.IntegrityError, match="append-only")
    with closing(sqlite3.connect(path)) as db, refused:
        db.execute(statement)
