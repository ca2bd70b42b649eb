from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor_app.documents.markdown import read_markdown
from tutor_app.errors import ContentError
from tutor_app.evaluation.retrieval import (
    RetrievalPair,
    choose_fusion,
    evaluate_retrieval,
    load_pairs,
)
from tutor_app.evaluation.speed_index import measure_indexing
from tutor_app.retrieval.course_notes import index_course, read_passages
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.passages import cut_passages
from tutor_app.retrieval.search import Fusion, Searcher

CHECKOUT = Path(__file__).parents[2]
ANIMALS = """# Animals

## Whales

The whale is a mammal that lives in the sea and sings.

## Owls

The owl is a bird that hunts mice in the dark.

## Bees

The bee gathers nectar and makes honey in a hive.
"""
PAIRS = [
    RetrievalPair(query="big animal of the ocean", relevant=["animals#Whales"]),
    RetrievalPair(query="bird of the night", relevant=["animals#Owls"]),
    RetrievalPair(query="where does honey come from", relevant=["animals#Bees"]),
    RetrievalPair(query="whale song", relevant=["animals#Bees"]),
]


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    made = SearchIndex(load_embedder(), tmp_path / "index")
    made.index_passages("zoo", cut_passages(read_markdown("animals", ANIMALS), "zoo"))
    yield made
    made.close()


def test_each_half_is_scored_in_each_mode(index: SearchIndex):
    board = evaluate_retrieval(Searcher(index), "zoo", PAIRS)
    rows = [(s.half, s.mode, s.pairs) for s in board.scores]
    assert rows == [
        (half, mode, 2)
        for half in ("chosen on", "held out")
        for mode in ("dense", "lexical", "fused")
    ]


def test_a_found_section_counts_and_a_missed_one_does_not(index: SearchIndex):
    board = evaluate_retrieval(Searcher(index), "zoo", PAIRS)
    first, held_out = board.scores[0], board.scores[3]
    assert first.ndcg_10.mean == first.mrr.mean == first.recall_5.mean == 1
    assert 0.5 < held_out.ndcg_10.mean < 1
    assert held_out.ndcg_10.low <= held_out.ndcg_10.mean <= held_out.ndcg_10.high


def test_the_mode_is_chosen_on_the_first_half(index: SearchIndex):
    board = evaluate_retrieval(Searcher(index), "zoo", PAIRS)
    best = max(board.scores[:3], key=lambda score: score.ndcg_10.mean)
    assert board.chosen == best.mode
    assert f"Best on the pairs for choosing: {best.mode}." in str(board)


def test_fusions_are_ranked_by_the_first_half(index: SearchIndex):
    ranked = choose_fusion(index, "zoo", PAIRS, [Fusion(dense=0), Fusion(lexical=0)])
    assert [fusion.lexical for fusion, _ in ranked] == [0, 1]
    assert ranked[0][1] >= ranked[1][1]


def test_a_broken_line_is_named(tmp_path: Path):
    (tmp_path / "zoo-a.jsonl").write_text('{"query": "q", "relevant": ["a#B"]}\n\n{"query": 1}\n')
    with pytest.raises(ContentError, match=r"zoo-a\.jsonl:3: "):
        load_pairs(tmp_path, "zoo")


def test_the_pairs_of_the_demo_course_name_sections_that_exist():
    notes = sorted((CHECKOUT / "datasets/courses/mechanics/notes").glob("*.md"))
    known = {
        f"{passage.place.document}#{passage.place.section[-1]}"
        for passage in read_passages("mechanics", notes)
    }
    pairs = load_pairs(CHECKOUT / "datasets/evaluation/retrieval", "mechanics")
    assert len(pairs) >= 150
    assert {name for pair in pairs for name in pair.relevant} <= known


@pytest.mark.evaluation
@pytest.mark.slow
def test_fused_search_beats_each_ranking_alone_on_the_held_out_half(tmp_path: Path):
    notes = sorted((CHECKOUT / "datasets/courses/mechanics/notes").glob("*.md"))
    index = SearchIndex(load_embedder(), tmp_path)
    index_course(index, "mechanics", notes)
    pairs = load_pairs(CHECKOUT / "datasets/evaluation/retrieval", "mechanics")
    board = evaluate_retrieval(Searcher(index), "mechanics", pairs)
    index.close()
    dense, lexical, fused = (score.ndcg_10.mean for score in board.scores[3:])
    assert fused > max(dense, lexical)
    assert fused > 0.55


@pytest.mark.slow
def test_indexing_speed_is_measured_both_ways(tmp_path: Path):
    notes = sorted((CHECKOUT / "datasets/courses/mechanics/notes").glob("0[12]*.md"))
    passages = read_passages("mechanics", notes)
    steps: list[tuple[int, int]] = []
    speed = measure_indexing(load_embedder(), passages, lambda *step: steps.append(step))
    assert speed.passages == len(passages) > 15
    assert speed.batched_s > 0
    assert speed.ratio == pytest.approx(speed.one_by_one_s / speed.batched_s)
    assert steps[-1][0] == steps[-1][1]
    assert "times faster" in str(speed)
