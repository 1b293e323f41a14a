"""A small byte-level BPE trainer that writes Hugging Face tokenizer files.

Pre-tokenisation is GPT-2's. Merges never contain a digit, so every number is read digit by digit without a
pre-tokenizer of its own; plain GPT-2 readers (transformers.js, llama.cpp) then agree with `encode` here.
"""
import json
import re
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Dict, Iterable, List, Optional, Sequence, Tuple, Union

# GPT-2's pattern, with \p{L} and \p{N} in the classes of the standard library.
PRETOKEN = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?\d+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


@lru_cache(maxsize=1)
def byte_letters() -> Dict[int, str]:
    """GPT-2's printable letter for each byte, in GPT-2's order."""
    visible = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    letters = {byte: chr(byte) for byte in visible}
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + len(letters) - len(visible))
    return letters


class Tokenizer:
    """Byte-level BPE. Ids: 256 bytes, then merges in order, then the added tokens in the order given."""

    def __init__(self, merges: Sequence[Tuple[str, str]], added: Sequence[Tuple[str, bool]]):
        self.merges = [tuple(pair) for pair in merges]
        self.added = list(added)  # (content, special): special tokens are skipped when text is decoded
        symbols = list(byte_letters().values()) + [left + right for left, right in self.merges]
        self.vocabulary = {symbol: index for index, symbol in enumerate(symbols)}
        self.added_ids = {content: len(symbols) + index for index, (content, _) in enumerate(self.added)}
        self._ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self._texts = {index: text for text, index in {**self.vocabulary, **self.added_ids}.items()}
        self._bytes = {letter: byte for byte, letter in byte_letters().items()}
        self._split = re.compile("(" + "|".join(re.escape(content) for content, _ in self.added) + ")") if self.added else None
        self._cache: Dict[str, List[int]] = {}

    def __len__(self) -> int:
        return len(self.vocabulary) + len(self.added)

    def _word_ids(self, word: str) -> List[int]:
        if word in self._cache:
            return self._cache[word]
        parts = [byte_letters()[byte] for byte in word.encode("utf-8")]
        while len(parts) > 1:
            rank, place = min((self._ranks.get(pair, len(self.merges)), index) for index, pair in enumerate(zip(parts, parts[1:])))
            if rank == len(self.merges):
                break
            left, right = self.merges[rank]
            merged, index = [], 0
            while index < len(parts):
                if index + 1 < len(parts) and parts[index] == left and parts[index + 1] == right:
                    merged.append(left + right)
                    index += 2
                else:
                    merged.append(parts[index])
                    index += 1
            parts = merged
        ids = [self.vocabulary[part] for part in parts]
        if len(self._cache) < 100_000:
            self._cache[word] = ids
        return ids

    def encode(self, text: str) -> List[int]:
        """Token ids of a text; added tokens inside it are recognised."""
        ids: List[int] = []
        for piece in self._split.split(text) if self._split else [text]:
            if piece in self.added_ids:
                ids.append(self.added_ids[piece])
            else:
                for word in PRETOKEN.findall(piece):
                    ids.extend(self._word_ids(word))
        return ids

    def decode(self, ids: Iterable[int], skip_special: bool = False) -> str:
        """Text of token ids; broken UTF-8 becomes U+FFFD."""
        special = {self.added_ids[content] for content, is_special in self.added if is_special}
        raw = bytearray()
        for index in ids:
            if skip_special and index in special:
                continue
            text = self._texts[int(index)]
            raw += text.encode() if int(index) >= len(self.vocabulary) else bytes(self._bytes[letter] for letter in text)
        return raw.decode("utf-8", errors="replace")

    def save(self, folder: Union[str, Path], config: Optional[dict] = None) -> None:
        """Writes tokenizer.json and tokenizer_config.json (`config` is merged into the latter)."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
        entries = [{"id": self.added_ids[content], "content": content, "single_word": False, "lstrip": False, "rstrip": False,
                    "normalized": False, "special": special} for content, special in self.added]
        tokenizer = {
            "version": "1.0", "truncation": None, "padding": None, "added_tokens": entries, "normalizer": None,
            "pre_tokenizer": byte_level, "post_processor": byte_level, "decoder": byte_level,
            "model": {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
                      "fuse_unk": False, "byte_fallback": False, "vocab": {**self.vocabulary, **self.added_ids},
                      "merges": [" ".join(pair) for pair in self.merges]},
        }
        decoder = {str(entry["id"]): {key: value for key, value in entry.items() if key != "id"} for entry in entries}
        settings = {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False, "clean_up_tokenization_spaces": False,
                    "added_tokens_decoder": decoder, **(config or {})}
        for name, value in (("tokenizer.json", tokenizer), ("tokenizer_config.json", settings)):
            (folder / name).write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, folder: Union[str, Path]) -> "Tokenizer":
        data = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
        added = [(entry["content"], entry["special"]) for entry in sorted(data["added_tokens"], key=lambda entry: entry["id"])]
        return cls([tuple(pair.split(" ")) for pair in data["model"]["merges"]], added)


def train_bpe(texts: Iterable[str], vocab_size: int, special_tokens: Sequence[Union[str, Tuple[str, bool]]] = ()) -> Tokenizer:
    """Learns merges from texts until bytes, merges and special tokens make `vocab_size` (or no pair occurs twice).

    `special_tokens`: contents, or (content, special) with special=False for an added token that stays visible in text.
    """
    added = [(token, True) if isinstance(token, str) else tuple(token) for token in special_tokens]
    counts = Counter(word for text in texts for word in PRETOKEN.findall(text))
    letters = byte_letters()
    words = [([letters[byte] for byte in word.encode("utf-8")], count) for word, count in counts.items() if not re.search(r"\d", word)]
    pairs: Counter = Counter()
    where: Dict[Tuple[str, str], set] = {}
    for index, (parts, count) in enumerate(words):
        for pair in zip(parts, parts[1:]):
            pairs[pair] += count
            where.setdefault(pair, set()).add(index)
    merges: List[Tuple[str, str]] = []
    while len(merges) < vocab_size - 256 - len(added) and pairs:
        # Ties are broken by the symbols themselves, so that a run can be repeated exactly.
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        if pairs[best] < 2:
            break
        merges.append(best)
        for index in where.pop(best):
            parts, count = words[index]
            for pair in zip(parts, parts[1:]):
                pairs[pair] -= count
            merged, place = [], 0
            while place < len(parts):
                if place + 1 < len(parts) and (parts[place], parts[place + 1]) == best:
                    merged.append(best[0] + best[1])
                    place += 2
                else:
                    merged.append(parts[place])
                    place += 1
            words[index] = (merged, count)
            for pair in zip(merged, merged[1:]):
                pairs[pair] += count
                where.setdefault(pair, set()).add(index)
        del pairs[best]
    return Tokenizer(merges, added)
