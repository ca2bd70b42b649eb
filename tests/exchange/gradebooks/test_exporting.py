import resource
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor_app.errors import ContentError, StorageError
from tutor_app.exchange.gradebooks.exporting import (
    GRADEBOOKS,
    own_columns,
    write_gradebook,
)
from tutor_app.exchange.gradebooks.mark import MarkRow
from tutor_app.exchange.gradebooks.writing import defused

Make = Callable[..., MarkRow]


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process grows beyond 20 bytes: the disk fills in the middle of a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


OWN = {
    "canvas": "Student,ID,SIS User ID,SIS Login ID,Section,Essay (5)\nAda,1,s1,ada,A,\n",
    "moodle": "Identifier,Full name,Grade,Maximum Grade,Feedback comments\n"
    "Participant 1,Ada,,4.00,\n",
    "blackboard": "Username,Essay [Total Pts: 4 Score] |7\n1,\n",
}


@pytest.mark.parametrize("kind", GRADEBOOKS)
def test_an_old_file_survives_when_the_disk_fills(
    kind: str, tmp_path: Path, mark: Make, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "out" / GRADEBOOKS[kind].file
    path.parent.mkdir()
    old = path / "1.pdf" if kind == "pdf" else path
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"old")
    own = None
    if kind in OWN:
        own = tmp_path / "own.csv"
        own.write_text(OWN[kind])
    long = mark("1", 3, feedback="words " * 200, Identifier="1", Canvas_ID="1", ID_number="1")
    write = lambda: write_gradebook(kind, [long], path, title="Essay", own=own)  # noqa: E731
    write()
    assert old.read_bytes() != b"old"
    old.write_bytes(b"old")
    request.getfixturevalue("full_disk")
    with pytest.raises(StorageError, match="Nothing there was changed"):
        write()
    assert old.read_bytes() == b"old"
    assert [p.name for p in old.parent.iterdir()] == [old.name]


def test_the_instructors_own_file_is_asked_for_and_never_overwritten(
    tmp_path: Path, mark: Make
) -> None:
    with pytest.raises(ContentError, match="Download it"):
        write_gradebook("moodle", [mark("1", 1)], tmp_path / "o.csv", title="Essay")
    own = tmp_path / "own.csv"
    own.write_text(OWN["canvas"])
    with pytest.raises(ContentError, match="stays as it is"):
        write_gradebook("canvas", [mark("1", 1)], own, title="Essay", own=own)
    with pytest.raises(ContentError, match="no file of yours"):
        write_gradebook("xlsx", [mark("1", 1)], tmp_path / "o.xlsx", title="Essay", own=own)


def test_the_columns_of_ones_own_file_can_be_chosen_from(tmp_path: Path) -> None:
    own = tmp_path / "own.csv"
    own.write_text(OWN["canvas"])
    assert own_columns("canvas", own) == ("Essay (5)",)
    own.write_text(OWN["blackboard"])
    assert own_columns("blackboard", own) == ("Essay",)
    own.write_text(OWN["moodle"])
    assert own_columns("moodle", own) == ()


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t=1", " =1", "\r=1", "＝1", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert defused(text) == f"'{text}"


def test_plain_words_stay_as_they_are() -> None:
    assert defused("a = b, 3 - 1") == "a = b, 3 - 1"


@pytest.mark.parametrize("kind", ["xlsx", "canvas", "moodle-quiz", "blackboard", "per-item", "pdf"])
def test_a_mark_of_nobody_stands_in_no_gradebook(kind: str, tmp_path: Path, mark: Make) -> None:
    lost = mark("(row 3)", 2)
    lost = lost.model_copy(
        update={"submission": lost.submission.model_copy(update={"nameless": True})}
    )
    made = write_gradebook(
        kind, [mark("ada", 1, Username="ada"), lost], tmp_path / "out", title="Essay"
    )
    assert made.written == 1
    assert [(one.learner, one.reason) for one in made.left_out] == [
        ("(row 3)", "The row names no student.")
    ]
