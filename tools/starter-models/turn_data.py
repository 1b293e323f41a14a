"""Speaks the turn models' training data and keeps it as sound with the times of its pauses.

    /usr/bin/python3 tools/starter-models/turn_data.py FOLDER [--turns 24000] [--seed 1]

Writes samples.i16 (all turns one after the other, 16 kHz, without background) and turns.json: [{start, samples, text,
kind, voice, check, pauses: [[start s, end s, words before], ...]}]. `check` marks the voices that are kept back.
"""
import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import turn_speech
import turn_texts
import voices

# Training voices that no model learns from: they choose the moment to stop, calibrate and combine. f5 and m3 stand for
# the common variants, the others for the rare ones.
CHECK_VARIANTS = {"f5", "m3", "klatt3", "anika", "caleb", "steph2", "zac", "grandma", "edward2", "marcelo"}
SOFT_PAUSE = 0.2  # seconds of silence after which the product asks: settings.listening.minSilenceMs


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


def write(folder: Path, turns: int, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rng, started, entries, at = random.Random(seed), time.time(), [], 0
    with open(folder / "samples.i16", "wb") as file:
        while len(entries) < turns:
            turn, voice = turn_texts.turn(rng, "train"), voices.training_voice(rng)
            voice.pop("tone", None)
            said = turn_speech.say(turn, voice, rng)
            if said is None:
                continue
            samples = np.round(said.samples * (20000 / np.abs(said.samples).max())).astype("<i2")
            file.write(samples.tobytes())
            variant = voice["voice"].partition("+")[2]
            entries.append({"start": at, "samples": len(samples), "text": turn.text, "kind": turn.kind, "voice": f"{voice['engine']} {voice['voice']}",
                            "check": variant in CHECK_VARIANTS, "pauses": [[pause.start, pause.end, pause.words] for pause in said.pauses]})
            at += len(samples)
            if len(entries) % 4000 == 0:
                print(f"{len(entries)} turns in {time.time() - started:.0f} s", flush=True)
    (folder / "turns.json").write_text(json.dumps(entries))


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
    chosen = parser.parse_args()
    write(chosen.folder, chosen.turns, chosen.seed)
