"""Training rows: what the small model reads and the demonstration it should have written."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tutor_app.domain.demonstration import Demonstration
from tutor_app.errors import ContentError
from tutor_app.evaluation.rehearsal import Stage
from tutor_app.tutoring.phrasing import WORDED, model_prompt, to_model

DEV_SHARE = 0.05


@dataclass(frozen=True)
class Row:
    """One prompt with its reply; `id` names the situation and the request it came from."""

    id: str
    prompt: str
    reply: str


def make_rows(demonstrations: Iterable[Demonstration], stage: Stage) -> list[Row]:
    """Return a row for every demonstration that the small model is to learn.

    Numbers are left open, so the parallel quantities give the same row: both were checked before,
    and the row serves both. The answer key is in none of them.
    """
    rows = []
    for one in demonstrations:
        if one.situation.row not in WORDED:
            continue
        try:
            material = stage.rehearse(one).material
        except ContentError:
            continue
        reply = to_model(one.reply, material.item)
        if reply is not None:
            rows.append(Row(f"{one.situation.id}-{one.request}", model_prompt(material), reply))
    return rows


def split_rows(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Return rows to train on and rows to watch; whole situations, by the hash of their id."""
    watched = [row for row in rows if _fraction(row.id.split("-")[0]) < DEV_SHARE]
    seen = {id(row) for row in watched}
    return [row for row in rows if id(row) not in seen], watched


def save_rows(path: Path, rows: Iterable[Row]) -> None:
    """Write rows as JSONL: {"id", "prompt", "reply"}."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # all but ASCII is escaped: U+2028 would end a line for some readers
    lines = (json.dumps(row.__dict__) for row in rows)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def _fraction(text: str) -> float:
    return int(sha256(f"dev {text}".encode()).hexdigest()[:8], 16) / 2**32
