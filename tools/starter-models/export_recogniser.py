"""Writes a trained recogniser as a Whisper folder for transformers.js: configs, tokenizer, ONNX float32 and int8.

    python3 export_recogniser.py /tmp/train-recogniser/checkpoint.pt public/models/starter/recogniser
"""
import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F

import features
import quantise
from recogniser_batches import SPECIAL
from recogniser_model import Recogniser
from recogniser_checkpoint import load_model

OPSET = 14


class CachedDecoder(nn.Module):
    """The decoder with caches as inputs and outputs, in the order of `cache_names`.

    The memory of the audio is computed for those positions that the cache does not hold yet: for all of them in
    the first step, where every cache is empty, and for none later. So one graph serves both without a branch.
    """

    def __init__(self, model: Recogniser):
        super().__init__()
        self.decoder, self.heads = model.decoder, model.shape.heads

    def forward(self, tokens, audio, *caches):
        past = caches[0].shape[2]
        length = tokens.shape[1]
        places = torch.arange(past, past + length)
        mask = (torch.arange(past + length)[None, :] > places[:, None]).float() * -1e9
        hidden = F.embedding(tokens, self.decoder.embedding.weight) + F.embedding(places, self.decoder.positions.weight)
        fresh = audio[:, caches[2].shape[2]:]
        present = []
        for number, layer in enumerate(self.decoder.layers):
            old_key, old_value, audio_key, audio_value = caches[4 * number: 4 * number + 4]
            query, key, value = layer.attention.split(layer.attention_norm(hidden))
            key, value = torch.cat([old_key, key], dim=2), torch.cat([old_value, value], dim=2)
            scores = query @ key.transpose(2, 3) + mask
            hidden = hidden + layer.attention.merge(scores.softmax(-1) @ value)
            fresh_key, fresh_value = layer.cross.memory(fresh)
            audio_key, audio_value = torch.cat([audio_key, fresh_key], dim=2), torch.cat([audio_value, fresh_value], dim=2)
            hidden = hidden + layer.cross(layer.cross_norm(hidden), audio_key, audio_value)[0]
            hidden = hidden + layer.feed(layer.feed_norm(hidden))
            present += [key, value, audio_key, audio_value]
        # The embedding as the left factor: transposed as a right one it would be stored a second time.
        logits = (self.decoder.embedding.weight @ self.decoder.norm(hidden).transpose(1, 2)).transpose(1, 2)
        return (logits, *present)


def cache_names(layers: int, prefix: str) -> list:
    """transformers.js' names, for each layer: the text's key and value, the audio's key and value."""
    return [f"{prefix}.{layer}.{side}.{part}" for layer in range(layers) for side in ("decoder", "encoder")
            for part in ("key", "value")]


def export_onnx(model: Recogniser, folder: Path) -> None:
    """encoder_model.onnx and decoder_model_merged.onnx, and int8 copies named _quantized."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = model.shape
    mel = torch.zeros(1, shape.mels, 2 * shape.source_positions)
    torch.onnx.export(model.encoder, (mel,), str(folder / "encoder_model.onnx"), opset_version=OPSET,
                      input_names=["input_features"], output_names=["last_hidden_state"],
                      dynamic_axes={"input_features": {0: "batch_size"}, "last_hidden_state": {0: "batch_size"}})
    names_in, names_out = (cache_names(shape.decoder_layers, prefix) for prefix in ("past_key_values", "present"))
    axes = {"input_ids": {0: "batch_size", 1: "decoder_sequence_length"},
            "encoder_hidden_states": {0: "batch_size", 1: "encoder_sequence_length"},
            "logits": {0: "batch_size", 1: "decoder_sequence_length"}}
    for when, names in (("past", names_in), ("total", names_out)):
        for name in names:
            side = "decoder" if ".decoder." in name else "encoder"
            axes[name] = {0: "batch_size", 2: f"{when}_{side}_sequence_length"}
    head = shape.width // shape.heads
    # Example sizes that are all different and not 0 or 1, so that none of them is taken for a constant.
    caches = [torch.zeros(1, shape.heads, 3 if ".decoder." in name else 5, head) for name in names_in]
    torch.onnx.export(CachedDecoder(model), (torch.zeros(1, 2, dtype=torch.long), torch.zeros(1, 17, shape.width), *caches),
                      str(folder / "decoder_model_merged.onnx"), opset_version=OPSET,
                      input_names=["input_ids", "encoder_hidden_states", *names_in],
                      output_names=["logits", *names_out], dynamic_axes=axes)
    for name in ("encoder_model", "decoder_model_merged"):
        quantise.quantise(folder / f"{name}.onnx", folder / f"{name}_quantized.onnx")


def export_configs(model: Recogniser, texts, folder: Path) -> None:
    """config, generation_config, preprocessor_config, tokenizer and tokenizer_config."""
    shape, ids = model.shape, texts.tokenizer.added_ids
    end, start = ids["<|endoftext|>"], ids["<|startoftranscript|>"]
    common = {"bos_token_id": end, "eos_token_id": end, "pad_token_id": end, "decoder_start_token_id": start}
    config = {
        "model_type": "whisper", "architectures": ["WhisperForConditionalGeneration"], "is_encoder_decoder": True,
        "d_model": shape.width, "vocab_size": shape.vocabulary, "num_mel_bins": shape.mels,
        "encoder_layers": shape.encoder_layers, "encoder_attention_heads": shape.heads, "encoder_ffn_dim": shape.encoder_hidden,
        "decoder_layers": shape.decoder_layers, "decoder_attention_heads": shape.heads, "decoder_ffn_dim": shape.decoder_hidden,
        "num_hidden_layers": shape.encoder_layers, "max_source_positions": shape.source_positions,
        "max_target_positions": shape.target_positions, "activation_function": "relu", "scale_embedding": False,
        "tie_word_embeddings": True, "use_cache": True, "dropout": 0.0, **common,
    }
    generation = {
        **common, "max_length": shape.target_positions, "max_initial_timestamp_index": 1, "return_timestamps": False,
        "is_multilingual": True, "language": "en", "lang_to_id": {"<|en|>": ids["<|en|>"]},
        "task": "transcribe", "task_to_id": {"transcribe": ids["<|transcribe|>"]},
        "no_timestamps_token_id": ids["<|notimestamps|>"], "suppress_tokens": [], "begin_suppress_tokens": None,
    }
    preprocessor = {
        "feature_extractor_type": "WhisperFeatureExtractor", "processor_class": "WhisperProcessor",
        "feature_size": features.MELS, "sampling_rate": features.SAMPLE_RATE, "n_fft": features.N_FFT, "hop_length": features.HOP,
        "chunk_length": features.SECONDS, "n_samples": features.SECONDS * features.SAMPLE_RATE, "nb_max_frames": features.MAX_FRAMES,
        "padding_side": "right", "padding_value": 0.0, "return_attention_mask": False,
    }
    for name, content in (("config", config), ("generation_config", generation), ("preprocessor_config", preprocessor)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")
    texts.tokenizer.save(folder, {
        "tokenizer_class": "WhisperTokenizer", "processor_class": "WhisperProcessor", "model_max_length": shape.target_positions,
        "bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>",
        "additional_special_tokens": SPECIAL, "errors": "replace"})


def main(checkpoint: Path, folder: Path) -> None:
    model, texts = load_model(checkpoint)
    folder.mkdir(parents=True, exist_ok=True)
    export_configs(model, texts, folder)
    export_onnx(model, folder / "onnx")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("folder", type=Path)
    chosen = parser.parse_args()
    main(chosen.checkpoint, chosen.folder)
