"""Training batches for the recogniser: spectra become augmented log-mel features, texts become tokens.

Augmentation happens on linear power, where sounds add: random vocal-tract length, level, background sound,
colouring and reverberation, so that no utterance is heard twice in the same way.
"""
from dataclasses import dataclass

import numpy as np
import torch

import features
import noise_bank
from recogniser_data import UNKNOWN_PHONE

WARPS = np.linspace(0.80, 1.36, 29)  # the most a voice is warped, in steps of 2 %
# Any voice of its engine should be covered. Flite's recorded training voices are men, so theirs go mostly up.
ESPEAK_WARPS, RECORDED_WARPS = (0, 25), (7, 29)
IGNORE = -100
SPECIAL = ["<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|nospeech|>", "<|notimestamps|>"]
PREFIX = ["<|startoftranscript|>", "<|en|>", "<|transcribe|>", "<|notimestamps|>"]


@dataclass
class Batch:
    """mel [b, mels, frames], phones [b, frames], tokens and targets [b, n], spans [b, n, 2] in encoder positions.

    `phones` and `targets` are IGNORE where nothing is to be learnt; a span is (1, 0) where the word's place is unknown.
    """
    mel: torch.Tensor
    phones: torch.Tensor
    tokens: torch.Tensor
    targets: torch.Tensor
    spans: torch.Tensor


class Texts:
    """Token sequences of the corpus, and for each token the word that it belongs to."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.prefix = [tokenizer.added_ids[name] for name in PREFIX]
        self.end = tokenizer.added_ids["<|endoftext|>"]
        self._starts_word = {}

    def encode(self, text: str) -> list:
        """Text tokens; like Whisper's they begin with a space."""
        return self.tokenizer.encode(" " + text)

    def word_numbers(self, tokens: list) -> np.ndarray:
        """Index of the whitespace-separated word of each token."""
        for token in tokens:
            if token not in self._starts_word:
                self._starts_word[token] = self.tokenizer.decode([token]).startswith(" ")
        return np.cumsum([self._starts_word[token] for token in tokens]) - 1


