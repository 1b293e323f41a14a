"""Measures an exported recogniser through transformers.js on held-out sentences and voices.

    python3 measure_recogniser.py public/models/starter/recogniser [--dtypes fp32 q8] [--json FILE] [--card]

Prints word error rates (clean, at 10 dB of white or pink noise), the share of clips with every word right, and the
words invented over a minute without speech, for each number format. Needs node and this repository's node_modules.
With --card the figures go into the model folder's README.md.
"""
import argparse
import json
import subprocess
import tempfile
import wave
from pathlib import Path

import numpy as np
import onnx

import domain
import recogniser_card
import recogniser_eval as evaluation

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def write(path: Path, samples: np.ndarray) -> None:
    """A 16 kHz, mono, 16-bit WAV file of samples in [-1, 1]."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(evaluation.RATE)
        file.writeframes(np.clip(np.round(samples * 32767), -32768, 32767).astype("<i2").tobytes())


def recognise(model: Path, dtype: str, sounds: list) -> list:
    """The texts that transformers.js writes for sounds."""
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.wav" for number in range(len(sounds))]
        for file, samples in zip(files, sounds):
            write(file, samples)
        command = ["node", str(HERE / "recognise_wavs.mjs"), str(model.resolve()), dtype, *map(str, files)]
        output = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [json.loads(line)["text"] for line in output.splitlines() if line.startswith("{")]


def measure(model: Path, dtype: str, count: int = 200) -> dict:
    """The figures of one number format."""
    spoken = evaluation.clips(count)
    heard = recognise(model, dtype, [samples for samples, _, _ in spoken])
    pairs = [(text, found) for (_, text, _), found in zip(spoken, heard)]
    by_voice = {}
    for pair, (_, _, voice) in zip(pairs, spoken):
        by_voice.setdefault(f"{voice['engine']} {voice['voice']}", []).append(pair)
    noisy = recognise(model, dtype, [evaluation.with_noise(samples, 10, seed) for seed, (samples, _, _) in enumerate(spoken)])
    exact = [domain.spoken_form(expected) == domain.spoken_form(found) for expected, found in pairs]
    invented = recognise(model, dtype, evaluation.silent_clips())
    replies = evaluation.reply_clips()
    reply_pairs = list(zip([text for _, text in replies], recognise(model, dtype, [samples for samples, _ in replies])))
    return {
        "clips": len(pairs), "clean": evaluation.word_error_rate(pairs), "all_words_right": float(np.mean(exact)),
        "noise_10db": evaluation.word_error_rate([(text, found) for (_, text, _), found in zip(spoken, noisy)]),
        "invented_words": sum(len(text.split()) for text in invented),
        "replies_clean": evaluation.word_error_rate(reply_pairs),
        "replies_all_words_right": float(np.mean([domain.spoken_form(a) == domain.spoken_form(b) for a, b in reply_pairs])),
        "by_voice": {voice: evaluation.word_error_rate(members) for voice, members in by_voice.items()},
        "wrong": [pair for pair, right in zip(pairs, exact) if not right],
    }


def parameters(model: Path) -> int:
    """The numbers in both float32 graphs."""
    graphs = [onnx.load(str(model / "onnx" / f"{name}.onnx")).graph for name in ("encoder_model", "decoder_model_merged")]
    return sum(int(np.prod(tensor.dims)) for graph in graphs for tensor in graph.initializer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--dtypes", nargs="+", default=["fp32", "q8"])
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--card", action="store_true")
    chosen = parser.parse_args()
    figures = {dtype: measure(chosen.model, dtype, chosen.count) for dtype in chosen.dtypes}
    text = json.dumps(figures, indent=1)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n")
    if chosen.card:
        config = json.loads((chosen.model / "config.json").read_text())
        (chosen.model / "README.md").write_text(recogniser_card.card(figures, config, parameters(chosen.model)))
