from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tutor_app.access.accounts import Accounts
from tutor_app.storage.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "tutor.db") as opened:
        yield opened


@pytest.fixture
def hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def accounts(store: Store, hasher: PasswordHasher, clock: Callable[[], datetime]) -> Accounts:
    return Accounts(store, hasher=hasher, clock=clock)
