"""The state of a training run on disk, and the averaged model in it."""
import copy
from pathlib import Path

import torch

import bpe
import speech
from recogniser_batches import Texts
from recogniser_model import Recogniser, Shape


class Averages:
    """An exponential moving average of the weights, which is what gets exported."""

    def __init__(self, model):
        self.model = copy.deepcopy(model)
        self.updates = 0

    @torch.no_grad()
    def update(self, model, decay: float = 0.998):
        self.updates += 1
        decay = min(decay, self.updates / (self.updates + 9))
        for mine, new in zip(self.model.parameters(), model.parameters()):
            mine.lerp_(new, 1 - decay)


def new_model(tokens: int) -> Recogniser:
    """An untrained recogniser for a vocabulary of `tokens`."""
    return Recogniser(Shape(tokens), len(speech.PHONES))


def save(path: Path, model, average: Averages, update, step: int, spent: float) -> None:
    """Replaces the checkpoint at `path`; `spent` is the time trained so far in seconds."""
    temporary = path.with_suffix(".new")
    torch.save({"model": model.state_dict(), "average": average.model.state_dict(), "optimiser": update.state_dict(),
                "updates": average.updates, "step": step, "spent": spent}, temporary)
    temporary.replace(path)


def restore(path: Path, model, average: Averages, update) -> tuple:
    """Fills model, average and optimiser from a checkpoint; returns (step, spent)."""
    saved = torch.load(path)
    model.load_state_dict(saved["model"])
    average.model.load_state_dict(saved["average"])
    average.updates = saved["updates"]
    update.load_state_dict(saved["optimiser"])
    return saved["step"], saved["spent"]


def load_model(path: Path, averaged: bool = True) -> tuple:
    """(model, texts) of a checkpoint; its tokenizer lies beside it."""
    texts = Texts(bpe.Tokenizer.load(path.parent / "tokenizer"))
    model = new_model(len(texts.tokenizer))
    model.load_state_dict(torch.load(path)["average" if averaged else "model"])
    return model.eval(), texts
