"""A minimal GGUF (version 3) writer for the chat model: llama architecture, float16 matrices, byte-level BPE."""
import struct
from pathlib import Path
from typing import Any, Dict, List, Tuple

import numpy as np

from bpe import Tokenizer
from chat_model import ChatModel

ALIGNMENT = 32  # bytes
UINT32, FLOAT32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5
NORMAL, CONTROL, USER_DEFINED = 1, 3, 4  # llama.cpp's token types
F32, F16 = 0, 1  # ggml tensor types


def _string(text: str) -> bytes:
    raw = text.encode("utf-8")
    return struct.pack("<Q", len(raw)) + raw


def _value(value: Any) -> Tuple[int, bytes]:
    """(GGUF value type, bytes) of a Python value; lists must hold strings or integers."""
    if isinstance(value, bool):
        return BOOL, struct.pack("<?", value)
    if isinstance(value, int):
        return UINT32, struct.pack("<I", value)
    if isinstance(value, float):
        return FLOAT32, struct.pack("<f", value)
    if isinstance(value, str):
        return STRING, _string(value)
    kind, items = (STRING, [_string(item) for item in value]) if isinstance(value[0], str) else (INT32, [struct.pack("<i", item) for item in value])
    return ARRAY, struct.pack("<IQ", kind, len(value)) + b"".join(items)


def _metadata(model: ChatModel, tokenizer: Tokenizer, template: str) -> Dict[str, Any]:
    config = model.config
    end, pad = tokenizer.added_ids["<|im_end|>"], tokenizer.added_ids["<|endoftext|>"]
    return {
        "general.architecture": "llama", "general.name": "Parley starter chat", "general.license": "apache-2.0", "general.file_type": 1, "general.alignment": ALIGNMENT,
        "llama.context_length": config.max_position_embeddings, "llama.embedding_length": config.hidden_size, "llama.block_count": config.num_hidden_layers,
        "llama.feed_forward_length": config.intermediate_size, "llama.rope.dimension_count": config.head_dim, "llama.rope.freq_base": config.rope_theta,
        "llama.attention.head_count": config.num_attention_heads, "llama.attention.head_count_kv": config.num_key_value_heads,
        "llama.attention.layer_norm_rms_epsilon": config.rms_norm_eps, "llama.vocab_size": config.vocab_size,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "gpt-2", "tokenizer.ggml.tokens": list(tokenizer.vocabulary) + [content for content, _ in tokenizer.added],
        "tokenizer.ggml.token_type": [NORMAL] * len(tokenizer.vocabulary) + [CONTROL if special else USER_DEFINED for _, special in tokenizer.added],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in tokenizer.merges], "tokenizer.ggml.bos_token_id": pad, "tokenizer.ggml.eos_token_id": end,
        "tokenizer.ggml.padding_token_id": pad, "tokenizer.ggml.add_bos_token": False, "tokenizer.ggml.add_eos_token": False, "tokenizer.chat_template": template,
    }


def _interleaved(weight: np.ndarray, heads: int) -> np.ndarray:
    """Rows of a q or k matrix from rotate_half order to llama.cpp's, where the two of a rotated pair are neighbours."""
    return weight.reshape(heads, 2, -1, weight.shape[1]).swapaxes(1, 2).reshape(weight.shape)


def _tensors(model: ChatModel) -> List[Tuple[str, np.ndarray]]:
    weights = {name: value.numpy() for name, value in model.state_dict().items()}
    config = model.config
    tensors = [("token_embd.weight", weights["model.embed_tokens.weight"]), ("output_norm.weight", weights["model.norm.weight"])]
    parts = {"attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
             "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    for layer in range(config.num_hidden_layers):
        for name, part in parts.items():
            weight = weights[f"model.layers.{layer}.{part}.weight"]
            tensors.append((f"blk.{layer}.{name}.weight", _interleaved(weight, heads[name]) if name in heads else weight))
    return tensors


def write_gguf(path: Path, model: ChatModel, tokenizer: Tokenizer, template: str) -> None:
    """Writes the file; norms stay float32, matrices become float16. The output matrix is the tied embedding."""
    metadata = _metadata(model, tokenizer, template)
    tensors = [(name, array.astype(np.float32 if array.ndim == 1 else np.float16)) for name, array in _tensors(model)]
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(metadata))
    for key, value in metadata.items():
        kind, raw = _value(value)
        head += _string(key) + struct.pack("<I", kind) + raw
    offset, body = 0, b""
    for name, array in tensors:
        # GGUF lists dimensions from the fastest to the slowest.
        head += _string(name) + struct.pack(f"<I{array.ndim}Q", array.ndim, *reversed(array.shape)) + struct.pack("<IQ", F32 if array.ndim == 1 else F16, offset)
        raw = array.tobytes()
        body += raw + b"\0" * (-len(raw) % ALIGNMENT)
        offset = len(body)
    path.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + body)
