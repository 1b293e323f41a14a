"""Conversations for the chat model: user sentences, tool calls, tool results and replies that fit together."""
import json
import random
import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Tuple

from domain import INTENTS, Utterance, draw, kept_out, random_date, random_time, reply_text, with_fillers
from domain_numbers import evaluate, expression, reply_sum
from domain_replies import REPLIES
from domain_words import NAMES
from variation import vary

TOOL_INTENTS = ("time", "date", "calculate", "calculate_more", "timer_set", "timer_cancel")
ERRORS = ("failed", "not available", "invalid expression", "no clock", "too many timers", "timed out", "unknown tool", "limit reached")
SYLLABLES = "ba be bi bo da de do fa fi ga go ha jo ka ki la le li lo ma me mi na ne no pa ra re ri ro sa se ta ti to va vi wa ya zo".split()


@dataclass
class State:
    """What a conversation has established so far."""
    name: Optional[str] = None
    duration: Optional[str] = None  # of the running timer, as the tool reported it
    result: Optional[str] = None  # of the last calculation
    spoken: Optional[str] = None  # the last reply, as heard
    said: Optional[str] = None  # the last sentence of the user
    told: List[str] = field(default_factory=list)  # jokes and facts
    previous: Optional[str] = None  # the intent of the turn before


def invented_word(rng: random.Random) -> str:
    """A word that no list has, so that copying is learnt rather than a list: "Morila"."""
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(2, 3))) + rng.choice(["", "", "n", "s", "l", "r"])


def compact_or_spaced(value: dict, rng: random.Random) -> str:
    """JSON as Python or as JavaScript writes it: the caller may be either."""
    return json.dumps(value, separators=(",", ":")) if rng.random() < 0.5 else json.dumps(value)


def tool_call(tool: dict) -> str:
    """The content of an assistant message that calls a tool."""
    return f"<tool_call>\n{json.dumps(tool)}\n</tool_call>"


def next_intent(state: State, rng: random.Random) -> str:
    """The next turn's intent: follow-ups are likelier where there is something to follow."""
    follow = rng.random()
    if state.previous in ("calculate", "calculate_more") and follow < 0.35:
        return "calculate_more"
    if state.previous == "timer_set" and follow < 0.2:
        return rng.choice(["timer_ask", "timer_cancel"])
    if state.previous in ("joke", "fact") and follow < 0.2:
        return state.previous
    if state.name and follow < 0.22:
        return "name_ask"
    if state.said and follow > 0.88:
        return rng.choice(["repeat", "last_question"])
    weights = [weight * (0.3 if intent in ("calculate_more", "timer_ask", "repeat", "last_question") else 1) for intent, (_, weight) in INTENTS.items()]
    return rng.choices(list(INTENTS), weights)[0]


def personalise(utterance: Utterance, rng: random.Random) -> None:
    """Now and then replaces a listed name or label, or a word the assistant does not know, by an invented one."""
    if utterance.intent == "timer_set" and "label" in utterance.slots and rng.random() < 0.2:
        label = invented_word(rng)
        utterance.text = re.sub(rf"\b{utterance.slots['label']}\b", label, utterance.text)
        utterance.slots["label"] = utterance.tool["arguments"]["label"] = label
    if utterance.intent == "name_give" and rng.random() < 0.25:
        name = invented_word(rng).capitalize()
        utterance.text = re.sub(rf"\b{utterance.slots['name']}\b", name, utterance.text)
        utterance.slots["name"] = name
    if utterance.intent == "out_of_domain" and rng.random() < 0.25:
        for value in utterance.slots.values():
            utterance.text = utterance.text.replace(value, " ".join(invented_word(rng) for _ in range(rng.randint(1, 2))))
        if rng.random() < 0.15:
            utterance.text = " ".join(invented_word(rng) for _ in range(rng.randint(1, 5))).capitalize() + rng.choice([".", "?"])


def tool_result(utterance: Utterance, state: State, rng: random.Random) -> Tuple[dict, dict]:
    """(the call, the tool's answer). Updates the state as the tool would."""
    tool = utterance.tool
    if utterance.intent == "calculate_more":
        utterance.slots["a" if utterance.slots["kind"] == "binary" else "b"] = state.result
        tool = {"name": "calculate", "arguments": {"expression": expression(utterance.slots)}}
    if rng.random() < 0.03:
        return tool, {"error": rng.choice(ERRORS)}
    if tool["name"] == "get_time":
        return tool, {"time": random_time(rng)}
    if tool["name"] == "get_date":
        return tool, {"date": random_date(rng)}
    if tool["name"] == "calculate":
        result = evaluate(utterance.slots)
        if not result:
            return tool, {"error": "division by zero"}
        state.result = result
        return tool, {"result": float(result) if "." in result else int(result)}
    if tool["name"] == "set_timer":
        state.duration = utterance.slots["duration"]
        return tool, {"id": rng.randint(1, 9), "duration": state.duration}
    cancelled = rng.choice([1, 1, 1, rng.randint(2, 5)]) if state.duration else rng.choice([0, 0, 1])
    state.duration = None
    return tool, {"cancelled": cancelled}


