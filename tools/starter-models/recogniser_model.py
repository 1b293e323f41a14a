"""A small speech recogniser of Whisper's architecture: log-mel spectrogram in, text tokens out.

It differs from the published sizes in its widths, in a ReLU inside the feed-forward blocks (config
`activation_function`; several times cheaper to train than GELU on a CPU) and in the scale of the encoder's
sinusoidal positions: at Whisper's own scale they drown the audio of so small a model, and nothing aligns.
"""
import math
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

import features


@dataclass
class Shape:
    """Sizes of the model."""
    vocabulary: int
    width: int = 160
    heads: int = 4
    encoder_layers: int = 4
    decoder_layers: int = 2
    encoder_hidden: int = 640
    decoder_hidden: int = 320
    mels: int = features.MELS
    source_positions: int = features.MAX_FRAMES // 2
    target_positions: int = 64
    position_scale: float = 0.3


def sinusoids(length: int, width: int) -> torch.Tensor:
    """Whisper's encoder positions, [length, width]."""
    steps = torch.exp(-math.log(10000) / (width // 2 - 1) * torch.arange(width // 2))
    angles = torch.arange(length)[:, None] * steps[None, :]
    return torch.cat([angles.sin(), angles.cos()], dim=1)


def gelu(hidden: torch.Tensor) -> torch.Tensor:
    """GELU. Torch 1.13 on a CPU computes a wrong gradient from one that is not contiguous, so it is made so."""
    result = F.gelu(hidden)
    if result.requires_grad:
        result.register_hook(lambda gradient: gradient.contiguous())
    return result


class SelfAttention(nn.Module):
    """Multi-head attention of a sequence to itself; query, key and value share one product."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def split(self, hidden):
        """hidden [b, t, width] -> query, key, value [b, heads, t, width / heads]; the query is scaled."""
        batch, length, width = hidden.shape
        parts = self.qkv(hidden).view(batch, length, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        return query * (width // self.heads) ** -0.5, key, value

    def merge(self, attended):
        """[b, heads, t, width / heads] -> [b, t, width]"""
        batch, heads, length, size = attended.shape
        return self.out(attended.transpose(1, 2).reshape(batch, length, heads * size))

    def forward(self, hidden, mask=None):
        query, key, value = self.split(hidden)
        scores = query @ key.transpose(2, 3)
        if mask is not None:
            scores = scores + mask
        return self.merge(scores.softmax(-1) @ value)


class CrossAttention(nn.Module):
    """Attention of the text to the encoder's output."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def memory(self, audio):
        """audio [b, s, width] -> key, value [b, heads, s, width / heads]"""
        batch, length, width = audio.shape
        parts = self.key_value(audio).view(batch, length, 2, self.heads, width // self.heads)
        return parts.permute(2, 0, 3, 1, 4).unbind(0)

    def forward(self, hidden, key, value):
        """Returns the attended text [b, t, width] and the attention [b, heads, t, s] before the softmax."""
        batch, length, width = hidden.shape
        size = width // self.heads
        query = self.query(hidden).view(batch, length, self.heads, size).transpose(1, 2) * size ** -0.5
        scores = query @ key.transpose(2, 3)
        attended = scores.softmax(-1) @ value
        return self.out(attended.transpose(1, 2).reshape(batch, length, width)), scores


class FeedForward(nn.Module):
    """Two linear layers with a ReLU between."""

    def __init__(self, width: int, hidden: int):
        super().__init__()
        self.up = nn.Linear(width, hidden)
        self.down = nn.Linear(hidden, width)

    def forward(self, hidden):
        return self.down(F.relu(self.up(hidden)))


class EncoderLayer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm, self.feed_norm = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.attention = SelfAttention(shape.width, shape.heads)
        self.feed = FeedForward(shape.width, shape.encoder_hidden)

    def forward(self, hidden):
        hidden = hidden + self.attention(self.attention_norm(hidden))
        return hidden + self.feed(self.feed_norm(hidden))


class Encoder(nn.Module):
    """mel [b, mels, 2 s] -> [b, s, width]"""

    def __init__(self, shape: Shape):
        super().__init__()
        self.conv1 = nn.Conv1d(shape.mels, shape.width, 3, padding=1)
        self.conv2 = nn.Conv1d(shape.width, shape.width, 3, stride=2, padding=1)
        self.register_buffer("positions", shape.position_scale * sinusoids(shape.source_positions, shape.width))
        self.layers = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.encoder_layers))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, mel):
        hidden = gelu(self.conv2(gelu(self.conv1(mel)))).transpose(1, 2)
        hidden = hidden + self.positions[: hidden.shape[1]]
        for layer in self.layers:
            hidden = layer(hidden)
        return self.norm(hidden)


