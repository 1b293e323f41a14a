"""Generates the recogniser's training speech and keeps it as byte spectrograms with phone and word labels.

A folder of parts; part k has
  k.spectra  uint8 [frames, 257]   features.compress of the power spectrogram, one row every 16 ms
  k.phones   uint8 [frames]        index into speech.PHONES, 255 where unknown
  k.json     one entry for each utterance: frames, text, voice, words ([[first frame, last frame], ...] or null)
"""
import json
import multiprocessing
import os
import random
import time
from pathlib import Path

import numpy as np

import domain
import features
import speech
import voices

UNKNOWN_PHONE = 255
LONGEST = features.SECONDS - 0.25  # seconds of speech
PART = 5000  # utterances in a part


def random_text(rng: random.Random) -> tuple:
    """(text to speak, text to write): mostly what users say, then replies, pairs and odd mixtures."""
    draw = rng.random()
    if draw < 0.58:
        text = domain.user_sentence(rng, "train").text
        return text, text
    if draw < 0.80:
        written = domain.assistant_sentence(rng, "train")
        words = domain.words_form(written)
        if words[-1] not in ".?!":
            words += "."
        # Half of the replies are spoken from their digits, as the assistant's own voice does it.
        return (written if rng.random() < 0.5 else words), words
    if draw < 0.87:
        text = " ".join(domain.user_sentence(rng, "train").text for _ in range(2))
        return text, text
    # Mixtures keep the decoder from trusting word order more than its ears.
    if draw < 0.94:
        first, second = (domain.user_sentence(rng, "train").text.split() for _ in range(2))
        words = first[: rng.randint(1, len(first))] + second[rng.randint(0, len(second) - 1):]
    else:
        words = rng.sample(_vocabulary(), rng.randint(1, 6))
    text = " ".join(word.strip(".,?!") for word in words)
    text = text[0].upper() + text[1:] + rng.choice(".?")
    return text, text


_VOCABULARY = []


def _vocabulary() -> list:
    if not _VOCABULARY:
        _VOCABULARY.extend(domain.vocabulary())
    return _VOCABULARY


def utterance(rng: random.Random):
    """(spectra uint8 [frames, 257], phones uint8 [frames], entry) of a random utterance, or None if it is too long."""
    to_speak, text = random_text(rng)
    voice = voices.training_voice(rng)
    tone = voice.get("tone", 1.0)
    spoken = speech.speak(to_speak, {key: value for key, value in voice.items() if key != "tone"})
    first, last = _speech_bounds(spoken)
    if not 0.15 < last - first < LONGEST:
        return None
    rate = features.SAMPLE_RATE
    samples = spoken.samples[int(first * rate): int(last * rate)]
    power = features.power_spectrogram(samples / max(1e-4, np.abs(samples).max()))
    if abs(tone - 1) > 0.02:
        power = features.shift_tone(power, tone)
    times = first + np.arange(len(power)) * features.HOP / rate
    starts = np.array([start for _, start in spoken.phones])
    labels = np.array([UNKNOWN_PHONE if phone is None else phone for phone, _ in spoken.phones], np.uint8)
    phones = labels[np.maximum(0, np.searchsorted(starts, times, side="right") - 1)]
    spans = None
    if spoken.words and to_speak == text:
        frame = lambda second: int(min(len(power) - 1, max(0, (second - first) * rate / features.HOP)))
        spans = [[frame(start), frame(end)] for start, end in spoken.words]
    entry = {"frames": len(power), "text": text, "voice": voice["engine"] + ":" + voice["voice"], "words": spans}
    return features.compress(power), phones, entry


def _speech_bounds(spoken: speech.Spoken) -> tuple:
    """First and last second of the speech itself, with 50 ms of margin."""
    total = len(spoken.samples) / features.SAMPLE_RATE
    silent = speech.PHONE_ID["sil"]
    sounding = [index for index, (phone, _) in enumerate(spoken.phones) if phone != silent]
    if not sounding:
        return 0.0, 0.0
    after = sounding[-1] + 1
    end = spoken.phones[after][1] if after < len(spoken.phones) else total
    return max(0.0, spoken.phones[sounding[0]][1] - 0.05), min(total, end + 0.05)


def write_part(folder: Path, part: int, count: int, seed: int) -> None:
    """Writes one part of `count` utterances."""
    rng = random.Random(seed * 1000 + part)
    entries = []
    started = time.time()
    with open(folder / f"{part}.spectra", "wb") as spectra_file, open(folder / f"{part}.phones", "wb") as phone_file:
        while len(entries) < count:
            made = utterance(rng)
            if made is None:
                continue
            spectra, phones, entry = made
            spectra_file.write(spectra.tobytes())
            phone_file.write(phones.tobytes())
            entries.append(entry)
    (folder / f"{part}.json").write_text(json.dumps(entries))
    print(f"part {part}: {count} utterances in {time.time() - started:.0f} s", flush=True)


def generate(folder: Path, count: int, workers: int = 2, seed: int = 1) -> None:
    """Adds `count` utterances to `folder` in parts of at most 5000, `workers` of them made side by side."""
    folder.mkdir(parents=True, exist_ok=True)
    first = 1 + max([int(path.stem) for path in folder.glob("*.json")], default=-1)
    parts = -(-count // PART)
    with multiprocessing.Pool(workers) as pool:
        pool.starmap(write_part, [(folder, first + part, min(PART, count - part * PART), seed) for part in range(parts)],
                     chunksize=1)


class Corpus:
    """All parts of a folder, read through memory maps."""

    def __init__(self, folder: Path):
        self.entries, self._where = [], []
        self._maps = {}
        for path in sorted(folder.glob("*.json")):
            spectra = np.memmap(path.with_suffix(".spectra"), np.uint8, "r").reshape(-1, features.BINS)
            phones = np.memmap(path.with_suffix(".phones"), np.uint8, "r")
            self._maps[path.stem] = (spectra, phones)
            start = 0
            for entry in json.loads(path.read_text()):
                self.entries.append(entry)
                self._where.append((path.stem, start))
                start += entry["frames"]

    def __len__(self):
        return len(self.entries)

    def spectra(self, index: int) -> np.ndarray:
        """uint8 [frames, 257]"""
        part, start = self._where[index]
        return self._maps[part][0][start: start + self.entries[index]["frames"]]

    def phones(self, index: int) -> np.ndarray:
        """uint8 [frames]"""
        part, start = self._where[index]
        return self._maps[part][1][start: start + self.entries[index]["frames"]]


if __name__ == "__main__":
    import argparse

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=80000)
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    generate(arguments.folder, arguments.count, arguments.workers)
