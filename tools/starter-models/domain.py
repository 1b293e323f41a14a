"""The everyday assistant's domain: what a user may say, what the assistant answers, and every word of both.

Everything is drawn from a `random.Random` that the caller seeds. `split` is 'train' or 'heldout':
- held-out sentences come from templates that training never sees;
- a sentence with slots whose words hash into the reserved 4 % is never drawn for 'train' (`reserved`), so a
  recogniser can be judged on sentences that it has not heard, in templates that it knows.
"""
import hashlib
import itertools
import random
import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Set, Tuple

import domain_templates as tools
import domain_templates_open as opened
import domain_templates_talk as talk
import domain_words as words
from domain_numbers import calculation, duration, duration_text, evaluate, expression, number_text, reply_sum
from domain_replies import REPLIES
from spoken import number_words, spoken_form, words_form  # noqa: F401 (words_form is for those who import the domain)

Templates = Tuple[List[str], List[str]]

# intent -> ((training templates, held-out templates), weight in random draws)
INTENTS: Dict[str, Tuple[Templates, float]] = {
    "time": (tools.TIME, 5), "date": (tools.DATE, 5), "calculate": (tools.CALCULATE, 10), "calculate_more": (tools.CALCULATE_MORE, 3),
    "timer_set": (tools.TIMER_SET, 10), "timer_cancel": (tools.TIMER_CANCEL, 4), "timer_ask": (tools.TIMER_ASK, 3),
    "lights": (talk.LIGHTS, 4), "music": (talk.MUSIC, 3), "weather": (talk.WEATHER, 4), "identity": (talk.IDENTITY, 3),
    "capabilities": (talk.CAPABILITIES, 3), "stop": (talk.STOP, 3), "call": (talk.CALL, 3), "greeting": (talk.GREETING, 3),
    "how_are_you": (talk.HOW_ARE_YOU, 2), "thanks": (talk.THANKS, 3), "goodbye": (talk.GOODBYE, 2), "good_night": (talk.GOOD_NIGHT, 2),
    "joke": (talk.JOKE, 3), "fact": (talk.FACT, 3), "compliment": (talk.COMPLIMENT, 3), "feel_tired": (talk.FEEL_TIRED, 1.5),
    "feel_happy": (talk.FEEL_HAPPY, 1.5), "feel_sad": (talk.FEEL_SAD, 1.5), "feel_bored": (talk.FEEL_BORED, 1.5), "repeat": (talk.REPEAT, 2),
    "name_give": (talk.NAME_GIVE, 4), "name_ask": (talk.NAME_ASK, 3), "last_question": (talk.LAST_QUESTION, 2),
    "acknowledge": (talk.ACKNOWLEDGE, 2.5), "alarm_at": (opened.ALARM_AT, 2), "out_of_domain": (opened.OUT_OF_DOMAIN, 6),
}

VALUES: Dict[str, Tuple[str, ...]] = {
    "name": tuple(words.NAMES), "label": tuple(words.LABELS), "room": words.ROOMS, "style": words.STYLES, "city": words.CITIES,
    "day": tuple(words.DAYS), "month": tuple(words.MONTHS), "person": words.PEOPLE, "country": words.COUNTRIES, "thing": words.THINGS,
    "food": words.FOODS, "subject": words.SUBJECTS, "writee": words.BOOKS, "part": opened.PARTS,
}


@dataclass
class Utterance:
    """One sentence of the user. `tool` is {"name", "arguments"} where the intent calls one without context."""
    text: str
    intent: str
    slots: Dict[str, str] = field(default_factory=dict)
    tool: Optional[dict] = None
    pattern: str = ""  # the template's chosen branch, slots unfilled


def branches(template: str) -> List[str]:
    """Every choice of the (a|b) groups, slots left in place."""
    parts = re.split(r"\(([^()]*)\)", template)
    options = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    return [tidy("".join(choice)) for choice in itertools.product(*options)]


def tidy(text: str) -> str:
    """Collapses the gaps that empty choices leave and puts a capital first."""
    text = re.sub(r"\s+([.?!,])", r"\1", re.sub(r"\s+", " ", text)).strip()
    return text[:1].upper() + text[1:]


def pattern_words(line: str) -> str:
    """A template branch as plain words, slot names included, to compare templates by."""
    return spoken_form(line.replace("{", "").replace("}", ""))


