"""A small audio turn model with the interface of Smart Turn v3: log-mel in, the probability of an end out.

It listens with the first layers of the starter recogniser, which know sounds of speech already and stay as they are, and
beside them with convolutions of its own, one over all bands and one that follows the melody; three layers above learn what
an end sounds like.
"""
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn
from torch.nn import functional as F

import features
from recogniser_model import Encoder, EncoderLayer, gelu, sinusoids
from recogniser_model import Shape as RecogniserShape

FRAMES = 800  # of the interface
RECOGNISER = Path(__file__).parent.parent.parent / "public/models/starter/recogniser/onnx/encoder_model.onnx"
# The recogniser learnt from sounds with a peak of about 1; at variance 1 over 8 s speech is some 24 dB louder, of
# which each is 1/40 after Whisper's scaling.
LOUDER = 0.6


@dataclass
class Shape:
    """Sizes of the model. Of the 8 seconds it is given it looks at the last `frames` hundredths."""
    mels: int = 80
    frames: int = 400
    ear_layers: int = 2
    width: int = 96
    heads: int = 4
    layers: int = 3
    encoder_hidden: int = 256
    melody_mels: int = 48
    melody_width: int = 32
    position_scale: float = 0.3


def slower(frames: int) -> torch.Tensor:
    """Matrix [frames, slow frames] that reads frames of 10 ms at the recogniser's 16 ms, between two neighbours each."""
    step = features.HOP / 160
    at = np.minimum(np.arange(int(frames / step)) * step, frames - 1)
    left = np.minimum(at.astype(int), frames - 2)
    matrix = np.zeros((frames, len(at)), np.float32)
    matrix[left, np.arange(len(at))] = 1 - (at - left)
    matrix[left + 1, np.arange(len(at))] += at - left
    return torch.from_numpy(matrix)


class Ear(nn.Module):
    """The recogniser's encoder up to a layer: mel [b, 80, 2 s] -> [b, s, 160]."""

    def __init__(self, layers: int):
        super().__init__()
        shape = RecogniserShape(vocabulary=0)
        whole = Encoder(shape)
        self.conv1, self.conv2, self.width = whole.conv1, whole.conv2, shape.width
        self.layers = whole.layers[:layers]
        self.register_buffer("positions", whole.positions)

    def forward(self, mel):
        hidden = gelu(self.conv2(gelu(self.conv1(mel)))).transpose(1, 2)
        hidden = hidden + self.positions[: hidden.shape[1]]
        for layer in self.layers:
            hidden = layer(hidden)
        return hidden

    def read(self, path: Path) -> None:
        """Takes the weights out of the exported recogniser, where those of products have lost their names."""
        graph = onnx.load(str(path)).graph
        tensors = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
        products = [tensors[node.input[1]].t() for node in graph.node if node.op_type == "MatMul" and node.input[1] in tensors]
        names = [f"layers.{layer}.{part}.weight" for layer in range(len(self.layers)) for part in ("attention.qkv", "attention.out", "feed.up", "feed.down")]
        named = {**tensors, **dict(zip(names, products))}
        self.load_state_dict({name: named[name] for name in self.state_dict()})


