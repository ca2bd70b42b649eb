"""What a scripted chat model says about one answer on ice."""

import json
from typing import Any

from tutor_app.domain.submission import Submission
from tutor_app.grading.llm_call import CallOptions
from tutor_app.grading.llm_grader import LlmOptions

ANSWER = "Water expands when it turns to ice, so ice is less dense and swims on top."
QUOTE = "ice is less dense"
QUICK = LlmOptions(parallel=1, call=CallOptions(attempts=3, time_limit_s=20, first_wait_s=0.0))


def entry(verdict: str = "MET", **more: str) -> dict[str, str]:
    quote = QUOTE if verdict in ("MET", "LEVEL") else ""
    base = {"criterion": "density", "verdict": verdict, "level": "", "quote": quote}
    return base | {"reason": "It says so."} | more


def reply(*entries: dict[str, str]) -> str:
    return json.dumps({"criteria": list(entries)})


def submission(text: str = ANSWER, **more: Any) -> Submission:
    return Submission.model_validate({"id": "s1", "learner": "u1", "text": text} | more)
