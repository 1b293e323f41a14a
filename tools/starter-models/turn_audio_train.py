"""Trains the audio turn model.

    OPENBLAS_NUM_THREADS=1 /usr/bin/python3 tools/starter-models/turn_audio_train.py DATA PAIRS CHECKPOINT [--minutes 20]
        [--from CHECKPOINT]

DATA and PAIRS are folders of turn_data.py. The first training is on DATA alone. With --from, a second one goes on from the
first one's checkpoint with pairs in every batch. The checkpoint may lack parts of the model, which add nothing at first,
and the result lies between the two: it knows voices that were kept back better than either. Checkpoints keep averaged
weights. Prints the loss and, on the voices kept back, the area under the curve and the share of complete moments above the
score that 5 % of the incomplete ones reach.
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import copy
import itertools
import math
import multiprocessing
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import optimiser
import turn_sound
from turn_audio_model import blend, create, save, warm_start
from turn_data import Moments

BATCH, WARM_UP = 96, 50
AVERAGE = 0.998
KEPT = 150  # batches that are learnt from again
TOWARDS_EARLIER = 0.45


@dataclass(frozen=True)
class Training:
    """`steps`: when no time is given. `paired`: moments of pairs in a batch. `uses`: how often a batch is learnt from."""
    steps: int
    learning_rate: float
    paired: int
    uses: int
    smoothing: float  # some moments nobody could tell


FIRST = Training(5000, 2e-3, 0, 1, 0.02)
SECOND = Training(1800, 1.5e-3, 32, 3, 0.005)


def endless(folder: Path, random: np.random.Generator):
    """The moments of training voices, shuffled anew each time that all have been seen."""
    moments = Moments(folder)
    indices = np.flatnonzero(~moments.check)
    while True:
        for index in random.permutation(indices):
            yield moments[index]


def make_batches(folders: tuple, paired: int, frames: int, seed: int, queue) -> None:
    """Puts (mel float16 [b, 80, frames], complete [b]) on the queue for ever; runs in a process of its own."""
    room, random = turn_sound.Room(seed), np.random.default_rng(seed)
    turns, pairs = (endless(folder, random) for folder in folders)
    while True:
        chosen = [next(pairs if number < paired else turns) for number in range(BATCH)]
        mel = np.stack([turn_sound.smart_turn_features(room.hear(moment.samples, moment.silence), frames) for moment in chosen])
        queue.put((mel.astype(np.float16), np.array([moment.complete for moment in chosen], np.float32)))


def batches(model, queue, uses: int, random: np.random.Generator):
    """For ever (mel [b, 80, frames], what the ear makes of it, complete [b]), each `uses` times on average."""
    kept = []
    for step in itertools.count():
        if step % uses and len(kept) > uses:
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


def main(folder: Path, pairs: Path, checkpoint: Path, minutes: float, begin=None) -> None:
    """`minutes` of training; 0: the steps of FIRST, or with a checkpoint to begin with those of SECOND."""
    training = SECOND if begin else FIRST
    torch.set_num_threads(1)
    torch.manual_seed(1)
    model = create()
    if begin:
        warm_start(model, begin)
    average = copy.deepcopy(model)
    print(f"{sum(parameter.numel() for parameter in model.parameters())} parameters", flush=True)
    queue = multiprocessing.Queue(8)
    helper = multiprocessing.Process(target=make_batches, args=((folder, pairs), training.paired, model.shape.frames, 12 if begin else 11, queue), daemon=True)
    helper.start()
    mel_check, complete_check = check_set(folder, model.shape.frames)
    muon = optimiser.for_model(model)
    made = batches(model, queue, training.uses, np.random.default_rng(3))
    started, losses = time.time(), []
    for step in range(10 ** 9):
        done = (time.time() - started) / (60 * minutes) if minutes else step / training.steps
        if done >= 1:
            break
        rate = training.learning_rate * min(1, (step + 1) / WARM_UP) * (0.02 + 0.98 * (0.5 + 0.5 * math.cos(math.pi * done)))
        mel, heard, complete = next(made)
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(mel, heard)
        wanted = training.smoothing + (1 - 2 * training.smoothing) * complete
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
    if begin:
        blend(average, begin, TOWARDS_EARLIER)
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
    chosen = parser.parse_args()
    main(chosen.data, chosen.pairs, chosen.checkpoint, chosen.minutes, chosen.begin)
