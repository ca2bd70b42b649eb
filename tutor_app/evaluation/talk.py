"""Plain talk to the tutor: what a word means, equations on the way, answers to its own question.

The judge here is apart from the tutor's code: it looks at what the reply says and at the step that
was credited. The lines were written before the code that hears them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import NAMESPACE_OID, uuid4, uuid5

from pydantic import ValidationError

from tutor_app.domain.base import Strict, Text
from tutor_app.domain.dialogue import Channel, State, Turn
from tutor_app.errors import ContentError
from tutor_app.tutoring.tutor import Tutor

_CREDIT = (State.STEP_RIGHT, State.RIGHT)
_WORD = re.compile(r"[^\W_]{3,}|\d+(?:\.\d+)?|[a-z]")
_AFFIRMS = re.compile(r"\b(?:yes|holds?|right|correct|that fits|settles)\b", re.IGNORECASE)


class Line(Strict):
    """One line of talk after some turns, and what a good reply shows.

    Attributes:
        kind: `asks` what something means; an `equation`; a `reply` to the tutor's own question.
        before: channel and text of the turns before it.
        says: for `asks`, phrases of which the reply holds one.
        credit: for `equation`, it is right on the way.
        true: for `reply`, what the learner says is right.
    """

    item: Text
    kind: Literal["asks", "equation", "reply"]
    before: list[tuple[Channel, str]] = []
    text: Text
    says: list[Text] = []
    credit: bool = False
    true: bool = True


@dataclass(frozen=True)
class Heard:
    """A line, the turn that answered it, and whether the answer is good."""

    line: Line
    turn: Turn
    good: bool


@dataclass(frozen=True)
class TalkScoreboard:
    """What was heard, line by line."""

    heard: Sequence[Heard]

    def __str__(self) -> str:
        """Draw a Markdown table of the kinds."""
        rows = ["| lines | good | of |", "|---|---|---|"]
        for name, chosen in self.groups().items():
            rows.append(f"| {name} | {sum(h.good for h in chosen)} | {len(chosen)} |")
        return "\n".join(rows)

    def groups(self) -> dict[str, list[Heard]]:
        """Return the lines by what is asked of the reply."""
        heard = self.heard
        return {
            "asks what it means: explained": [h for h in heard if h.line.kind == "asks"],
            "right equation on the way: credited": [
                h for h in heard if h.line.kind == "equation" and h.line.credit
            ],
            "other equation: neither credited nor counted": [
                h for h in heard if h.line.kind == "equation" and not h.line.credit
            ],
            "right answer to the tutor's question: taken up": [
                h for h in heard if h.line.kind == "reply" and h.line.true
            ],
            "wrong answer to the tutor's question: taken up, not confirmed": [
                h for h in heard if h.line.kind == "reply" and not h.line.true
            ],
        }


def load_talk(folder: Path, course_id: str) -> list[Line]:
    """Load the lines of a course; raises ContentError with file and line for a broken one."""
    path = folder / f"{course_id}.jsonl"
    lines = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            lines.append(Line.model_validate_json(row))
        except ValidationError as error:
            raise ContentError(
                f"{path}:{number}: is no line of talk ({error.errors()[0]['msg']}). "
                'Write {"item": ..., "kind": ..., "text": ...}.'
            ) from None
    return lines


def evaluate_talk(
    tutor: Tutor,
    course_id: str,
    lines: Iterable[Line],
    on_progress: Callable[[int], None] = lambda done: None,
) -> TalkScoreboard:
    """Say every line to the tutor in the talk box, each in a dialogue of its own."""
    learner = f"evaluation-{uuid4().hex}"
    heard = []
    for done, line in enumerate(lines, start=1):
        dialogue = tutor.start(learner, course_id, line.item)
        for number, (channel, text) in enumerate([*line.before, ("chat", line.text)]):
            seed = uuid5(NAMESPACE_OID, f"{line.item} {line.text} {number}").hex
            turn = tutor.respond(dialogue, text, seed, channel).turn
            dialogue = tutor.store.dialogue(dialogue.id)
        heard.append(Heard(line, turn, is_good(line, turn)))
        on_progress(done)
    tutor.store.delete_learner(learner)
    return TalkScoreboard(heard)


def is_good(line: Line, turn: Turn) -> bool:
    """Say whether the reply does what this kind of line asks for."""
    reply = turn.reply.lower()
    if line.kind == "asks":
        explained = turn.diagnosis.state in (State.ASKS_TERM, State.ASKS_COURSE)
        return explained and any(phrase.lower() in reply for phrase in line.says)
    if line.kind == "equation":
        credited = turn.diagnosis.state in _CREDIT
        if not line.credit:
            return not (credited or turn.diagnosis.counted)
        return credited and bool(_AFFIRMS.search(reply) or "one part" in reply)
    said = set(_WORD.findall(line.text.lower()))
    credited = turn.diagnosis.state in _CREDIT and line.true
    taken_up = bool(said & set(_WORD.findall(_quoted(reply)))) or credited
    return taken_up and (line.true or not _AFFIRMS.search(reply))


def _quoted(reply: str) -> str:
    """Return what the reply quotes of the learner."""
    return " ".join(re.findall(r"“([^”]*)”", reply))
