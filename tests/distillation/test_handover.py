import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tutor_app.courses.catalogue import LoadedCourse
from tutor_app.distillation.demonstrate import load_asks
from tutor_app.distillation.handover import (
    Exported,
    Imported,
    export,
    import_answers,
    load_demonstrations,
    save_demonstrations,
)
from tutor_app.domain.demonstration import Demonstration
from tutor_app.domain.rubric import Rubric
from tutor_app.errors import ModelError
from tutor_app.llms.batch_file import BatchRequest

Make = Callable[..., Demonstration]
TURN = {"s": "s1", "learner": "no idea", "reply": "What is there at first?", "any": True}


@pytest.fixture(scope="module")
def exported(
    mechanics: LoadedCourse,
    rubrics: dict[str, Rubric],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Exported]:
    folder = tmp_path_factory.mktemp("export")
    return folder, export(mechanics, rubrics, folder, "teacher")


@pytest.fixture
def folder(exported: tuple[Path, Exported], tmp_path: Path) -> Path:
    return Path(shutil.copytree(exported[0], tmp_path / "handover"))


@pytest.fixture
def keys(folder: Path) -> list[str]:
    return list(load_asks(folder / "asks.jsonl"))


def row(key: str, content: str | None = None, **changed: Any) -> str:
    text = json.dumps({"turns": [TURN]}) if content is None else content
    choice = {"message": {"content": text}, "finish_reason": "stop"}
    response = {"status_code": 200, "body": {"model": "big-1", "choices": [choice]}}
    return json.dumps({"custom_id": key, "response": response, "error": None, **changed})


def failure(key: str) -> str:
    return row(key, response=None, error={"message": "expired"})


