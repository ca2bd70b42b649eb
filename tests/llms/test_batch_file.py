import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor_app.errors import ModelError
from tutor_app.llms.batch_file import (
    MAX_ANSWER_BYTES,
    MAX_BYTES,
    MAX_LINES,
    BatchAnswer,
    BatchRequest,
    read_answers,
    write_requests,
)

KEY = BatchRequest("s", "u", "teacher").custom_id
KNOWN = frozenset({KEY})


def completion(content: Any = "fine", finish: str = "stop", **message: Any) -> dict[str, Any]:
    choice = {"message": {"content": content, **message}, "finish_reason": finish}
    return {"status_code": 200, "body": {"model": "big-1", "choices": [choice]}}


def line(response: Any = None, key: Any = KEY, error: Any = None) -> bytes:
    row = {"id": "b1", "custom_id": key, "response": response, "error": error}
    return json.dumps(row).encode()


def read(tmp_path: Path, *lines: bytes) -> list[BatchAnswer]:
    path = tmp_path / "output.jsonl"
    path.write_bytes(b"\n".join(lines))
    return list(read_answers([path], KNOWN))


def test_the_custom_id_is_the_same_in_every_run_and_short_enough() -> None:
    request = BatchRequest("system", "user", "teacher", response_format={"type": "json_object"})
    assert request.custom_id == "62127005fc784dae2a740a6fbab75a2c"
    assert len(request.custom_id) <= 64


@pytest.mark.parametrize(
    "changed",
    [
        {"system": "x"},
        {"user": "x"},
        {"model": "x"},
        {"temperature": 0.1},
        {"max_tokens": 1},
        {"response_format": {"type": "json_object"}},
    ],
)
def test_whatever_decides_the_answer_changes_the_custom_id(changed: dict[str, Any]) -> None:
    values = {"system": "s", "user": "u", "model": "teacher"} | changed
    assert BatchRequest(**values).custom_id != KEY


def test_a_request_line_is_what_a_batch_service_expects() -> None:
    row = json.loads(BatchRequest("be brief", "9.8 m/s²\nwhy?", "teacher").line())
    assert (row["method"], row["url"]) == ("POST", "/v1/chat/completions")
    assert [m["role"] for m in row["body"]["messages"]] == ["system", "user"]
    assert row["body"]["messages"][1]["content"] == "9.8 m/s²\nwhy?"
    assert "response_format" not in row["body"]


def test_the_limits_of_a_batch_service_are_the_default() -> None:
    assert (MAX_LINES, MAX_BYTES) == (50_000, 200_000_000)


