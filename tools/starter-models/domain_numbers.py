"""Arithmetic and durations: how people say them, and the tool arguments they stand for."""
import random
import re
from typing import Dict, Tuple

from spoken import number_words

OPERATOR_WORDS = {"+": ["plus"], "-": ["minus"], "*": ["times", "times", "times", "multiplied by"], "/": ["divided by"]}
REPLY_OPERATORS = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}


def number_text(value: float) -> str:
    """84.0 -> "84", 0.125 -> "0.125"; at most four decimals, as the calculate tool rounds."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _operand(rng: random.Random) -> int:
    return rng.choice([rng.randint(0, 12), rng.randint(0, 100), rng.randint(2, 100), rng.randint(1, 99) * rng.choice([1, 10]),
                       rng.randint(100, 999) if rng.random() < 0.5 else rng.randint(1, 9) * 100])


def _template_operator(template: str, rng: random.Random) -> str:
    lowered = template.lower()
    if "{op}" in template:
        return rng.choice("++--***//")
    for symbol, pattern in (("+", "add|sum|together"), ("*", "multiply|product"), ("-", "subtract|take|difference"), ("/", "divide")):
        if re.search(rf"\b({pattern})\b", lowered):
            return symbol
    raise ValueError(template)


def calculation(template: str, rng: random.Random) -> Tuple[Dict[str, str], Dict[str, str]]:
    """(slot texts, values) of an arithmetic template. Values: a, b, symbol, and kind `binary|percent|half`."""
    b = _operand(rng)
    if "{p}" in template:
        p = rng.choice([5, 10, 15, 20, 25, 30, 40, 50, 60, 75, 80, 90, rng.randint(1, 99)])
        return {"p": number_words(p), "b": number_words(b)}, {"kind": "percent", "a": str(p), "b": str(b), "symbol": "%"}
    if "half of" in template:
        return {"b": number_words(b)}, {"kind": "half", "a": "", "b": str(b), "symbol": "/"}
    symbol = _template_operator(template, rng)
    a = _operand(rng)
    if symbol == "/":
        b = rng.choice([rng.randint(2, 12), max(1, b)])
        a = b * rng.randint(1, 20) if rng.random() < 0.6 else a
    slots = {"a": number_words(a), "b": number_words(b), "op": rng.choice(OPERATOR_WORDS[symbol])}
    return slots, {"kind": "binary", "a": str(a), "b": str(b), "symbol": symbol}


def expression(values: Dict[str, str]) -> str:
    """The calculate tool's argument: "12 * 7", a percentage as "80 * 25 / 100", a half as "80 / 2"."""
    if values["kind"] == "percent":
        return f"{values['b']} * {values['a']} / 100"
    if values["kind"] == "half":
        return f"{values['b']} / 2"
    return f"{values['a']} {values['symbol']} {values['b']}"


def reply_sum(values: Dict[str, str]) -> str:
    """How the assistant names a calculation: "12 times 7", "25 percent of 80"."""
    if values["kind"] == "percent":
        return f"{values['a']} percent of {values['b']}"
    if values["kind"] == "half":
        return f"Half of {values['b']}"
    return f"{values['a']} {REPLY_OPERATORS[values['symbol']]} {values['b']}"


def evaluate(values: Dict[str, str]) -> str:
    """The result as the tool writes it, or "" where there is none (division by zero)."""
    a, b = float(values["a"] or 0), float(values["b"])
    if values["kind"] == "percent":
        return number_text(b * a / 100)
    if values["kind"] == "half":
        return number_text(b / 2)
    if values["symbol"] == "/" and b == 0:
        return ""
    return number_text({"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else 0}[values["symbol"]])


def _amount(value: int, unit: str) -> str:
    return f"{number_words(value)} {unit}" + ("" if value == 1 else "s")


def _value(unit: str, rng: random.Random) -> int:
    if unit == "hour":
        return rng.randint(1, 12)
    return rng.choice([rng.randint(1, 12), rng.randint(1, 60), 5 * rng.randint(1, 18), rng.randint(1, 99)])


FIXED_DURATIONS = [
    ("half an hour", "half hour", {"minutes": 30}), ("an hour", "one hour", {"hours": 1}), ("a minute", "one minute", {"minutes": 1}),
    ("an hour and a half", "ninety minute", {"hours": 1, "minutes": 30}), ("a quarter of an hour", "quarter hour", {"minutes": 15}),
    ("half a minute", "half minute", {"seconds": 30}), ("a minute and a half", "ninety second", {"minutes": 1, "seconds": 30}),
]


def duration(rng: random.Random, adjective: bool) -> Tuple[str, Dict[str, int]]:
    """(words, set_timer arguments); `adjective` gives the form before a noun: "five minute" (timer)."""
    kind = rng.random()
    if kind < 0.16:
        noun, before, arguments = rng.choice(FIXED_DURATIONS)
        if adjective and "ninety" in before:
            arguments = {"minutes": 90} if "minute" in before else {"seconds": 90}
        return (before if adjective else noun), dict(arguments)
    if kind < 0.27 and not adjective:
        big, small = rng.choice([("hour", "minute"), ("minute", "second")])
        first, second = rng.randint(1, 12), rng.choice([5 * rng.randint(1, 11), rng.randint(1, 59)])
        arguments = {big + "s": first, small + "s": second}
        if rng.random() < 0.25:
            return f"{number_words(first)} and a half {big}s", {big + "s": first, small + "s": 30}
        return f"{_amount(first, big)} {rng.choice(['and ', 'and ', ''])}{_amount(second, small)}", arguments
    unit = rng.choices(["minute", "second", "hour"], [6, 2, 2])[0]
    value = _value(unit, rng)
    words = f"{number_words(value)} {unit}" if adjective else _amount(value, unit)
    return words, {unit + "s": value}


def duration_text(arguments: Dict[str, int]) -> str:
    """As the set_timer tool reports it: {"hours": 1, "minutes": 30} -> "1 hour and 30 minutes"."""
    parts = [f"{arguments[unit]} {unit[:-1] if arguments[unit] == 1 else unit}" for unit in ("hours", "minutes", "seconds") if arguments.get(unit)]
    return " and ".join(parts)
