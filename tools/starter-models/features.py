"""Whisper's log-mel features, split so that augmentation can happen between the spectrum and the mel bands.

`power_spectrogram` gives linear power; `compress` stores it in one byte a value; `mel_bank` makes Whisper's
(slaney) filters, with an optional warp of the frequency axis that imitates a longer or shorter vocal tract;
`log_mel` finishes as transformers.js' WhisperFeatureExtractor does.
"""
import numpy as np

SAMPLE_RATE = 16000
# A 32 ms window every 16 ms instead of Whisper's 25 ms every 10 ms: the encoder then has 31 positions a second
# instead of 50, which makes training and recognition that much faster. The extractor reads both from its config.
N_FFT = 512
HOP = 256
BINS = N_FFT // 2 + 1
MELS = 80
SECONDS = 8
MAX_FRAMES = SECONDS * SAMPLE_RATE // HOP  # 500
FLOOR = 1e-10

_LOW, _STEP = -7.0, 11.3 / 254  # decades of power for byte 1, and per byte
BYTE_TO_POWER = np.concatenate([[0.0], 10 ** (_LOW + _STEP * np.arange(255))]).astype(np.float32)
_WINDOW = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)


def power_spectrogram(samples: np.ndarray) -> np.ndarray:
    """samples [n] -> power [1 + n // HOP, BINS]; frame k is centred on sample k * HOP, edges are reflected."""
    half = N_FFT // 2
    if len(samples) <= half:
        samples = np.pad(samples, (0, half + 1 - len(samples)))
    padded = np.pad(samples.astype(np.float32), half, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP]
    spectrum = np.fft.rfft(frames * _WINDOW, axis=1)
    return (spectrum.real ** 2 + spectrum.imag ** 2).astype(np.float32)


def compress(power: np.ndarray) -> np.ndarray:
    """Power to one byte a value, in steps of 0.44 dB; 0 stands for nothing at all."""
    codes = np.round((np.log10(np.maximum(power, 1e-12)) - _LOW) / _STEP) + 1
    return np.clip(codes, 0, 255).astype(np.uint8)


def _hertz_to_mel(hertz):
    hertz = np.asarray(hertz, dtype=np.float64)
    linear = 3 * hertz / 200
    return np.where(hertz < 1000, linear, 15 + np.log(np.maximum(hertz, 1000) / 1000) * 27 / np.log(6.4))


def _mel_to_hertz(mel):
    return np.where(mel < 15, 200 * mel / 3, 1000 * np.exp(np.log(6.4) * (mel - 15) / 27))


def mel_bank(warp: float = 1.0) -> np.ndarray:
    """Filters [BINS, MELS]. With `warp` > 1 every formant and the tone appear higher by that factor.

    The warp is linear up to a knee and then leads to 8 kHz, so that the whole band is always used.
    """
    top = SAMPLE_RATE / 2
    edges = _mel_to_hertz(np.linspace(0, _hertz_to_mel(top), MELS + 2))
    bins = np.linspace(0, top, BINS)
    knee = 0.85 * top / max(warp, 1.0)
    bins = np.where(bins <= knee, bins * warp, top - (top - bins) * (top - warp * knee) / (top - knee))
    rising = (bins[:, None] - edges[None, :-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[None, 2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    return (np.maximum(0, np.minimum(rising, falling)) * 2 / (edges[2:] - edges[:-2])).astype(np.float32)


def log_mel(samples: np.ndarray, seconds: float = SECONDS) -> np.ndarray:
    """samples [n] -> Whisper's input features [MELS, frames], padded or cut to the window."""
    length = int(seconds * SAMPLE_RATE)
    samples = np.pad(samples[:length], (0, max(0, length - len(samples))))
    mel = power_spectrogram(samples)[: length // HOP] @ mel_bank()
    return normalise(np.log10(np.maximum(mel, FLOOR)).T)


def normalise(log: np.ndarray) -> np.ndarray:
    """Limits log10 mel power to eight decades below its maximum and brings it to about [-1, 1]."""
    return (np.maximum(log, log.max() - 8) + 4) / 4


def shift_tone(power: np.ndarray, ratio: float) -> np.ndarray:
    """Moves the harmonics of a power spectrogram [frames, BINS] by `ratio` and leaves the formants in place.

    The slow part of each log spectrum (its first 2.5 ms of cepstrum) is the vocal tract, the rest the voice's
    harmonics; only the latter is stretched along frequency.
    """
    log = np.log(np.maximum(power, FLOOR))
    cepstrum = np.fft.irfft(log, axis=1)
    keep = int(0.0025 * SAMPLE_RATE)
    cepstrum[:, keep:N_FFT - keep + 1] = 0
    envelope = np.fft.rfft(cepstrum, axis=1).real
    fine = log - envelope
    position = np.arange(BINS) / ratio
    position = np.where(position > BINS - 1, 2 * (BINS - 1) - position, position)
    lower = np.minimum(position.astype(int), BINS - 2)
    part = (position - lower).astype(np.float32)
    moved = fine[:, lower] * (1 - part) + fine[:, lower + 1] * part
    return np.exp(envelope + moved).astype(np.float32)
