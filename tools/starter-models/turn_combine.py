"""Calibrates the two turn models and finds how to combine them, on training voices that neither has learnt from.

    /usr/bin/python3 tools/starter-models/turn_combine.py audio.pt text.pt WORDS.json combination.json

Writes {calibration: {audio, text: {scale, shift}}, combination: {a, t, b}, figures}: the probability of an end is
sigmoid(scale * logit + shift) for each model, and logit = a * logit(p_audio) + t * logit(p_text) + b for both.
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
from pathlib import Path

import numpy as np
import torch

import turn_audio_model
import turn_audio_train
import turn_text_model
import turn_text_train


def logistic(inputs: np.ndarray, complete: np.ndarray, ridge: float = 1e-3) -> np.ndarray:
    """Weights [k + 1], the constant last, of a logistic regression of complete [n] on inputs [n, k] (Newton's method)."""
    rows = np.column_stack([inputs, np.ones(len(inputs))])
    weights = np.zeros(rows.shape[1])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (chance - complete) + ridge * weights
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def figures(logits: np.ndarray, complete: np.ndarray) -> dict:
    """How well logits tell the ends, and how honest they are."""
    chance = 1 / (1 + np.exp(-logits))
    groups = np.minimum((chance * 10).astype(int), 9)
    error = sum(abs(chance[groups == group].mean() - complete[groups == group].mean()) * (groups == group).mean() for group in np.unique(groups))
    return {"area": round(turn_audio_train.area(logits, complete), 4), "right": round(float(((logits > 0) == complete).mean()), 4),
            "complete_above_95_percent_of_incomplete": round(float((logits[complete] > np.quantile(logits[~complete], 0.95)).mean()), 4),
            "incomplete_above_the_best_95_percent_of_complete": round(float((logits[~complete] > np.quantile(logits[complete], 0.05)).mean()), 4),
            "calibration_error": round(float(error), 4)}


def main(audio_path: Path, text_path: Path, words: Path, out: Path) -> None:
    torch.set_num_threads(1)
    check = [entry for entry in json.loads(words.read_text()) if entry["check"]]
    heard = np.array([bool(entry["heard"]) for entry in check])
    complete = np.array([entry["complete"] for entry in check])[heard]
    mel = torch.from_numpy(np.load(words.with_suffix(".npy"))[heard]).float()
    audio_model, text_model = turn_audio_model.load(audio_path), turn_text_model.load(text_path)
    raw = {"audio": turn_audio_train.scores_of(audio_model, mel),
           "text": turn_text_train.scores_of(text_model, turn_text_train.tokenizer(), [entry["heard"] for entry in check if entry["heard"]])}
    calibration, logits = {}, {}
    for name, scores in raw.items():
        scale, shift = logistic(scores[:, None], complete)
        calibration[name] = {"scale": round(float(scale), 4), "shift": round(float(shift), 4)}
        logits[name] = scores * scale + shift
    a, t, b = logistic(np.column_stack([logits["audio"], logits["text"]]), complete)
    logits["combined"] = a * logits["audio"] + t * logits["text"] + b
    result = {"calibration": calibration, "combination": {"a": round(float(a), 3), "t": round(float(t), 3), "b": round(float(b), 3)},
              "moments": len(complete), "figures": {name: figures(values, complete) for name, values in logits.items()}}
    out.write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("audio", "text", "words", "out"):
        parser.add_argument(name, type=Path)
    chosen = parser.parse_args()
    main(chosen.audio, chosen.text, chosen.words, chosen.out)