HELDOUT_PATTERNS: Set[str] = {pattern_words(line) for (_, heldout), _ in INTENTS.values()
                              for template in heldout for line in branches(template)}


# The same with any words in the slots. A filler must not turn a training sentence into a held-out one.
HELDOUT_SENTENCES = re.compile("|".join(sorted({re.sub(r"\bslot\b", ".+", spoken_form(re.sub(r"\{\w+\}", "slot", line))) for (_, heldout), _ in INTENTS.values()
                                                for template in heldout for line in branches(template)})))


def kept_out(text: str, slotted: bool) -> bool:
    """True for a sentence that training must not contain."""
    return HELDOUT_SENTENCES.fullmatch(spoken_form(text)) is not None or slotted and reserved(text)


def reserved(text: str) -> bool:
    """True for the 4 % of sentences (by a hash of their words) that are kept out of training."""
    return int(hashlib.sha1(spoken_form(text).encode()).hexdigest(), 16) % 25 == 0


def clock_words(rng: random.Random) -> str:
    """A time of day as a user says it: "seven o'clock", "half past six", "six thirty"."""
    hour = number_words(rng.randint(1, 12))
    return rng.choice([f"{hour} o'clock", hour, f"half past {hour}", f"{hour} thirty", f"{hour} fifteen", f"quarter past {hour}", "noon", "midnight"])


def fill(template: str, intent: str, rng: random.Random) -> Utterance:
    """A sentence from a template: branches chosen, slots filled, the tool call it stands for."""
    line = rng.choice(branches(template))
    slots: Dict[str, str] = {}
    tool = {"time": {"name": "get_time", "arguments": {}}, "date": {"name": "get_date", "arguments": {}},
            "timer_cancel": {"name": "cancel_timer", "arguments": {}}}.get(intent)
    texts: Dict[str, str] = {}
    if intent in ("calculate", "calculate_more"):
        texts, slots = calculation(line, rng)
        if intent == "calculate":
            tool = {"name": "calculate", "arguments": {"expression": expression(slots)}}
    elif "{duration" in line:
        said, arguments = duration(rng, "{durational}" in line)
        texts = {"duration": said, "durational": said}
        slots = {"duration": duration_text(arguments)}
        tool = {"name": "set_timer", "arguments": dict(arguments)}
    elif "{clock}" in line:
        texts = {"clock": clock_words(rng)}
    for name in re.findall(r"\{(\w+)\}", line):
        if name in VALUES:
            texts[name] = slots[name] = rng.choice(VALUES[name])
    if tool and tool["name"] == "set_timer" and "label" in slots:
        tool["arguments"]["label"] = slots["label"]
    if intent == "lights":
        slots["action"] = light_action(line, slots.get("room", ""))
    return Utterance(tidy(re.sub(r"\{(\w+)\}", lambda match: texts[match[1]], line)), intent, slots, tool, line)


def light_action(line: str, room: str) -> str:
    """What the user wants of the lights, in the assistant's words: "turn off the kitchen lights"."""
    lowered = line.lower()
    verb = ("turn off" if re.search(r"\boff\b", lowered) else "dim" if re.search(r"\bdim\b|\bdown\b", lowered)
            else "brighten" if re.search(r"bright", lowered) else "turn on")
    return f"{verb} the {room + ' ' if room else ''}lights"


def draw(rng: random.Random, split: str, intent: Optional[str] = None) -> Utterance:
    """A plain sentence (no fillers) of an intent, or of a random one.

    'train' and 'heldout' differ in their templates; 'reserved' gives sentences of training templates that the
    hash keeps out of 'train'.
    """
    while True:
        kind = intent or rng.choices(list(INTENTS), [weight for _, weight in INTENTS.values()])[0]
        (training, heldout), _ = INTENTS[kind]
        utterance = fill(rng.choice(heldout if split == "heldout" else training), kind, rng)
        if split == "heldout":
            return utterance
        unheard = "{" in utterance.pattern and reserved(utterance.text)
        if pattern_words(utterance.pattern) not in HELDOUT_PATTERNS and unheard == (split == "reserved"):
            return utterance