@given(
    lines=st.lists(st.text(st.characters(exclude_characters="\n", codec="utf-8"), max_size=20)),
    max_lines=st.integers(1, 5),
    max_bytes=st.integers(90, 120),
)
@settings(deadline=None, max_examples=60)
def test_files_keep_both_limits_and_lose_and_reorder_nothing(
    lines: list[str], max_lines: int, max_bytes: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("batch")
    files = write_requests(lines, folder, "requests", max_lines, max_bytes)
    contents = [file.read_bytes() for file in files]
    assert b"".join(contents).decode() == "".join(f"{one}\n" for one in lines)
    assert all(0 < content.count(b"\n") <= max_lines for content in contents)
    assert all(len(content) <= max_bytes for content in contents)
    assert [file.name for file in files] == [
        f"requests-{n:03}.jsonl" for n in range(1, len(files) + 1)
    ]


def test_a_file_is_filled_to_the_last_byte_before_the_next_one_begins(tmp_path: Path) -> None:
    files = write_requests(["µ" * 4] * 4, tmp_path, "requests", max_bytes=18)
    assert [file.stat().st_size for file in files] == [18, 18]


def test_a_request_over_the_limit_is_refused_with_its_size(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="21 bytes, over 20"):
        write_requests(["x" * 20], tmp_path, "requests", max_bytes=20)


def test_fewer_requests_leave_no_file_of_an_earlier_writing(tmp_path: Path) -> None:
    other = tmp_path / "retry-later.jsonl"
    other.write_text("kept")
    write_requests(["a", "b", "c"], tmp_path, "retry", max_lines=1)
    assert write_requests([], tmp_path, "retry") == []
    assert list(tmp_path.iterdir()) == [other]


def test_an_answer_is_read_with_its_model_and_place(tmp_path: Path) -> None:
    (answer,) = read(tmp_path, line(completion()))
    assert answer == BatchAnswer(KEY, "answered", "fine", "big-1", place="output.jsonl, line 1")


@pytest.mark.parametrize(
    ("data", "outcome", "reason"),
    [
        (line(completion("cut he", finish="length")), "truncated", "length limit"),
        (line(completion(None, refusal="I can't help")), "refused", "I can't help"),
        (line(error={"code": "expired", "message": "too late"}), "failed", "too late"),
        (line({"status_code": 429, "body": {"error": "slow down"}}), "failed", "status 429"),
        (line(completion("")), "failed", "empty"),
        (line(completion(None)), "failed", "empty"),
        (line(completion({"text": "x"})), "failed", "empty"),
        (line(completion(), key="someone-elses"), "foreign", "no request of this export"),
        (line(completion(), key=None), "unreadable", "no custom_id"),
        (line(completion(), key=["x"]), "unreadable", "no custom_id"),
        (line({"status_code": 200, "body": {"choices": []}}), "unreadable", "no chat completion"),
        (line({"status_code": 200, "body": [1]}), "unreadable", "no chat completion"),
        (line({"status_code": "ok"}), "unreadable", "no chat completion"),
        (line({"status_code": float("inf")}), "unreadable", "no chat completion"),
        (line("fine"), "unreadable", "no chat completion"),
        (line(None), "unreadable", "no chat completion"),
        (b"[1, 2]", "unreadable", "no custom_id"),
        (b"null", "unreadable", "no custom_id"),
        (b"\xff\xfe\x00{", "unreadable", "no JSON"),
        (b"[" * 100_000, "unreadable", "no JSON"),
        (line(completion())[:-9], "unreadable", "may be cut"),
        (b'{"custom_id": "' + b"x" * MAX_ANSWER_BYTES, "unreadable", "over 1000000 bytes"),
    ],
)
def test_a_line_without_an_answer_says_why(
    tmp_path: Path, data: bytes, outcome: str, reason: str
) -> None:
    first, second = read(tmp_path, data, line(completion("the next line is read all the same")))
    assert (first.outcome, first.text) == (outcome, "")
    assert reason in first.reason
    assert (second.outcome, second.place) == ("answered", "output.jsonl, line 2")


@pytest.mark.parametrize(
    "data", [line(completion())[:-9], line(completion("x" * MAX_ANSWER_BYTES))]
)
def test_a_cut_or_huge_line_is_still_known_by_the_key_it_begins_with(
    tmp_path: Path, data: bytes
) -> None:
    (answer,) = read(tmp_path, data)
    assert (answer.outcome, answer.custom_id) == ("unreadable", KEY)


def test_a_cut_line_with_a_foreign_key_belongs_to_nobody(tmp_path: Path) -> None:
    (answer,) = read(tmp_path, line(completion(), key="someone-elses")[:-9])
    assert (answer.outcome, answer.custom_id) == ("unreadable", "")


def test_an_error_that_nests_too_deeply_to_be_shown_is_one_failed_line(tmp_path: Path) -> None:
    for depth in (100, 400, 700, 900):
        error = b"[" * depth + b"1" + b"]" * depth
        data = line(error="?").replace(b'"?"', error)
        (answer,) = read(tmp_path, data)
        assert answer.outcome in ("failed", "unreadable")
        assert len(answer.reason) <= 200


def test_lone_surrogates_never_reach_a_file(tmp_path: Path) -> None:
    spoken = completion('{"turns": "\ud800"}')
    spoken["body"]["model"] = "big\udfff\n---"
    answered, failed = read(tmp_path, line(spoken), line(error="\ud800"))
    written = "".join((answered.text, answered.model, failed.reason)).encode()
    assert b"big? ---" in written


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    found = read(tmp_path, b"\xef\xbb\xbf" + line(completion()) + b"\r", b"\r", b"  ")
    assert [answer.outcome for answer in found] == ["answered"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
MESSAGE = st.fixed_dictionaries({}, optional={"content": JSON, "refusal": JSON}) | JSON
CHOICE = st.fixed_dictionaries({}, optional={"message": MESSAGE, "finish_reason": JSON}) | JSON
BODY = st.fixed_dictionaries({}, optional={"choices": st.lists(CHOICE), "model": JSON}) | JSON
RESPONSE = st.fixed_dictionaries({"status_code": st.just(200) | JSON, "body": BODY}) | JSON
ROW = st.fixed_dictionaries(
    {"custom_id": st.just(KEY) | JSON}, optional={"response": RESPONSE, "error": JSON}
)


@given(ROW)
@settings(deadline=None, max_examples=200)
def test_no_row_of_any_shape_raises(
    tmp_path_factory: pytest.TempPathFactory, row: dict[str, Any]
) -> None:
    found = read(tmp_path_factory.getbasetemp(), json.dumps(row).encode())
    assert all(answer.outcome != "answered" or answer.text.strip() for answer in found)
    json.dumps([answer.__dict__ for answer in found], ensure_ascii=False).encode()


@given(st.lists(st.binary(max_size=60)), st.integers(0, 200))
@settings(deadline=None, max_examples=150)
def test_no_bytes_raise_and_a_good_line_among_them_is_found(
    tmp_path_factory: pytest.TempPathFactory, noise: list[bytes], cut: int
) -> None:
    good = line(completion())
    lines = [good[:cut], *(data.replace(b"\n", b"") for data in noise), good]
    found = read(tmp_path_factory.getbasetemp(), *lines)
    assert sum(answer.outcome == "answered" for answer in found) >= 1
