from pathlib import Path

import pytest

from tutor_app.cli.course import check

COURSE = """\
id: tiny
title: Tiny
licence: CC BY 4.0
skills:
"""


@pytest.mark.parametrize(
    ("skills", "says"), [(1, "0 items, 0 mistakes, 1 gap\n"), (2, "0 items, 0 mistakes, 2 gaps\n")]
)
def test_a_check_counts_what_it_found_in_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    skills: int,
    says: str,
) -> None:
    folder = tmp_path / "courses" / "tiny"
    (folder / "items").mkdir(parents=True)
    lines = "".join(f"  - {{id: s{n}, title: S{n}}}\n" for n in range(skills))
    (folder / "course.yaml").write_text(COURSE + lines)
    monkeypatch.setenv("TUTOR_HOME", str(tmp_path))
    check("tiny")
    assert capsys.readouterr().out.endswith(says)
