"""The shipped practice rubrics can be read, and broken ones are told by file and line."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from tutor_app.errors import ContentError
from tutor_app.evaluation.practice import load_practice

CHECKOUT = Path(__file__).parents[2]
SHIPPED = CHECKOUT / "datasets/grading/practice"
UNPRACTISED = CHECKOUT / "datasets/grading/unpractised"


def test_what_is_shipped_is_whole_and_none_of_it_is_measured_on() -> None:
    practice = load_practice(SHIPPED) + load_practice(UNPRACTISED)
    ids = [one.rubric.id for one in practice]
    assert len(ids) == len(set(ids)) > 150
    gold = {path.stem for path in (CHECKOUT / "datasets/gold").glob("*.jsonl")}
    rubrics = {path.stem for path in (CHECKOUT / "rubrics").glob("*.yaml")}
    assert not set(ids) & (gold | rubrics)
    assert min(len(one.answers) for one in practice) >= 25


def test_length_does_not_tell_the_points() -> None:
    lengths, shares = [], []
    for one in load_practice(SHIPPED) + load_practice(UNPRACTISED):
        most = one.rubric.max_points
        words = np.array([len(answer.answer.split()) for answer in one.answers])
        lengths += list(np.log1p(words) - np.log1p(words).mean())
        shares += [one.rubric.total(answer.points) / most for answer in one.answers]
    assert abs(np.corrcoef(lengths, shares)[0, 1]) < 0.2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "subject").mkdir()
    rubric = next(SHIPPED.glob("*/*.yaml"))
    for path in (rubric, rubric.with_suffix(".jsonl")):
        shutil.copy(path, tmp_path / "subject")
    return tmp_path


def test_points_that_cannot_be_are_named_by_line(folder: Path) -> None:
    path = next(folder.glob("*/*.jsonl"))
    lines = path.read_text("utf-8").splitlines()
    row = json.loads(lines[2])
    row["points"] = dict.fromkeys(row["points"], 77)
    path.write_text("\n".join([*lines[:2], json.dumps(row), *lines[3:]]), "utf-8")
    with pytest.raises(ContentError, match=r"line 3: .*cannot give 77 points"):
        load_practice(folder)


def test_a_line_that_is_no_answer_and_missing_answers_are_named(folder: Path) -> None:
    path = next(folder.glob("*/*.jsonl"))
    path.write_text("{}", "utf-8")
    with pytest.raises(ContentError, match="line 1: is no practice answer"):
        load_practice(folder)
    path.unlink()
    with pytest.raises(ContentError, match=r"\.jsonl: cannot be read"):
        load_practice(folder)
    with pytest.raises(ContentError, match="holds no practice rubrics"):
        load_practice(folder / "subject")
