"""What people say in one turn and where they stop to think: sentences of the everyday domain with places for pauses.

The frames below have a list for training and one that training never uses, as the templates of domain.py do.
"""
import random
import re
from dataclasses import dataclass
from typing import List

import domain
import domain_words as words

MOST_WORDS = 20
FILLERS = ("um", "uh", "um", "uh", "er", "hmm")
CONJUNCTIONS = ("and", "and", "and then", "but", "or", "so")
# After these a person who looks for words often stops: what must follow is the thing looked for.
LINKS = set("a an the to for of in on at from with by about and or but is are was what how my your me it that this "
            "times plus minus set play call tell turn remind divided multiplied please".split())
BEGINNINGS = {
    "train": ["I would like to", "I want to", "I'd like you to", "Can you", "Could you please", "I need you to", "Please"],
    "heldout": ["I want you to", "Would you", "Could you", "You should"],
}
LISTS = {
    "train": ["Add {list} to my shopping list.", "Buy {list}.", "I need {list}.", "Order {list}.", "I like {list}.", "Tell me about {list}."],
    "heldout": ["Put {list} on my list.", "I'd like {list}.", "Please buy {list}.", "Find {list} for me."],
}
NUMBERS = {
    "train": ["My number is {digits}.", "Call {digits}.", "My phone number is {digits}.", "The code is {digits}.", "It is {digits}."],
    "heldout": ["The number is {digits}.", "Please call {digits}.", "My code is {digits}."],
}
OPENERS = {"train": ["Hey Parley,", "Um,", "Uh,", "Okay,", "So,", "Well,", "Hello Parley,"], "heldout": ["Hi Parley,", "Um, so,", "Oh,", "Okay Parley,"]}
CORRECTIONS = {"train": ["no,", "sorry,", "no, wait,", "I mean,"], "heldout": ["oh no,", "no, sorry,", "wait,"]}
GROUPS = ((3, 4), (3, 3, 4), (2, 2, 2), (4, 4), (3, 3), (3, 2, 2))


@dataclass
class Turn:
    """The words of a turn, as they are given to a synthesiser, and how many of them stand before each pause."""
    text: str
    breaks: List[int]
    kind: str


def sentence(rng: random.Random, split: str, least: int = 1) -> str:
    """A sentence of at least `least` words."""
    while True:
        text = domain.user_sentence(rng, split).text
        if least <= len(text.split()) <= MOST_WORDS:
            return text


def order(rng: random.Random, split: str) -> str:
    """A sentence that begins with a verb and can stand after "I want to"."""
    while True:
        text = domain.draw(rng, split).text
        first, _, rest = text.partition(" ")
        if first in words.ORDERS and rest and "please" not in text:
            return text


def inner(text: str) -> str:
    """A sentence as it goes on inside another: without its capital, where that is only the sentence's."""
    keep = re.match(r"(I\b|Parley|" + "|".join(words.DAYS + words.MONTHS + list(words.NAMES) + list(words.CITIES + words.COUNTRIES)) + ")", text)
    return text if keep else text[:1].lower() + text[1:]


def opened(text: str) -> str:
    """Without the full stop or question mark at the end."""
    return text.rstrip(".?!,")


def place(rng: random.Random, said: List[str]) -> int:
    """A word boundary inside a sentence: how many words stand before it."""
    places = range(1, len(said))
    weights = [3 if said[index - 1].lower().strip(",") in LINKS or said[index - 1].endswith(",") else 1 for index in places]
    return rng.choices(places, weights)[0]


def plain(rng, split):
    return Turn(sentence(rng, split), [], "plain")


def middle(rng, split):
    said = sentence(rng, split, 4).split()
    count = 2 if len(said) > 7 and rng.random() < 0.25 else 1
    return Turn(" ".join(said), sorted({place(rng, said) for _ in range(count)}), "middle")


