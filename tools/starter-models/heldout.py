"""Writes heldout.json: what both starter models are judged on, never generated for training.

    /usr/bin/python3 tools/starter-models/heldout.py

Sentences (for recognition): 140 of the user's and 60 of the assistant's. 60 user sentences come from templates that
training never sees, the other 140 sentences from known templates but with words in a combination that `reserved`
keeps out of training. Paraphrases (for the chat model): the last user message comes from a held-out template.
"""
import json
import random
from pathlib import Path
from typing import Dict, List

from dialogues import TOOL_INTENTS, State, turn
from domain import INTENTS, assistant_sentence, draw
from domain_replies import reply_regexes
from spoken import spoken_form, words_form

PATH = Path(__file__).with_name("heldout.json")
SEED = 2026
RULE = ("The reply is the model's greedy answer to `messages`. Where `tool` is given, the trimmed reply must be exactly one "
        "<tool_call>JSON</tool_call> whose name and arguments equal it (expressions compared without spaces). Otherwise the reply must hold no "
        "<tool_call>, match one regex of intents[intent] as a whole, and contain every string of `contains`.")
# Follow-ups need something to follow: the intents of the turns before, the last of them drawn at random.
BEFORE = {"name_ask": ["name_give"], "timer_ask": ["timer_set"], "calculate_more": ["calculate"], "timer_cancel": ["timer_set"],
          "repeat": ["fact"], "last_question": ["weather"]}
SMALL_TALK = ("how_are_you", "joke", "time", "lights", "weather", "date", "out_of_domain", "calculate", "thanks")


def sentences(rng: random.Random) -> List[dict]:
    """200 distinct {text, spoken}; text as Whisper would write it, spoken as the word error rate is counted."""
    chosen: Dict[str, str] = {}

    def collect(count: int, make) -> None:
        goal = len(chosen) + count
        while len(chosen) < goal:
            text = make()
            if len(spoken_form(text).split()) <= 14:
                chosen.setdefault(spoken_form(text), text)

    collect(60, lambda: draw(rng, "heldout").text)
    collect(80, lambda: draw(rng, "reserved").text)
    collect(60, lambda: words_form(assistant_sentence(rng, "heldout")))
    return [{"text": text, "spoken": spoken} for spoken, text in chosen.items()]


def paraphrase(intent: str, rng: random.Random) -> dict:
    """One conversation that ends with a held-out sentence of `intent`, and what must come next."""
    state, messages = State(), []
    before = list(BEFORE.get(intent, [])) if rng.random() < 0.8 or intent in ("calculate_more", "repeat") else []
    if intent == "name_ask":
        before += [rng.choice(SMALL_TALK) for _ in range(rng.randint(0, 3))]
    elif not before and rng.random() < 0.25:
        before = [rng.choice(SMALL_TALK)]
    for earlier in before:
        messages += turn(state, rng, "train", earlier, noise=False)[0]
    if intent == "calculate_more" and state.result is None:
        return paraphrase(intent, rng)
    known = {"name_ask": state.name, "timer_ask": state.duration, "repeat": state.spoken, "last_question": state.said}
    final, utterance = turn(state, rng, "heldout", intent, noise=rng.random() < 0.4)
    contains = [known[intent]] if known.get(intent) else []
    contains += [utterance.slots[key] for key in ("name", "action") if key in utterance.slots and intent in ("name_give", "lights")]
    return {"messages": messages + final[:1], "intent": intent, "tool": utterance.tool if intent in TOOL_INTENTS else None, "contains": contains}


def paraphrases(rng: random.Random, count: int = 200) -> List[dict]:
    """`count` cases, every intent at least four times, tool intents more often; no conversation twice."""
    wanted = [intent for intent in INTENTS for _ in range(4)]
    while len(wanted) < count:
        wanted.append(rng.choices(list(INTENTS), [weight for _, weight in INTENTS.values()])[0])
    cases, seen = [], set()
    for intent in wanted[:count]:
        case = paraphrase(intent, rng)
        while (json.dumps(case["messages"]) in seen or case["messages"][-1]["content"] in seen) and rng.random() > 0.02:
            case = paraphrase(intent, rng)
        seen.update((json.dumps(case["messages"]), case["messages"][-1]["content"]))
        cases.append(case)
    return cases


def main() -> None:
    held = {"rule": RULE, "seed": SEED, "intents": {intent: reply_regexes(intent) for intent in INTENTS},
            "errors": reply_regexes("tool_error"), "sentences": sentences(random.Random(SEED)), "paraphrases": paraphrases(random.Random(SEED + 1))}
    PATH.write_text(json.dumps(held, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{PATH.name}: {len(held['sentences'])} sentences, {len(held['paraphrases'])} paraphrases")


if __name__ == "__main__":
    main()