class Melody(nn.Module):
    """mel [b, 80, 2 s] -> [b, s, width]: the way of the harmonics below 2.2 kHz.

    A recogniser learns to overhear how high a voice is. Small kernels that slide over frequency and time see a tone
    rise or fall, whoever speaks: what tells a comma from a full stop where the words could be either.
    """

    def __init__(self, shape: Shape):
        super().__init__()
        self.mels, channels = shape.melody_mels, shape.melody_width
        self.conv1 = nn.Conv2d(1, channels // 2, 5, stride=2, padding=2)
        self.conv2 = nn.Conv2d(channels // 2, channels, 3, stride=(2, 1), padding=1)
        self.conv3 = nn.Conv2d(channels, channels, 3, stride=(2, 1), padding=1)
        self.out = nn.Linear(channels * shape.melody_mels // 8, shape.width)

    def forward(self, mel):
        hidden = F.relu(self.conv1(mel[:, None, : self.mels]))
        hidden = F.relu(self.conv3(F.relu(self.conv2(hidden))))
        return self.out(hidden.flatten(1, 2).transpose(1, 2))


class TurnAudio(nn.Module):
    """mel [b, 80, frames] -> logit [b, 1]; the frames are the last ones."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape, width = shape, shape.width
        self.ear = Ear(shape.ear_layers).requires_grad_(False)
        self.register_buffer("slower", slower(shape.frames))
        positions = self.slower.shape[1] // 2
        self.conv = nn.Conv1d(shape.mels, width, 5, stride=2, padding=2)
        self.melody = Melody(shape)
        self.listen = nn.Sequential(nn.LayerNorm(self.ear.width), nn.Linear(self.ear.width, width))
        self.register_buffer("positions", shape.position_scale * sinusoids(positions, width))
        self.layers = nn.ModuleList(EncoderLayer(shape) for _ in range(shape.layers))
        self.norm = nn.LayerNorm(width)
        self.pooling_head = nn.Sequential(nn.Linear(width, width // 2), nn.Tanh(), nn.Linear(width // 2, 1))
        self.head = nn.Sequential(nn.Linear(2 * width, width // 2), nn.ReLU(), nn.Dropout(0.1), nn.Linear(width // 2, 1))

    def hear(self, mel):
        """What the recogniser's ear, which never learns, makes of mel [b, 80, frames]: [b, s, 160]."""
        return self.ear(mel @ self.slower - LOUDER)

    def forward(self, mel, heard=None):
        """`heard`: what `hear` gave for it, where that is known."""
        heard = self.hear(mel) if heard is None else heard
        mel = mel @ self.slower
        own = F.relu(self.conv(mel)).transpose(1, 2) + self.melody(mel)
        hidden = self.listen(heard) + own + self.positions
        for layer in self.layers:
            hidden = layer(hidden)
        hidden = self.norm(hidden)
        weights = self.pooling_head(hidden).softmax(1)
        # The last 0.4 s besides the weighted mean: nearly always the pause and the sound it broke off.
        return self.head(torch.cat([(hidden * weights).sum(1), hidden[:, -12:].mean(1)], dim=1))


class TurnAudioGraph(nn.Module):
    """The exported form: input_features [b, 80, 800] -> probability [b, 1], calibrated by `scale` and `shift`."""

    def __init__(self, model: TurnAudio, scale: float, shift: float):
        super().__init__()
        self.model, self.scale, self.shift = model, scale, shift

    def forward(self, input_features):
        logit = self.model(input_features[:, :, FRAMES - self.model.shape.frames:])
        return torch.sigmoid(logit * self.scale + self.shift)


def create() -> TurnAudio:
    """An untrained model with the recogniser's ear."""
    model = TurnAudio(Shape())
    model.ear.read(RECOGNISER)
    return model


def warm_start(model: TurnAudio, path) -> None:
    """Takes the weights of an earlier checkpoint; parts that it lacks add nothing at first."""
    kept = torch.load(path)["weights"]
    missing = model.load_state_dict(kept, strict=False).missing_keys
    for name, parameter in model.named_parameters():
        if name in missing and name.split(".")[-2] in ("out", "down"):
            torch.nn.init.zeros_(parameter)


def blend(model: TurnAudio, path, share: float) -> None:
    """Moves all weights by `share` of the way back to an earlier checkpoint, and parts that it lacks towards adding nothing."""
    kept = torch.load(path)["weights"]
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name in kept:
                parameter.lerp_(kept[name], share)
            elif name.split(".")[-2] in ("out", "down"):
                parameter.mul_(1 - share)


def save(model: TurnAudio, path) -> None:
    torch.save({"shape": asdict(model.shape), "weights": model.state_dict()}, path)


def load(path) -> TurnAudio:
    kept = torch.load(path)
    model = TurnAudio(Shape(**kept["shape"]))
    model.load_state_dict(kept["weights"])
    return model.eval()
