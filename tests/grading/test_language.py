import json
from pathlib import Path

import pytest

from tutor_app.grading.language import UNKNOWN_SCRIPT, other_language

GOLD = Path(__file__).parents[2] / "datasets/gold"


@pytest.mark.parametrize(
    ("text", "said", "language"),
    [
        ("The nitrate has to be pumped in against the gradient.", "", ""),
        ("El nitrato tiene que entrar contra el gradiente.", "", "es"),
        ("Das Nitrat muss gegen das Gefälle gepumpt werden.", "", "de"),
        ("因为水的压强随着深度增加而增加", "", UNKNOWN_SCRIPT),
        ("p1 + p2 = 0 so m1v1 = -m2v2", "", ""),
        ("42", "", ""),
        ("Δx = λ/2", "", ""),
        ("sin energía", "es", "es"),
        ("", "", ""),
    ],
)
def test_a_language_is_told_where_there_is_enough_to_tell(
    text: str, said: str, language: str
) -> None:
    assert other_language(text, said) == language


def test_no_english_gold_answer_is_taken_for_another_language_and_no_spanish_one_passes() -> None:
    rows = [
        json.loads(line)
        for path in sorted(GOLD.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    wrong = [
        row["answer"]
        for row in rows
        if bool(other_language(row["answer"])) != (row["language"] != "en")
    ]
    assert len(rows) == 970
    assert wrong == []
