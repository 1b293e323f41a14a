"""A small text turn model in the manner of DistilBERT: token ids in, the logits of "goes on" and "is done" out."""
from dataclasses import asdict, dataclass

import torch
from torch import nn

from recogniser_model import FeedForward, SelfAttention

LONGEST = 64  # tokens; of a longer text the last ones


@dataclass
class Shape:
    """Sizes of the model."""
    vocabulary: int
    width: int = 96
    heads: int = 4
    layers: int = 2
    hidden: int = 256


class Layer(nn.Module):
    """Attention and feed-forward, normalised after each sum as in DistilBERT."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.attention, self.feed = SelfAttention(shape.width, shape.heads), FeedForward(shape.width, shape.hidden)
        self.attention_norm, self.feed_norm = nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden, mask):
        hidden = self.attention_norm(hidden + self.dropout(self.attention(hidden, mask)))
        return self.feed_norm(hidden + self.dropout(self.feed(hidden)))


class TurnText(nn.Module):
    """input_ids, attention_mask [b, n] -> logits [b, 2], calibrated by `scale` and `shift`.

    Positions count from the end, so that what matters is always at the same place. The last token and the mean of all
    are read, where DistilBERT reads a token of its own in front: a text may be cut there.
    """

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(LONGEST, shape.width)
        self.norm, self.dropout = nn.LayerNorm(shape.width), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.head = nn.Sequential(nn.Linear(2 * shape.width, shape.width), nn.ReLU(), nn.Dropout(0.1), nn.Linear(shape.width, 2))
        self.register_buffer("scale", torch.ones(1))
        self.register_buffer("shift", torch.zeros(2))
        for table in (self.embedding, self.positions):
            nn.init.normal_(table.weight, std=0.05)

    def forward(self, input_ids, attention_mask):
        present = attention_mask.float()
        counted = present.cumsum(1)
        from_end = counted[:, -1:] - counted
        hidden = self.embedding(input_ids) + self.positions(from_end.clamp(0, LONGEST - 1).long())
        hidden = self.dropout(self.norm(hidden))
        mask = (1 - present)[:, None, None, :] * -1e9
        for layer in self.layers:
            hidden = layer(hidden, mask)
        weights = present / counted[:, -1:].clamp(min=1)
        last = (from_end < 0.5).float() * present
        pooled = [(hidden * share[:, :, None]).sum(1) for share in (last, weights)]
        return self.head(torch.cat(pooled, dim=1)) * self.scale + self.shift


def save(model: TurnText, path) -> None:
    torch.save({"shape": asdict(model.shape), "weights": model.state_dict()}, path)


def load(path) -> TurnText:
    kept = torch.load(path)
    model = TurnText(Shape(**kept["shape"]))
    model.load_state_dict(kept["weights"])
    return model.eval()
