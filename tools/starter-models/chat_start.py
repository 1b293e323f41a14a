"""Initial weights that can copy.

Repeating a name, a date or a sum from earlier in the conversation takes two attention layers that work together: one
writes beside each token which token came before it, the next looks for the place after an earlier occurrence of
the current token (an "induction head"). A model of this size needs many thousand steps to find that by itself, so
its first two layers start with it, in a rough form. Training is free to change all of it.
"""
import torch
from torch import Tensor, nn

STRENGTH = 1.7  # of the positional queries and keys: about 95 % of the attention falls on one place
BESIDE = 0.1  # size of what layer 0 writes, against an embedding of 0.05 per component
MATCH = 1.9  # of the content queries and keys
COPY = 0.15  # of what layer 1 hands on
FAST, SLOW = 3, 7  # rotary pairs below FAST turn fast enough to tell neighbours apart, from SLOW on hardly at all


def _subspaces(count: int, size: int, width: int) -> Tensor:
    """[count, size, width]: rows orthonormal over all of them, component 0 (the constant) left out."""
    basis = torch.linalg.qr(torch.randn(width - 1, width - 1))[0]
    return torch.cat((torch.zeros(width - 1, 1), basis), dim=1)[:count * size].reshape(count, size, width)


@torch.no_grad()
def start_copying(model: nn.Module) -> None:
    """Overwrites the attention of layers 0 and 1 of a fresh ChatModel with at least 3 key heads of 2 query heads."""
    config, size = model.config, model.config.head_dim
    half = size // 2
    embedding = model.model.embed_tokens.weight
    std = embedding.std()
    # Component 0 is the same for every token, so that queries and keys made of it depend on positions alone.
    embedding[:, 0] = 4 * std
    embedding.mul_(std * config.hidden_size ** 0.5 / embedding.norm(dim=1, keepdim=True))
    token, before, before_that, first_copy, second_copy = _subspaces(5, size, config.hidden_size)
    layers = [layer.self_attn for layer in model.model.layers[:2]]

    for attention in layers:  # key head 0: its two query heads look one and two tokens back
        query, key = attention.q_proj.weight, attention.k_proj.weight
        key[:size], query[:2 * size] = 0, 0
        key[:FAST, 0] = STRENGTH
        for head, distance in enumerate((1, 2)):
            angles = -distance * model.frequencies[:FAST]
            query[head * size:head * size + FAST, 0] = STRENGTH * angles.cos()
            query[head * size + half:head * size + half + FAST, 0] = STRENGTH * angles.sin()
    layers[0].v_proj.weight[:size] = token
    layers[0].o_proj.weight[:, :size] = BESIDE * before.t()
    layers[0].o_proj.weight[:, size:2 * size] = BESIDE * before_that.t()

    slow = torch.cat((torch.arange(SLOW, half), torch.arange(SLOW + half, size)))
    query, key, value, out = (part.weight for part in (layers[1].q_proj, layers[1].k_proj, layers[1].v_proj, layers[1].o_proj))
    # Key head 1: this token is the one before there. Key head 2: the one before this is the one two before there.
    for head, wanted, offered, copied in ((1, token, before, first_copy), (2, before, before_that, second_copy)):
        rows = slice(head * size, (head + 1) * size)
        key[rows] = 0
        key[head * size + slow] = MATCH * offered[slow]
        value[rows] = copied
        for twin in (2 * head, 2 * head + 1):
            query[twin * size:(twin + 1) * size] = 0
            query[twin * size + slow] = MATCH * wanted[slow]
            out[:, twin * size:(twin + 1) * size] = COPY * copied.t()
