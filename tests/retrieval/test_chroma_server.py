import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor_app.domain.passage import Passage
from tutor_app.errors import SearchIndexError
from tutor_app.retrieval.embedder import SentenceEmbedder
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.search import Searcher


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    command = [Path(sys.executable).parent / "chroma", "run", "--path", tmp_path / "served"]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(10)


def test_a_chroma_server_serves_the_same_index_until_it_is_killed(
    server: tuple[str, subprocess.Popen[bytes]],
    tmp_path: Path,
    embedder: SentenceEmbedder,
    home: list[Passage],
    searcher: Searcher,
):
    address, process = server
    index = SearchIndex(embedder, tmp_path / "unused", address)
    remote = Searcher(index)
    with pytest.raises(SearchIndexError, match="Run: tutor index home"):
        remote.search("home", "eggs")
    assert index.index_passages("home", home).added == 7
    assert index.index_passages("home", home).kept == 7
    for query in ("soft yolk", "sharp blade"):
        found = remote.search("home", query, 3, ["garden"])
        local = searcher.search("home", query, 3, ["garden"])
        assert [p.id for p in found] == [p.id for p in local]
        assert found[0].relevance == pytest.approx(local[0].relevance, abs=1e-4)
    assert not (tmp_path / "unused").exists()
    process.kill()
    process.wait(10)
    with pytest.raises(SearchIndexError, match=rf"{address}: .* server runs"):
        remote.search("home", "soft yolk")
    index.close()


def test_a_server_that_does_not_answer_is_explained(tmp_path: Path, embedder: SentenceEmbedder):
    index = SearchIndex(embedder, tmp_path, f"127.0.0.1:{free_port()}")
    with pytest.raises(SearchIndexError, match="cannot be used"):
        index.version("home")


@pytest.mark.parametrize("address", ["localhost", ":8000", "host:port", "http://"])
def test_an_address_without_host_or_port_is_refused(
    tmp_path: Path, embedder: SentenceEmbedder, address: str
):
    with pytest.raises(SearchIndexError, match="Write host:port"):
        SearchIndex(embedder, tmp_path, address).version("home")
