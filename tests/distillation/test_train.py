import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tutor_app.distillation.batches import Batches, Mixture
from tutor_app.distillation.checkpoints import last_checkpoint
from tutor_app.distillation.tokenizer import BOS, encode, train_tokenizer
from tutor_app.distillation.train import load_folder, main, new_model, read_rows, train
from tutor_app.distillation.train_loop import batch_loss, learning_rate, token_losses
from tutor_app.distillation.training_plan import Size, TrainingPlan, load_plan
from tutor_app.errors import ContentError, ModelError

SIZE = Size(hidden=96, layers=2, heads=2, intermediate=192, positions=128)
THINGS = ("crate", "sled", "rope", "cart", "ball", "train")


def rows() -> list[dict[str, str]]:
    return [
        {"prompt": f"problem: A {thing}\nmove: {move}", "reply": f"{lead} the {thing}?"}
        for thing in THINGS
        for move, lead in (("ask", "What moves"), ("point", "Where is"), ("hint", "Look at"))
    ]


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer([f"{row['prompt']} {row['reply']}" for row in rows()] * 2, 330)


@pytest.fixture
def plan(tokenizer: Any, tmp_path: Path) -> TrainingPlan:
    tokenizer.save_pretrained(tmp_path / "tokenizer")
    lines = "\n".join(json.dumps(row) for row in rows())
    (tmp_path / "rows.jsonl").write_text(lines + "\n", encoding="utf-8")
    text = [tokenizer.convert_tokens_to_ids(BOS), *tokenizer.encode("The crate moves. " * 60)]
    np.save(tmp_path / "text.npy", np.array(text, dtype=np.uint16))
    return TrainingPlan(
        stage="task",
        out=tmp_path / "out",
        tokenizer=tmp_path / "tokenizer",
        rows=tmp_path / "rows.jsonl",
        held_out_rows=tmp_path / "rows.jsonl",
        size=SIZE,
        tokens=256,
        steps=40,
        peak=5e-3,
        evaluate_steps=20,
        report_steps=1,
        seed=7,
    )


def progress(plan: TrainingPlan) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((plan.out / "progress.json").read_text(encoding="utf-8"))
    return found


def weights(folder: Path) -> dict[str, torch.Tensor]:
    model, _ = load_folder(folder)
    return dict(model.state_dict())


def test_the_mask_covers_exactly_the_reply_and_its_end(tokenizer: Any) -> None:
    examples = [encode(tokenizer, row["prompt"], row["reply"]) for row in rows()]
    none = np.zeros(0, dtype=np.uint16)
    batch = Batches(examples, none, Mixture(tokens=256), tokenizer.pad_token_id, 0).batch(0)
    known = {f"{row['reply']}<|end|>" for row in rows()}
    for ids, counted in zip(batch.ids, batch.weights, strict=True):
        assert tokenizer.decode(ids[counted > 0]) in known
        assert set(counted.tolist()) == {0.0, 1.0}


def test_prompts_and_text_count_with_their_own_weights(tokenizer: Any) -> None:
    example = encode(tokenizer, "problem: A crate", "Where is it?")
    text = np.full(600, 9, dtype=np.uint16)
    mixture = Mixture(tokens=256, text_share=0.5, text_weight=0.5, prompt_weight=0.25)
    batch = Batches([example], text, mixture, tokenizer.pad_token_id, 0).batch(0)
    row, window = batch.weights[0], batch.weights[-1]
    assert row[1 : example.reply_start].unique().tolist() == [0.25]
    assert row[example.reply_start :].unique().tolist() == [1.0]
    assert window[1:].unique().tolist() == [0.5]
    assert batch.weights[:, 0].unique().tolist() == [0.0]


def test_one_pass_holds_every_row_once_and_no_batch_is_too_large(tokenizer: Any) -> None:
    examples = [encode(tokenizer, row["prompt"], row["reply"]) for row in rows()]
    none = np.zeros(0, dtype=np.uint16)
    batches = Batches(examples, none, Mixture(tokens=128), tokenizer.pad_token_id, 0)
    for first in (0, len(batches)):
        seen = [batches.batch(first + step) for step in range(len(batches))]
        assert all(batch.ids.numel() <= 128 for batch in seen)
        assert sum(len(batch.ids) for batch in seen) == len(examples)
    assert torch.equal(batches.batch(1).ids, batches.batch(1).ids)


