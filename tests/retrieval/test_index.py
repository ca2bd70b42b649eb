import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor_app.domain.passage import Passage, Place
from tutor_app.errors import SearchIndexError
from tutor_app.retrieval.embedder import SentenceEmbedder
from tutor_app.retrieval.index import IndexChange, SearchIndex

Cut = Callable[..., list[Passage]]


class CountingEmbedder(SentenceEmbedder):
    """The real encoder, with a list of what it was asked to embed."""

    def __init__(self, real: SentenceEmbedder, name: str = ""):
        super().__init__(Path(), name or real.name)
        self.real = real
        self.texts: list[str] = []

    def embed_array(self, texts: Sequence[str], threads: int = 1) -> NDArray[np.float32]:
        self.texts += texts
        return self.real.embed_array(texts, threads)

    def embed_query_array(self, text: str) -> NDArray[np.float32]:
        return self.real.embed_query_array(text)


@pytest.fixture
def counting(embedder: SentenceEmbedder) -> CountingEmbedder:
    return CountingEmbedder(embedder)


@pytest.fixture
def index(tmp_path: Path, counting: CountingEmbedder):
    made = SearchIndex(counting, tmp_path / "index")
    yield made
    made.close()


def test_passages_come_back_as_they_were_written(index: SearchIndex, home: list[Passage]):
    place = Place(document="slides", section=("A",), start=3, end=7, page=2, slide=5, start_s=61.5)
    extra = Passage(id="extra", course_id="home", text="Text", place=place)
    index.index_passages("home", [*home, extra])
    found = index.passages("home")
    assert sorted(found, key=lambda p: p.id) == sorted([*home, extra], key=lambda p: p.id)
    assert [p.place.document for p in found] == ["garden"] * 2 + ["kitchen"] * 5 + ["slides"]


def test_indexing_again_changes_nothing(
    index: SearchIndex, home: list[Passage], counting: CountingEmbedder
):
    assert index.index_passages("home", home) == IndexChange(7, 7, 0, 0)
    version = index.version("home")
    counting.texts.clear()
    assert index.index_passages("home", home) == IndexChange(0, 0, 0, 7)
    assert counting.texts == []
    assert index.version("home") == version


def test_only_a_changed_passage_is_embedded_and_moved_ones_keep_their_vectors(
    index: SearchIndex, documents: dict[str, str], cut: Cut, counting: CountingEmbedder
):
    index.index_passages("home", cut(**documents))
    before = index.version("home")
    counting.texts.clear()
    documents["kitchen"] = documents["kitchen"].replace("to cooks", "to all cooks and bakers")
    changed = cut(**documents)
    assert index.index_passages("home", changed) == IndexChange(5, 1, 5, 2)
    assert counting.texts == ["Kitchen\nA short word of welcome to all cooks and bakers."]
    assert index.version("home") != before
    assert {p.id for p in index.passages("home")} == {p.id for p in changed}
    eggs = counting.embed_query_array("hard eggs need ten minutes")
    (nearest,) = index.nearest("home", eggs, 1)
    assert {p.id: p for p in changed}[nearest].place.section[-1] == "Hard eggs"


def test_removed_documents_leave_the_index(
    index: SearchIndex, documents: dict[str, str], cut: Cut, home: list[Passage]
):
    index.index_passages("home", home)
    del documents["kitchen"]
    assert index.index_passages("home", cut(**documents)) == IndexChange(0, 0, 5, 2)
    assert {p.place.document for p in index.passages("home")} == {"garden"}


def test_courses_do_not_mix(index: SearchIndex, documents: dict[str, str], cut: Cut):
    index.index_passages("one", cut("one", kitchen=documents["kitchen"]))
    index.index_passages("two", cut("two", garden=documents["garden"]))
    assert {p.course_id for p in index.passages("one")} == {"one"}
    assert len(index.nearest("two", index.embedder.embed_query_array("eggs"), 9)) == 2


def test_progress_is_told_after_every_batch(index: SearchIndex, home: list[Passage]):
    seen: list[tuple[int, int]] = []
    index.index_passages("home", home, lambda *step: seen.append(step), batch_size=3)
    assert seen == [(3, 7), (6, 7), (7, 7)]


