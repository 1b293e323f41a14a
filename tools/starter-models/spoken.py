"""Numbers, times and dates in words, as eSpeak NG's en-us voice reads them.

`spoken_form` is the normalisation that word error rates are counted on: lowercase words, apostrophes kept,
everything else gone. `words_form` keeps case and punctuation and only turns digits into words.
"""
import re

ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen").split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def number_words(value: int) -> str:
    """Cardinal in American style without "and": 1250 -> "one thousand two hundred fifty"."""
    if value < 0:
        return "minus " + number_words(-value)
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (" " + ONES[value % 10] if value % 10 else "")
    for size, name in ((10 ** 9, "billion"), (10 ** 6, "million"), (1000, "thousand"), (100, "hundred")):
        if value >= size:
            rest = value % size
            return f"{number_words(value // size)} {name}" + (" " + number_words(rest) if rest else "")
    raise ValueError(value)


def decimal_words(text: str) -> str:
    """"-3.25" -> "minus three point two five"."""
    sign = "minus " if text.startswith("-") else ""
    whole, _, fraction = text.lstrip("-").replace(",", "").partition(".")
    words = number_words(int(whole or "0"))
    if fraction:
        words += " point " + " ".join(ONES[int(digit)] for digit in fraction)
    return sign + words


def _time_words(match: "re.Match") -> str:
    hour, minute, half = int(match[1]), match[2], match[3]
    # eSpeak reads "3:05" as "three zero five" and "3:00" as "three zero zero".
    minutes = number_words(int(minute)) if minute[0] != "0" else f"zero {ONES[int(minute[1])]}"
    words = f"{number_words(hour)} {minutes}"
    return words + (f" {half[0].lower()} m" if half else "")


NUMBER_WORD = {**{word: value for value, word in enumerate(ONES)}, **{word: 10 * value for value, word in enumerate(TENS) if value > 1}}


def digits_form(text: str) -> str:
    """The reverse of words_form for whole numbers below 10,000: "Twenty five percent" -> "25 percent"."""
    word = "(?:" + "|".join(sorted([*NUMBER_WORD, "hundred", "thousand"], key=len, reverse=True)) + ")"

    def value(match: "re.Match") -> str:
        total = part = 0
        for token in match[0].lower().split():
            if token == "hundred":
                part = max(part, 1) * 100
            elif token == "thousand":
                total, part = (total + max(part, 1)) * 1000, 0
            else:
                part += NUMBER_WORD[token]
        return str(total + part)

    return re.sub(rf"\b{word}(?: {word})*\b", value, text, flags=re.IGNORECASE)


OPERATORS = {"*": "times", "/": "divided by", "+": "plus", "-": "minus", "=": "is"}


def words_form(text: str) -> str:
    """Digits, times, dates, percents and operators between numbers become words; the rest stays as written."""
    original = text
    text = re.sub(r"\b(\d{1,2}):(\d\d)(?:\s*([AaPp])(?:\.[Mm]\.|[Mm]\b))?", _time_words, text)
    text = re.sub(r"(?<=\d)\s*([AaPp])\.?[Mm]\b", lambda match: f" {match[1].lower()} m", text)
    text = re.sub(r"(?<=\d)\s*([*/+=-])\s*(?=-?\d)", lambda match: f" {OPERATORS[match[1]]} ", text)
    text = re.sub(r"(?<=\d)\s*%", " percent", text)
    words = re.sub(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?<!,)", lambda match: decimal_words(match[0]), text)
    return words[:1].upper() + words[1:] if original[:1].isdigit() else words


def spoken_form(text: str) -> str:
    """The lowercase words of a sentence as it is spoken: "It's 3:42 PM." -> "it's three forty two p m"."""
    text = words_form(text.replace("\u2019", "'")).lower()
    return " ".join(word.strip("'") for word in re.sub(r"[^a-z' ]+", " ", text).split() if word.strip("'"))
