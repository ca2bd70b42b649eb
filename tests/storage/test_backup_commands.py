import pytest
import typer
from typer.testing import CliRunner

from tutor_app.cli.backup import backup, restore
from tutor_app.errors import StorageError
from tutor_app.storage.store import Store


@pytest.fixture
def tutor(path, monkeypatch):
    monkeypatch.setenv("TUTOR_HOME", str(path.parent))
    app = typer.Typer()
    app.command()(backup)
    app.command()(restore)

    def run(*arguments):
        done = CliRunner().invoke(app, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_a_backup_goes_out_and_comes_back(tutor, path, dialogue, tmp_path):
    with Store(path) as store:
        store.start_dialogue(dialogue)
    assert "b.zip" in tutor("backup", "--to", str(tmp_path / "b.zip"))
    with Store(path) as store:
        store.delete_dialogue("d1")
    with pytest.raises(StorageError, match="--force"):
        tutor("restore", str(tmp_path / "b.zip"))
    assert "before-restore-" in tutor("restore", str(tmp_path / "b.zip"), "--force")
    with Store(path) as store:
        assert store.dialogue("d1") == dialogue
        assert [row.what for row in store.audit.newest()] == ["restored"]


def test_without_a_place_the_backup_lands_in_the_backups_folder(tutor, path):
    Store(path).close()
    tutor("backup")
    (written,) = (path.parent / "backups").glob("tutor-*.zip")
    assert written.stat().st_size > 0