def put(folder: Path, name: str, *lines: str) -> None:
    (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def retried(imported: Imported) -> set[str]:
    lines = "".join(path.read_text(encoding="utf-8") for path in imported.retry).split("\n")
    return {json.loads(line)["custom_id"] for line in lines if line}


def said(folder: Path) -> list[Demonstration]:
    return load_demonstrations(folder / "demonstrations.jsonl")


def test_every_request_is_written_once_and_its_custom_id_is_its_cache_key(
    exported: tuple[Path, Exported],
) -> None:
    folder, counts = exported
    lines = [
        json.loads(line)
        for path in counts.files
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]
    asks = load_asks(folder / "asks.jsonl")
    assert [line["custom_id"] for line in lines] == list(asks)
    assert counts.requests == len(asks)
    assert counts.situations == sum(len(ask.situations) for ask in asks.values())
    assert counts.turns == sum(len(p) for ask in asks.values() for p in ask.personas) > 2000
    system, user = (m["content"] for m in lines[0]["body"]["messages"])
    request = BatchRequest(
        system, user, lines[0]["body"]["model"], response_format={"type": "json_object"}
    )
    assert request.custom_id == lines[0]["custom_id"]


def test_exporting_again_changes_nothing_and_another_teacher_needs_another_folder(
    folder: Path, mechanics: LoadedCourse, rubrics: dict[str, Rubric]
) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    export(mechanics, rubrics, folder, "teacher")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    with pytest.raises(ModelError, match="another export is there"):
        export(mechanics, rubrics, folder, "another")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_nothing_answered_yet_is_waiting_and_not_retried(folder: Path, keys: list[str]) -> None:
    found = import_answers(folder)
    assert (found.waiting, found.demonstrations, found.outcomes) == (len(keys), 0, {})
    assert not found.retry
    assert said(folder) == []


def test_parts_in_any_order_give_the_same_demonstrations(folder: Path, keys: list[str]) -> None:
    put(folder, "output.jsonl", *map(row, keys[:6]))
    import_answers(folder)
    whole = {one.id for one in said(folder)}
    put(folder, "output.jsonl", *map(row, reversed(keys[3:6])))
    put(folder, "a_first.jsonl", *map(row, keys[:3]))
    found = import_answers(folder)
    assert {one.id for one in said(folder)} == whole
    assert found.outcomes == {"answered": 6}
    assert found.waiting == len(keys) - 6


def test_the_same_file_twice_and_the_same_import_twice_change_nothing(
    folder: Path, keys: list[str]
) -> None:
    put(folder, "one.jsonl", *map(row, keys[:3]))
    import_answers(folder)
    before = (folder / "demonstrations.jsonl").read_bytes()
    put(folder, "two.jsonl", *map(row, keys[:3]))
    for _ in range(2):
        found = import_answers(folder)
        assert found.outcomes == {"answered": 3, "doubled": 3}
        assert (folder / "demonstrations.jsonl").read_bytes() == before


def test_the_retry_holds_exactly_what_failed_and_goes_when_that_is_answered(
    folder: Path, keys: list[str]
) -> None:
    truncated = row(keys[2]).replace('"stop"', '"length"')
    refused = row(keys[3]).replace('"content": ', '"refusal": "no", "content": ')
    put(folder, "output.jsonl", row(keys[0]), truncated, refused, row(keys[4], "no JSON"))
    put(folder, "errors.jsonl", failure(keys[1]), row("foreign"), row(keys[5])[:-40], "{")
    found = import_answers(folder)
    assert retried(found) == set(keys[1:6])
    assert [path.name for path in found.retry] == ["retry-001.jsonl"]
    assert found.waiting == len(keys) - 6
    assert found.outcomes == {
        "answered": 2, "truncated": 1, "refused": 1, "failed": 1, "foreign": 1, "unreadable": 2,
    }  # fmt: skip
    put(folder, "retry_output.jsonl", *map(row, keys[1:4]))
    assert retried(import_answers(folder)) == set(keys[4:6])
    put(folder, "retry_output_2.jsonl", *map(row, keys[4:6]))
    found = import_answers(folder)
    assert not found.retry
    assert not list(folder.glob("retry-*"))
    assert {one.request for one in said(folder)} == set(keys[:6])


def test_a_retried_line_is_the_requests_own_line(folder: Path, keys: list[str]) -> None:
    put(folder, "errors.jsonl", failure(keys[7]))
    (line,) = import_answers(folder).retry[0].read_text(encoding="utf-8").splitlines()
    assert line in (folder / "requests-001.jsonl").read_text(encoding="utf-8").split("\n")


@pytest.mark.parametrize("useless", ["no JSON", '{"turns": []}', '{"turns": [{"s": "s99"}]}'])
def test_a_useless_answer_does_not_stand_in_the_way_of_a_later_good_one(
    folder: Path, keys: list[str], useless: str
) -> None:
    put(folder, "a.jsonl", row(keys[0], useless))
    assert retried(import_answers(folder)) == {keys[0]}
    put(folder, "b.jsonl", row(keys[0]))
    found = import_answers(folder)
    assert (found.demonstrations, found.retry) == (1, ())


def test_an_error_after_an_answer_asks_for_nothing_again(folder: Path, keys: list[str]) -> None:
    put(folder, "output.jsonl", row(keys[0]), failure(keys[0]))
    assert not import_answers(folder).retry


@pytest.mark.parametrize(
    "name", ["requests-001_output.jsonl", "retry-output.jsonl", "asks_output.jsonl", "kept2.jsonl"]
)
def test_an_output_file_may_have_any_name_but_ours(
    folder: Path, keys: list[str], name: str
) -> None:
    put(folder, name, row(keys[0]))
    assert import_answers(folder).demonstrations == 1


def test_our_own_files_and_folders_are_no_output(folder: Path) -> None:
    for name in ("retry-001", "demonstrations", "refused", "kept", "dropped", "marks"):
        put(folder, f"{name}.jsonl", '{"id": 1}')
    (folder / "folder.jsonl").mkdir()
    assert import_answers(folder).outcomes == {}


def test_what_was_not_taken_is_written_down_with_its_place_and_reason(
    folder: Path, keys: list[str]
) -> None:
    bad = json.dumps({"turns": [TURN, {**TURN, "s": "s1", "reply": 3}, {**TURN, "s": "s77"}]})
    put(folder, "output.jsonl", row(keys[0], bad), failure(keys[1]), "{")
    found = import_answers(folder)
    assert found.demonstrations == 1
    assert sum(found.unfit.values()) == 2
    lines = (folder / "refused.jsonl").read_text(encoding="utf-8").splitlines()
    refused = [json.loads(line) for line in lines]
    assert [(r["place"], r["outcome"]) for r in refused] == [
        ("output.jsonl, line 1", "unfit"),
        ("output.jsonl, line 1", "unfit"),
        ("output.jsonl, line 2", "failed"),
        ("output.jsonl, line 3", "unreadable"),
    ]
    assert all(r["reason"] for r in refused)


def test_nothing_that_an_output_holds_breaks_the_writing(folder: Path, keys: list[str]) -> None:
    turns = [{**TURN, "learner": "\ud800"}, {**TURN, "reply": "\u2028\x00 so?"}, "\udfff", TURN]
    nasty = row(keys[0], json.dumps({"turns": turns})).replace("big-1", "\\ud800" * 500)
    put(folder, "output.jsonl", nasty, row(keys[1], "\ud800"), "\x00" * 50, "\u2028" * 3)
    found = import_answers(folder)
    assert found.demonstrations == len(said(folder)) == 2
    assert retried(found) == {keys[1]}


def test_a_course_text_with_odd_line_ends_is_asked_again_whole(
    small: LoadedCourse, tmp_path: Path
) -> None:
    item = small.items["ball-drop"]
    odd = item.model_copy(update={"title": "A\u2028ball\x85drops\x0c"})
    export(LoadedCourse(small.course, {item.id: odd}, small.folder), {}, tmp_path, "teacher")
    keys = list(load_asks(tmp_path / "asks.jsonl"))
    put(tmp_path, "errors.jsonl", *map(failure, keys))
    assert retried(import_answers(tmp_path)) == set(keys)


def test_a_folder_without_export_cannot_be_imported(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="tutor refresh export"):
        import_answers(tmp_path)


def test_demonstrations_come_back_as_they_were_saved(demonstration: Make, tmp_path: Path) -> None:
    path = tmp_path / "new" / "some.jsonl"
    some = [demonstration("Why “[[quoted]]”?\u2028", "v² — 9.8"), demonstration("How?")]
    save_demonstrations(path, some)
    assert load_demonstrations(path) == some
    assert [p.name for p in path.parent.iterdir()] == ["some.jsonl"]


@pytest.mark.parametrize("line", ["{}", "", "null", '{"reply": "x"}', "[" * 10_000])
def test_a_broken_line_is_named_with_its_file(
    demonstration: Make, tmp_path: Path, line: str
) -> None:
    path = tmp_path / "some.jsonl"
    put(tmp_path, "some.jsonl", demonstration("How?").model_dump_json(), line)
    with pytest.raises(ModelError, match=r"some\.jsonl, line 2: .*Remove the line\.$"):
        load_demonstrations(path)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\n"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "some.jsonl"
    if content:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"some\.jsonl: cannot be read"):
        load_demonstrations(path)
