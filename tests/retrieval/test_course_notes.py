from collections.abc import Callable
from pathlib import Path

import pytest

from tutor_app.domain.passage import Passage
from tutor_app.retrieval.course_notes import index_course, read_passages, update_course
from tutor_app.retrieval.index import SearchIndex

Cut = Callable[..., list[Passage]]


@pytest.fixture
def files(tmp_path: Path, documents: dict[str, str]) -> list[Path]:
    paths = []
    for stem, text in documents.items():
        paths.append(tmp_path / f"{stem}.md")
        paths[-1].write_text(text)
    return paths


def held(index: SearchIndex) -> list[str]:
    return [passage.place.document for passage in index.passages("home")]


def test_a_new_document_is_added_without_reading_the_others(index: SearchIndex, files: list[Path]):
    kitchen, garden = files
    index_course(index, "home", [kitchen])
    version = index.version("home")
    kitchen.write_bytes(b"\xff\xfe\x00")  # would stop a run that reads it
    change = update_course(index, "home", files, read_passages("home", [garden]), {"garden"})
    assert (change.added, change.removed) == (2, 0)
    assert held(index) == ["garden"] * 2 + ["kitchen"] * 5
    assert index.version("home") != version


def test_a_document_that_went_is_removed_alone(index: SearchIndex, files: list[Path]):
    index_course(index, "home", files)
    change = update_course(index, "home", files[:1], (), {"garden"})
    assert (change.added, change.removed) == (0, 2)
    assert held(index) == ["kitchen"] * 5


def test_a_partial_update_leaves_the_stamp_of_a_full_one(index: SearchIndex, files: list[Path]):
    index_course(index, "home", files[:1])
    update_course(index, "home", files, read_passages("home", files[1:]), {"garden"})
    version = index.version("home")
    assert index_course(index, "home", files).added == 0
    assert index.version("home") == version


def test_a_course_that_is_not_indexed_yet_is_indexed_as_a_whole(
    index: SearchIndex, files: list[Path]
):
    update_course(index, "home", files, read_passages("home", files[1:]), {"garden"})
    assert held(index) == ["garden"] * 2 + ["kitchen"] * 5


def test_after_an_interrupted_run_the_whole_course_is_gone_through(
    index: SearchIndex, files: list[Path]
):
    index_course(index, "home", files[:1])

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    files[0].write_text("# Kitchen\n\n## Tea\n\nPour hot water over the leaves and wait.\n")
    with pytest.raises(KeyboardInterrupt):
        index_course(index, "home", files[:1], stop)
    assert not index.is_complete("home")
    update_course(index, "home", files, read_passages("home", files[1:]), {"garden"})
    assert held(index) == ["garden"] * 2 + ["kitchen"]
    assert index.is_complete("home")


def test_a_course_without_files_is_emptied(index: SearchIndex, files: list[Path]):
    index_course(index, "home", files)
    update_course(index, "home", [], (), {"garden", "kitchen"})
    assert held(index) == []
