from pathlib import Path

import pytest

from tutor_app.errors import ContentError
from tutor_app.evaluation.grounding import (
    evaluate_grounding,
    load_grounding_pairs,
    section_text,
)

CHECKOUT = Path(__file__).parents[2]
NOTES = CHECKOUT / "datasets/courses/mechanics/notes"


def test_a_section_ends_where_the_next_one_begins(tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text("# T\n\n## A\n\none\n\n### deep\n\ntwo\n\n## B\n\nthree\n")
    assert section_text(tmp_path, "n#A") == "one\n\n### deep\n\ntwo"
    assert section_text(tmp_path, "n#C") == ""
    assert section_text(tmp_path, "m#A") == ""


def test_the_shipped_threshold_is_the_one_chosen_on_the_even_pairs() -> None:
    pairs = load_grounding_pairs(CHECKOUT / "datasets/evaluation/grounding", NOTES)
    board = evaluate_grounding(pairs)
    chosen, held_out, shipped = board.rows
    assert len(pairs) >= 80
    assert shipped.threshold == pytest.approx(chosen.threshold, abs=0.02)
    assert held_out.precision > sum(s for *_, s in pairs[1::2]) / held_out.pairs
    assert held_out.recall > 0.6


def test_a_pair_without_a_section_is_named(tmp_path: Path) -> None:
    line = '{"sentence": "s", "section": "nowhere#Nothing", "supported": true}\n'
    (tmp_path / "a.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ContentError, match=r"a\.jsonl, line 1.*nowhere#Nothing"):
        load_grounding_pairs(tmp_path, NOTES)
