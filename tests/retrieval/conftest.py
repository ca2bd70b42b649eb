from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tutor_app.documents.markdown import read_markdown
from tutor_app.domain.passage import Passage
from tutor_app.retrieval.embedder import SentenceEmbedder, load_embedder
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.passages import cut_passages
from tutor_app.retrieval.search import Searcher

KITCHEN = """# Kitchen

A short word of welcome to cooks.

## Baking bread

Flour, water, salt and yeast make a dough. Yeast lets the dough rise before it bakes.

## Boiling eggs

Put the egg into boiling water. After seven minutes the yolk is soft and the white is firm.

### Hard eggs

A hard egg needs ten minutes in the pot.

## Sharpening knives

Draw the blade over the whetstone at a constant angle, first one side, then the other.
"""
GARDEN = """# Garden

## Watering

Water tomatoes in the morning at the root, never on the leaves.

## Pruning

Cut roses in early spring above an outward bud, with clean shears.
"""


Cut = Callable[..., list[Passage]]


@pytest.fixture
def documents() -> dict[str, str]:
    return {"kitchen": KITCHEN, "garden": GARDEN}


@pytest.fixture
def cut() -> Cut:
    """Cut Markdown documents, given as stem=text, into passages."""

    def cut_all(course_id: str = "home", **documents: str) -> list[Passage]:
        return [
            passage
            for stem, text in documents.items()
            for passage in cut_passages(read_markdown(stem, text), course_id)
        ]

    return cut_all


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    return load_embedder()


@pytest.fixture
def index(tmp_path: Path, embedder: SentenceEmbedder) -> Iterator[SearchIndex]:
    made = SearchIndex(embedder, tmp_path / "index")
    yield made
    made.close()


@pytest.fixture
def home(cut: Cut, documents: dict[str, str]) -> list[Passage]:
    return cut(**documents)


@pytest.fixture
def searcher(index: SearchIndex, home: list[Passage]) -> Searcher:
    index.index_passages("home", home)
    return Searcher(index)
