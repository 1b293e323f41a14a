"""Sounds that are not speech, as power spectrograms: to mix under speech, and to stay silent about."""
import numpy as np

import features

RATE = features.SAMPLE_RATE
LENGTH = features.SECONDS * RATE  # samples of one clip


def coloured(rng: np.random.Generator, slope: float) -> np.ndarray:
    """Noise whose power falls as f ** -slope: 0 white, 1 pink, 2 brown."""
    spectrum = np.fft.rfft(rng.standard_normal(LENGTH))
    frequency = np.maximum(np.fft.rfftfreq(LENGTH, 1 / RATE), 20)
    return np.fft.irfft(spectrum * frequency ** (-slope / 2), LENGTH)


def fan(rng: np.random.Generator) -> np.ndarray:
    """Noise through a few random resonances, slowly swelling."""
    frequency = np.fft.rfftfreq(LENGTH, 1 / RATE)
    gain = 0.05 + sum(rng.uniform(0.2, 1) / (1 + ((frequency - rng.uniform(50, 6000)) / rng.uniform(50, 800)) ** 2)
                      for _ in range(rng.integers(1, 5)))
    sound = np.fft.irfft(np.fft.rfft(rng.standard_normal(LENGTH)) * gain, LENGTH)
    return sound * (1 + rng.uniform(0, 0.8) * np.sin(2 * np.pi * rng.uniform(0.1, 6) * seconds() + rng.uniform(0, 6)))


def seconds() -> np.ndarray:
    """The time of every sample of a clip."""
    return np.arange(LENGTH) / RATE


def hum(rng: np.random.Generator) -> np.ndarray:
    """Mains hum or a motor: harmonics of one low tone over a little noise."""
    base = rng.choice([50.0, 60.0, 100.0, 120.0, rng.uniform(40, 300)])
    sound = sum(rng.uniform(0, 1) / number ** rng.uniform(0, 1.5) *
                np.sin(2 * np.pi * base * number * seconds() + rng.uniform(0, 6)) for number in range(1, rng.integers(2, 20)))
    return sound + rng.choice([0, 0.01, 0.1]) * coloured(rng, 1)


def _throat(rng: np.random.Generator, frequency: np.ndarray) -> np.ndarray:
    """A random gain over frequency: a band, a low-pass of random steepness, or a few resonances as of a cough."""
    kind = rng.integers(3)
    if kind == 0:
        low, high = sorted(rng.uniform(50, 8000, 2))
        return 0.1 + ((frequency > low) & (frequency < high + 300))
    if kind == 1:
        return 1 / (1 + (frequency / 10 ** rng.uniform(2.3, 3.8)) ** rng.uniform(1, 8))
    peaks = 10 ** rng.uniform(2.4, 3.7, rng.integers(1, 5))
    return 0.02 + sum(rng.uniform(0.2, 1) / (1 + ((frequency - peak) / rng.uniform(60, 500)) ** 2) for peak in peaks)


def bursts(rng: np.random.Generator) -> np.ndarray:
    """Clicks, knocks, coughs and breaths: decaying noise of random colour and length at random moments."""
    sound = np.zeros(LENGTH)
    attack_limit, decay_limit = rng.choice([(0.001, 0.003), (0.005, 0.05), (0.03, 0.3), (0.2, 0.5)])
    for _ in range(rng.integers(1, 14)):
        at, length = rng.integers(0, LENGTH - RATE), RATE
        time = np.arange(length) / RATE
        envelope = np.minimum(1, time / rng.uniform(attack_limit / 4, attack_limit)) * np.exp(
            -time / rng.uniform(decay_limit / 4, decay_limit))
        frequency = np.fft.rfftfreq(length, 1 / RATE)
        spectrum = np.fft.rfft(rng.standard_normal(length)) * _throat(rng, frequency)
        sound[at: at + length] += rng.uniform(0.2, 1) * np.fft.irfft(spectrum, length) * envelope
    return sound + rng.choice([0, 1e-4, 1e-3]) * coloured(rng, 1)


def music(rng: np.random.Generator) -> np.ndarray:
    """Single tones, beeps, chords and melodies with harmonics and envelopes."""
    sound, at = np.zeros(LENGTH), 0.0
    beat, voices, harmonics = rng.uniform(0.1, 1.5), rng.integers(1, 5), rng.integers(1, 9)
    tilt, decay = rng.uniform(0.3, 2.5), rng.uniform(0.05, 3)
    while at < features.SECONDS - 0.1:
        length = min(LENGTH - int(at * RATE), int(rng.uniform(0.7, 2.5) * beat * RATE))
        time = np.arange(length) / RATE
        envelope = np.minimum(1, time / 0.01) * np.exp(-time / decay) * np.minimum(1, (time[-1] - time) / 0.02)
        root = 110 * 2 ** (rng.integers(0, 36) / 12)
        for interval in rng.choice([0, 3, 4, 5, 7, 9, 12], voices, replace=False):
            pitch = root * 2 ** (interval / 12)
            for number in range(1, harmonics + 1):
                if pitch * number < 7900:
                    sound[int(at * RATE): int(at * RATE) + length] += envelope * number ** -tilt * np.sin(
                        2 * np.pi * pitch * number * time + rng.uniform(0, 6))
        at += beat * rng.choice([0.5, 1, 1, 2])
    return sound + rng.choice([0, 1e-3, 1e-2]) * coloured(rng, 1)


def sweep(rng: np.random.Generator) -> np.ndarray:
    """A siren or whistle: one gliding tone."""
    pitch = rng.uniform(200, 3000) * 2 ** (rng.uniform(0.1, 1.5) * np.sin(2 * np.pi * rng.uniform(0.05, 3) * seconds()))
    return np.sin(2 * np.pi * np.cumsum(np.minimum(pitch, 7900)) / RATE) + 0.003 * coloured(rng, 1)


MAKERS = [lambda rng: coloured(rng, rng.choice([0.0, 0.5, 1.0, 1.5, 2.0])), fan, hum, bursts, bursts, bursts, music, music, sweep]


def non_speech(count: int, seed: int) -> np.ndarray:
    """uint8 [count, MAX_FRAMES, BINS]: byte spectrograms of clips with a peak of 1."""
    rng = np.random.default_rng(seed)
    result = np.zeros((count, features.MAX_FRAMES, features.BINS), np.uint8)
    for index in range(count):
        sound = MAKERS[index % len(MAKERS)](rng)
        result[index] = _clip(sound)
    return result


def babble(corpus, count: int, seed: int) -> np.ndarray:
    """Four to eight voices of the corpus at once, added as power: uint8 [count, MAX_FRAMES, BINS]."""
    rng = np.random.default_rng(seed)
    result = np.zeros((count, features.MAX_FRAMES, features.BINS), np.uint8)
    for index in range(count):
        power = np.zeros((features.MAX_FRAMES, features.BINS), np.float32)
        for _ in range(rng.integers(4, 9)):
            at = 0
            while at < features.MAX_FRAMES:
                voice = features.BYTE_TO_POWER[corpus.spectra(int(rng.integers(len(corpus))))]
                part = voice[: features.MAX_FRAMES - at]
                power[at: at + len(part)] += part * rng.uniform(0.3, 1)
                at += len(part)
        result[index] = features.compress(power)
    return result


def _clip(sound: np.ndarray) -> np.ndarray:
    sound = sound / np.abs(sound).max()
    return features.compress(features.power_spectrogram(sound)[: features.MAX_FRAMES])
