"""Lets the starter recogniser write down what it hears up to each pause: what the text turn model will really read.

    /usr/bin/python3 tools/starter-models/turn_words.py DATA OUT.json [--train 4000] [--check 1600]

DATA is a folder of turn_data.py. OUT.json: [{heard, text, complete, kind, voice, check}]. Beside it OUT.npy: the features
float16 [n, 80, 400] of the very same sounds for the moments by voices kept back, in their order in the list.
"""
import argparse
import json
import time
from pathlib import Path

import numpy as np

import measure_recogniser
import turn_sound
from turn_data import Moments

MODEL = measure_recogniser.ROOT / "public/models/starter/recogniser"
SHARE = 400  # sounds written to disk at a time
LONGEST = 7.9  # seconds: the recogniser's window


def main(folder: Path, out: Path, train: int, check: int, frames: int = 400) -> None:
    moments, room, random = Moments(folder), turn_sound.Room(77), np.random.default_rng(7)
    chosen = [index for kept, count in ((True, check), (False, train)) for index in random.permutation(np.flatnonzero(moments.check == kept))[:count]]
    entries, mel, started = [], [], time.time()
    for start in range(0, len(chosen), SHARE):
        part, sounds = [], []
        for index in chosen[start: start + SHARE]:
            moment = moments[index]
            if len(moment.samples) > (LONGEST - 1) * turn_sound.RATE:
                continue
            sound = room.hear(moment.samples, moment.silence)
            sounds.append(sound)
            part.append({"text": moment.text, "complete": bool(moment.complete), "kind": moment.kind, "voice": moment.voice, "check": bool(moment.check)})
            if moment.check:
                mel.append(turn_sound.smart_turn_features(np.round(sound * 32767) / 32768, frames).astype(np.float16))
        for entry, heard in zip(part, measure_recogniser.recognise(MODEL, "q8", sounds)):
            entries.append({"heard": heard, **entry})
        out.write_text(json.dumps(entries, indent=0))
        np.save(out.with_suffix(".npy"), np.stack(mel))
        print(f"{len(entries)} moments in {time.time() - started:.0f} s", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--train", type=int, default=4000)
    parser.add_argument("--check", type=int, default=1600)
    chosen = parser.parse_args()
    main(chosen.data, chosen.out, chosen.train, chosen.check)
