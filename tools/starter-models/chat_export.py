"""Writes the chat model in the layouts that run it: Hugging Face + ONNX (transformers.js) and GGUF (llama.cpp)."""
import json
import warnings
from pathlib import Path
from typing import List

import torch
from torch import Tensor, nn

from bpe import Tokenizer
from chat_data import CHAT_TEMPLATE
from chat_model import ChatModel
from gguf import write_gguf
from quantise import quantise

FOLDER = Path(__file__).resolve().parents[2] / "public" / "models" / "starter" / "chat"
OPSET = 14


class Graph(nn.Module):
    """The graph that transformers.js feeds: ids, attention mask, positions, then key and value of every layer."""

    def __init__(self, model: ChatModel):
        super().__init__()
        self.inner = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, position_ids: Tensor, *past: Tensor) -> List[Tensor]:
        """[B,T], [B,P+T], [B,T], [B,K,P,D] each -> logits [B,T,V], then the grown keys and values."""
        total = attention_mask.shape[1]
        rows = torch.arange(total - input_ids.shape[1], total).unsqueeze(-1)
        visible = (torch.arange(total).unsqueeze(0) <= rows).unsqueeze(0) & (attention_mask > 0).unsqueeze(1)
        mask = (1.0 - visible.float()).unsqueeze(1) * -1e9
        states, presents = self.inner.hidden(input_ids, position_ids, mask, [(past[i], past[i + 1]) for i in range(0, len(past), 2)])
        # The embedding as the left factor: no transposed second copy of it in the file.
        logits = (self.inner.model.embed_tokens.weight @ states.transpose(1, 2)).transpose(1, 2)
        return [logits, *(tensor for pair in presents for tensor in pair)]


def export_onnx(model: ChatModel, path: Path) -> None:
    """Every axis that may vary is dynamic; an empty past (P = 0) is allowed."""
    config = model.config
    names = [f"{layer}.{part}" for layer in range(config.num_hidden_layers) for part in ("key", "value")]
    inputs = ["input_ids", "attention_mask", "position_ids"] + [f"past_key_values.{name}" for name in names]
    outputs = ["logits"] + [f"present.{name}" for name in names]
    axes = {"input_ids": {0: "batch_size", 1: "sequence_length"}, "attention_mask": {0: "batch_size", 1: "total_sequence_length"},
            "position_ids": {0: "batch_size", 1: "sequence_length"}, "logits": {0: "batch_size", 1: "sequence_length"}}
    for name in names:
        axes[f"past_key_values.{name}"] = {0: "batch_size", 2: "past_sequence_length"}
        axes[f"present.{name}"] = {0: "batch_size", 2: "total_sequence_length"}
    past = [torch.randn(2, config.num_key_value_heads, 3, config.head_dim) for _ in names]
    example = (torch.ones(2, 4, dtype=torch.long), torch.ones(2, 7, dtype=torch.long), torch.arange(3, 7).repeat(2, 1), *past)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer's notes on shapes; the parity check is the judge
        torch.onnx.export(Graph(model), example, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes, opset_version=OPSET)


def write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def export(model: ChatModel, tokenizer: Tokenizer, folder: Path = FOLDER) -> None:
    """Writes config, tokenizer, both ONNX precisions and the GGUF file."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    config = model.config
    end, pad = tokenizer.added_ids["<|im_end|>"], tokenizer.added_ids["<|endoftext|>"]
    write_json(folder / "config.json", {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": config.vocab_size, "hidden_size": config.hidden_size,
        "intermediate_size": config.intermediate_size, "num_hidden_layers": config.num_hidden_layers, "num_attention_heads": config.num_attention_heads,
        "num_key_value_heads": config.num_key_value_heads, "head_dim": config.head_dim, "hidden_act": "silu", "rms_norm_eps": config.rms_norm_eps,
        "rope_theta": config.rope_theta, "rope_scaling": None, "max_position_embeddings": config.max_position_embeddings, "tie_word_embeddings": True,
        "attention_bias": False, "mlp_bias": False, "bos_token_id": pad, "eos_token_id": end, "pad_token_id": pad, "torch_dtype": "float32", "use_cache": True,
    })
    write_json(folder / "generation_config.json", {"bos_token_id": pad, "eos_token_id": end, "pad_token_id": pad, "do_sample": False, "max_new_tokens": 96})
    tokenizer.save(folder, {"bos_token": "<|endoftext|>", "eos_token": "<|im_end|>", "pad_token": "<|endoftext|>", "unk_token": "<|endoftext|>",
                            "model_max_length": config.max_position_embeddings, "chat_template": CHAT_TEMPLATE})
    export_onnx(model, folder / "onnx" / "model.onnx")
    quantise(folder / "onnx" / "model.onnx", folder / "onnx" / "model_quantized.onnx")
    write_gguf(folder / "starter-chat-f16.gguf", model, tokenizer, CHAT_TEMPLATE)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            print(f"{path.stat().st_size:>10,} {path.relative_to(folder)}")
