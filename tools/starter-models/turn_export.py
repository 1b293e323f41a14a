"""Writes the trained turn models as folders of a hub repository: configs, tokenizer, ONNX with int8 weights.

    /usr/bin/python3 tools/starter-models/turn_export.py audio.pt text.pt combination.json public/models/starter

combination.json (turn_combine.py) holds each model's calibration, which becomes a part of its graph.
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
import tempfile
from pathlib import Path

import torch

import quantise
import turn_audio_model
import turn_sound
import turn_text_model
import turn_text_train

OPSET = 14


def export_audio(model: turn_audio_model.TurnAudio, calibration: dict, folder: Path) -> None:
    shape = model.shape
    write_json(folder / "config.json", {
        "model_type": "whisper", "architectures": ["SmartTurnV3Model"], "d_model": shape.width, "encoder_layers": shape.layers,
        "encoder_attention_heads": shape.heads, "encoder_ffn_dim": shape.encoder_hidden, "num_mel_bins": shape.mels,
        "max_source_positions": turn_audio_model.FRAMES // 2, "activation_function": "relu"})
    write_json(folder / "preprocessor_config.json", {
        "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": turn_sound.MELS, "sampling_rate": turn_sound.RATE,
        "n_fft": turn_sound.N_FFT, "hop_length": turn_sound.HOP, "chunk_length": 8, "n_samples": turn_sound.SAMPLES,
        "nb_max_frames": turn_sound.FRAMES, "padding_side": "left", "padding_value": 0.0, "do_normalize": True, "return_attention_mask": False})
    graph = turn_audio_model.TurnAudioGraph(model, calibration["scale"], calibration["shift"]).eval()
    export(graph, (torch.zeros(2, shape.mels, turn_audio_model.FRAMES),), folder, ["input_features"], ["logits"],
           {"input_features": {0: "batch_size"}, "logits": {0: "batch_size"}})


def export_text(model: turn_text_model.TurnText, calibration: dict, folder: Path) -> None:
    shape = model.shape
    model.scale.fill_(calibration["scale"])
    model.shift.copy_(torch.tensor([0.0, calibration["shift"]]))
    write_json(folder / "config.json", {
        "model_type": "distilbert", "architectures": ["DistilBertForSequenceClassification"], "dim": shape.width, "n_layers": shape.layers,
        "n_heads": shape.heads, "hidden_dim": shape.hidden, "vocab_size": shape.vocabulary, "max_position_embeddings": turn_text_model.LONGEST,
        "activation": "relu", "pad_token_id": shape.vocabulary - 1, "id2label": {"0": "incomplete", "1": "complete"},
        "label2id": {"incomplete": 0, "complete": 1}})
    turn_text_train.tokenizer().save(folder, {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": turn_text_model.LONGEST, "truncation_side": "left", "pad_token": "<|pad|>",
        "model_input_names": ["input_ids", "attention_mask"]})
    example = torch.ones(2, 7, dtype=torch.long)
    axes = {0: "batch_size", 1: "sequence_length"}
    export(model.eval(), (example, example), folder, ["input_ids", "attention_mask"], ["logits"],
           {"input_ids": axes, "attention_mask": axes, "logits": {0: "batch_size"}})


def export(graph, example: tuple, folder: Path, inputs: list, outputs: list, axes: dict) -> None:
    """onnx/model_quantized.onnx."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        full = Path(scratch) / "model.onnx"
        torch.onnx.export(graph, example, str(full), opset_version=OPSET, input_names=inputs, output_names=outputs, dynamic_axes=axes)
        quantise.quantise(full, folder / "onnx" / "model_quantized.onnx")


def write_json(path: Path, content: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=2) + "\n")


def main(audio: Path, text: Path, combination: Path, folder: Path) -> None:
    calibrations = json.loads(combination.read_text())["calibration"]
    export_audio(turn_audio_model.load(audio), calibrations["audio"], folder / "turn-audio")
    export_text(turn_text_model.load(text), calibrations["text"], folder / "turn-text")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("audio", "text", "combination", "folder"):
        parser.add_argument(name, type=Path)
    chosen = parser.parse_args()
    main(chosen.audio, chosen.text, chosen.combination, chosen.folder)
