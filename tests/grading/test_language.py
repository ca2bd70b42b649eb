import json
from pathlib import Path

import pytest

from tutor_app.errors import StorageError
from tutor_app.grading import language as detector
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


def test_a_full_temporary_folder_is_told_and_no_bug(monkeypatch):
    def full(*args: object, **more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("py3langid.langid.LanguageIdentifier.from_model_file", full)
    detector._detector.cache_clear()
    with pytest.raises(StorageError, match=r"No space left on device.*Free some space"):
        other_language("These are more than five plain words.")
