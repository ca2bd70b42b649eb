import subprocess
import sys
from pathlib import Path

SCRIPT = """
import os, socket, sys
os.environ["LANGSMITH_TRACING"] = "true"
os.environ["HF_HUB_OFFLINE"] = "0"

def refuse(*args, **kwargs):
    raise AssertionError(f"somebody calls {args[1:]}")

socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse

import tutor_app
from pathlib import Path
from tutor_app.documents.markdown import read_markdown
from tutor_app.retrieval.embedder import load_embedder
from tutor_app.retrieval.index import SearchIndex
from tutor_app.retrieval.passages import cut_passages
from tutor_app.retrieval.search import Searcher

index = SearchIndex(load_embedder(), Path(sys.argv[1]))
index.index_passages("c", cut_passages(read_markdown("a", "# A\\n\\nOwls hunt mice."), "c"))
print(Searcher(index).search("c", "a bird of the night")[0].text)
index.close()
print(os.environ["LANGSMITH_TRACING"], os.environ["HF_HUB_OFFLINE"])
"""


def test_indexing_and_searching_call_nobody_and_print_nothing_of_their_own(tmp_path: Path):
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == "Owls hunt mice.\nfalse 1\n"
