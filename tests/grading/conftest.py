"""A small rubric, and a grader whose rule a test can know."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tutor_app.domain.grade import CriterionGrade, Grade, GradedExample
from tutor_app.domain.item import Item
from tutor_app.domain.rubric import Rubric
from tutor_app.domain.submission import Submission

LEVELS = [
    {"title": "Density, with the reason", "points": 2, "description": "Both halves."},
    {"title": "Density", "points": 1, "description": "One half.", "example": "It is less dense."},
    {"title": "Missing", "points": 0, "description": "Neither.", "example": "Because it is cold."},
]


class RuleGrader:
    """Gives the points that a rule says; None is pending. Keeps what it was given."""

    def __init__(self, rule: Callable[[str], float | None], needs_review: bool = False):
        self.name = "rule:1"
        self.rule = rule
        self.needs_review = needs_review
        self.seen: list[Submission] = []

    def grade(
        self,
        submission: Submission,
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Grade:
        self.seen.append(submission)
        points = self.rule(submission.text)
        return Grade(
            submission=submission.id,
            rubric=rubric.id,
            rubric_hash=rubric.digest,
            grader=self.name,
            criteria=tuple(
                CriterionGrade(
                    criterion=one.id,
                    auto_score=None if points is None else min(points, one.points),
                    confidence=0.9,
                    needs_review=self.needs_review or points is None,
                )
                for one in rubric.criteria
            ),
        )

    def grade_batch(
        self,
        submissions: Iterable[Submission],
        rubric: Rubric,
        *,
        item: Item | None = None,
        examples: Sequence[GradedExample] = (),
    ) -> Iterator[Grade]:
        for one in submissions:
            yield self.grade(one, rubric, item=item, examples=examples)


@pytest.fixture
def rule_grader() -> type[RuleGrader]:
    return RuleGrader


@pytest.fixture
def ice_rubric() -> Rubric:
    return Rubric.model_validate(
        {
            "id": "ice-floats",
            "title": "Why ice floats",
            "version": 1,
            "question": "Why does an ice cube float on water? Explain it in two sentences.",
            "reference_answers": [
                "Water expands when it freezes, so the same mass takes up a larger volume. "
                "Ice is therefore less dense than the liquid water around it and floats on it."
            ],
            "criteria": [
                {"id": "density", "title": "Compares densities", "points": 2, "levels": LEVELS}
            ],
        }
    )


@pytest.fixture
def full_rubric(ice_rubric: Rubric) -> Rubric:
    """Levels, a checklist and a penalty."""
    more = [
        {
            "id": "places",
            "title": "Names two places",
            "points": 2,
            "type": "checklist",
            "key_elements": [
                {"id": "lakes", "text": "Lakes freeze from the top."},
                {"id": "bursting", "text": "Freezing water bursts bottles."},
            ],
        },
        {"id": "air-mistake", "title": "Blames air", "points": -1, "type": "penalty"},
    ]
    data = ice_rubric.model_dump()
    return Rubric.model_validate(data | {"criteria": [*data["criteria"], *more]})


class ScriptedServer:
    """An OpenAI-compatible server that answers as a test says.

    Attributes:
        url: spec for `load_chat_model`.
        script: what comes next: a text; a status; (status, headers); a dict for the message; a
            float (seconds to keep silent); or bytes as they are. The last one is repeated.
        seen: bodies of the requests.
    """

    def __init__(self, *script: Any) -> None:
        self.script = list(script)
        self.seen: list[dict[str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.seen.append(body)
                step = outer.script.pop(0) if len(outer.script) > 1 else outer.script[0]
                outer.answer(self, step(body) if callable(step) else step)

            def log_message(self, *args: object) -> None:
                pass

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.httpd.serve_forever, args=(0.02,))
        self.thread.start()
        self.url = f"openai:served@http://127.0.0.1:{self.httpd.server_port}/v1"

    def answer(self, handler: BaseHTTPRequestHandler, step: Any) -> None:
        status, headers, finish = 200, {}, "stop"
        if isinstance(step, float):
            time.sleep(step)
            step = 503
        if isinstance(step, tuple):
            step, headers = step
        if isinstance(step, int):
            status, body = step, json.dumps({"error": {"message": f"status {step}"}}).encode()
        elif isinstance(step, bytes):
            body = step
        else:
            message = step if isinstance(step, dict) else {"content": step}
            finish = message.pop("finish_reason", finish)
            choice = {"index": 0, "finish_reason": finish}
            choice["message"] = {"role": "assistant", **message}
            reply = {"id": "1", "object": "chat.completion", "created": 0, "model": "served"}
            usage = {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000}
            body = json.dumps(reply | {"choices": [choice], "usage": usage}).encode()
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        with suppress(BrokenPipeError, ConnectionResetError):
            handler.wfile.write(body)

    def close(self) -> None:
        self.httpd.shutdown()
        self.thread.join()
        self.httpd.server_close()


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    """Start servers that answer as a test says."""
    started: list[ScriptedServer] = []

    def start(*script: Any) -> ScriptedServer:
        started.append(ScriptedServer(*script))
        return started[-1]

    yield start
    for server in started:
        server.close()
