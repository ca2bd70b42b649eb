import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tutor_app.errors import TutorError
from tutor_app.exchange.submissions.reading import SubmissionSet, read_submissions


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "answer"], [1, "force"], [None, "=1+1"], [3, "words " * 9]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("A_1_assignsubmission_file_/x.txt", "text")
        zipped.writestr("B_2_assignsubmission_onlinetext_/onlinetext.html", "<p>x</p>")
        zipped.writestr("C_3_assignsubmission_file_/y.md", "# y")
    return file.getvalue()


SEEDS: dict[str, Callable[[], bytes]] = {
    "a.csv": lambda: (
        b"Last name,First name,Email address,State,Completed,Question 1,Response 1\n"
        b'L,"A ""x"" b",a@x,Finished,2,Why?,"be, cause"\nB,B,b@x,-,-,-,-\n'
    ),
    "b.xlsx": workbook,
    "c.zip": archive,
}


def mutated(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.randint(1, 5)):
        at = rng.randrange(max(1, len(changed)))
        match rng.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del changed[at : at + rng.randint(1, 40)]
            case 2:
                changed[at:at] = rng.randbytes(rng.randint(1, 8))
            case _:
                del changed[at + 1 :]
    return bytes(changed)


@pytest.mark.fuzz
@pytest.mark.parametrize("name", SEEDS)
def test_a_broken_source_is_read_or_explained_and_never_counted_wrongly(
    name: str, tmp_path: Path
) -> None:
    content, rng = SEEDS[name](), random.Random(name)
    path = tmp_path / name
    explained: list[str] = []
    for _ in range(25):
        path.write_bytes(mutated(content, rng))
        try:
            batch: SubmissionSet = read_submissions(path)
            ids = [one.id for one in batch]
        except TutorError as error:
            explained.append(str(error))
            continue
        assert len(ids) == len(set(ids)) == len(batch)
    assert all(f"{path}" in one for one in explained)
