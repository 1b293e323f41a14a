"""How the same sentence may arrive: typed in lower case, with digits, without punctuation, or misheard a little."""
import random
import re
from typing import Iterable

from spoken import NUMBER_WORD, digits_form

NUMBER_INTENTS = ("calculate", "calculate_more", "timer_set", "alarm_at")
TASK_OPENERS = ("Thank you.", "Great.", "Okay.", "Hello.", "Good morning.", "Hi Parley.", "Thanks.", "Good.", "All right.", "Yes.", "Hey.")
TASKS = ("time", "date", "calculate", "timer_set", "timer_cancel", "lights", "music", "weather", "joke", "fact", "call", "alarm_at", "out_of_domain")
# What a small recogniser confuses, where the meaning stays clear.
MISHEARD = {"timer": "time or", "time": "times", "what's": "what", "what": "but", "the": "a", "a": "the", "is": "as", "can": "could", "set": "said",
            "tell": "tall", "me": "my", "please": "peas", "joke": "choke", "date": "day", "turn": "torn", "light": "like", "lights": "like",
            "play": "lay", "how": "now", "are": "our", "weather": "whether", "your": "you're", "name": "main", "my": "me", "and": "an"}
TYPED_OPERATORS = {"plus": ["+"], "minus": ["-"], "times": ["*", "x"], "divided by": ["/"], "multiplied by": ["*", "x"]}
TYPED_CONTRACTIONS = {"What's": ["Whats", "What is"], "I'm": ["Im", "I am"], "don't": ["dont", "do not"], "can't": ["cant"], "It's": ["Its"], "didn't": ["didnt"]}


def typed_numbers(text: str, rng: random.Random) -> str:
    """Number words as digits, and sometimes operators as signs: "12 * 7", "25% of 80"."""
    text = digits_form(text)
    if rng.random() < 0.35:
        for words, signs in TYPED_OPERATORS.items():
            gap = rng.choice([" ", ""])
            text = re.sub(rf"(?<=\d) {words} (?=\d)", lambda _: gap + rng.choice(signs) + gap, text)
    if rng.random() < 0.5:
        text = re.sub(r"(?<=\d) percent", "%", text)
    return text


def _slip(word: str, rng: random.Random) -> str:
    """One typing error in a word of four letters or more."""
    place = rng.randrange(1, len(word) - 1)
    return rng.choice([word[:place] + word[place + 1:], word[:place] + word[place + 1] + word[place] + word[place + 2:], word[:place] + word[place] + word[place:]])


def _misheard(text: str, protected: Iterable[str], rng: random.Random) -> str:
    """One word dropped, doubled, confused or mistyped; numbers and the words of slots stay whole."""
    keep = {word.lower() for phrase in protected for word in phrase.split()} | set(NUMBER_WORD) | {"hundred", "half", "quarter", "percent", "no", "not", "on", "off"}
    units = r"^(second|minute|hour|plus|minus|times|divided|multipl|divide|add|subtract|by|from|to|over|sum|product|take)"
    words = text.split()
    open_places = [index for index, word in enumerate(words) if re.sub(r"\W", "", word).lower() not in keep
                   and not re.search(r"\d", word) and not re.search(units, word.lower())]
    if not open_places:
        return text
    place = rng.choice(open_places)
    core = re.match(r"^(\W*)([\w']*)(\W*)$", words[place])
    kind = rng.random()
    if kind < 0.3 and len(words) > 3 and len(core[2] if core else "") <= 4:
        words[place] = core[3] if core and core[3] in (".", "?") else ""
    elif kind < 0.45:
        words[place] = f"{words[place].rstrip('.?!,')} {words[place].lower()}"
    elif kind < 0.8 and core and core[2].lower() in MISHEARD:
        words[place] = core[1] + MISHEARD[core[2].lower()] + core[3]
    elif core and len(core[2]) >= 4 and "'" not in core[2]:
        words[place] = core[1] + _slip(core[2], rng) + core[3]
    text = re.sub(r"\s+([.?!,])", r"\1", " ".join(word for word in words if word))
    return text[:1].upper() + text[1:]


def vary(text: str, intent: str, slots: Iterable[str], rng: random.Random, misheard: float = 0.12) -> str:
    """A random rendering of a clean sentence. `slots`: values that must survive; `misheard`: chance of a slip."""
    if rng.random() < 0.05 and intent in TASKS:
        text = f"{rng.choice(TASK_OPENERS)} {text}"
    if rng.random() < misheard:
        text = _misheard(text, slots, rng)
    if intent in NUMBER_INTENTS and rng.random() < 0.35:
        text = typed_numbers(text, rng)
    if rng.random() < 0.08:
        for formal, casual in TYPED_CONTRACTIONS.items():
            text = text.replace(formal, rng.choice(casual))
    style = rng.random()
    if style < 0.14:
        text = text.lower()
    elif style < 0.17:
        text = text.replace(",", "")
    if rng.random() < 0.2:
        text = re.sub(r"[.?!]+$", "", text)
        if rng.random() < 0.5:
            text = re.sub(r"[.?!,](?= )", "", text)
    elif rng.random() < 0.1:
        text = re.sub(r"[.?!]$", lambda _: rng.choice([".", "?", "!"]), text)
    return text
