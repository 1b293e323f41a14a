"""Pairs of turns for the audio turn model: what only the melody tells apart, and the kinds that are hardest.

A clause is said once as a whole turn, and once by the same voice with more behind it. Its words could be an end both times.
"""
import random
from typing import List

import turn_texts
from turn_texts import Turn

AFTERTHOUGHTS = ("please", "Parley", "thanks", "if you can", "now", "then", "will you", "right", "today", "after that", "or not", "for me")
PAIRED = 0.6  # share of the draws that are pairs
HARD = (turn_texts.digits, turn_texts.digits, turn_texts.trailing, turn_texts.listing, turn_texts.middle)


def pair(rng: random.Random) -> List[Turn]:
    """A sentence as a turn, and the same one before another or an afterthought, with a pause between them."""
    sentence = turn_texts.sentence(rng, "train", 2)
    first = turn_texts.opened(sentence)
    if rng.random() < 0.6:
        rest = f"{rng.choice([',', ',', ''])} {rng.choice(turn_texts.CONJUNCTIONS)} {turn_texts.inner(turn_texts.sentence(rng, 'train', 2))}"
    else:
        rest = f", {rng.choice(AFTERTHOUGHTS)}{rng.choice('.?')}"
    turns = [Turn(sentence, [], "pair"), Turn(first + rest, [len(first.split())], "pair")]
    return [turn for turn in turns if len(turn.text.split()) <= turn_texts.MOST_WORDS]


def draw(rng: random.Random) -> List[Turn]:
    """A pair, or a turn of a hard kind: to be said by one voice."""
    if rng.random() < PAIRED:
        return pair(rng)
    return [turn for turn in [rng.choice(HARD)(rng, "train")] if len(turn.text.split()) <= turn_texts.MOST_WORDS]