class Batches:
    """An endless source of batches over a corpus."""

    frames_per_batch = 8000

    def __init__(self, corpus, texts: Texts, seed: int, clips: int = 480):
        self.corpus, self.texts = corpus, texts
        self.random = np.random.default_rng(seed)
        self.silent_sounds = noise_bank.non_speech(clips, seed)
        self.noises = np.concatenate([self.silent_sounds, noise_bank.babble(corpus, clips // 4, seed)])
        self.noise_levels = np.array([_mean_power(noise) for noise in self.noises])
        self.banks = torch.from_numpy(np.stack([features.mel_bank(warp) for warp in WARPS]))
        self.lengths = np.array([entry["frames"] for entry in corpus.entries])
        self.recorded = np.array([index for index, entry in enumerate(corpus.entries)
                                  if entry["voice"] in ("flite:rms", "flite:awb")], int)
        self.tokens = [texts.encode(entry["text"]) for entry in corpus.entries]
        self._queue = []

    @property
    def waiting(self) -> int:
        """Batches left in this round through the corpus."""
        return len(self._queue)

    def next(self, augment: float = 1.0, padded_share: float = 0.1) -> Batch:
        """`augment` scales how often sounds are disturbed; `padded_share` of the batches have the full window."""
        if not self._queue:
            self._fill_queue()
        indices = self._queue.pop()
        frames = None
        if self.random.random() < padded_share:
            frames = features.MAX_FRAMES
            indices = self.random.permutation(indices)[: max(8, self.frames_per_batch // frames)]
        return self._assemble(indices, augment, frames)

    def _fill_queue(self):
        """Splits a shuffled epoch into batches of like length. Voices made from recordings come twice in it."""
        order = self.random.permutation(np.concatenate([np.arange(len(self.corpus)), self.recorded]))
        for chunk in np.array_split(order, max(1, len(order) // 8000)):
            chunk = chunk[np.argsort(self.lengths[chunk], kind="stable")]
            start = 0
            while start < len(chunk):
                count = int(self.frames_per_batch // (self.lengths[chunk[start]] + 25))
                self._queue.append(chunk[start: start + max(8, count)])
                start += max(8, count)
        self.random.shuffle(self._queue)

    def _assemble(self, indices, augment: float, frames) -> Batch:
        random, count = self.random, len(indices)
        silent = random.random(count) < 0.07
        longest = int(self.lengths[indices].max())
        if frames is None:
            slack = int(random.choice([6, 10, 16, 24, 36, 60]))
            frames = min(features.MAX_FRAMES, (longest + slack + 7) // 8 * 8)
        power = np.zeros((count, frames, features.BINS), np.float32)
        phones = np.full((count, frames), IGNORE, np.int64)
        leads = np.zeros(count, int)
        for row, index in enumerate(indices):
            if silent[row]:
                phones[row] = 0
                self._silent_row(power[row])
                continue
            length = min(int(self.lengths[index]), frames)
            spare = frames - length
            leads[row] = lead = min(int(random.exponential(12)), spare)
            # The sound ends some time after the speech; the rest of the window is padding of exact zeros.
            end = frames if random.random() < 0.5 else min(frames, lead + length + int(random.exponential(30)))
            np.take(features.BYTE_TO_POWER, self.corpus.spectra(int(index))[:length], out=power[row, lead: lead + length])
            labels = self.corpus.phones(int(index))[:length].astype(np.int64)
            labels[labels == UNKNOWN_PHONE] = IGNORE
            phones[row] = 0
            phones[row, lead: lead + length] = labels
            self._add_noise(power[row], lead, length, end, augment)
            power[row] *= 10 ** random.uniform(-3.2, 0.3)
        mel = self._log_mel(power, self._warps(indices), augment)
        tokens, targets, spans = self._tokens(indices, silent, leads, frames // 2)
        return Batch(mel, torch.from_numpy(phones), tokens, targets, spans)

    def _noise_clip(self, noise, frames: int) -> np.ndarray:
        start = int(self.random.integers(0, features.MAX_FRAMES - frames + 1))
        return features.BYTE_TO_POWER[noise[start: start + frames]]

    def _silent_row(self, power):
        """Fills one row [frames, BINS] with a sound that is not speech, or leaves it silent."""
        random, kind = self.random, self.random.random()
        if kind < 0.15:
            return
        end = len(power) if random.random() < 0.6 else int(random.integers(8, len(power)))
        for _ in range(1 if kind < 0.7 else 2):
            noise = self.silent_sounds[random.integers(len(self.silent_sounds))]
            power[:end] += self._noise_clip(noise, end) * 10 ** random.uniform(-6, 0.3)

    def _add_noise(self, power, lead, length, end, augment):
        """Adds a background sound to one row up to frame `end`."""
        random, draw = self.random, self.random.random()
        if draw > 0.62 * augment:
            return
        ratio = random.uniform(25, 55) if draw > 0.40 * augment else random.uniform(3, 25)
        number = random.integers(len(self.noises))
        noise = self._noise_clip(self.noises[number], end)
        level = power[lead: lead + length].sum(1).mean() / max(self.noise_levels[number], 1e-9)
        noise *= level * 10 ** (-ratio / 10)
        power[:end] += noise

    def _warps(self, indices) -> np.ndarray:
        """For each utterance an index into WARPS; one in five stays as it is."""
        random, recorded = self.random, np.isin(indices, self.recorded)
        choice = np.where(recorded, random.integers(*RECORDED_WARPS, len(indices)), random.integers(*ESPEAK_WARPS, len(indices)))
        return np.where(random.random(len(indices)) < 0.8, choice, int(np.abs(WARPS - 1).argmin()))

    def _log_mel(self, power, warps, augment) -> torch.Tensor:
        """power [b, frames, BINS] -> normalised log-mel [b, MELS, frames]"""
        random, count = self.random, len(power)
        mel = torch.bmm(torch.from_numpy(power), self.banks[warps])
        mel *= torch.from_numpy(self._colouring(count, augment))
        if random.random() < 0.2 * augment:
            _reverberate(mel, random)
        log = mel.clamp_(min=features.FLOOR).log10_()
        top = log.amax(dim=(1, 2), keepdim=True)
        log = (torch.maximum(log, top - 8) + 4) / 4
        if augment >= 1:
            _mask(log, random)
        return log.transpose(1, 2).contiguous()

    def _colouring(self, count, augment) -> np.ndarray:
        """A smooth random gain over the bands, [count, 1, MELS]: microphones, loudspeakers, rooms."""
        random, bands = self.random, np.linspace(0, 1, features.MELS)
        gain = np.zeros((count, features.MELS))
        for number in range(1, 5):
            gain += random.normal(0, 0.25 / number ** 0.5, (count, 1)) * np.cos(
                np.pi * number * bands[None, :] + random.uniform(0, 6, (count, 1)))
        gain *= random.random((count, 1)) < 0.6 * augment
        dull = random.random(count) < 0.08 * augment  # a narrow line: little above a random band
        gain[dull] -= 4 * np.maximum(0, bands[None, :] - random.uniform(0.6, 1, (dull.sum(), 1)))
        return (10 ** gain).astype(np.float32)[:, None, :]

    def _tokens(self, indices, silent, leads, positions: int):
        prefix, end = self.texts.prefix, self.texts.end
        rows = [[] if silent[row] else self.tokens[index] for row, index in enumerate(indices)]
        longest = max(map(len, rows)) + len(prefix)
        tokens = np.full((len(rows), longest), end, np.int64)
        targets = np.full((len(rows), longest), IGNORE, np.int64)
        spans = np.tile(np.array([1, 0]), (len(rows), longest, 1))
        first = len(prefix) - 1  # the position that predicts the first text token
        for number, (row, index) in enumerate(zip(rows, indices)):
            sequence = prefix + row
            tokens[number, : len(sequence)] = sequence
            targets[number, first: first + len(row) + 1] = row + [end]
            words = self.corpus.entries[int(index)]["words"]
            if row and words:
                places = (np.array(words)[self.texts.word_numbers(row)] + leads[number]) // 2
                spans[number, first: first + len(row)] = np.minimum(places, positions - 1)
        return torch.from_numpy(tokens), torch.from_numpy(targets), torch.from_numpy(spans)


def _mean_power(spectra) -> float:
    return float(features.BYTE_TO_POWER[spectra].sum(1).mean())


def _reverberate(mel, random):
    """Smears power along time, in place, each row with its own room: mel [b, frames, MELS]."""
    seconds = torch.from_numpy(random.uniform(0.15, 0.7, (len(mel), 1)).astype(np.float32))
    wet = torch.from_numpy((10 ** random.uniform(-2, -0.7, (len(mel), 1))).astype(np.float32))
    decay = 10 ** (-6 * features.HOP / features.SAMPLE_RATE / seconds)
    tail = torch.zeros_like(mel[:, 0])
    for frame in range(mel.shape[1]):
        dry = mel[:, frame].clone()
        mel[:, frame] += wet * tail
        tail = decay * (tail + dry)


def _mask(log, random):
    """SpecAugment, light: hides one band of frequencies and one stretch of time in some rows, in place."""
    for row in np.flatnonzero(random.random(len(log)) < 0.35):
        low, start = random.integers(0, features.MELS - 10), random.integers(0, log.shape[1] - 8)
        log[row, :, low: low + random.integers(2, 11)] = log[row].mean()
        log[row, start: start + random.integers(1, 7)] = log[row].mean()