def test_many_passages_are_read_in_pages(
    index: SearchIndex, home: list[Passage], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("tutor_app.retrieval.index.READ_BATCH", 3)
    index.index_passages("home", home)
    assert len(index.passages("home")) == 7
    assert index.index_passages("home", []).removed == 7
    assert index.passages("home") == []


def test_a_course_without_index_names_the_command(index: SearchIndex):
    with pytest.raises(SearchIndexError, match=r"no search index\. Run: tutor index physics"):
        index.version("physics")
    with pytest.raises(SearchIndexError, match="Run: tutor index physics"):
        index.passages("physics")


def test_an_interrupted_run_is_noticed_and_taken_up(
    index: SearchIndex, home: list[Passage], counting: CountingEmbedder
):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.index_passages("home", home, stop, batch_size=4)
    with pytest.raises(SearchIndexError, match=r"was not finished\. Run: tutor index home"):
        index.version("home")
    assert index.index_passages("home", home) == IndexChange(3, 3, 0, 4)
    assert len(counting.texts) == 7


def test_another_embedder_asks_for_a_new_index_and_replaces_it(
    index: SearchIndex, home: list[Passage], tmp_path: Path, embedder: SentenceEmbedder
):
    index.index_passages("home", home)
    other = SearchIndex(CountingEmbedder(embedder, "other@1"), tmp_path / "index")
    with pytest.raises(SearchIndexError, match=r"all-MiniLM.*'other@1.*Run: tutor index home"):
        other.version("home")
    assert other.index_passages("home", home) == IndexChange(7, 7, 0, 0)
    assert other.version("home")
    other.close()


def test_indexing_in_another_process_is_noticed(
    index: SearchIndex, home: list[Passage], tmp_path: Path
):
    index.index_passages("home", home[:3])
    first = index.version("home")
    query = index.embedder.embed_query_array("roses in spring")
    assert len(index.nearest("home", query, 10)) == 3
    script = f"""
from pathlib import Path
from tutor_app.domain.passage import Passage
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.retrieval.index import SearchIndex
passages = [Passage.model_validate_json(line) for line in Path({str(tmp_path / "new")!r}).open()]
index = SearchIndex(load_embedder(), Path({str(tmp_path / "index")!r}))
print(index.index_passages("home", passages))
index.close()
"""
    lines = "\n".join(p.model_dump_json() for p in home[2:])
    (tmp_path / "new").write_text(lines, encoding="utf-8")
    subprocess.run([sys.executable, "-c", script], check=True)
    assert index.version("home") != first
    near = index.nearest("home", query, 10)
    assert set(near) == {p.id for p in home[2:]}
    assert {p.id: p for p in home}[next(iter(near))].place.section[-1] == "Pruning"


def test_sections_can_be_left_out_or_singled_out(index: SearchIndex, home: list[Passage]):
    from tutor_app.retrieval.records import section_key

    index.index_passages("home", home)
    query = index.embedder.embed_query_array("boil an egg")
    eggs = [section_key(p.place) for p in home if "Boiling eggs" in p.place.section]
    inside = index.nearest("home", query, 10, eggs, inside=True)
    outside = index.nearest("home", query, 10, eggs)
    assert len(inside) == 2
    assert len(outside) == 5
    assert not set(inside) & set(outside)
    assert min(inside.values()) > max(outside.values())


def test_similarities_agree_with_the_nearest(index: SearchIndex, home: list[Passage]):
    index.index_passages("home", home)
    query = index.embedder.embed_query_array("boil an egg")
    near = index.nearest("home", query, 7)
    assert index.similarities("home", query, list(near)) == pytest.approx(near, abs=1e-5)
    assert index.similarities("home", query, []) == {}


def test_many_threads_may_read_while_one_writes(index: SearchIndex, home: list[Passage]):
    index.index_passages("home", home)
    query = index.embedder.embed_query_array("bread")

    def read(_: int) -> int:
        index.version("home")
        return len(index.nearest("home", query, 2)) + len(index.passages("home"))

    with ThreadPoolExecutor(6) as pool:
        reads = [pool.submit(read, n) for n in range(40)]
        index.index_passages("home", home[:5])
        assert all(7 <= task.result() <= 9 for task in reads)


def test_a_folder_that_cannot_be_used_is_explained(embedder: SentenceEmbedder, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SearchIndexError, match=r"cannot be used.*readable and writable"):
        SearchIndex(embedder, tmp_path / "file").version("home")


def test_a_broken_database_is_explained(embedder: SentenceEmbedder, tmp_path: Path):
    (tmp_path / "chroma.sqlite3").write_bytes(b"not a database" * 500)
    with pytest.raises(SearchIndexError, match="cannot be used"):
        SearchIndex(embedder, tmp_path).version("home")
