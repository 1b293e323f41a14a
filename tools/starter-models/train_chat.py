"""Trains the starter chat model on generated conversations and exports it.

    /usr/bin/python3 tools/starter-models/train_chat.py [--minutes M] [--work FOLDER] [--resume]
"""
import argparse
import math
import time
from pathlib import Path

import torch
from torch.nn import functional as F

from bpe import Tokenizer
from chat_data import batches, make_tokenizer
from chat_model import ChatConfig, ChatModel, causal_mask
from optimiser import MuonAdam

SEED = 20
PEAK_RATE, WARM_UP, WEIGHT_DECAY, AVERAGE = 4e-3, 100, 0.05, 0.998
STEPS = 3450


def learning_rate(step: int, steps: int) -> float:
    """Fraction of the peak: linear warm-up, then a cosine to 2 %."""
    if step < WARM_UP:
        return (step + 1) / WARM_UP
    progress = min(1.0, (step - WARM_UP) / max(1, steps - WARM_UP))
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * progress))


def loss_of(model: ChatModel, ids: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """Mean cross-entropy (nats) of the target tokens of a batch; ids and targets [B,T+1]."""
    length = ids.shape[1] - 1
    states, _ = model.hidden(ids[:, :-1], torch.arange(length)[None], causal_mask(length))
    wanted = targets[:, 1:]
    return F.cross_entropy(model.logits(states[wanted]).float(), ids[:, 1:][wanted])


def train(model: ChatModel, tokenizer: Tokenizer, work: Path, minutes: float = 0, rate: float = PEAK_RATE, seed: int = SEED) -> None:
    """STEPS steps, or as many as fit into `minutes`. Leaves the averaged weights in `model` and in work/chat.pt."""
    matrices = {name: (parameter, 1) for name, parameter in model.named_parameters() if parameter.dim() == 2 and "embed" not in name}
    optimiser = MuonAdam(matrices, [parameter for name, parameter in model.named_parameters() if name not in matrices], WEIGHT_DECAY)
    average = {name: value.clone() for name, value in model.state_dict().items()}
    steps, started, running, tokens = STEPS, time.monotonic(), 0.0, 0
    for step, (ids, targets) in enumerate(batches(tokenizer, seed)):
        if minutes and step and step % 50 == 0:
            elapsed = time.monotonic() - started
            steps = step + max(0, round((minutes * 60 - elapsed) * step / elapsed))
        if step >= steps:
            break
        # bfloat16 products are about five times as fast as float32 on processors that have them; weights stay float32.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = loss_of(model, ids, targets)
        model.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step(rate * learning_rate(step, steps))
        keep = min(AVERAGE, (step + 1) / (step + 10))
        for name, value in model.state_dict().items():
            average[name].lerp_(value, 1 - keep)
        running += loss.item()
        tokens += ids.numel()
        if (step + 1) % 50 == 0:
            pace = (time.monotonic() - started) / (step + 1)
            print(f"step {step + 1}/{steps} loss {running / 50:.4f} rate {rate * learning_rate(step, steps):.5f} {pace:.2f} s/step {tokens / 1e6:.2f} M tokens", flush=True)
            running = 0.0
        if (step + 1) % 250 == 0:
            torch.save(average, work / "chat.pt")
    torch.save(average, work / "chat.pt")
    model.load_state_dict(average)


def main(minutes: float = 0, work: Path = Path("/tmp/train-chat"), resume: bool = False) -> None:
    """Trains and writes public/models/starter/chat. `resume` begins with work/chat.pt, and only exports it if `minutes` is 0."""
    from chat_export import export
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    work.mkdir(parents=True, exist_ok=True)
    if resume:
        tokenizer = Tokenizer.load(work)
    else:
        tokenizer = make_tokenizer()
        tokenizer.save(work)
    model = ChatModel(ChatConfig(vocab_size=len(tokenizer)))
    print(f"{sum(parameter.numel() for parameter in model.parameters()):,} parameters, {len(tokenizer)} tokens", flush=True)
    if not resume:
        train(model, tokenizer, work, minutes)
    else:
        model.load_state_dict(torch.load(work / "chat.pt"))
        if minutes:
            train(model, tokenizer, work, minutes, rate=PEAK_RATE / 2, seed=SEED + 1)
    export(model.eval(), tokenizer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=0, help="train for about this long instead of the full number of steps")
    parser.add_argument("--work", type=Path, default=Path("/tmp/train-chat"), help="checkpoints")
    parser.add_argument("--resume", action="store_true", help="begin with the last checkpoint: train on for --minutes, or only export it")
    arguments = parser.parse_args()
    main(arguments.minutes, arguments.work, arguments.resume)
