from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor_app.courses.exercises import BookExercise, ModuleExercises
from tutor_app.documents.markdown import read_markdown
from tutor_app.errors import ContentError
from tutor_app.evaluation.exercises import choose_queries, evaluate_exercises
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.passages import cut_passages
from tutor_app.retrieval.search import Searcher

NOTES = {
    "whales": "# Whales\n\nThe whale is a mammal that lives in the sea and sings.\n",
    "owls": "# Owls\n\nThe owl is a bird that hunts mice in the dark.\n",
    **{f"n{n}": f"# Star {n}\n\nThe star number {n} shines in the sky.\n" for n in range(8)},
}


@pytest.fixture
def searcher(tmp_path: Path) -> Iterator[Searcher]:
    index = SearchIndex(load_embedder(), tmp_path / "index")
    passages = [
        p for stem, text in NOTES.items() for p in cut_passages(read_markdown(stem, text), "zoo")
    ]
    index.index_passages("zoo", passages)
    yield Searcher(index)
    index.close()


def module(document: str, *questions: str) -> ModuleExercises:
    exercises = [BookExercise(question=question) for question in questions]
    return ModuleExercises(module="m", document=document, title="T", exercises=exercises)


def test_a_module_among_the_first_five_counts_and_a_missed_one_does_not(searcher: Searcher):
    queries = [("which mammal sings in the sea", "whales"), ("a star in the sky", "owls")]
    steps: list[tuple[int, int]] = []
    board = evaluate_exercises(searcher, "zoo", queries, lambda *step: steps.append(step))
    assert [score.mode for score in board.scores] == ["dense", "lexical", "fused"]
    assert (board.queries, board.modules) == (2, 2)
    for score in board.scores:
        assert score.recall_5.mean == 0.5
        assert score.recall_5.low <= 0.5 <= score.recall_5.high
        assert 0.5 <= score.mrr.mean < 0.7
    assert steps == [(1, 2), (2, 2)]
    assert "| fused | 2 | 2 | 0.50 [" in str(board)


def test_queries_are_spread_over_the_book():
    modules = [module("a", *"abcde"), module("b", *"fghij")]
    assert [question for question, _ in choose_queries(modules, 4)] == ["a", "c", "f", "h"]
    assert len(choose_queries(modules, 100)) == 10


def test_a_course_without_exercises_says_so():
    with pytest.raises(ContentError, match="the course has none"):
        choose_queries([], 10)
