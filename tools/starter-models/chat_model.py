"""A Llama-architecture causal language model, small: RMSNorm, rotary positions (rotate_half), SwiGLU, grouped-query
attention, tied embedding. Weight names and numerics are those of Hugging Face's LlamaForCausalLM.
"""
from dataclasses import dataclass
from typing import List, Optional, Tuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from chat_start import start_copying


EMBEDDING_STD = 0.05  # chat_start.py counts on it


@dataclass
class ChatConfig:
    vocab_size: int
    hidden_size: int = 192
    intermediate_size: int = 512
    num_hidden_layers: int = 5
    num_attention_heads: int = 6
    num_key_value_heads: int = 3
    max_position_embeddings: int = 2048
    rms_norm_eps: float = 1e-5
    rope_theta: float = 10000.0

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


class RMSNorm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * (x * torch.rsqrt((x * x).mean(-1, keepdim=True) + self.eps))


def rotate_half(x: Tensor) -> Tensor:
    first, second = x.chunk(2, dim=-1)
    return torch.cat((-second, first), dim=-1)


class Attention(nn.Module):
    def __init__(self, config: ChatConfig):
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = config.num_attention_heads, config.num_key_value_heads, config.head_dim
        self.q_proj = nn.Linear(config.hidden_size, self.heads * self.head_dim, bias=False)
        self.k_proj = nn.Linear(config.hidden_size, self.kv_heads * self.head_dim, bias=False)
        self.v_proj = nn.Linear(config.hidden_size, self.kv_heads * self.head_dim, bias=False)
        self.o_proj = nn.Linear(self.heads * self.head_dim, config.hidden_size, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, past: Optional[Tuple[Tensor, Tensor]]) -> Tuple[Tensor, Tuple[Tensor, Tensor]]:
        """x [B,T,H], cos/sin [B,1,T,D], mask [B|1,1,T,P+T] additive, past two [B,K,P,D] -> ([B,T,H], grown past)."""
        split = lambda y, heads: y.reshape(y.shape[0], y.shape[1], heads, self.head_dim).transpose(1, 2)
        query, key, value = split(self.q_proj(x), self.heads), split(self.k_proj(x), self.kv_heads), split(self.v_proj(x), self.kv_heads)
        query = query * cos + rotate_half(query) * sin
        key = key * cos + rotate_half(key) * sin
        if past is not None:
            key, value = torch.cat((past[0], key), dim=2), torch.cat((past[1], value), dim=2)
        # Query heads that share a key head sit next to each other, as in HF's repeat_kv: one product per key head.
        batch, length, groups = x.shape[0], x.shape[1], self.heads // self.kv_heads
        query = query.reshape(batch, self.kv_heads, groups * length, self.head_dim)
        scores = (query @ key.transpose(-1, -2)).reshape(batch, self.kv_heads, groups, length, key.shape[2])
        weights = (scores * self.head_dim ** -0.5 + mask.unsqueeze(2)).softmax(-1)
        mixed = weights.reshape(batch, self.kv_heads, groups * length, key.shape[2]) @ value
        mixed = mixed.reshape(batch, self.heads, length, self.head_dim).transpose(1, 2).reshape(batch, length, self.heads * self.head_dim)
        return self.o_proj(mixed), (key, value)


class MLP(nn.Module):
    def __init__(self, config: ChatConfig):
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down_proj(F.silu(self.gate_proj(x)) * self.up_proj(x))


class Layer(nn.Module):
    def __init__(self, config: ChatConfig):
        super().__init__()
        self.self_attn = Attention(config)
        self.mlp = MLP(config)
        self.input_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = RMSNorm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x, cos, sin, mask, past):
        attended, present = self.self_attn(self.input_layernorm(x), cos, sin, mask, past)
        x = x + attended
        return x + self.mlp(self.post_attention_layernorm(x)), present


class Body(nn.Module):
    def __init__(self, config: ChatConfig):
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)


class ChatModel(nn.Module):
    """`model.*` holds the weights under their Hugging Face names; the output matrix is the embedding."""

    def __init__(self, config: ChatConfig):
        super().__init__()
        self.config = config
        self.model = Body(config)
        self.register_buffer("frequencies", config.rope_theta ** (-torch.arange(0, config.head_dim, 2).float() / config.head_dim), persistent=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                # What layers add starts no larger than the embedding that it is added to.
                added = name.endswith(("o_proj.weight", "down_proj.weight"))
                nn.init.normal_(parameter, std=EMBEDDING_STD if "embed" in name else parameter.shape[1] ** -0.5 * (0.05 if added else 1))
        start_copying(self)

    def hidden(self, input_ids: Tensor, position_ids: Tensor, mask: Tensor, past: Optional[List[Tuple[Tensor, Tensor]]] = None):
        """ids and positions [B,T], additive mask [B|1,1,T,P+T] -> (normed states [B,T,H], presents of each layer)."""
        angles = position_ids.unsqueeze(-1).float() * self.frequencies
        angles = torch.cat((angles, angles), dim=-1).unsqueeze(1)
        cos, sin = angles.cos(), angles.sin()
        x, presents = self.model.embed_tokens(input_ids), []
        for index, layer in enumerate(self.model.layers):
            x, present = layer(x, cos, sin, mask, past[index] if past else None)
            presents.append(present)
        return self.model.norm(x), presents

    def logits(self, states: Tensor) -> Tensor:
        return states @ self.model.embed_tokens.weight.t()

    @torch.no_grad()
    def generate(self, ids: List[int], eos: int, limit: int = 80) -> List[int]:
        """Greedy continuation of one prompt, without the end token."""
        past, made, feed, seen = None, [], torch.tensor([ids]), 0
        while len(made) < limit:
            count = feed.shape[1]
            mask = causal_mask(count) if past is None else torch.zeros(1, 1, 1, seen + 1)
            states, past = self.hidden(feed, torch.arange(seen, seen + count)[None], mask, past)
            seen += count
            token = int(self.logits(states[:, -1]).argmax())
            if token == eos:
                break
            made.append(token)
            feed = torch.tensor([[token]])
        return made


def causal_mask(length: int) -> Tensor:
    """[1,1,T,T]: 0 where a position may look, a large negative number where not."""
    return torch.full((length, length), -1e9).triu(1)[None, None]
