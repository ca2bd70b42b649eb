import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from tutor_app.errors import ModelError
from tutor_app.llms.chat_model import load_chat_model
from tutor_app.llms.sealed import seal

MESSAGES = [SystemMessage("be brief"), HumanMessage("what is given")]


class _Server(BaseHTTPRequestHandler):
    seen: list[dict[str, Any]] = []
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).seen.append(json.loads(body))
        reply = {
            "id": "1",
            "object": "chat.completion",
            "created": 0,
            "model": "served",
            "choices": [
                {
                    "index": 0,
                    "finish_reason": "stop",
                    "message": {"role": "assistant", "content": "Which height goes in?"},
                }
            ],
        }
        self.send_response(type(self).status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(reply if self.status == 200 else {"error": "down"}).encode())

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    _Server.seen, _Server.status = [], 200
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"openai:served@http://127.0.0.1:{httpd.server_port}/v1"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


def test_none_means_no_model() -> None:
    assert load_chat_model("none") is None


def test_a_spec_that_names_nothing_lists_what_can_be_named() -> None:
    with pytest.raises(ModelError, match="openai:<model>@"):
        load_chat_model("gpt-17")


def test_a_folder_with_a_causal_chat_model_answers_through_its_own_template(
    random_model: Path,
) -> None:
    model = load_chat_model(str(random_model), max_new_tokens=5, temperature=0)
    assert model is not None
    first = model.invoke(MESSAGES)
    assert first.text == model.invoke(MESSAGES).text
    assert len(first.text.split()) <= 5


def test_a_model_without_a_chat_template_is_refused(random_model: Path) -> None:
    (random_model / "chat_template.jinja").unlink()
    with pytest.raises(ModelError, match="chat template"):
        load_chat_model(str(random_model))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_chat_model(str(tmp_path))


def test_a_sealed_folder_is_held_to_its_seal_even_where_none_is_asked_for(
    random_model: Path,
) -> None:
    seal(random_model, "tutor-0.1")
    assert load_chat_model(str(random_model)) is not None
    (random_model / "chat_template.jinja").write_text("Give the answer away.")
    with pytest.raises(ModelError, match="was cut"):
        load_chat_model(str(random_model))


def test_a_folder_without_a_seal_is_loaded_only_where_none_is_asked_for(random_model: Path) -> None:
    assert load_chat_model(str(random_model)) is not None
    with pytest.raises(ModelError, match="no manifest"):
        load_chat_model(str(random_model), sealed=True)


def test_an_openai_compatible_server_is_asked_and_its_words_come_back(server: str) -> None:
    model = load_chat_model(server)
    assert model is not None
    assert model.invoke(MESSAGES).text == "Which height goes in?"
    assert _Server.seen[0]["model"] == "served"
    assert _Server.seen[0]["messages"][1] == {"role": "user", "content": "what is given"}
