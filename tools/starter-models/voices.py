"""The voices that speak the training data, and the proof that none of the held-out ones is among them."""
import json
import random
from pathlib import Path

HELDOUT_VOICES = json.loads((Path(__file__).parent / "heldout_voices.json").read_text())
_HELDOUT_FLITE = {voice["voice"] for voice in HELDOUT_VOICES if voice["engine"] == "flite"}
_HELDOUT_ESPEAK = [voice["voice"].partition("+") for voice in HELDOUT_VOICES if voice["engine"] == "espeak"]
_HELDOUT_VARIANTS = {variant for _, _, variant in _HELDOUT_ESPEAK}
_HELDOUT_ACCENTS = {"en-gb-x-rp"}

# eSpeak accent -> weight. Received Pronunciation is held out as a whole.
ACCENTS = {"en-us": 10, "en-gb": 4, "en-us-nyc": 2, "en-gb-scotland": 1, "en-029": 1, "en-gb-x-gbclan": 1,
           "en-gb-x-gbcwmd": 1}
# eSpeak variants; "" is the accent's own voice. Whispering, croaking and robot variants are left out.
COMMON_VARIANTS = ["", "", "", "", "", "", "m1", "m2", "m3", "m4", "m5", "m6", "m8", "f1", "f2", "f3", "f5", "klatt",
                   "klatt2", "klatt3"]
VARIANTS = COMMON_VARIANTS + (
    "Alex Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Mario Nguyen Storm adam anika antonio aunty "
    "benjamin boris caleb david ed edward edward2 grandma grandpa gustave iven iven2 iven3 iven4 john kaukovalta "
    "klatt4 klatt5 klatt6 marcelo michel miguel norbert pablo pedro quincy rob robert sandro shelby steph steph2 "
    "steph3 travis victor zac").split()

# Training voices that no turn model learns from: they choose the moment to stop, calibrate, combine, and set how patient
# the product is. f5 and m3 stand for the common variants, the others for the rare ones.
CHECK_VARIANTS = {"f5", "m3", "klatt3", "anika", "caleb", "steph2", "zac", "grandma", "edward2", "marcelo"}
CHECK_VOICES = [
    {"engine": "espeak", "voice": voice, "speed": speed, "pitch": pitch}
    for voice, speed, pitch in (("en-us+f5", 160, 50), ("en-gb+m3", 165, 50), ("en-us+klatt3", 155, 45), ("en-us+anika", 165, 50),
                                ("en-gb+caleb", 160, 50), ("en-us+steph2", 170, 55), ("en-us+zac", 175, 50), ("en-gb+grandma", 150, 50),
                                ("en-us+edward2", 150, 55), ("en-us-nyc+marcelo", 165, 45), ("en-us+m3", 165, 50), ("en-gb+f5", 165, 50))]


def training_voice(rng: random.Random) -> dict:
    """A random voice with random speed and tone, as speech.speak takes it.

    For Flite's recorded voices the key "tone" is a ratio for features.shift_tone, which speak() does not know.
    """
    draw = rng.random()
    if draw < 0.62:
        accent = rng.choices(list(ACCENTS), list(ACCENTS.values()))[0]
        variant = rng.choice(VARIANTS if rng.random() < 0.7 else COMMON_VARIANTS)
        voice = {"engine": "espeak", "voice": accent + ("+" + variant if variant else ""),
                 "speed": int(min(220, max(115, rng.gauss(165, 25)))), "pitch": int(min(95, max(5, rng.gauss(50, 18)))),
                 "pitch_range": rng.randint(25, 80)}
    elif draw < 0.72:
        voice = {"engine": "flite", "voice": "kal16", "stretch": rng.uniform(0.75, 1.25),
                 "pitch": rng.uniform(80, 190), "spread": rng.uniform(8, 30)}
    else:
        tone = 1.0 if rng.random() < 0.3 else 0.8 * 2.6 ** rng.random()
        voice = {"engine": "flite", "voice": "rms" if draw < 0.87 else "awb", "stretch": rng.uniform(0.75, 1.25),
                 "tone": tone}
    assert_not_heldout(voice)
    return voice


def assert_not_heldout(voice: dict) -> None:
    """Fails if a voice, its variant or its accent belongs to the evaluation."""
    if voice["engine"] == "flite":
        assert voice["voice"] not in _HELDOUT_FLITE, voice
        return
    accent, _, variant = voice["voice"].partition("+")
    assert variant not in _HELDOUT_VARIANTS and accent not in _HELDOUT_ACCENTS, voice
