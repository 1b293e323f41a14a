"""Word error rates of a recogniser on held-out sentences in held-out voices, and words invented for non-speech."""
import json
import random
from pathlib import Path

import numpy as np
import torch

import domain
import features
import noise_bank
import speech
from voices import HELDOUT_VOICES

HERE = Path(__file__).parent
RATE = features.SAMPLE_RATE


def sentences(count: int = 200) -> list:
    """The held-out sentences of the domain."""
    listed = json.loads((HERE / "heldout.json").read_text())["sentences"]
    return [entry["text"] for entry in listed][:count]


def clips(count: int = 200, voices=HELDOUT_VOICES) -> list:
    """[(samples with 0.3 s of silence around, text, voice)]; the voices take turns."""
    silence = np.zeros(int(0.3 * RATE), np.float32)
    result = []
    for number, text in enumerate(sentences(count)):
        voice = voices[number % len(voices)]
        samples = speech.speak(text, voice).samples
        samples = samples / max(1e-4, np.abs(samples).max()) * 0.5
        result.append((np.concatenate([silence, samples, silence])[: features.SECONDS * RATE], text, voice))
    return result


def reply_clips(count: int = 60) -> list:
    """[(samples, text)]: replies of the assistant in its default voice, eSpeak's en-us, digits read by eSpeak."""
    rng = random.Random(31)
    silence = np.zeros(int(0.3 * RATE), np.float32)
    result = []
    for _ in range(count):
        text = domain.assistant_sentence(rng, "heldout")
        samples = speech.speak(text, {"engine": "espeak", "voice": "en-us"}).samples
        samples = samples / max(1e-4, np.abs(samples).max()) * 0.5
        result.append((np.concatenate([silence, samples, silence])[: features.SECONDS * RATE], text))
    return result


def with_noise(samples: np.ndarray, decibels: float, seed: int) -> np.ndarray:
    """Adds white or pink noise, in turn, at a signal-to-noise ratio over the whole clip."""
    rng = np.random.default_rng(seed)
    noise = noise_bank.coloured(rng, float(seed % 2))[: len(samples)]
    level = np.sqrt((samples ** 2).mean() / (noise ** 2).mean()) * 10 ** (-decibels / 20)
    return (samples + noise * level).astype(np.float32)


def silent_clips() -> list:
    """About a minute that holds no speech: silence, noise, hum, clicks, coughs, tones and chords, 8 s each."""
    rng = np.random.default_rng(99)
    makers = [noise_bank.hum, noise_bank.bursts, noise_bank.bursts, noise_bank.music, noise_bank.music,
              lambda generator: noise_bank.coloured(generator, 1.0), noise_bank.sweep]
    sounds = [maker(rng) for maker in makers]
    return [np.zeros(noise_bank.LENGTH, np.float32)] + [
        (sound / np.abs(sound).max() * level).astype(np.float32) for sound, level in zip(sounds, [0.1, 0.5, 0.2, 0.4, 0.1, 0.02, 0.3])]


def errors(expected: list, heard: list) -> int:
    """Word edits between two word lists."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(expected, 1):
        previous, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (word != other))
    return row[-1]


def word_error_rate(pairs) -> float:
    """Share of wrong words over (expected text, heard text)."""
    wrong = total = 0
    for expected, heard in pairs:
        expected, heard = domain.spoken_form(expected).split(), domain.spoken_form(heard).split()
        wrong += errors(expected, heard)
        total += len(expected)
    return wrong / total


def transcribe(model, texts, sounds: list, batch: int = 40) -> list:
    """Texts of sounds, each padded to the model's full window as at inference."""
    result = []
    for start in range(0, len(sounds), batch):
        mel = torch.from_numpy(np.stack([features.log_mel(sound) for sound in sounds[start: start + batch]])).float()
        for tokens in model.transcribe(mel, texts.prefix, texts.end):
            result.append(texts.tokenizer.decode(tokens, skip_special=True).strip())
    return result


def report(model, texts, count: int = 200, noisy: bool = True) -> dict:
    """{"clean", "noise_10db", "slt", "exact", "invented", "samples": [...]}"""
    model.eval()
    spoken = clips(count)
    heard = transcribe(model, texts, [samples for samples, _, _ in spoken])
    pairs = [(text, found) for (_, text, _), found in zip(spoken, heard)]
    result = {"clean": word_error_rate(pairs)}
    result["slt"] = word_error_rate([pair for pair, clip in zip(pairs, spoken) if clip[2]["voice"] == "slt"])
    result["exact"] = float(np.mean([domain.spoken_form(a) == domain.spoken_form(b) for a, b in pairs]))
    if noisy:
        found = transcribe(model, texts, [with_noise(samples, 10, seed) for seed, (samples, _, _) in enumerate(spoken)])
        result["noise_10db"] = word_error_rate([(text, words) for (_, text, _), words in zip(spoken, found)])
        result["invented"] = sum(len(text.split()) for text in transcribe(model, texts, silent_clips()))
    result["samples"] = [pair for pair in pairs if domain.spoken_form(pair[0]) != domain.spoken_form(pair[1])][:12]
    model.train()
    return result
