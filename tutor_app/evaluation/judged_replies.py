"""Tutor replies that people judged: MRBench in its JSON form (Maurya et al., 2025)."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor_app.errors import ContentError
from tutor_app.tutoring.reply_features import dialogue_context

_KEYS = (
    "Mistake_Identification",
    "Mistake_Location",
    "Providing_Guidance",
    "Actionability",
    "Revealing_of_the_Answer",
    "Coherence",
    "Tutor_Tone",
    "humanlikeness",
)
_CLASS = {
    "Yes": 2,
    "To some extent": 1,
    "No": 0,
    # one reply is marked offensive: too few for a class of their own
    "Encouraging": 2,
    "Neutral": 0,
    "Offensive": 0,
}
_REVEALS = {
    "No": 2,
    "Yes (and the answer is correct)": 1,
    "Yes (but the answer is incorrect)": 0,
}
_SPEAKER = re.compile(r"(?:^|\n)\s*(Tutor|Student):")
_QUESTION = re.compile(r"question is:\s*(.*)", re.DOTALL)
_TOPIC = re.compile(r"^\S*?\d+[A-Z]\.|\s*\(Review\).*$|s$")


@dataclass(frozen=True)
class JudgedReply:
    """One reply to one dialogue: `labels` holds a class (0, 1, 2) per dimension.

    `problem` is the same for all dialogues on one problem; `writer` is who wrote the reply.
    """

    problem: str
    dialogue: int
    writer: str
    context: str
    text: str
    labels: tuple[int, ...]


def load_judged(path: Path) -> list[JudgedReply]:
    """Load MRBench in its JSON form; raises ContentError for a file of another form."""
    try:
        dialogues = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ContentError(
            f"{path}: cannot be read ({error}). Put the open part of MRBench v2 there."
        ) from error
    judged = []
    for number, dialogue in enumerate(dialogues):
        try:
            judged += list(_replies(number, dialogue))
        except (KeyError, TypeError, AttributeError) as error:
            raise ContentError(
                f"{path}: dialogue {number} is not as in MRBench v2 ({error!r}). "
                "Put the open part of MRBench v2 there."
            ) from error
    return judged


def _replies(number: int, dialogue: dict[str, object]) -> Iterator[JudgedReply]:
    parts = _SPEAKER.split(str(dialogue["conversation_history"]))
    said = [
        ("Learner" if who == "Student" else who, text)
        for who, text in zip(parts[1::2], parts[2::2], strict=True)
    ]
    asked = _QUESTION.search(said[0][1]) if said else None
    if asked:
        problem, turns = " ".join(asked[1].split()), said[1:]
        group = problem.lower()
    else:
        # without the problem's text, dialogues of one lesson count as one problem
        problem, turns = "", said
        group = _TOPIC.sub("", _TOPIC.sub("", str(dialogue["Topic"])))
    responses = dialogue["anno_llm_responses"]
    if not isinstance(responses, dict):
        raise TypeError("anno_llm_responses is no mapping")
    for writer, response in responses.items():
        marks = response["annotation"]
        labels = [
            (_REVEALS if key == "Revealing_of_the_Answer" else _CLASS)[marks[key]] for key in _KEYS
        ]
        yield JudgedReply(
            problem=group,
            dialogue=number,
            writer=writer,
            context=dialogue_context(problem, turns),
            text=str(response["response"]).strip(),
            labels=tuple(labels),
        )
