"""The seeded corpus that turn-taking is measured with: spoken turns with pauses, by held-out voices only.

    /usr/bin/python3 tools/starter-models/turn_corpus.py FOLDER [--turns 520] [--check]

Writes 16 kHz mono WAV files and manifest.json: {"turns": [{file, voice, noise, kind, text, pauses: [{startS, endS,
textBefore}], startS, endS}]}. Times are acoustic: of the sound before the background was added. `noise` is "clean" (a
noise floor 60 dB below the speech) or the kind of background, 15 dB below the speech. Sentences come from templates that
training never uses. With --check it is another corpus, to choose constants on: by training voices that no turn model learns
from, with the templates of training. Needs numpy, libespeak-ng and libflite.
"""
import argparse
import json
import random
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import noise_bank
import turn_speech
import turn_texts
from voices import CHECK_VOICES, HELDOUT_VOICES

RATE = turn_speech.RATE
LEAD, TRAIL = 0.6, 3.2  # seconds of background before and after
SNR_DB, FLOOR_DB = 15, 60
PEAK = 0.5
SEED, CHECK_SEED = 3, 9
BACKGROUNDS = {"coloured": lambda rng: noise_bank.coloured(rng, rng.choice([0.0, 1.0, 2.0])), "fan": noise_bank.fan, "hum": noise_bank.hum}
SEAM = RATE // 5


def background(rng: np.random.Generator, kind: str, length: int) -> np.ndarray:
    """A steady sound of any length, from clips that overlap by 0.2 s."""
    result = np.zeros(0)
    ramp = np.sin(np.linspace(0, np.pi / 2, SEAM)) ** 2
    while len(result) < length:
        clip = BACKGROUNDS[kind](rng)
        clip = clip / np.sqrt(np.mean(clip ** 2))
        if len(result):
            result[-SEAM:] = result[-SEAM:] * (1 - ramp) + clip[:SEAM] * ramp
            clip = clip[SEAM:]
        result = np.concatenate([result, clip])
    return result[:length]


def recording(said: turn_speech.Said, noise: str, rng: np.random.Generator) -> np.ndarray:
    """The turn with its background, in [-1, 1]."""
    speech = said.samples * (PEAK / np.abs(said.samples).max())
    whole = np.concatenate([np.zeros(int(LEAD * RATE)), speech, np.zeros(int(TRAIL * RATE))])
    level = turn_speech.envelope(speech)
    loudness = np.sqrt(np.mean(level[level > turn_speech.QUIET * level.max()] ** 2))
    decibels, kind = (FLOOR_DB, "coloured") if noise == "clean" else (SNR_DB, noise)
    return whole + background(rng, kind, len(whole)) * loudness * 10 ** (-decibels / 20)


def write(path: Path, samples: np.ndarray) -> None:
    """A 16 kHz, mono, 16-bit WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2").tobytes())


@dataclass
class Recorded:
    """A turn of the corpus: samples in [-1, 1], of which the first LEAD seconds are background."""
    turn: turn_texts.Turn
    said: turn_speech.Said
    voice: str
    noise: str
    samples: np.ndarray


def recorded(number: int, check: bool = False) -> Recorded:
    """The turn of a number, the same one every time."""
    seed, voices, split = (CHECK_SEED, CHECK_VOICES, "train") if check else (SEED, HELDOUT_VOICES, "heldout")
    rng, noise_rng = random.Random(seed * 100_000 + number), np.random.default_rng([seed, number])
    voice = voices[number // 2 % len(voices)]
    noise = "clean" if number % 2 == 0 else sorted(BACKGROUNDS)[int(noise_rng.integers(len(BACKGROUNDS)))]
    said = None
    while said is None:
        turn = turn_texts.turn(rng, split)
        said = turn_speech.say(turn, voice, rng)
    return Recorded(turn, said, f"{voice['engine']} {voice['voice']}", noise, recording(said, noise, noise_rng))


def main(folder: Path, turns: int, check: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    manifest = []
    for number in range(turns):
        made = recorded(number, check)
        said, words = made.said, made.turn.text.split()
        write(folder / f"{number}.wav", made.samples)
        manifest.append({
            "file": f"{number}.wav", "voice": made.voice, "noise": made.noise, "kind": made.turn.kind, "text": made.turn.text,
            "pauses": [{"startS": round(LEAD + pause.start, 3), "endS": round(LEAD + pause.end, 3), "textBefore": " ".join(words[:pause.words])}
                       for pause in said.pauses],
            "startS": LEAD, "endS": round(LEAD + len(said.samples) / RATE, 3)})
    (folder / "manifest.json").write_text(json.dumps({"turns": manifest}, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turns", type=int, default=520)
    parser.add_argument("--check", action="store_true")
    chosen = parser.parse_args()
    main(chosen.folder, chosen.turns, chosen.check)
