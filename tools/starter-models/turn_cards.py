"""Writes the model cards of the two turn models from what turn_combine.py and turn_measure.py have measured.

    /usr/bin/python3 tools/starter-models/turn_cards.py combination.json measured.json public/models/starter
"""
import argparse
import json
from pathlib import Path

HEAD = """---
license: apache-2.0
language: en
library_name: onnxruntime
pipeline_tag: {tag}
---
# Parley's starter turn model for {what}

{intro}

**What it is for.** At every soft pause it tells Parley how likely the speaker is done, so that a finished question is answered at
once and a pause for thought is waited for. It comes with Parley so that this works with no download.

**What it is not.** It has never heard or read a person: its training turns are generated sentences of one small domain in
English, spoken by two synthesisers, with pauses put in at word times. Take its figures as a comparison between
detectors, not as a promise for people; {other}

**Interface.** {interface}

**How it was made.** {made} See `tools/starter-models/TURN.md`. No held-out voice and no held-out sentence template
(`heldout_voices.json`, `domain.py`, `turn_texts.py`) was used in training.

**Measured** on {turns} turns ({moments} silences) of {voices} held-out voices, half of them with a background 15 dB below the
speech, with `/usr/bin/python3 tools/starter-models/turn_measure.py public/models/starter combination.json`:

| | {columns} |
|---|{rules}|
| chance that an end scores above an inner pause | {area} |
| right at 0.5 | {right} |
| ends above 95 % of the inner pauses | {above} |
| inner pauses above the best 95 % of the ends | {below} |
| mean gap between probability and share of ends | {gap} |

{speed}**Licence.** Apache-2.0. The synthesisers (eSpeak NG, GPL-3.0; Flite, BSD-like) spoke the training data; no part of them is in the model.
"""

AUDIO = {
    "tag": "audio-classification", "what": "audio",
    "intro": "Hears in the last seconds of speech whether a turn is over: melody, length of the last sounds, and what sounds they are.",
    "other": "Smart Turn v3, which Parley loads in the same way, was trained on people.",
    "interface": "That of Smart Turn v3: `input_features` float32 [batch, 80, 800], Whisper's log-mel (25 ms windows every 10 ms) of the last 8 s at "
                 "16 kHz, zeros in front, at zero mean and unit variance over all 8 s; `logits` [batch, 1] is the probability, sigmoid included. It looks "
                 "at the last 4 s. Weights are int8, computed in float32.",
    "made": "The first two layers of the starter recogniser, unchanged, beside them a convolution over all bands and three that follow the harmonics "
            "below 2.2 kHz, three layers of width 96 above, attention pooling.",
}
TEXT = {
    "tag": "text-classification", "what": "text",
    "intro": "Reads in the words of a turn whether it is over.",
    "other": "it reads the mistakes of the starter recogniser, which another recogniser does not make.",
    "interface": "`input_ids`, `attention_mask` int64 [batch, n] of at most 64 tokens, the last ones; `logits` [batch, 2], of which the second "
                 "after a softmax is the probability. The tokenizer is byte-level BPE and adds no tokens. Weights are int8, computed in float32.",
    "made": "Two layers of width 96 over the starter recogniser's byte-level BPE, trained on what that recogniser wrote of generated turns and on turns made "
            "while training. Unlike DistilBERT it has no token in front but reads the last one and the mean of all.",
}
ROWS = {"area": "area", "right": "right", "above": "complete_above_95_percent_of_incomplete", "below": "incomplete_above_the_best_95_percent_of_complete",
        "gap": "calibration_error"}


def card(parts: dict, names: list, measured: dict, speed: str) -> str:
    columns = {row: " | ".join(f"{measured['figures'][name][key]:.3f}" for name in names) for row, key in ROWS.items()}
    voices = len(json.loads((Path(__file__).parent / "heldout_voices.json").read_text()))
    return HEAD.format(**parts, turns=measured["turns"], moments=measured["moments"], voices=voices, columns=" | ".join(names),
                       rules="|".join("---" for _ in names), speed=speed, **columns)


def main(combination: Path, measured: Path, folder: Path) -> None:
    weights, found = json.loads(combination.read_text())["combination"], json.loads(measured.read_text())
    together = (f"`combined` is logit = {weights['a']} · logit(audio) + {weights['t']} · logit(text) {weights['b']:+}, fitted on training voices that were kept "
                "back.\n\n")
    (folder / "turn-audio" / "README.md").write_text(card(AUDIO, ["audio", "combined"], found, together))
    (folder / "turn-text" / "README.md").write_text(card(TEXT, ["text", "combined"], found, together))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("combination", "measured", "folder"):
        parser.add_argument(name, type=Path)
    chosen = parser.parse_args()
    main(chosen.combination, chosen.measured, chosen.folder)
