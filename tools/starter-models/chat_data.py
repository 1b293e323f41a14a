"""Conversations as token sequences: the ChatML text, which of it is learnt, and batches of like length."""
import itertools
import random
from typing import Iterator, List, Tuple

import torch
from torch import Tensor

from bpe import Tokenizer, train_bpe
from dialogues import dialogue

VOCABULARY_SIZE = 1280
SPECIAL_TOKENS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", ("<tool_call>", False), ("</tool_call>", False))
LONGEST = 640  # tokens; 14 turns fit. Rotary positions are relative, so a later start needs no training.
BATCH_TOKENS = 3072
EARLY_POOLS = 15  # the first pools hold short conversations: copying is learnt sooner over short distances
POOL = 600  # conversations, sorted by length so that little is padded

# System messages and `tools` are ignored on purpose: the model was trained with its tools built in.
CHAT_TEMPLATE = (
    "{%- for message in messages -%}{%- if message['role'] != 'system' -%}"
    "{{- '<|im_start|>' + message['role'] + '\\n' -}}"
    "{%- if message['content'] -%}{{- message['content'] -}}{%- endif -%}"
    "{%- if message['tool_calls'] -%}{%- for call in message['tool_calls'] -%}{%- set function = call['function'] if call['function'] else call -%}"
    "{{- '<tool_call>\\n{\"name\": \"' + function['name'] + '\", \"arguments\": ' -}}"
    "{%- if function['arguments'] is string -%}{{- function['arguments'] -}}{%- else -%}{{- function['arguments'] | tojson -}}{%- endif -%}"
    "{{- '}\\n</tool_call>' -}}{%- endfor -%}{%- endif -%}"
    "{{- '<|im_end|>\\n' -}}{%- endif -%}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"
)


def chat_text(messages: List[dict], prompt: bool = False) -> str:
    """The text of the template above, for plain messages."""
    text = "".join(f"<|im_start|>{message['role']}\n{message['content']}<|im_end|>\n" for message in messages if message["role"] != "system")
    return text + ("<|im_start|>assistant\n" if prompt else "")


def encode(messages: List[dict], tokenizer: Tokenizer) -> Tuple[List[int], List[bool]]:
    """(token ids, is this token a target): targets are the assistant's uncut words and the end after them."""
    ids, targets = [], []
    for message in messages:
        head = tokenizer.encode(f"<|im_start|>{message['role']}\n")
        body = tokenizer.encode(f"{message['content']}<|im_end|>")
        learn = message["role"] == "assistant" and not message.get("cut")
        ids += head + body + tokenizer.encode("\n")
        targets += [False] * len(head) + [learn] * len(body) + [False]
    return ids[:LONGEST], targets[:LONGEST]


def make_tokenizer(seed: int = 1) -> Tokenizer:
    """A tokenizer from 6,000 training conversations."""
    rng = random.Random(seed)
    texts = [message["content"] for _ in range(6000) for message in dialogue(rng, "train")]
    return train_bpe(texts, VOCABULARY_SIZE, SPECIAL_TOKENS)


def batches(tokenizer: Tokenizer, seed: int) -> Iterator[Tuple[Tensor, Tensor]]:
    """Endless fresh batches: ids [B,T+1] padded on the right with 0, targets mask [B,T+1]. About BATCH_TOKENS tokens each."""
    rng = random.Random(seed)
    for number in itertools.count():
        longer = lambda: rng.randint(1, 2) if number < EARLY_POOLS else rng.randint(7, 14) if rng.random() < 0.06 else None
        pool = [encode(dialogue(rng, "train", longer()), tokenizer) for _ in range(POOL)]
        pool.sort(key=lambda pair: len(pair[0]) + rng.random())
        cuts, batch = [], []
        for pair in pool:
            if (len(batch) + 1) * len(pair[0]) > BATCH_TOKENS and batch:
                cuts.append(batch)
                batch = []
            batch.append(pair)
        cuts.append(batch)
        rng.shuffle(cuts)
        for batch in cuts:
            longest = max(len(ids) for ids, _ in batch)
            ids = torch.zeros(len(batch), longest, dtype=torch.long)
            targets = torch.zeros(len(batch), longest, dtype=torch.bool)
            for row, (sequence, learn) in enumerate(batch):
                ids[row, :len(sequence)] = torch.tensor(sequence)
                targets[row, :len(learn)] = torch.tensor(learn)
            yield ids, targets
