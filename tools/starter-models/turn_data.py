"""Speaks the turn models' training data and keeps it as sound with the times of its pauses.

    /usr/bin/python3 tools/starter-models/turn_data.py FOLDER [--turns 24000] [--seed 1] [--pairs]

Writes samples.i16 (all turns one after the other, 16 kHz, without background) and turns.json: [{start, samples, text,
kind, voice, check, pauses: [[start s, end s, words before], ...]}]. `check` marks the voices that are kept back. With
--pairs the turns are those of turn_pairs.py.
"""
import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, List

import numpy as np

import turn_pairs
import turn_speech
import turn_texts
import voices
from voices import CHECK_VARIANTS

SOFT_PAUSE = 0.15  # seconds of silence from which a pause is one: less than the product waits


@dataclass
class Moment:
    """A silence that the product would notice: sound until then, the words, and whether the turn is over."""
    samples: np.ndarray
    text: str
    complete: bool
    silence: float
    kind: str
    voice: str
    check: bool


def one(rng: random.Random) -> List[turn_texts.Turn]:
    """A turn as people take them."""
    return [turn_texts.turn(rng, "train")]


def write(folder: Path, turns: int, seed: int, draw: Callable[[random.Random], List[turn_texts.Turn]] = one) -> None:
    """Speaks at least `turns` turns; those that `draw` gives at once are said by one voice."""
    folder.mkdir(parents=True, exist_ok=True)
    rng, started, entries, at = random.Random(seed), time.time(), [], 0
    with open(folder / "samples.i16", "wb") as file:
        while len(entries) < turns:
            drawn, voice = draw(rng), voices.training_voice(rng)
            voice.pop("tone", None)
            for turn in drawn:
                said = turn_speech.say(turn, voice, rng)
                if said is None:
                    continue
                samples = np.round(said.samples * (20000 / np.abs(said.samples).max())).astype("<i2")
                file.write(samples.tobytes())
                variant = voice["voice"].partition("+")[2]
                entries.append({"start": at, "samples": len(samples), "text": turn.text, "kind": turn.kind, "voice": f"{voice['engine']} {voice['voice']}",
                                "check": variant in CHECK_VARIANTS, "pauses": [[pause.start, pause.end, pause.words] for pause in said.pauses]})
                at += len(samples)
    (folder / "turns.json").write_text(json.dumps(entries))
    print(f"{len(entries)} turns in {time.time() - started:.0f} s", flush=True)


class Moments:
    """Every silence of a corpus that is long enough to be noticed, and every end."""

    def __init__(self, folder: Path):
        self.turns = json.loads((folder / "turns.json").read_text())
        self._samples = np.memmap(folder / "samples.i16", "<i2", "r")
        self.places = [(number, pause) for number, turn in enumerate(self.turns) for pause in [*turn["pauses"], None]
                       if pause is None or pause[1] - pause[0] >= SOFT_PAUSE]
        self.check = np.array([self.turns[number]["check"] for number, _ in self.places])
        self.complete = np.array([pause is None for _, pause in self.places])

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> Moment:
        number, pause = self.places[index]
        turn = self.turns[number]
        until = turn["samples"] if pause is None else int(pause[0] * turn_speech.RATE)
        samples = self._samples[turn["start"]: turn["start"] + until].astype(np.float32) / 32768
        text = " ".join(turn["text"].split()[: None if pause is None else pause[2]])
        return Moment(samples, text, pause is None, np.inf if pause is None else pause[1] - pause[0], turn["kind"], turn["voice"], turn["check"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=24000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pairs", action="store_true")
    chosen = parser.parse_args()
    write(chosen.folder, chosen.turns, chosen.seed, turn_pairs.draw if chosen.pairs else one)