def tool_reply(utterance: Utterance, answer: dict, rng: random.Random) -> str:
    """What the assistant says to a tool's answer."""
    if "error" in answer:
        return reply_text("tool_error", {}, rng)
    slots = {**utterance.slots, **{key: str(value) for key, value in answer.items()}}
    if utterance.intent in ("calculate", "calculate_more"):
        return reply_text("calculate", {"sum": reply_sum(slots), "result": slots["result"]}, rng)
    if utterance.intent == "timer_set" and "label" in utterance.slots:
        return reply_text("timer_set_label", {**slots, "Label": slots["label"].capitalize()}, rng)
    if utterance.intent == "timer_cancel":
        count = answer["cancelled"]
        key = "timer_cancel_none" if count == 0 else "timer_cancel" if count == 1 else "timer_cancel_many"
        return reply_text(key, {"count": str(count)}, rng)
    return reply_text(utterance.intent, slots, rng)


def plain_reply(utterance: Utterance, state: State, rng: random.Random) -> str:
    """The reply of an intent without a tool, from the sentence and the conversation so far."""
    intent = utterance.intent
    if intent == "calculate_more":
        return reply_text("calculate_more_none", {}, rng)
    if intent == "name_give":
        state.name = utterance.slots["name"]
    known: Dict[str, Optional[str]] = {"name_ask": state.name, "timer_ask": state.duration, "repeat": state.spoken, "last_question": state.said}
    if intent in known and known[intent] is None:
        return reply_text(f"{intent}_none", {}, rng)
    if intent in ("joke", "fact"):
        fresh = [line for line in REPLIES[intent] if line not in state.told] or REPLIES[intent]
        state.told.append(rng.choice(fresh))
        return state.told[-1]
    if intent == "greeting" and state.name:
        intent = "greeting_name"
    slots = {**utterance.slots, "name": state.name, "duration": state.duration, "said": state.said, "last": state.spoken}
    return reply_text(intent, slots, rng)


def turn(state: State, rng: random.Random, split: str, intent: str, noise: bool = True) -> Tuple[List[dict], Utterance]:
    """One turn: the user's message, a tool call and its answer where needed, and the reply."""
    utterance = draw(rng, split, intent)
    if split == "train":
        personalise(utterance, rng)
    text = utterance.text
    if noise:
        filled = with_fillers(text, rng) if split == "train" else text
        text = vary(filled, intent, utterance.slots.values(), rng, misheard=0.12 if split == "train" else 0)
    if split == "train" and kept_out(text, slotted=False):
        text = utterance.text
    if intent == "name_give" and utterance.slots["name"] not in NAMES and utterance.slots["name"] not in text:
        text = utterance.text  # nobody can tell that an invented word in lower case is a name
    messages = [{"role": "user", "content": text}]
    if intent in TOOL_INTENTS and (intent != "calculate_more" or state.result is not None):
        tool, answer = tool_result(utterance, state, rng)
        utterance.tool = tool
        messages += [{"role": "assistant", "content": tool_call(tool)}, {"role": "tool", "content": compact_or_spaced(answer, rng)}]
        reply = tool_reply(utterance, answer, rng)
    else:
        reply = plain_reply(utterance, state, rng)
    messages.append({"role": "assistant", "content": reply})
    state.spoken, state.said, state.previous = reply, text, intent
    return messages, utterance


def interrupt(messages: List[dict], state: State, rng: random.Random) -> None:
    """Cuts the last reply where the user spoke over it; the cut text is history, not something to learn."""
    words = messages[-1]["content"].split()
    if len(words) > 3:
        state.spoken = " ".join(words[:rng.randint(1, len(words) - 1)])
        messages[-1] = {"role": "assistant", "content": state.spoken, "cut": True}


def dialogue(rng: random.Random, split: str, turns: Optional[int] = None) -> List[dict]:
    """A conversation of 1-6 user turns (or `turns`). A reply that was interrupted carries `"cut": True`."""
    state, messages = State(), []
    for index in range(turns or rng.choice([1, 1, 2, 3, 4, 5, 6])):
        intent = next_intent(state, rng)
        if index == 0 and rng.random() < 0.15:
            intent = "name_give"
        if messages and rng.random() < 0.05:
            interrupt(messages, state, rng)
        messages += turn(state, rng, split, intent)[0]
    return messages