def hesitation(rng, split):
    if rng.random() < 0.35:
        said = rng.choice(BEGINNINGS[split]).split()
        at, rest = len(said), inner(order(rng, split)).split()
    else:
        whole = sentence(rng, split, 4).split()
        at = place(rng, whole)
        said, rest = whole[:at], whole[at:]
    if rng.random() < 0.5:
        said[-1] = said[-1].rstrip(",") + ","
    said.append(rng.choice(FILLERS) + rng.choice(["", ","]))
    breaks = [len(said)] if rng.random() < 0.8 else [at, len(said)] if rng.random() < 0.5 else [at]
    return Turn(" ".join(said + rest), breaks, "hesitation")


def listing(rng, split):
    things = rng.sample([*words.FOODS, *words.LABELS], rng.choice([2, 3, 3, 4]))
    listed = ", ".join(things[:-1]) + rng.choice([",", ""]) + " and " + things[-1]
    text = rng.choice(LISTS[split]).format(list=listed)
    said = text.split()
    places = [index for index in range(1, len(said)) if said[index - 1].endswith(",") or said[index - 1] == "and"]
    return Turn(text, sorted(rng.sample(places, min(len(places), rng.choice([1, 1, 2])))), "list")


def digits(rng, split):
    groups = [" ".join(domain.number_words(rng.randint(0, 9)) for _ in range(size)) for size in rng.choice(GROUPS)]
    joint = rng.choice([", ", " "])
    text = rng.choice(NUMBERS[split]).format(digits=joint.join(groups))
    first = len(text.split()) - sum(len(group.split()) for group in groups)
    ends = [first + sum(len(group.split()) for group in groups[:count]) for count in range(1, len(groups))]
    breaks = [end for end in ends if rng.random() < 0.7] or [rng.choice(ends)]
    return Turn(text, breaks + ([first] if rng.random() < 0.15 else []), "digits")


def trailing(rng, split):
    first, conjunction = opened(sentence(rng, split, 2)).split(), rng.choice(CONJUNCTIONS).split()
    conjunction[-1] += rng.choice(["", "", ","])
    return Turn(" ".join(first + conjunction + [inner(sentence(rng, split, 2))]), [len(first + conjunction)], "trailing")


def clauses(rng, split):
    first = opened(sentence(rng, split, 3)) + rng.choice([",", ",", ""])
    return Turn(f"{first} {rng.choice(CONJUNCTIONS)} {inner(sentence(rng, split, 2))}", [len(first.split())], "clauses")


def cut(rng, split):
    said = sentence(rng, split, 4).split()
    first = said[:rng.randint(1, len(said) - 1)]
    first[-1] = first[-1].rstrip(",") + rng.choice(["", ","])
    return Turn(" ".join(first + [rng.choice(CORRECTIONS[split]), inner(sentence(rng, split))]), [len(first)], "cut")


def opener(rng, split):
    first = rng.choice(OPENERS[split])
    return Turn(f"{first} {inner(sentence(rng, split, 2))}", [len(first.split())], "opener")


def goes_on(rng, split):
    """Done, by every sign, and yet not the end: nobody can know it before the speaker goes on."""
    first = sentence(rng, split, 2)
    return Turn(f"{first} {rng.choice(['And', 'But', 'Then', ''])} {inner(sentence(rng, split, 2))}".replace("  ", " "), [len(first.split())], "goes on")


KINDS = {plain: 40, middle: 19, hesitation: 13, listing: 6, digits: 6, trailing: 7, clauses: 3, cut: 3, opener: 2, goes_on: 1}


def turn(rng: random.Random, split: str) -> Turn:
    """A random turn; `split` is 'train' or 'heldout' as in domain.draw."""
    while True:
        made = rng.choices(list(KINDS), list(KINDS.values()))[0](rng, split)
        if len(made.text.split()) <= MOST_WORDS:
            return Turn(made.text, sorted(made.breaks), made.kind)
