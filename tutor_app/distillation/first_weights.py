"""The first weights of a new model, with the circuit for copying from the prompt built in.

Small models trained for an hour never find the circuit by themselves. It is therefore written
into the random weights (an explicit form of mimetic initialisation, Trockman and Kolter 2023,
arXiv:2305.09828) as the two parts that trained models grow (Olsson et al. 2022, arXiv:2209.11895):

1. In the first layer, a head looks one token back and notes what it finds in a subspace of its own.
2. In the second layer, two heads look for places whose note equals the token at hand, and vote for
   the tokens that stand there.

Training is free to change all of it.
"""

import math
from typing import Any

import torch

ROPE_BASE = 10_000.0

_EMBEDDING = 0.1
# The output layer shares the embeddings: its norm makes up for their size.
_LAST_NORM = 0.2
# One coordinate is the same for all tokens, so that a head can look at places, not at contents.
_CONSTANT = 4.0
# Nats by which the place one back leads the next best, and a match leads a token that differs.
_PLACE_LEAD = 10.0
_MATCH_LEAD = 12.0
# Pairs of coordinates that turn fast tell places apart; slow ones hardly notice the distance.
_FAST, _SLOW = 0.03, 0.0045


@torch.no_grad()
def write_first_weights(model: Any, seed: int) -> None:
    """Overwrite the weights of a new Llama model in place; the same seed gives the same weights.

    Args:
        model: a LlamaForCausalLM with tied embeddings, at least two layers and two heads.
        seed: of the random weights.
    """
    random = torch.Generator().manual_seed(seed)
    config = model.config
    width, head = config.hidden_size, config.hidden_size // config.num_attention_heads
    for parameter in model.parameters():
        if parameter.dim() > 1:
            parameter.normal_(0.0, 0.02, generator=random)
    for layer in model.model.layers:
        # Many small contributions must not drown the embeddings (Radford et al. 2019).
        layer.self_attn.o_proj.weight /= math.sqrt(2 * config.num_hidden_layers)
        layer.mlp.down_proj.weight /= math.sqrt(2 * config.num_hidden_layers)
    embeddings = model.model.embed_tokens.weight
    embeddings.normal_(0.0, _EMBEDDING, generator=random)
    embeddings[:, 0] = _CONSTANT * _EMBEDDING
    model.model.norm.weight.fill_(_LAST_NORM)

    size = min(head, (width - 1) // 3)
    basis = torch.linalg.qr(torch.randn(width - 1, 3 * size, generator=random))[0].T
    basis = torch.cat([torch.zeros(3 * size, 1), basis], dim=1)
    token, note, second = basis[:size], basis[size : 2 * size], basis[2 * size :]
    _look_one_back(model.model.layers[0].self_attn, head, token, note)
    _find_matches(model.model.layers[1].self_attn, head, token, note, (token, second))


def _turns(head: int) -> torch.Tensor:
    """The angle, in radians a token, by which each pair of coordinates turns."""
    return ROPE_BASE ** (-torch.arange(head // 2) / (head // 2))


def _look_one_back(attention: Any, head: int, token: torch.Tensor, note: torch.Tensor) -> None:
    """Head 0: queries and keys see the constant alone, the key one token ahead in angle."""
    turns = _turns(head)
    fast = turns >= _FAST
    lead = float((1 - torch.cos(turns[fast])).sum()) / math.sqrt(head)
    strength = math.sqrt(_PLACE_LEAD / lead) / _CONSTANT
    query, key = attention.q_proj.weight[:head], attention.k_proj.weight[:head]
    query.zero_()
    key.zero_()
    query[: head // 2, 0] = strength * fast
    key[: head // 2, 0] = strength * fast * torch.cos(turns)
    key[head // 2 :, 0] = strength * fast * torch.sin(turns)
    size, width = token.shape
    attention.v_proj.weight[:size] = token
    # The note gets the length of an embedding.
    attention.o_proj.weight[:, :size] = note.T * _EMBEDDING * math.sqrt(width / size)


def _find_matches(
    attention: Any,
    head: int,
    token: torch.Tensor,
    note: torch.Tensor,
    votes: tuple[torch.Tensor, torch.Tensor],
) -> None:
    """Heads 0 and 1: queries see the token at hand, keys the note; the values vote."""
    slow = torch.nonzero(_turns(head) <= _SLOW).flatten()
    places = torch.cat([slow, slow + head // 2])
    size, width = token.shape
    # After the norm, token and note share the length of the stream, the note on few coordinates.
    lead = len(places) * math.sqrt(width / size) / 2 / math.sqrt(head)
    strength = math.sqrt(_MATCH_LEAD / lead)
    for number, vote in enumerate(votes):
        start = number * head
        rows = (torch.arange(len(places)) + number * len(places)) % size
        attention.q_proj.weight[start : start + head] = 0.0
        attention.k_proj.weight[start : start + head] = 0.0
        attention.q_proj.weight[start + places] = strength * token[rows]
        attention.k_proj.weight[start + places] = strength * note[rows]
        attention.v_proj.weight[start : start + size] = vote
        attention.o_proj.weight[:, start : start + size] = vote.T
