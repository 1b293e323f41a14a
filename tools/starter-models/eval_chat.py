"""Judges the chat model on heldout.json by the rule written there, on copying tool results and on recalling names.

    /usr/bin/python3 tools/starter-models/eval_chat.py [--work FOLDER] [--show N]
"""
import argparse
import json
import random
import re
from pathlib import Path
from typing import Callable, List

import torch

from bpe import Tokenizer
from chat_data import chat_text
from chat_model import ChatConfig, ChatModel
from dialogues import TOOL_INTENTS, State, turn
from heldout import PATH, SMALL_TALK

CALL = re.compile(r"<tool_call>\s*(\{.*\})\s*</tool_call>", re.DOTALL)


def load(work: Path) -> Callable[[List[dict]], str]:
    """A function from messages to the checkpoint's greedy reply."""
    torch.set_num_threads(1)
    tokenizer = Tokenizer.load(work)
    model = ChatModel(ChatConfig(vocab_size=len(tokenizer)))
    model.load_state_dict(torch.load(work / "chat.pt"))
    model.eval()
    end = tokenizer.added_ids["<|im_end|>"]
    return lambda messages: tokenizer.decode(model.generate(tokenizer.encode(chat_text(messages, prompt=True)), end), skip_special=True).strip()


def judge(case: dict, reply: str, intents: dict) -> dict:
    """{"intent": right intent or tool, "call": None for no tool, else whether the call is exactly right}."""
    call = CALL.fullmatch(reply)
    if case["tool"] is None:
        right = "<tool_call>" not in reply and any(re.fullmatch(pattern, reply) for pattern in intents[case["intent"]])
        return {"intent": right and all(text in reply for text in case["contains"]), "call": None}
    try:
        made = json.loads(call[1]) if call else {}
    except ValueError:
        made = {}
    same = lambda tool: json.dumps(tool, sort_keys=True).replace(" ", "")
    return {"intent": made.get("name") == case["tool"]["name"], "call": bool(made) and same(made) == same(case["tool"])}


def evaluate(reply: Callable[[List[dict]], str], show: int) -> None:
    held = json.loads(PATH.read_text(encoding="utf-8"))
    intents, calls, shown = [], [], 0
    for case in held["paraphrases"]:
        text = reply(case["messages"])
        verdict = judge(case, text, held["intents"])
        intents.append(verdict["intent"])
        if verdict["call"] is not None:
            calls.append(verdict["call"])
        if not verdict["intent"] or verdict["call"] is False:
            shown += 1
            if shown <= show:
                print(f"  {case['intent']}: {case['messages'][-1]['content']!r} -> {text!r}, wanted {case['tool'] or case['contains'] or ''}")
    print(f"intent {sum(intents)}/{len(intents)}, tool calls exactly right {sum(calls)}/{len(calls)}")


def evaluate_results(reply: Callable[[List[dict]], str], show: int, count: int = 100) -> None:
    """After a tool's answer, is the reply one of the intent's forms with the answer's own digits?"""
    held = json.loads(PATH.read_text(encoding="utf-8"))
    rng, right = random.Random(99), 0
    for _ in range(count):
        state, intent = State(result="12"), rng.choice(TOOL_INTENTS)
        messages, _ = turn(state, rng, "heldout", intent, noise=False)
        answer = json.loads(messages[2]["content"])
        patterns = held["errors"] if "error" in answer else held["intents"][intent]
        value = str(next((answer[key] for key in ("time", "date", "result", "duration") if key in answer), ""))
        text = reply(messages[:3])
        good = any(re.fullmatch(pattern, text) for pattern in patterns) and value in text
        right += good
        if not good and show > 0:
            show -= 1
            print(f"  {messages[2]['content']} -> {text!r}")
    print(f"replies that carry the tool's answer {right}/{count}")


def evaluate_recall(reply: Callable[[List[dict]], str], count: int = 60) -> None:
    """Is a name still known after 1-8 other turns? Held-out sentences throughout; names from the list."""
    rng, right = random.Random(98), 0
    for number in range(count):
        state = State()
        messages, given = turn(state, rng, "heldout", "name_give", noise=False)
        for _ in range(1 + number % 8):
            messages += turn(state, rng, "heldout", rng.choice(SMALL_TALK), noise=False)[0]
        messages += turn(state, rng, "heldout", "name_ask", noise=False)[0][:1]
        right += given.slots["name"] in reply(messages)
    print(f"names recalled after 1-8 other turns {right}/{count}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, default=Path("/tmp/train-chat"))
    parser.add_argument("--show", type=int, default=20)
    arguments = parser.parse_args()
    replier = load(arguments.work)
    evaluate(replier, arguments.show)
    evaluate_results(replier, arguments.show)
    evaluate_recall(replier)