class DecoderLayer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm, self.cross_norm, self.feed_norm = (nn.LayerNorm(shape.width) for _ in range(3))
        self.attention = SelfAttention(shape.width, shape.heads)
        self.cross = CrossAttention(shape.width, shape.heads)
        self.feed = FeedForward(shape.width, shape.decoder_hidden)

    def forward(self, hidden, audio, mask):
        hidden = hidden + self.attention(self.attention_norm(hidden), mask)
        attended, scores = self.cross(self.cross_norm(hidden), *self.cross.memory(audio))
        hidden = hidden + attended
        return hidden + self.feed(self.feed_norm(hidden)), scores


class Decoder(nn.Module):
    """tokens [b, t] and the encoder's output -> logits [b, t, vocabulary]; the output shares the embedding."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.target_positions, shape.width)
        self.layers = nn.ModuleList(DecoderLayer(shape) for _ in range(shape.decoder_layers))
        self.norm = nn.LayerNorm(shape.width)

    def forward(self, tokens, audio):
        """Also returns each layer's scores over the audio [b, heads, t, s]."""
        length = tokens.shape[1]
        hidden = self.embedding(tokens) + self.positions.weight[:length]
        mask = torch.full((length, length), -1e9).triu(1)
        all_scores = []
        for layer in self.layers:
            hidden, scores = layer(hidden, audio, mask)
            all_scores.append(scores)
        return F.linear(self.norm(hidden), self.embedding.weight), all_scores


class Recogniser(nn.Module):
    """Encoder, decoder, and a head for training only that names the phoneme of every spectrogram frame."""

    def __init__(self, shape: Shape, phones: int):
        super().__init__()
        self.shape = shape
        self.encoder, self.decoder = Encoder(shape), Decoder(shape)
        self.phone_head = nn.Linear(shape.width, 2 * phones)
        self.phones = phones
        self._initialise()

    def _initialise(self):
        for name, parameter in self.named_parameters():
            if parameter.dim() < 2:
                continue  # norms and biases keep torch's defaults
            fan_in = parameter[0].numel()
            deviation = 0.05 if "embedding" in name or "positions" in name else fan_in ** -0.5
            if name.endswith(("out.weight", "down.weight")):
                deviation /= math.sqrt(2 * self.shape.encoder_layers)  # so that the residual stream keeps its size
            nn.init.normal_(parameter, std=deviation)
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Conv1d)):
                nn.init.zeros_(module.bias)

    def phone_logits(self, audio):
        """audio [b, s, width] -> [b, 2 s, phones]: each position names its two frames."""
        batch, length, _ = audio.shape
        return self.phone_head(audio).view(batch, 2 * length, self.phones)

    @torch.no_grad()
    def transcribe(self, mel, prefix: list, end: int, limit: int = 60) -> list:
        """Greedy decoding of a batch of equally long windows; a list of token lists without prefix and end."""
        audio = self.encoder(mel)
        tokens = torch.tensor([prefix] * len(mel))
        finished = torch.zeros(len(mel), dtype=torch.bool)
        while tokens.shape[1] < limit and not finished.all():
            best = self.decoder(tokens, audio)[0][:, -1].argmax(-1)
            best[finished] = end
            finished |= best == end
            tokens = torch.cat([tokens, best[:, None]], dim=1)
        rows = tokens[:, len(prefix):].tolist()
        return [row[: row.index(end)] if end in row else row for row in rows]
