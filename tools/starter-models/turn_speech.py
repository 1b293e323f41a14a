"""Speaks a turn with pauses: the whole text is synthesised in one go and cut at word times.

What stands before a pause therefore keeps the melody that it has inside its sentence, and only the end of the turn has
the melody of an end. Every piece, the last one too, is trimmed, faded and now and then drawn out in the same way,
so that the handling of a cut does not tell it from an end.
"""
import math
import random
from dataclasses import dataclass
from typing import List, Optional

import numpy as np

import speech
from turn_texts import Turn

RATE = speech.SAMPLE_RATE
STEP = RATE // 200  # samples between values of the envelope: 5 ms
FADE = int(0.03 * RATE)
QUIET = 10 ** (-34 / 20)  # of the loudest 10 ms: what lies below is silence
SHORTEST_SILENCE = 0.15  # seconds; a stop's closure is shorter
MEDIAN_PAUSE, PAUSE_SPREAD, PAUSE_BOUNDS = 0.7, 0.6, (0.25, 3.0)  # seconds, log-normal


@dataclass
class Pause:
    """Silence inside a turn, in seconds, and the number of words before it."""
    start: float
    end: float
    words: int


@dataclass
class Said:
    """A turn without any background: samples [n] at 16 kHz that begin and end with its first and last sound."""
    samples: np.ndarray
    pauses: List[Pause]


def envelope(samples: np.ndarray) -> np.ndarray:
    """Root mean square of 10 ms around every fifth millisecond."""
    squares = np.pad(samples.astype(np.float64) ** 2, STEP)
    sums = np.concatenate([[0.0], np.cumsum(squares)])
    count = len(samples) // STEP
    at = np.arange(count) * STEP
    return np.sqrt((sums[at + 2 * STEP] - sums[at]) / (2 * STEP))


def pause_length(rng: random.Random) -> float:
    low, high = PAUSE_BOUNDS
    return min(high, max(low, MEDIAN_PAUSE * math.exp(rng.gauss(0, PAUSE_SPREAD))))


def faded(piece: np.ndarray) -> np.ndarray:
    """With 30 ms of cosine at both ends."""
    length = min(FADE, len(piece) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / max(1, length))).astype(np.float32)
    result = piece.copy()
    result[:length] *= ramp
    result[len(result) - length:] *= ramp[::-1]
    return result


def drawn_out(piece: np.ndarray, rng: random.Random) -> np.ndarray:
    """The last quarter of a second made longer by a fifth to two thirds, at the same tone (overlap and add)."""
    length = int(0.25 * RATE)
    if len(piece) < 2 * length:
        return piece
    head, tail = piece[:-length], piece[-length:]
    window, hop, reach = 480, 240, 120  # samples: windows of 30 ms, moved by up to 7.5 ms to where they fit
    ratio = rng.uniform(1.2, 1.67)
    source = np.pad(piece[-length - reach - window:], (0, 2 * window))
    out = np.zeros(int(length * ratio) + window, np.float32)
    taper = np.hanning(window).astype(np.float32)
    base, previous = reach + window, None
    for at in range(0, int(length * ratio), hop):
        start = base + int(at / ratio)
        if previous is not None:
            wanted = source[previous + hop: previous + hop + window]
            shifts = range(-reach, reach + 1, 12)
            scores = [float(source[start + shift: start + shift + window] @ wanted) for shift in shifts]
            start += shifts[int(np.argmax(scores))]
        out[at: at + window] += source[start: start + window] * taper
        previous = start
    out = out[:int(length * ratio)]
    ramp = np.linspace(0, 1, hop, dtype=np.float32)
    out[:hop] = out[:hop] * ramp + tail[:hop] * (1 - ramp)
    return np.concatenate([head, out])


def silences(loud: np.ndarray, start: int, end: int) -> list:
    """Quiet stretches within [start, end) of the envelope that are long enough to be pauses: (first, last + 1)."""
    edges = np.flatnonzero(np.diff(np.concatenate([[1], loud[start:end].astype(np.int8), [1]])))
    return [(start + first, start + last) for first, last in zip(edges[::2], edges[1::2])
            if (last - first) * STEP / RATE >= SHORTEST_SILENCE and first > 0 and last < end - start]


def boundary(loud: np.ndarray, level: np.ndarray, second: float) -> tuple:
    """(end of the sound before, begin of the sound after) a word boundary, as places in the envelope."""
    at = min(len(loud) - 2, max(1, int(round(second * RATE / STEP))))
    near = slice(max(1, at - 5), at + 6)
    at = near.start + int(np.argmin(level[near]))
    before, after = at, at
    while before > 1 and not loud[before - 1]:
        before -= 1
    while after < len(loud) - 1 and not loud[after]:
        after += 1
    return before, after


def say(turn: Turn, voice: dict, rng: random.Random) -> Optional[Said]:
    """Speaks a turn, or gives None where the synthesiser tells no time for a break (two words spoken as one)."""
    spoken = speech.speak(turn.text, voice)
    if spoken.words is None or len(spoken.words) != len(turn.text.split()):
        return None
    if any(spoken.words[count] == spoken.words[count - 1] for count in turn.breaks):
        return None
    level = envelope(spoken.samples)
    loud = level > QUIET * level.max()
    if not loud.any():
        return None
    first, last = int(np.argmax(loud)), len(loud) - int(np.argmax(loud[::-1]))
    cuts = [boundary(loud, level, (spoken.words[count - 1][1] + spoken.words[count][0]) / 2) for count in turn.breaks]
    starts, ends = [first] + [after for _, after in cuts], [before for before, _ in cuts] + [last]
    if any(end - start < 12 for start, end in zip(starts, ends)):
        return None  # a piece of less than 60 ms: the times were wrong
    parts, pauses, length = [], [], 0
    for number, (start, end) in enumerate(zip(starts, ends)):
        for quiet, again in silences(loud, start, end):
            words = sum(1 for word in spoken.words if word[0] * RATE / STEP < quiet - 4)
            offset = length / RATE - start * STEP / RATE
            pauses.append(Pause(int(quiet) * STEP / RATE + offset, int(again) * STEP / RATE + offset, words))
        piece = spoken.samples[start * STEP: end * STEP]
        piece = faded(drawn_out(piece, rng) if rng.random() < 0.35 else piece)
        parts.append(piece)
        length += len(piece)
        if number < len(turn.breaks):
            silence = int(pause_length(rng) * RATE)
            pauses.append(Pause(length / RATE, (length + silence) / RATE, turn.breaks[number]))
            parts.append(np.zeros(silence, np.float32))
            length += silence
    return Said(np.concatenate(parts), pauses)
