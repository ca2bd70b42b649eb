from typing import Any

import pytest
import torch

from tutor_app.distillation.first_weights import write_first_weights
from tutor_app.distillation.tokenizer import train_tokenizer
from tutor_app.distillation.train import new_model
from tutor_app.distillation.train_loop import token_losses
from tutor_app.distillation.training_plan import Size

SIZE = Size(hidden=192, layers=3, heads=3, intermediate=256, positions=128)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    return train_tokenizer(["the floor and the rope"] * 3, 300)


def repeated_losses(model: Any) -> torch.Tensor:
    """Mean losses of random tokens the first and the second time they come, shape (2,)."""
    once = torch.randint(20, 280, (8, 40), generator=torch.Generator().manual_seed(4))
    ids = torch.cat([once, once], dim=1)
    with torch.inference_mode():
        losses = token_losses(model.eval(), ids, torch.ones_like(ids, dtype=torch.bool))
    losses = losses.reshape(8, 79)
    return torch.stack([losses[:, :39].mean(), losses[:, 40:].mean()])


def test_an_untrained_model_already_copies_what_it_has_read(tokenizer: Any) -> None:
    first, again = repeated_losses(new_model(SIZE, tokenizer, 0))
    assert again < first - 1.5


def test_without_the_circuit_a_repetition_is_no_easier(tokenizer: Any) -> None:
    first, again = repeated_losses(new_model(SIZE, tokenizer, 0, copying=False))
    assert again > first - 0.2


def test_the_first_head_looks_one_token_back(tokenizer: Any) -> None:
    model = new_model(SIZE, tokenizer, 0).eval()
    model.set_attn_implementation("eager")
    ids = torch.randint(20, 280, (1, 60), generator=torch.Generator().manual_seed(4))
    with torch.inference_mode():
        looks = model(input_ids=ids, output_attentions=True).attentions[0][0, 0]
    assert float(torch.diagonal(looks, -1).mean()) > 0.8


def test_the_same_seed_writes_the_same_weights(tokenizer: Any) -> None:
    left, right, other = (new_model(SIZE, tokenizer, 0) for _ in range(3))
    for model, seed in ((left, 5), (right, 5), (other, 6)):
        write_first_weights(model, seed)
    pairs = list(zip(left.parameters(), right.parameters(), other.parameters(), strict=True))
    assert all(torch.equal(one, same) for one, same, _ in pairs)
    assert not all(torch.equal(one, another) for one, _, another in pairs)
