"""What one training run reads, how it trains and where it writes, as a checked JSON file."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from tutor_app.domain.base import Strict
from tutor_app.errors import ContentError


class Size(Strict):
    """The shape of the model; the default has about 12 million parameters."""

    hidden: int = Field(384, ge=16)
    layers: int = Field(6, ge=2)
    heads: int = Field(6, ge=2)
    intermediate: int = Field(1024, ge=16)
    positions: int = Field(512, ge=16)


class TrainingPlan(Strict):
    """One run of one stage.

    Attributes:
        stage: a name for the progress file; the loop itself is the same.
        out: the folder for checkpoints, progress.json and the finished model.
        start: a model folder (or checkpoint) to start from; without one, random weights.
        tokenizer: the tokenizer's folder; needed only without `start`.
        rows: JSONL of {"prompt", "reply"}; the loss counts replies in full.
        held_out_rows: the same, never trained on.
        text: a .npy stream of token ids (uint16), the open text.
        held_out_text: the same, never trained on.
        size: the shape of a new model.
        copying_start: build the circuit for copying into a new model's weights.
        tokens: tokens in a batch.
        text_share: the part of a batch that is open text.
        text_weight: the weight of open text in the loss.
        prompt_weight: the weight of prompts in the loss.
        steps: optimizer steps at most; the schedule ends there.
        seconds: time in training at most, over all resumptions; the schedule ends there.
        peak: the learning rate after the warm-up.
        floor: the part of the peak that is left at the end of the cosine.
        warm_up: the part of the run in which the rate rises.
        keep: the model written at the end: the last, or the one with the best held-out replies.
    """

    stage: Literal["language", "task"]
    out: Path
    start: Path | None = None
    tokenizer: Path | None = None
    rows: Path | None = None
    held_out_rows: Path | None = None
    text: Path | None = None
    held_out_text: Path | None = None
    size: Size = Size()
    copying_start: bool = True
    tokens: int = Field(1024, ge=64)
    text_share: float = Field(0.0, ge=0, le=1)
    text_weight: float = Field(1.0, ge=0)
    prompt_weight: float = Field(0.0, ge=0)
    steps: int | None = Field(None, ge=1)
    seconds: float | None = Field(None, gt=0)
    peak: float = Field(1e-3, gt=0)
    floor: float = Field(0.1, ge=0, le=1)
    warm_up: float = Field(0.03, ge=0, lt=1)
    weight_decay: float = Field(0.1, ge=0)
    clip: float = Field(1.0, gt=0)
    keep: Literal["last", "best"] = "last"
    checkpoint_seconds: float = Field(240, gt=0)
    evaluate_steps: int = Field(100, ge=1)
    report_steps: int = Field(5, ge=1)
    seed: int = 0
    threads: int = Field(1, ge=1)

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.start is None and self.tokenizer is None:
            raise ValueError("give `start` or `tokenizer`")
        if self.steps is None and self.seconds is None:
            raise ValueError("give `steps` or `seconds`")
        if self.rows is None and self.text is None:
            raise ValueError("give `rows` or `text`")
        if self.text is None and self.text_share > 0:
            raise ValueError("a text_share needs `text`")
        if self.keep == "best" and self.held_out_rows is None:
            raise ValueError("keep best needs `held_out_rows`")
        return self


def load_plan(path: Path) -> TrainingPlan:
    """Read a plan; raises ContentError when it is missing or wrong."""
    try:
        return TrainingPlan.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ContentError(f"{path}: cannot be read ({error}). Write a training plan.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "plan"
        raise ContentError(f"{path}: {where}: {first['msg']}. Correct the plan.") from error
