"""Trains the audio turn model.

    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 tools/starter-models/turn_audio_train.py DATA PAIRS CHECKPOINT [--minutes 20]
        [--steps N] [--from CHECKPOINT]

DATA and PAIRS are folders of turn_data.py. With --from training begins with the weights of an earlier checkpoint, which
need not have all of the model's parts: those that it lacks begin as they are made. The checkpoint keeps the averaged weights. Prints the loss and, on the voices kept
back, the area under the curve and the share of complete moments above the score that 5 % of the incomplete ones reach.
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import copy
import itertools
import math
import multiprocessing
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import optimiser
import turn_sound
from turn_audio_model import create, save, warm_start
from turn_data import Moments

BATCH, LEARNING_RATE, WARM_UP = 96, 1.5e-3, 50
STEPS = 5000  # when no time is given
AVERAGE = 0.998
# A batch costs more to make and to hear than to learn from, so each is learnt from three times, far apart.
USES, KEPT = 3, 150
PAIRED = 32  # of a batch; the rest are turns as people take them
NOBODY_KNOWS = 0.005  # share of moments of which even a perfect listener would think the contrary


def endless(folder: Path, random: np.random.Generator):
    """The moments of training voices, shuffled anew each time that all have been seen."""
    moments = Moments(folder)
    indices = np.flatnonzero(~moments.check)
    while True:
        for index in random.permutation(indices):
            yield moments[index]


def make_batches(folders: tuple, frames: int, seed: int, queue) -> None:
    """Puts (mel float16 [b, 80, frames], complete [b]) on the queue for ever; runs in a process of its own."""
    room, random = turn_sound.Room(seed), np.random.default_rng(seed)
    turns, pairs = (endless(folder, random) for folder in folders)
    while True:
        chosen = [next(pairs if number < PAIRED else turns) for number in range(BATCH)]
        mel = np.stack([turn_sound.smart_turn_features(room.hear(moment.samples, moment.silence), frames) for moment in chosen])
        queue.put((mel.astype(np.float16), np.array([moment.complete for moment in chosen], np.float32)))


def batches(model, queue, random: np.random.Generator):
    """For ever (mel [b, 80, frames], what the ear makes of it, complete [b]); two of three have been given before."""
    kept = []
    for step in itertools.count():
        if step % USES and len(kept) > USES:
            mel, heard, complete = kept[random.integers(len(kept))]
        else:
            mel, complete = (torch.from_numpy(part) for part in queue.get())
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                heard = model.hear(mel.float()).bfloat16()
            kept = [*kept[-KEPT:], (mel, heard, complete)]
        yield mel.float(), heard.float(), complete


def check_set(folder: Path, frames: int, most: int = 1500) -> tuple:
    """(mel, complete) of moments by the voices kept back, the same ones every time."""
    moments, room = Moments(folder), turn_sound.Room(99)
    indices = np.random.default_rng(5).permutation(np.flatnonzero(moments.check))[:most]
    mel = [turn_sound.smart_turn_features(room.hear(moments[index].samples, moments[index].silence, augment=False), frames) for index in indices]
    return torch.from_numpy(np.stack(mel)), moments.complete[indices]


def area(scores: np.ndarray, complete: np.ndarray) -> float:
    """The chance that a complete moment scores above an incomplete one."""
    ranks = scores.argsort().argsort() + 1
    count = complete.sum()
    return float((ranks[complete].sum() - count * (count + 1) / 2) / (count * (len(scores) - count)))


@torch.no_grad()
def scores_of(model, mel) -> np.ndarray:
    model.eval()
    result = torch.cat([model(part)[:, 0] for part in mel.split(100)]).numpy()
    model.train()
    return result


def report(model, mel, complete) -> str:
    scores = scores_of(model, mel)
    limit = np.quantile(scores[~complete], 0.95)
    return f"area {area(scores, complete):.4f}, complete above 95 % of incomplete: {(scores[complete] > limit).mean():.3f}"


def main(folder: Path, pairs: Path, checkpoint: Path, minutes: float, steps: int, begin=None) -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = create()
    if begin:
        warm_start(model, begin)
    average = copy.deepcopy(model)
    print(f"{sum(parameter.numel() for parameter in model.parameters())} parameters", flush=True)
    queue = multiprocessing.Queue(8)
    helper = multiprocessing.Process(target=make_batches, args=((folder, pairs), model.shape.frames, 12 if begin else 11, queue), daemon=True)
    helper.start()
    mel_check, complete_check = check_set(folder, model.shape.frames)
    muon = optimiser.for_model(model)
    made = batches(model, queue, np.random.default_rng(3))
    started, losses = time.time(), []
    for step in range(10 ** 9):
        done = (time.time() - started) / (60 * minutes) if minutes else step / steps
        if done >= 1:
            break
        rate = LEARNING_RATE * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * done)))
        mel, heard, complete = next(made)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(mel, heard)
        wanted = NOBODY_KNOWS + (1 - 2 * NOBODY_KNOWS) * complete
        loss = F.binary_cross_entropy_with_logits(logits.float()[:, 0], wanted)
        model.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([parameter for parameter in model.parameters() if parameter.requires_grad], 1.0)
        muon.step(rate)
        losses.append(float(loss.detach()))
        with torch.no_grad():
            share = min(AVERAGE, step / (step + 20))
            for kept, current in zip(average.parameters(), model.parameters()):
                kept.lerp_(current, 1 - share)
        if step % 200 == 199:
            print(f"step {step + 1}, {time.time() - started:.0f} s, loss {np.mean(losses[-200:]):.4f}, {report(average, mel_check, complete_check)}", flush=True)
            save(average, checkpoint)
    print(report(average, mel_check, complete_check), flush=True)
    save(average, checkpoint)
    helper.terminate()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--from", dest="begin", type=Path)
    parser.add_argument("--minutes", type=float, default=0)
    parser.add_argument("--steps", type=int, default=STEPS)
    chosen = parser.parse_args()
    main(chosen.data, chosen.pairs, chosen.checkpoint, chosen.minutes, chosen.steps, chosen.begin)
