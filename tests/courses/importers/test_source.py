import zipfile
from pathlib import Path

import pytest

from tutor_app.courses.importers.source import open_source
from tutor_app.documents.limits import MAX_BYTES
from tutor_app.errors import ContentError, DocumentError


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_an_archive_and_its_folder_read_alike(tmp_path: Path):
    made = archive(tmp_path / "a.zip", {"b/c.txt": b"C", "a.txt": b"A", ".git/x": b"", "b/": b""})
    with zipfile.ZipFile(made) as file:
        file.extractall(tmp_path / "folder")
    for source in (made, tmp_path / "folder"):
        with open_source(source) as files:
            assert files.names == ("a.txt", "b/c.txt")
            assert files.read("b/c.txt") == b"C"


@pytest.mark.parametrize("name", ["../out.txt", "/etc/passwd", "a/../../b", "C:/x", "a\\b"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str):
    made = archive(tmp_path / "a.zip", {name: b"x"})
    with pytest.raises(DocumentError, match="leads out"), open_source(made):
        pass


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path):
    made = archive(tmp_path / "a.zip", {f"{n}.txt": bytes(20_000_000) for n in range(2)})
    with pytest.raises(DocumentError, match="made to fill a disk"), open_source(made):
        pass


def test_a_file_larger_than_a_document_may_be_is_refused_alone(tmp_path: Path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as made:
        made.writestr("small.txt", b"x")
        made.writestr("large.txt", bytes(MAX_BYTES + 1))
    with open_source(path) as files:
        assert files.read("small.txt") == b"x"
        with pytest.raises(DocumentError, match="more than 50,000,000"):
            files.read("large.txt")


def test_a_damaged_member_is_named(tmp_path: Path):
    made = archive(tmp_path / "a.zip", {"a.txt": b"hello hello hello hello" * 50})
    content = bytearray(made.read_bytes())
    content[36:46] = bytes(10)  # its packed bytes
    made.write_bytes(content)
    with open_source(made) as files, pytest.raises(DocumentError, match=r"a\.txt: is damaged"):
        files.read("a.txt")


def test_what_is_no_archive_is_said(tmp_path: Path):
    (tmp_path / "a.zip").write_bytes(b"no zip")
    with pytest.raises(ContentError, match="neither a folder"), open_source(tmp_path / "a.zip"):
        pass
