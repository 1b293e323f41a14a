"""Measures the exported turn models on held-out voices (turn_corpus.py), through the libraries of the page.

    /usr/bin/python3 tools/starter-models/turn_measure.py public/models/starter combination.json [--json FILE]

For every end and every pause of at least 0.15 s the sound up to 0.2 s of silence is written down by the starter recogniser
and judged by both models. Prints for text, audio and both the figures of turn_combine.py, and what would become of whole
turns if each were taken after a silence that falls with the probability: cut off by mistake, and seconds waited. Speech
detection is not part of it; `npm run bench:turns` measures the product. Needs node and this repository's node_modules.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np

import measure_recogniser
import turn_combine
import turn_corpus
from turn_data import SOFT_PAUSE

RATE = turn_corpus.RATE
TAIL, ASKED = 0.2, 0.2  # seconds of silence heard, and passed when the answer is there
LONGEST_WAIT = 2.4
TURNS = 520


def moments(turns: int) -> list:
    """[(sound, complete, length of the silence in s, number of the turn)] of the corpus."""
    result, before = [], 0.3  # seconds of background that a turn detector hears before the speech
    for number in range(turns):
        made = turn_corpus.recorded(number)
        whole = made.samples[int((turn_corpus.LEAD - before) * RATE):]
        for pause in made.said.pauses:
            length = pause.end - pause.start
            if length >= SOFT_PAUSE:
                result.append((whole[: int((before + pause.start + min(TAIL, length)) * RATE)], False, length, number))
        result.append((whole[: int((before + TAIL) * RATE) + len(made.said.samples)], True, np.inf, number))
    return result


def judged(models: Path, sounds: list, heard: list) -> tuple:
    """Probabilities (audio [n], text [n], the latter 0.5 where nothing was heard), milliseconds of the audio model."""
    with tempfile.TemporaryDirectory() as folder:
        questions = []
        for number, (sound, text) in enumerate(zip(sounds, heard)):
            file = Path(folder) / f"{number}.wav"
            measure_recogniser.write(file, sound[-8 * RATE:])
            questions.append(json.dumps({"file": str(file), "text": text}))
        command = ["node", str(Path(__file__).parent / "judge_turns.mjs"), str(models.resolve())]
        output = subprocess.run(command, input="\n".join(questions), cwd=measure_recogniser.ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    answers = [json.loads(line) for line in output.splitlines()]
    return (np.array([answer["audio"] for answer in answers]), np.array([answer.get("text", 0.5) for answer in answers]),
            float(np.median([answer["milliseconds"] for answer in answers])))


def logit(chance: np.ndarray) -> np.ndarray:
    return np.log(np.clip(chance, 1e-4, 1 - 1e-4) / (1 - np.clip(chance, 1e-4, 1 - 1e-4)))


def whole_turns(logits, complete, silence, numbers) -> dict:
    """Cut-offs at a mean wait of 0.3 s, and mean and 95th percentile of the wait at 5 % cut-offs."""
    best, at_five = 1.0, None
    for sure in np.linspace(-4, 9, 66):
        for slope in (0.15, 0.3, 0.45, 0.7, 1.2, 2.5):
            wait = np.clip(ASKED + slope * (sure - logits), ASKED, LONGEST_WAIT)
            cut = len(set(numbers[~complete & (silence > wait)])) / len(set(numbers))
            waits = wait[complete]
            if waits.mean() <= 0.3:
                best = min(best, cut)
            if cut <= 0.05 and (at_five is None or waits.mean() < at_five[0]):
                at_five = (float(waits.mean()), float(np.quantile(waits, 0.95)))
    return {"cut_off_at_0.3_s": round(best, 4), "mean_and_p95_wait_at_5_percent": at_five and [round(value, 3) for value in at_five]}


def main(models: Path, combination: Path, turns: int, out) -> None:
    weights = json.loads(combination.read_text())["combination"]
    sounds, complete, silence, numbers = (np.array(values, dtype=object) if index == 0 else np.array(values)
                                          for index, values in enumerate(zip(*moments(turns))))
    heard = []
    for start in range(0, len(sounds), 400):
        heard += measure_recogniser.recognise(measure_recogniser.ROOT / "public/models/starter/recogniser", "q8", [sound[-int(7.9 * RATE):] for sound in sounds[start: start + 400]])
    audio, text, milliseconds = judged(models, list(sounds), heard)
    logits = {"text": logit(text), "audio": logit(audio)}
    logits["combined"] = weights["a"] * logits["audio"] + weights["t"] * logits["text"] + weights["b"]
    result = {"turns": turns, "moments": len(complete), "audio_ms": round(milliseconds, 1), "figures": {
        name: {**turn_combine.figures(values, complete), **whole_turns(values, complete, silence, numbers)} for name, values in logits.items()}}
    print(json.dumps(result, indent=1))
    if out:
        out.write_text(json.dumps({**result, "rows": [{"turn": int(number), "complete": bool(kept), "silence": float(length) if length < 99 else None, "heard": words,
                                                      "audio": float(p), "text": float(q)}
                                                     for number, kept, length, words, p, q in zip(numbers, complete, silence, heard, audio, text)]}, indent=1) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path)
    parser.add_argument("combination", type=Path)
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    main(chosen.models, chosen.combination, chosen.turns, chosen.json)