def test_a_neighbour_in_the_batch_changes_no_loss(tokenizer: Any) -> None:
    model = new_model(SIZE, tokenizer, 0).eval()
    short, long = (
        encode(tokenizer, "problem: A crate", reply).ids
        for reply in ("Go on.", "Where is the crate, and what moves it along the floor?")
    )
    both = torch.full((2, len(long)), tokenizer.pad_token_id)
    both[0, : len(short)], both[1] = torch.tensor(short), torch.tensor(long)
    wanted = torch.zeros_like(both, dtype=torch.bool)
    wanted[0, : len(short)] = True
    alone = torch.tensor([short])
    with torch.inference_mode():
        joined = token_losses(model, both, wanted)
        single = token_losses(model, alone, torch.ones_like(alone, dtype=torch.bool))
    assert torch.allclose(joined, single, atol=1e-5)


def test_the_loss_is_the_one_transformers_computes(tokenizer: Any) -> None:
    examples = [encode(tokenizer, row["prompt"], row["reply"]) for row in rows()]
    none = np.zeros(0, dtype=np.uint16)
    batch = Batches(examples, none, Mixture(tokens=256), tokenizer.pad_token_id, 0).batch(0)
    model = new_model(SIZE, tokenizer, 0).eval()
    labels = batch.ids.masked_fill(batch.weights == 0, -100)
    with torch.inference_mode():
        theirs = model(input_ids=batch.ids, labels=labels).loss
        assert float(batch_loss(model, batch)) == pytest.approx(float(theirs), rel=1e-5)


def test_the_rate_rises_then_falls_to_its_floor(plan: TrainingPlan) -> None:
    plan = plan.model_copy(update={"warm_up": 0.1, "floor": 0.3, "peak": 1.0})
    rates = [learning_rate(plan, done / 100) for done in range(101)]
    assert rates[0] < 0.02
    assert max(rates) == rates[10] == pytest.approx(1.0)
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.3)


def test_training_lowers_the_loss_and_writes_a_model_that_answers_and_stops(
    plan: TrainingPlan,
) -> None:
    train(plan.model_copy(update={"steps": 150, "report_steps": 50}))

    report = progress(plan)
    assert report["state"] == "finished"
    assert report["held_out_reply_bits_per_byte"] < 0.1
    model = AutoModelForCausalLM.from_pretrained(plan.out / "model", local_files_only=True)
    tokenizer = AutoTokenizer.from_pretrained(plan.out / "model", local_files_only=True)
    for row in rows():
        prompt = tokenizer.apply_chat_template(
            [{"role": "user", "content": row["prompt"]}],
            add_generation_prompt=True,
            return_tensors="pt",
            return_dict=True,
        )
        out = model.generate(**prompt, max_new_tokens=30)[0, prompt["input_ids"].shape[1] :]
        assert tokenizer.decode(out) == f"{row['reply']}<|end|>"


def test_a_cancelled_run_goes_on_and_ends_as_if_never_stopped(
    plan: TrainingPlan, tmp_path: Path
) -> None:
    torch.set_num_threads(1)
    mixed = {"text": tmp_path / "text.npy", "text_share": 0.3, "prompt_weight": 0.1, "steps": 24}
    whole = plan.model_copy(update=mixed)
    train(whole)
    stopped = whole.model_copy(update={"out": tmp_path / "stopped", "report_steps": 9})
    first = stopped.model_copy(update={"evaluate_steps": 10})

    # The tenth step's evaluation happens once; a cancel that waits there stops before the next.
    stop_after(first, 10)
    assert progress(stopped)["state"] == "cancelled"
    assert not (stopped.out / "model").exists()
    assert last_checkpoint(stopped.out / "checkpoints") is not None
    train(stopped)

    assert progress(stopped)["step"] == 24
    assert progress(stopped)["tokens"] == progress(whole)["tokens"]
    left, right = weights(whole.out / "model"), weights(stopped.out / "model")
    assert all(torch.equal(left[name], right[name]) for name in left)
    assert progress(stopped)["loss"] == pytest.approx(progress(whole)["loss"])


def stop_after(plan: TrainingPlan, step: int) -> None:
    """Train, with a cancel file that appears at this step."""
    real = Batches.batch

    def batch(self: Batches, number: int) -> Any:
        if number == step - 1:
            (plan.out / "cancel").touch()
        return real(self, number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Batches, "batch", batch)
        train(plan)
    assert not (plan.out / "cancel").exists()
    assert progress(plan)["step"] == step


