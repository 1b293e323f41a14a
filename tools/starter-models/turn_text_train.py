"""Trains the text turn model on what the starter recogniser hears (turn_words.py) and on freshly made turns.

    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 tools/starter-models/turn_text_train.py WORDS.json CHECKPOINT [--steps 1000]

Prints the loss and the figures of turn_audio_train.report on the voices kept back, as the recogniser hears them.
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import math
import random
import re
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import optimiser
import turn_texts
from bpe import Tokenizer
from spoken import digits_form
from turn_audio_train import area
from turn_text_model import LONGEST, Shape, TurnText, save

RECOGNISER = Path(__file__).parent.parent.parent / "public/models/starter/recogniser"
BATCH, LEARNING_RATE, WARM_UP, STEPS = 128, 2e-3, 50, 1000
HEARD_SHARE = 0.5


def tokenizer() -> Tokenizer:
    """The recogniser's merges, with a token for padding instead of its own special ones."""
    return Tokenizer(Tokenizer.load(RECOGNISER).merges, [("<|pad|>", True)])


def last_mark(text: str) -> str:
    return text[-1] if text[-1:] in (".", "?", ",", "!") else ""


class Texts:
    """An endless source of (text, complete)."""

    def __init__(self, heard: list, seed: int):
        self.rng, self.heard = random.Random(seed), heard
        marks = {kept: Counter(last_mark(entry["heard"]) for entry in heard if entry["complete"] == kept) for kept in (True, False)}
        # The recogniser's last mark tells something of the melody, so made texts end as often with each mark as heard ones.
        self.marks = {kept: (list(counts), list(counts.values())) for kept, counts in marks.items()}
        self.words = sorted({word for entry in heard for word in entry["heard"].split()})

    def draw(self) -> tuple:
        if self.rng.random() < HEARD_SHARE:
            entry = self.rng.choice(self.heard)
            return self._other_form(self._slips(entry["heard"])), entry["complete"]
        turn = turn_texts.turn(self.rng, "train")
        at = self.rng.choice([*turn.breaks, None])
        text = " ".join(turn.text.split()[:at]).rstrip(".?!,") + self.rng.choices(*self.marks[at is None])[0]
        return self._other_form(self._slips(text)), at is None

    def _slips(self, text: str) -> str:
        """Now and then a word that was not said or not heard; the last one stays."""
        said = text.split()
        kept = [self.rng.choice(self.words) if self.rng.random() < 0.03 else word for word in said[:-1] if self.rng.random() > 0.02]
        return " ".join(kept + said[-1:])

    def _other_form(self, text: str) -> str:
        """As other recognisers write: digits, no punctuation, no capitals."""
        draw = self.rng.random()
        if draw < 0.08:
            text = digits_form(text)
        if 0.05 < draw < 0.15:
            text = re.sub(r"[.?!,]", "", text)
        if 0.1 < draw < 0.2:
            text = text.lower()
        return text


def batch_of(tokens: list) -> tuple:
    """Token lists -> input_ids, attention_mask [b, n]."""
    rows = [row[-LONGEST:] or [0] for row in tokens]
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    return ids, torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])


@torch.no_grad()
def scores_of(model: TurnText, tokenizer: Tokenizer, texts: list) -> np.ndarray:
    """Logit of "is done" against "goes on" of each text."""
    model.eval()
    logits = model(*batch_of([tokenizer.encode(text) for text in texts]))
    model.train()
    return (logits[:, 1] - logits[:, 0]).numpy()


def main(source: Path, checkpoint: Path, steps: int) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    entries = json.loads(source.read_text())
    check = [entry for entry in entries if entry["check"] and entry["heard"]]
    texts, words = Texts([entry for entry in entries if not entry["check"] and entry["heard"]], 1), tokenizer()
    complete_check = np.array([entry["complete"] for entry in check])
    model = TurnText(Shape(len(words)))
    print(f"{sum(parameter.numel() for parameter in model.parameters())} parameters; heard {len(texts.heard)}, marks {texts.marks}", flush=True)
    muon, started, losses = optimiser.for_model(model), time.time(), []
    for step in range(steps):
        rate = LEARNING_RATE * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * step / steps)))
        drawn = [texts.draw() for _ in range(BATCH)]
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(*batch_of([words.encode(text) for text, _ in drawn]))
        complete = torch.tensor([float(kept) for _, kept in drawn])
        loss = F.binary_cross_entropy_with_logits(logits.float()[:, 1] - logits.float()[:, 0], 0.02 + 0.96 * complete)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        muon.step(rate)
        losses.append(float(loss.detach()))
        if step % 250 == 249:
            scores = scores_of(model, words, [entry["heard"] for entry in check])
            above = (scores[complete_check] > np.quantile(scores[~complete_check], 0.95)).mean()
            print(f"step {step + 1}, {time.time() - started:.0f} s, loss {np.mean(losses[-250:]):.4f}, area {area(scores, complete_check):.4f}, "
                  f"complete above 95 % of incomplete: {above:.3f}", flush=True)
            save(model, checkpoint)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--steps", type=int, default=STEPS)
    chosen = parser.parse_args()
    main(chosen.words, chosen.checkpoint, chosen.steps)
