"""Trains the starter recogniser from nothing on synthetic speech, and exports it.

    python3 train_recogniser.py --minutes 90

Generates the speech if the work folder has none, learns the tokenizer, trains for the given time with a learning
rate that falls to nothing, and keeps a checkpoint every few minutes (`--resume` goes on from it).
"""
import os

# A BLAS thread that waits for a busy core makes every product many times slower: one thread for each process.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import time
from pathlib import Path

import torch

import bpe
import export_recogniser
import optimiser
import recogniser_checkpoint as checkpoint
from recogniser_batches import SPECIAL, Texts
from recogniser_data import Corpus, generate
from recogniser_loss import gradients
from recogniser_partner import Feeder, Partner

WORK = Path("/tmp/train-recogniser")
MODEL = Path(__file__).resolve().parents[2] / "public/models/starter/recogniser"
MINUTES = 90
UTTERANCES = 60000
VOCABULARY = 768
PEAK_RATE = 4e-3
WARM_UP = 100  # steps
SAVE_EVERY = 180  # seconds
REPORT_EVERY = 50  # steps


def tokenizer(folder: Path, data: Path) -> bpe.Tokenizer:
    """The tokenizer in `folder`, learnt from the corpus if there is none yet."""
    if not (folder / "tokenizer.json").exists():
        bpe.train_bpe([" " + entry["text"] for entry in Corpus(data).entries[:40000]], VOCABULARY, SPECIAL).save(folder)
    return bpe.Tokenizer.load(folder)


def padded_share(part: float) -> float:
    """Share of batches with the full window, as at recognition: few at first, for they take three times as long."""
    return 0.05 if part < 0.5 else 0.15 if part < 0.85 else 0.35


def rate(step: int, part: float) -> float:
    """Learning rate: a short warm-up, then a straight line down to nothing at the end of the time."""
    return PEAK_RATE * min(1, (step + 1) / WARM_UP) * min(1.0, 1.05 - part)


def train(minutes: float, work: Path, data: Path, resume: bool, with_partner: bool) -> Path:
    """Trains until `minutes` have passed in all; returns the checkpoint's path."""
    torch.manual_seed(1)
    torch.set_num_threads(1)
    texts = Texts(tokenizer(work / "tokenizer", data))
    model = checkpoint.new_model(len(texts.tokenizer))
    update, average = optimiser.for_model(model), checkpoint.Averages(model)
    path, step, spent = work / "checkpoint.pt", 0, 0.0
    if resume and path.exists():
        step, spent = checkpoint.restore(path, model, average, update)
    feeder = Feeder(data, texts, 7 + step)
    partner = Partner(model, feeder) if with_partner else None
    if partner:
        partner.ask(model, 0, step)
    begun = time.time() - spent
    saved_at = reported_at = time.time()
    sums, batches = torch.zeros(3), 0
    while True:
        spent = time.time() - begun
        part = spent / (60 * minutes)
        if part >= 1:
            break
        feeder.padded_share.value = padded_share(part)
        sums += gradients(model, feeder.next(), part, step)
        joined = partner is not None and partner.join(model)
        batches += 1 + joined
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        if torch.isfinite(norm):
            update.step(rate(step, part))
            average.update(model)
        else:
            print(f"step {step}: gradient {norm}, skipped", flush=True)
        step += 1
        if joined:
            partner.ask(model, part, step)
        if step % REPORT_EVERY == 0:
            passed = time.time() - reported_at
            text, phones, alignment = (sums / REPORT_EVERY).tolist()
            print(f"step {step} {spent / 60:.1f} min text {text:.3f} phones {phones:.3f} align {alignment:.3f} "
                  f"norm {norm:.2f} {passed / REPORT_EVERY:.2f} s/step {batches / passed:.2f} batches/s", flush=True)
            sums.zero_()
            batches, reported_at = 0, time.time()
        if time.time() - saved_at > SAVE_EVERY:
            saved_at = time.time()
            checkpoint.save(path, model, average, update, step, spent)
    checkpoint.save(path, model, average, update, step, spent)
    feeder.process.terminate()
    if partner:
        partner.process.terminate()
    return path


def main(minutes: float = 0, work: Path = WORK, resume: bool = False, utterances: int = UTTERANCES, partner: bool = True,
         model: Path = MODEL) -> None:
    """Generates, trains for `minutes` (0: as documented) and exports to the folder `model`."""
    data = work / "data"
    if not any(data.glob("*.json")):
        generate(data, utterances)
    export_recogniser.main(train(minutes or MINUTES, work, data, resume, partner), model)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--work", type=Path, default=WORK)
    parser.add_argument("--model", type=Path, default=MODEL, help="where to export")
    parser.add_argument("--utterances", type=int, default=UTTERANCES)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--alone", action="store_true", help="train in one process, not two")
    chosen = parser.parse_args()
    main(chosen.minutes, chosen.work, chosen.resume, chosen.utterances, not chosen.alone, chosen.model)
