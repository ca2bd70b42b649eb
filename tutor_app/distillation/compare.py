"""Compare: the choices that matter, each trained from nothing for the same time on the same rows.

The budget is CPU seconds of training, so an arm that reads longer prompts sees fewer replies.
"""

import random
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import torch
from transformers import AutoTokenizer

from tutor_app.distillation.checkpoints import write_folder
from tutor_app.distillation.rows import Row, make_rows, save_rows
from tutor_app.distillation.train import new_model, train
from tutor_app.distillation.training_plan import Size, TrainingPlan
from tutor_app.domain.demonstration import Demonstration
from tutor_app.errors import ModelError, NotFoundError
from tutor_app.evaluation.rehearsal import Stage
from tutor_app.tutoring.phrasing import from_model

_PROBLEM = re.compile(r"^problem: .*\n")

Start = Literal["copying", "random", "words"]
ARMS = {
    "shipped": "as shipped: slots, problem first, copying built in",
    "random": "random start",
    "words": "embeddings start from MiniLM's word pieces",
    "numbers": "numbers left in, no slots",
    "no-problem": "no problem text",
    "problem-last": "problem last",
    "shuffled": "replies shuffled among prompts (must lose)",
}
"""The arms, by key: the name of an arm's folder."""


@dataclass(frozen=True)
class ArmFigures:
    """What one arm came to.

    Attributes:
        bits: held-out bits per byte of the replies as this arm writes them.
        tokens: tokens trained on in the time.
    """

    name: str
    bits: float
    tokens: int


def compare(
    demonstrations: Sequence[Demonstration],
    stage: Stage,
    tokenizer_folder: Path,
    word_vectors: tuple[list[str], Any],
    folder: Path,
    seconds: float,
    size: Size | None = None,
    on_arm: Callable[[str], None] = lambda name: None,
    only: Collection[str] = (),
    go_on_from: Path | None = None,
) -> list[ArmFigures]:
    """Train every arm and return its figures.

    Args:
        demonstrations: all that passed; those of held-out items and situations are watched.
        stage: rehearses them.
        tokenizer_folder: the tokenizer all arms share.
        word_vectors: (words, vectors): the sentence encoder's word pieces and their input vectors,
            (words, hidden) float32, for the arm that starts from them.
        folder: scratch, one folder an arm (`start/` untrained, `model/` trained); an arm whose
            model is there is not trained again.
        seconds: training time per arm.
        size: shape of the model.
        on_arm: told the name of each arm.
        only: keys of the arms to train; all when empty.
        go_on_from: a model that the arms with the shipped start go on from: what do real and
            shuffled replies do to one that can write already?

    Raises:
        NotFoundError: there is no such arm.
    """
    for key in only:
        if key not in ARMS:
            raise NotFoundError.for_name("arm", key, ARMS)
    size = size or Size()
    known = make_rows([d for d in demonstrations if not d.situation.held_out], stage)
    watched = make_rows([d for d in demonstrations if d.situation.held_out], stage)
    trained = _with_numbers([d for d in demonstrations if not d.situation.held_out], stage)
    seen_last = _with_numbers([d for d in demonstrations if d.situation.held_out], stage)
    arms: dict[str, tuple[list[Row], list[Row], Start]] = {
        "shipped": (known, watched, "copying"),
        "random": (known, watched, "random"),
        "words": (known, watched, "words"),
        "numbers": (trained, seen_last, "copying"),
        "no-problem": (_no_problem(known), _no_problem(watched), "copying"),
        "problem-last": (_problem_last(known), _problem_last(watched), "copying"),
        "shuffled": (_shuffled(known), watched, "copying"),
    }
    figures = []
    for key, (rows, held_out, begin) in arms.items():
        if only and key not in only:
            continue
        name = ARMS[key]
        on_arm(name)
        out = folder / key
        save_rows(out / "rows.jsonl", rows)
        save_rows(out / "held-out.jsonl", held_out)
        start = _start(out, tokenizer_folder, size, begin, word_vectors)
        if go_on_from and begin == "copying":
            start = go_on_from
        plan = TrainingPlan(
            stage="task", out=out, start=start, rows=out / "rows.jsonl",
            held_out_rows=out / "held-out.jsonl", seconds=seconds, size=size, keep="best",
            evaluate_steps=20,
        )  # fmt: skip
        position = train(plan)
        if position.best is None:
            raise ModelError(f"compare: {name!r} was not measured. Give it more seconds.")
        figures.append(ArmFigures(name, position.best, position.tokens))
    return figures


def table(figures: Sequence[ArmFigures]) -> str:
    """Draw a Markdown table."""
    lines = ["| arm | held-out bits per byte | tokens seen |", "|---|---|---|"]
    lines += [f"| {one.name} | {one.bits:.3f} | {one.tokens:,} |" for one in figures]
    return "\n".join(lines)


def _with_numbers(demonstrations: Sequence[Demonstration], stage: Stage) -> list[Row]:
    """Return rows in which every slot is filled, on both sets of quantities."""
    rows = []
    for one in demonstrations:
        for parallel in (False, True)[: 1 + stage.has_parallel(one.situation.item_id)]:
            for row in make_rows([one], stage):
                material = stage.rehearse(one, parallel=parallel).material
                prompt, reply = from_model(row.prompt, material), from_model(row.reply, material)
                if prompt and reply:
                    rows.append(replace(row, prompt=prompt, reply=reply))
    return rows


def _no_problem(rows: Sequence[Row]) -> list[Row]:
    return [replace(row, prompt=_PROBLEM.sub("", row.prompt)) for row in rows]


def _problem_last(rows: Sequence[Row]) -> list[Row]:
    moved = []
    for row in rows:
        first, _, rest = row.prompt.partition("\n")
        moved.append(replace(row, prompt=f"{rest}\n{first}"))
    return moved


def _shuffled(rows: Sequence[Row]) -> list[Row]:
    replies = [row.reply for row in rows]
    random.Random(5).shuffle(replies)
    return [replace(row, reply=reply) for row, reply in zip(rows, replies, strict=True)]


def _start(
    out: Path,
    tokenizer_folder: Path,
    size: Size,
    begin: Start,
    word_vectors: tuple[list[str], Any],
) -> Path:
    """Write the untrained model of an arm; entries that are word pieces can start as theirs."""
    tokenizer: Any = AutoTokenizer.from_pretrained(tokenizer_folder, local_files_only=True)
    model = new_model(size, tokenizer, seed=0, copying=begin == "copying")
    if begin == "words":
        words, vectors = word_vectors
        place = {word: number for number, word in enumerate(words)}
        weight = model.get_input_embeddings().weight
        spread = float(weight.detach().std())
        scaled = (vectors - vectors.mean(axis=0)) / vectors.std() * spread
        with torch.no_grad():
            for entry in range(len(tokenizer)):
                text = tokenizer.decode([entry])
                key = text.strip().lower()
                known = key if text.startswith(" ") or key in place else f"##{key}"
                if known in place:
                    weight[entry] = torch.from_numpy(scaled[place[known]])
    write_folder(model, tokenizer, out / "start")
    return out / "start"
