"""What a microphone makes of a turn's sound, and the features that the audio turn model reads.

The features are those of Smart Turn v3, which takes transformers' WhisperFeatureExtractor(chunk_length=8) with
do_normalize: the last 8 s, zeros in front, brought to zero mean and unit variance, 80 log-mel bands every 10 ms.
"""
import math
import random
from functools import lru_cache

import numpy as np

import features
import noise_bank

RATE = features.SAMPLE_RATE
N_FFT, HOP, MELS = 400, 160, 80
SAMPLES, FRAMES = 8 * RATE, 800
WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)
# What has been heard of a pause when it is judged: four silent frames of 32 ms or more, and what the detector lets pass as speech.
TAIL = (0.08, 0.45)  # seconds
STEADY = (lambda rng: noise_bank.coloured(rng, rng.choice([0.0, 0.5, 1.0, 1.5, 2.0])), noise_bank.fan, noise_bank.hum)


@lru_cache(maxsize=None)
def bank() -> np.ndarray:
    """Whisper's 80 slaney filters over 201 frequencies, [201, 80]."""
    edges = features._mel_to_hertz(np.linspace(0, features._hertz_to_mel(RATE / 2), MELS + 2))
    bins = np.linspace(0, RATE / 2, N_FFT // 2 + 1)
    rising = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    return (np.maximum(0, np.minimum(rising, falling)) * 2 / (edges[2:] - edges[:-2])).astype(np.float32)


def smart_turn_features(sound: np.ndarray, last: int = FRAMES) -> np.ndarray:
    """sound [n] -> log-mel [80, last]: the last frames of the 800.

    With fewer than 800 frames only those count for the loudest value, 8 decades below which all is cut.
    """
    sound = sound[-SAMPLES:]
    mean = sound.sum() / SAMPLES
    variance = (sound ** 2).sum() / SAMPLES - mean ** 2
    padded = np.zeros(SAMPLES, np.float32)
    padded[SAMPLES - len(sound):] = sound
    padded = ((padded - mean) / math.sqrt(max(variance, 0) + 1e-7)).astype(np.float32)
    padded = np.pad(padded, N_FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP][FRAMES - last: FRAMES]
    spectrum = np.fft.rfft(frames * WINDOW, axis=1)
    power = (spectrum.real ** 2 + spectrum.imag ** 2).astype(np.float32)
    log = np.log10(np.maximum(power @ bank(), features.FLOOR)).T
    return (np.maximum(log, log.max() - 8) + 4) / 4


class Room:
    """Random microphones, rooms and backgrounds."""

    def __init__(self, seed: int, clips: int = 90):
        self.rng = random.Random(seed)
        self.random = np.random.default_rng(seed)
        self.noises = []
        for number in range(clips):
            clip = STEADY[number % len(STEADY)](self.random) if number % 3 else noise_bank.MAKERS[number // 3 % len(noise_bank.MAKERS)](self.random)
            self.noises.append((clip / np.sqrt(np.mean(clip ** 2))).astype(np.float32))

    def hear(self, samples: np.ndarray, silence: float, augment: bool = True) -> np.ndarray:
        """Speech and the begin of the silence after it (at most `silence` s) as they arrive: at most 8 s."""
        rng = self.rng
        tail = min(rng.uniform(*TAIL), silence)
        samples = np.concatenate([np.zeros(int(rng.uniform(0.15, 0.6) * RATE), np.float32), samples])
        if augment and rng.random() < 0.75:
            samples = self._other_throat(samples)
        samples = np.concatenate([samples, np.zeros(int(tail * RATE), np.float32)])[-SAMPLES:]
        if augment and rng.random() < 0.25:
            samples = self._echoing(samples)
        return self._with_background(samples) * 10 ** rng.uniform(-1.6, 0)

    def _other_throat(self, samples):
        """Faster and higher or slower and lower, vocal tract included."""
        ratio = math.exp(self.rng.uniform(-0.2, 0.27))
        at = np.arange(0, len(samples) - 1, ratio)
        return np.interp(at, np.arange(len(samples)), samples).astype(np.float32)

    def _echoing(self, samples):
        length = int(self.rng.uniform(0.1, 0.4) * RATE)
        room = self.random.standard_normal(length) * 10 ** (-3 * np.arange(length) / length) * 10 ** self.rng.uniform(-2.2, -1.3)
        room[0] = 1
        size = 1 << (len(samples) + length - 1).bit_length()
        return np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(room, size), size)[:len(samples)].astype(np.float32)

    def _with_background(self, samples):
        rng, draw = self.rng, self.rng.random()
        ratio = rng.uniform(45, 70) if draw < 0.4 else rng.uniform(20, 45) if draw < 0.6 else rng.uniform(8, 22)
        noise = self.noises[rng.randrange(len(self.noises))]
        start = rng.randrange(0, len(noise))
        noise = np.take(noise, np.arange(start, start + len(samples)), mode="wrap")
        active = samples[np.abs(samples) > 0.02 * np.abs(samples).max()]
        return samples + noise * np.sqrt(np.mean(active ** 2)) * 10 ** (-ratio / 20)
