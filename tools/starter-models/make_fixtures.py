"""Renders the spoken test questions in held-out voices: WAV files (16 kHz, mono, 16-bit) and an index.json.

    python3 make_fixtures.py tests/fixtures/speech

The sentences were chosen before any recogniser had heard them. Half are spoken by Flite's slt, half by eSpeak
variants that training never uses. cough.wav and click.wav hold no words.
"""
import argparse
import json
import wave
from pathlib import Path

import numpy as np

import speech
from voices import HELDOUT_VOICES

RATE = speech.SAMPLE_RATE
SILENCE = 0.3  # seconds before and after

QUESTIONS = [
    ("time", "time", "What time is it?"),
    ("date", "date", "What is the date today?"),
    ("calculate-times", "calculate", "What is twelve times seven?"),
    ("calculate-plus", "calculate", "How much is forty two plus seventeen?"),
    ("calculate-percent", "calculate", "What is twenty percent of two hundred?"),
    ("timer-set", "timer_set", "Set a timer for ten minutes."),
    ("timer-cancel", "timer_cancel", "Cancel the timer."),
    ("lights", "lights", "Turn on the lights in the kitchen."),
    ("music", "music", "Please play some music."),
    ("weather", "weather", "What's the weather like today?"),
    ("identity", "identity", "Who are you?"),
    ("name-give", "name_give", "Call me Peter."),
    ("name-ask", "name_ask", "What is my name?"),
    ("joke", "joke", "Tell me a joke."),
    ("goodbye", "goodbye", "Goodbye."),
    ("stop", "stop", "Stop."),
    ("wait", "stop", "Wait."),
    ("name-anna", "name_give", "My name is Anna."),
    ("how-are-you", "how_are_you", "How are you today?"),
    ("thanks", "thanks", "Thank you very much."),
]


def write_wav(path: Path, samples: np.ndarray) -> None:
    """samples in [-1, 1], with silence around them."""
    silence = np.zeros(int(SILENCE * RATE))
    whole = np.concatenate([silence, samples, silence])
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.round(whole * 32767).astype("<i2").tobytes())


def cough(seed: int = 3) -> np.ndarray:
    """Two decaying bursts of low-passed noise, 0.6 s."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(0.6 * RATE)) / RATE
    noise = np.convolve(rng.standard_normal(len(time)), np.hanning(12) / 6, mode="same")
    envelope = np.exp(-time / 0.06) + 0.6 * np.where(time > 0.28, np.exp(-(time - 0.28) / 0.08), 0)
    sound = noise * envelope * np.minimum(1, time / 0.004)
    return 0.5 * sound / np.abs(sound).max()


def click(seed: int = 4) -> np.ndarray:
    """A few milliseconds of noise in half a second of silence."""
    time = np.arange(int(0.5 * RATE)) / RATE
    sound = np.random.default_rng(seed).standard_normal(len(time)) * np.where(time > 0.2, np.exp(-(time - 0.2) / 0.002), 0)
    return 0.6 * sound / np.abs(sound).max()


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    flite, *espeak = HELDOUT_VOICES
    index = []
    for number, (name, intent, text) in enumerate(QUESTIONS):
        voice = flite if number % 2 == 0 else espeak[number // 2 % len(espeak)]
        samples = speech.speak(text, voice).samples
        write_wav(folder / f"{name}.wav", 0.6 * samples / np.abs(samples).max())
        index.append({"file": f"{name}.wav", "text": text, "voice": f"{voice['engine']} {voice['voice']}", "intent": intent})
    for name, sound in (("cough", cough()), ("click", click())):
        write_wav(folder / f"{name}.wav", sound)
        index.append({"file": f"{name}.wav", "text": "", "voice": None, "intent": None})
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    main(parser.parse_args().folder)