def with_fillers(text: str, rng: random.Random) -> str:
    """Now and then a polite form, a word of hesitation or an address around the sentence."""
    first, _, rest = text.partition(" ")
    if rng.random() < 0.3 and first in words.ORDERS and rest and "," not in rest:
        text = rng.choice(words.POLITE).format(f"{first.lower()} {rest[:-1]}")
    if rng.random() < 0.16:
        opener = rng.choice(words.OPENERS)
        keep = re.match(r"(I\b|I'|" + "|".join(words.DAYS + words.MONTHS + list(words.NAMES) + list(words.CITIES + words.COUNTRIES)) + r"|Parley)", text)
        text = tidy(f"{opener} {text if keep else text[:1].lower() + text[1:]}")
    if rng.random() < 0.08 and text[-1] in ".?!" and not re.search(r"(please|Parley|thanks|now|then)\W*$", text):
        text = f"{text[:-1]}, {rng.choice(words.CLOSERS)}{text[-1]}"
    return text


def user_sentence(rng: random.Random, split: str) -> Utterance:
    """A sentence of the user as Whisper would write it, numbers in words."""
    utterance = draw(rng, split)
    text = with_fillers(utterance.text, rng)
    if split != "train" or not kept_out(text, "{" in utterance.pattern):
        utterance.text = text
    return utterance


def reply_text(key: str, slots: Dict[str, str], rng: random.Random) -> str:
    """One reply of REPLIES[key] with its slots filled in."""
    line = rng.choice(REPLIES[key])
    return re.sub(r"\{(\w+)\}", lambda match: slots[match[1]], line)


def random_time(rng: random.Random) -> str:
    return f"{rng.randint(1, 12)}:{rng.randint(0, 59):02d} {rng.choice(['AM', 'PM'])}"


def random_date(rng: random.Random) -> str:
    return f"{rng.choice(words.DAYS)}, {rng.choice(words.MONTHS)} {rng.randint(1, 31)}, {rng.randint(2026, 2032)}"


def random_slots(rng: random.Random) -> Dict[str, str]:
    """Values for every slot of every reply template, unrelated to a conversation."""
    asked = draw(rng, "train", "calculate")
    light = draw(rng, "train", "lights")
    label = rng.choice(words.LABELS)
    return {"time": random_time(rng), "date": random_date(rng), "sum": reply_sum(asked.slots), "result": evaluate(asked.slots) or "0",
            "duration": duration_text(duration(rng, False)[1]), "label": label, "Label": label.capitalize(), "count": str(rng.randint(2, 9)),
            "action": light.slots["action"], "name": rng.choice(words.NAMES), "last": "Okay.", "said": draw(rng, "train").text}


def assistant_sentence(rng: random.Random, split: str = "train") -> str:
    """One sentence of a reply in written form ("12 times 7 is 84."). 'heldout' draws only reserved ones."""
    while True:
        key = rng.choice(list(REPLIES) + ["calculate", "time", "date", "timer_set", "timer_set_label", "name_give"] * 2)
        line = rng.choice(re.split(r"(?<=[.?!])\s+", rng.choice(REPLIES[key])))
        slots = random_slots(rng)
        text = re.sub(r"\{(\w+)\}", lambda match: slots[match[1]], line)
        if "{" not in line and split == "train":
            return text
        if "{" in line and reserved(text) == (split == "heldout"):
            return text


def vocabulary() -> List[str]:
    """Every spoken word of the domain, sorted: templates, slot values, numbers, replies, fillers."""
    found: Set[str] = set()
    for (training, heldout), _ in INTENTS.values():
        for template in training + heldout:
            for line in branches(template):
                found.update(spoken_form(re.sub(r"\{\w+\}", " ", line)).split())
    for values in VALUES.values():
        found.update(word for value in values for word in spoken_form(value).split())
    for line in (line for lines in REPLIES.values() for line in lines):
        found.update(spoken_form(re.sub(r"\{\w+\}", " ", line)).split())
    for text in words.OPENERS + words.CLOSERS:
        found.update(spoken_form(text).split())
    rng = random.Random(1)
    for _ in range(3000):
        for intent in ("calculate", "calculate_more", "timer_set", "alarm_at"):
            found.update(spoken_form(draw(rng, "train", intent).text).split())
        found.update(spoken_form(random_time(rng)).split() + spoken_form(random_date(rng)).split())
        found.update(spoken_form(number_text(rng.randint(-9999, 9999) / rng.choice([1, 4, 10]))).split())
    return sorted(found)


def dialogue(rng: random.Random, split: str) -> List[dict]:
    """A conversation of 1-6 user turns: messages with role user, assistant or tool and content."""
    from dialogues import dialogue as make  # dialogues imports this module
    return make(rng, split)