def test_a_run_ends_with_its_time_and_its_rate_follows_the_clock(plan: TrainingPlan) -> None:
    end = train(plan.model_copy(update={"steps": None, "seconds": 1.5}))
    assert 1.5 <= end.seconds < 30
    assert progress(plan)["done"] >= 1
    assert progress(plan)["steps"] is None


def test_the_best_model_on_held_out_replies_is_kept_when_asked(
    plan: TrainingPlan, tmp_path: Path
) -> None:
    # Held-out rows that contradict the training rows get worse the longer it trains.
    wrong = [{"prompt": row["prompt"], "reply": row["reply"][::-1]} for row in rows()]
    (tmp_path / "wrong.jsonl").write_text("\n".join(map(json.dumps, wrong)), encoding="utf-8")
    held = {"held_out_rows": tmp_path / "wrong.jsonl", "evaluate_steps": 10, "steps": 80}
    end = train(plan.model_copy(update={**held, "keep": "best"}))
    last = progress(plan)["held_out_reply_bits_per_byte"]
    assert end.best is not None
    assert end.best < last
    kept, newest = weights(plan.out / "model"), last_checkpoint(plan.out / "checkpoints")
    assert newest is not None
    assert not torch.equal(
        kept["model.embed_tokens.weight"], weights(newest)["model.embed_tokens.weight"]
    )


def test_a_second_stage_starts_from_the_first_ones_folder(
    plan: TrainingPlan, tmp_path: Path
) -> None:
    train(plan)
    second = {"start": plan.out / "model", "tokenizer": None, "out": tmp_path / "second"}
    train(plan.model_copy(update={**second, "steps": 1, "peak": 1e-9, "weight_decay": 0.0}))
    left, right = weights(plan.out / "model"), weights(tmp_path / "second" / "model")
    assert all(torch.allclose(left[name], right[name], atol=1e-6) for name in left)


def test_only_the_two_newest_checkpoints_stay(plan: TrainingPlan) -> None:
    train(plan.model_copy(update={"checkpoint_seconds": 1e-6, "steps": 5}))
    names = sorted(path.name for path in (plan.out / "checkpoints").iterdir())
    assert names == ["step-0000004", "step-0000005"]


def test_a_cut_checkpoint_is_refused_by_name(plan: TrainingPlan) -> None:
    train(plan.model_copy(update={"steps": 2}))
    folder = last_checkpoint(plan.out / "checkpoints")
    assert folder is not None
    moments = (folder / "optimizer.safetensors").read_bytes()
    (folder / "optimizer.safetensors").write_bytes(moments[:1000])
    with pytest.raises(ModelError, match="damaged checkpoint"):
        train(plan)


def test_a_broken_row_is_named_by_file_and_line(tokenizer: Any, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"prompt": "a", "reply": "b"}\n{"prompt": "a"}\n')
    with pytest.raises(ContentError, match=r"r\.jsonl:2: is no training row"):
        read_rows(tmp_path / "r.jsonl", tokenizer)


def test_rows_that_fit_nowhere_are_refused(tokenizer: Any) -> None:
    example = encode(tokenizer, "problem: A crate", "Where is it? " * 40)
    with pytest.raises(ContentError, match="none of 1 fits into 128"):
        Batches([example], np.zeros(0, dtype=np.uint16), Mixture(), 0, 0, longest=128)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"steps": None}, "give `steps` or `seconds`"),
        ({"rows": None}, "give `rows` or `text`"),
        ({"tokenizer": None}, "give `start` or `tokenizer`"),
        ({"peak": -1}, "peak"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_plan_is_explained(
    plan: TrainingPlan, tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    content = {**plan.model_dump(mode="json"), **change}
    (tmp_path / "plan.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ContentError, match=message):
        load_plan(tmp_path / "plan.json")


def test_the_module_trains_in_its_own_process(plan: TrainingPlan, tmp_path: Path) -> None:
    short = plan.model_copy(update={"steps": 2})
    (tmp_path / "plan.json").write_text(short.model_dump_json(), encoding="utf-8")
    command = [sys.executable, "-m", "tutor_app.distillation.train", "--plan"]
    done = subprocess.run(
        [*command, str(tmp_path / "plan.json")],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert progress(plan)["state"] == "finished"


def test_a_missing_plan_is_an_explained_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--plan", str(tmp_path / "none.json")]) == 1
    assert "none.json: cannot be read" in capsys.readouterr().err
