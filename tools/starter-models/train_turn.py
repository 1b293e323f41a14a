"""Makes both turn models from the starter recogniser and generated speech: data, training, calibration, export, cards.

The folder in WORK keeps what is made on the way: the speech (2 GB), what the recogniser heard, the checkpoints.
"""
from pathlib import Path

import turn_audio_train
import turn_cards
import turn_combine
import turn_data
import turn_export
import turn_measure
import turn_pairs
import turn_text_train
import turn_words

WORK = Path("/tmp/train-turn")
TARGET = Path(__file__).parent.parent.parent / "public/models/starter"
TURNS, SEED = 24000, 1
PAIRED_TURNS, PAIRS_SEED = 9000, 21
HEARD, HEARD_CHECK = 9000, 1500


def main(minutes: float) -> None:
    """`minutes` for each of the two trainings of the audio model; 0: the documented numbers of steps."""
    speech, pairs, words = WORK / "speech", WORK / "pairs", WORK / "words.json"
    first, audio, text, combination, measured = (WORK / name for name in ("first.pt", "audio.pt", "text.pt", "combination.json", "measured.json"))
    if not (speech / "turns.json").exists():
        turn_data.write(speech, TURNS, SEED)
    if not (pairs / "turns.json").exists():
        turn_data.write(pairs, PAIRED_TURNS, PAIRS_SEED, turn_pairs.draw)
    if not words.exists():
        turn_words.main(speech, words, HEARD, HEARD_CHECK)
    turn_text_train.main(words, text, turn_text_train.STEPS)
    turn_audio_train.main(speech, pairs, first, minutes)
    turn_audio_train.main(speech, pairs, audio, minutes, first)
    turn_combine.main(audio, text, words, combination)
    turn_export.main(audio, text, combination, TARGET)
    turn_measure.main(TARGET, combination, turn_measure.TURNS, measured)
    turn_cards.main(combination, measured, TARGET)
