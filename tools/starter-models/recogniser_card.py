"""The model card of the starter recogniser, filled with measured figures."""

CARD = """---
license: apache-2.0
language: en
library_name: transformers.js
pipeline_tag: automatic-speech-recognition
---
# Parley's starter recogniser

A very small speech recogniser of Whisper's architecture ({parameters:.2f} million parameters) that comes with Parley, so that
the assistant can be tried with no download. It was trained from nothing on synthetic speech.

## What it is for, and what it is not

It knows the everyday phrases of one small domain in English: the time and date, sums, timers, lights, music, the
weather, greetings, names, jokes, and the assistant's own replies. It writes numbers as words, with capitals and
punctuation as Whisper does, and writes nothing for sounds that are not speech.

It is **not** a general recogniser. It has never heard a person: its training voices are those of two speech
synthesisers, and so are the voices of the figures below. Words outside its domain come out as words inside it.
For real use choose one of the published Whisper models in Parley's settings.

## How it was made

`tools/starter-models` in Parley's repository holds everything: sentences from templates (`domain.py`), speech by
eSpeak NG (70 variants in 7 accents) and by Flite's kal16, awb and rms (`voices.py`), augmentation by vocal-tract
length, noise, babble, colouring and reverberation (`recogniser_batches.py`), a framewise phoneme loss and an alignment loss
beside the text loss, Muon (`optimiser.py`). To make it again: `python3 tools/starter-models/build.py recogniser`.
The voices, variants and the accent in `heldout_voices.json` and the sentences in `heldout.json` are in no training data.

Format: input 8 s of 16 kHz sound as {mels} log-mel bands every 16 ms (a 32 ms window), {layers} encoder and {decoder_layers}
decoder layers of width {width}, {vocabulary} byte-level BPE tokens. ONNX in float32, and with int8 weights (`_quantized`).

## Figures

{clips} held-out sentences by {voices} held-out voices (one of Flite, the others eSpeak variants), through transformers.js on
onnxruntime's CPU provider. Noises and sounds come from the generators that also augment the training (`noise_bank.py`), with
other seeds:

| | float32 | int8 weights |
|---|---|---|
| wrong words, clean | {clean} |
| clips with every word right | {all_words_right} |
| wrong words, white or pink noise at 10 dB | {noise_10db} |
| words invented over 64 s of silence, noise, hum, clicks, tones and chords | {invented_words} |
| wrong words in the assistant's replies by eSpeak en-us | {replies_clean} |
| replies with every word right | {replies_all_words_right} |

Wrong words by voice (float32, about {each} sentences each):

| voice | wrong words |
|---|---|
{by_voice}

Measured with `python3 tools/starter-models/measure_recogniser.py public/models/starter/recogniser --card`.

## Licence

Apache-2.0. The synthesisers (eSpeak NG, GPL-3.0; Flite, BSD-like) spoke the training data; no part of them is in the model.
"""


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def card(figures: dict, config: dict, parameters: int) -> str:
    """`figures` as measure_recogniser makes them for fp32 and q8, `config` the model's config.json."""
    full, small = figures["fp32"], figures["q8"]
    rows = {name: f"{percent(full[name])} | {percent(small[name])}" for name in
            ("clean", "all_words_right", "noise_10db", "replies_clean", "replies_all_words_right")}
    by_voice = "\n".join(f"| {voice} | {percent(rate)} |" for voice, rate in full["by_voice"].items())
    return CARD.format(
        parameters=parameters / 1e6, mels=config["num_mel_bins"], layers=config["encoder_layers"],
        decoder_layers=config["decoder_layers"], width=config["d_model"], vocabulary=config["vocab_size"],
        clips=full["clips"], voices=len(full["by_voice"]), each=full["clips"] // len(full["by_voice"]),
        invented_words=f"{full['invented_words']} | {small['invented_words']}", by_voice=by_voice, **rows)
