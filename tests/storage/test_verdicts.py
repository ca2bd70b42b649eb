from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tutor_app.errors import StorageError
from tutor_app.settings import Settings
from tutor_app.storage.connections import Connections
from tutor_app.storage.store import Store
from tutor_app.storage.verdicts import VerdictCache


def test_what_is_kept_is_found_again_in_another_process_and_the_newest_counts(
    tmp_path: Path,
) -> None:
    path = tmp_path / "home" / "verdicts.db"
    first = VerdictCache(path)
    first.keep("a", "one")
    first.keep("a", "two")
    first.close()
    again = VerdictCache(path)
    assert (again.find("a"), again.find("b")) == ("two", None)
    again.close()


def test_what_is_older_than_thirty_days_goes_when_the_file_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.db"
    cache = VerdictCache(path)
    cache.keep("old", "words")
    cache.keep("new", "words")
    cache.close()
    connections = Connections(path)
    long_ago = (datetime.now(UTC) - timedelta(days=31)).isoformat()
    with connections.writing() as db:
        db.execute("UPDATE verdicts SET at = ? WHERE key = 'old'", [long_ago])
    connections.close()
    cache = VerdictCache(path)
    assert (cache.find("old"), cache.find("new")) == (None, "words")
    cache.close()


def test_with_a_learner_go_the_quotes_that_chat_models_gave(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TUTOR_HOME": str(tmp_path)})
    cache = VerdictCache(settings.verdicts)
    cache.keep("a", "my very own words")
    cache.close()
    with Store(settings.database) as store:
        store.delete_learner("somebody")
    assert b"my very own words" not in settings.verdicts.read_bytes()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "verdicts.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(StorageError, match="not a database"):
        VerdictCache(path)
