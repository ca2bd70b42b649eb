from pathlib import Path

import pytest

from tutor_app.courses.catalogue import Catalogue
from tutor_app.courses.own_files import KEPT, OwnFiles, stamp
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ContentError, StorageError

CHECKOUT = Path(__file__).parents[2]
COURSE, ITEM, RUBRIC = "mechanics", "energy-drop-speed", "mechanics-airbag"


def opened(home: Path) -> tuple[OwnFiles, Catalogue]:
    content = CHECKOUT / "datasets/courses", CHECKOUT / "rubrics"
    catalogue = Catalogue([home / "courses", content[0]], [home / "rubrics", content[1]])
    return OwnFiles(home, catalogue), catalogue


def retitled(catalogue: Catalogue, title: str) -> Item:
    return catalogue.course(COURSE).item(ITEM).model_copy(update={"title": title})


def save(home: Path, title: str) -> Path:
    files, catalogue = opened(home)
    return files.save_item(COURSE, retitled(catalogue, title), stamp(files.item_path(COURSE, ITEM)))


def title_now(home: Path) -> str:
    return opened(home)[1].course(COURSE).item(ITEM).title


def listing(folder: Path) -> list[tuple[str, bytes]]:
    return [(str(p), p.read_bytes()) for p in sorted(folder.rglob("*")) if p.is_file()]


def test_the_first_change_to_a_shipped_course_makes_a_copy_of_all_of_it(tmp_path: Path) -> None:
    shipped = CHECKOUT / "datasets/courses" / COURSE
    before = listing(shipped)
    assert not opened(tmp_path)[0].is_own(COURSE)
    path = save(tmp_path, "Mine")
    assert path == tmp_path / "courses" / COURSE / "items" / f"{ITEM}.yaml"
    assert opened(tmp_path)[0].is_own(COURSE)
    assert listing(shipped) == before
    own = opened(tmp_path)[1].course(COURSE)
    assert own.item(ITEM).title == "Mine"
    assert [n.name for n in own.notes] == [n.name for n in sorted((shipped / "notes").glob("*"))]


def test_each_save_can_be_undone_back_to_what_was_shipped(tmp_path: Path) -> None:
    first = title_now(tmp_path)
    path = save(tmp_path, "One")
    save(tmp_path, "Two")
    files, _ = opened(tmp_path)
    files.undo(path)
    assert title_now(tmp_path) == "One"
    files.undo(path)
    assert title_now(tmp_path) == first
    assert not files.can_undo(path)
    with pytest.raises(ContentError, match="no earlier version"):
        files.undo(path)


def test_undoing_a_new_item_takes_it_out(tmp_path: Path) -> None:
    files, catalogue = opened(tmp_path)
    new = retitled(catalogue, "New").model_copy(update={"id": "new-one"})
    path = files.save_item(COURSE, new, "")
    files.undo(path)
    assert not path.exists()
    assert "new-one" not in files.deleted_items(COURSE)


def test_a_deleted_item_can_be_put_back(tmp_path: Path) -> None:
    files, catalogue = opened(tmp_path)
    before = catalogue.course(COURSE).item(ITEM)
    files.delete_item(COURSE, ITEM)
    assert ITEM not in opened(tmp_path)[1].course(COURSE).items
    assert files.deleted_items(COURSE) == [ITEM]
    files.undo(files.item_path(COURSE, ITEM))
    assert opened(tmp_path)[1].course(COURSE).item(ITEM) == before
    assert files.deleted_items(COURSE) == []


def test_two_people_do_not_overwrite_each_other(tmp_path: Path) -> None:
    files, catalogue = opened(tmp_path)
    both_opened = stamp(files.item_path(COURSE, ITEM))
    files.save_item(COURSE, retitled(catalogue, "Ann"), both_opened)
    with pytest.raises(ContentError, match="somebody else changed it"):
        opened(tmp_path)[0].save_item(COURSE, retitled(catalogue, "Ben"), both_opened)
    assert title_now(tmp_path) == "Ann"


def test_a_failed_write_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, "Before")
    before = listing(tmp_path / "courses")

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(StorageError, match="No space left on device"):
        save(tmp_path, "After")
    monkeypatch.undo()
    assert listing(tmp_path / "courses") == before
    files, _ = opened(tmp_path)
    files.undo(files.item_path(COURSE, ITEM))
    assert not files.can_undo(files.item_path(COURSE, ITEM)), "the failed save left no version"


def test_a_copy_that_breaks_off_leaves_no_half_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(StorageError):
        save(tmp_path, "After")
    assert not (tmp_path / "courses" / COURSE).exists()
    assert not list(tmp_path.glob(".*.part"))


def test_only_so_many_earlier_versions_are_kept(tmp_path: Path) -> None:
    for n in range(KEPT + 3):
        path = save(tmp_path, f"Version {n}")
    assert len(list((tmp_path / "earlier" / path.relative_to(tmp_path)).iterdir())) == KEPT
    opened(tmp_path)[0].undo(path)
    assert title_now(tmp_path) == f"Version {KEPT + 1}"


def test_a_rubrics_version_rises_with_its_points_only(tmp_path: Path) -> None:
    files, catalogue = opened(tmp_path)
    rubric = catalogue.rubric(RUBRIC)
    shipped = rubric.version

    def save_rubric(change: dict[str, object]) -> Rubric:
        files, catalogue = opened(tmp_path)
        changed = catalogue.rubric(RUBRIC).model_copy(update=change)
        return files.save_rubric(changed, stamp(files.read_rubric_path(RUBRIC)))

    assert save_rubric({"title": "In other words"}).version == shipped
    assert save_rubric({"max_extra": 1.0}).version == shipped + 1
    own = files.rubric_path(RUBRIC)
    assert own.is_relative_to(tmp_path)
    files.undo(own)
    files.undo(own)
    assert opened(tmp_path)[1].rubric(RUBRIC) == rubric, "the shipped one speaks again"
