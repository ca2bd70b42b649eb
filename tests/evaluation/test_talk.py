"""Lines of plain talk are loaded, and a broken one is named."""

from pathlib import Path

import pytest

from tutor_app.errors import ContentError
from tutor_app.evaluation.talk import Line, load_talk

CHECKOUT = Path(__file__).parents[2]


def test_every_line_of_the_course_is_read_and_says_what_is_wanted() -> None:
    lines = load_talk(CHECKOUT / "datasets/evaluation/talk", "mechanics")
    kinds = [line.kind for line in lines]
    assert (kinds.count("asks"), kinds.count("equation"), kinds.count("reply")) == (34, 44, 39)
    assert all(line.says for line in lines if line.kind == "asks")
    assert all(line.before for line in lines if line.kind == "reply")


def test_a_broken_line_is_named_with_its_place(tmp_path: Path) -> None:
    good = Line(item="a", kind="asks", text="what is k", says=["k"]).model_dump_json()
    (tmp_path / "c.jsonl").write_text(f"{good}\n{{}}\n")
    with pytest.raises(ContentError, match=r"c\.jsonl:2"):
        load_talk(tmp_path, "c")
