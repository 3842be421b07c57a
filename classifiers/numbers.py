"""Number notations: 500.000 · 500 000 · 500,000 · 12,00,000 · 1,2 mill · 50k · 2,50 · 1.234,50."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from classifiers.wording import LETTER, alternatives, folded

_BLANK = "\u0020\u00a0\u202f\u2009\u2007"
_GROUPED = rf"\d{{1,3}}(?P<mark>[{_BLANK}.,'’])\d{{3}}(?:(?P=mark)\d{{3}}){{0,3}}(?:[.,]\d{{1,2}})?"
_INDIAN = r"\d{1,2}(?:,\d{2}){1,3},\d{3}"
_PLAIN = r"\d{1,12}(?:[.,]\d{1,4}|:\d\d(?!\d))?"
_BORDER = r"(?<!\d)(?<![A-Za-z]-)(?<!\d[.,])"
_AFTER_LETTER = re.compile(LETTER)
_NUMBER = re.compile(rf"{_BORDER}(?:{_INDIAN}|{_GROUPED}|{_PLAIN})(?!\d)")
_MANY = 1000  # "1.125 million" has a fraction, "1,200 dozen" has thousands
_GROUP = 3  # digits between two marks
_SIGN = 3  # a shorter multiplier is a sign and does not follow a number in words
_NUMERAL = re.compile(r"0\d")  # a number that begins with 0 is a name, not an amount
_OPEN = re.compile(r"\+(?!\d)")  # "100k+" is so many and more; "9320+" is a name
_BY = re.compile(r"\s?[x×*]\s?", re.IGNORECASE)
_ONE_MARK = re.compile(r"^(\d{1,12})([.,:])(\d{1,4})$")


@dataclass(frozen=True, slots=True)
class Number:
    """A number at [start, end) of a text, multiplier included. `last` is the second factor of a product (10 x 100)."""

    value: float
    start: int
    end: int
    last: float | None = None


def find_numbers(
    text: str, start: int, end: int, multipliers: Mapping[str, float], glued: re.Pattern[str]
) -> Iterator[Number]:
    """The numbers in text[start:end]. One that touches a letter before it counts only after `glued` (USD12.50)."""
    multiplier = _multiplier(tuple(multipliers))
    for found in _NUMBER.finditer(text, start, end):
        at = found.start()
        if _NUMERAL.match(found.group()):
            continue
        if at and _AFTER_LETTER.match(text, at - 1) and not glued.search(text, max(0, at - 8), at):
            continue
        after = multiplier.match(text, found.end(), end)
        times = multipliers[after["sign"] or after["word"].casefold()] if after else 1
        written, stop = found.group(), after.end() if after else found.end()
        yield Number(
            value=(decimal(written) if times >= _MANY else number(written)) * times,
            start=found.start(),
            end=stop + 1 if after and _OPEN.match(text, stop, end) else stop,
        )


def multiplied(first: Number, second: Number, text: str) -> Number | None:
    """Two whole numbers with a sign of multiplication between them as one, else None."""
    if first.last or not _BY.fullmatch(text, first.end, second.start) or not text[first.start : first.end].isdigit():
        return None
    return Number(first.value * second.value, first.start, second.end, last=second.value)


def find_spelled(
    text: str, start: int, end: int, words: Mapping[str, float], multipliers: Mapping[str, float]
) -> Iterator[Number]:
    """Numbers in words in text[start:end]: "three", "five million", "two hundred thousand"."""
    for found in _spelled(tuple(words), tuple(multipliers)).finditer(text, start, end):
        value = float(words[folded(found["word"])])
        for name in ("times", "more"):
            if found[name]:
                value *= multipliers[folded(found[name])]
        yield Number(value=value, start=found.start(), end=found.end())


def number(written: str) -> float:
    """The value of a number as an amount: a single mark before three digits groups thousands ("60.000" is 60 000)."""
    one = _ONE_MARK.match(written)
    if one:
        return _joined(one) if len(one[3]) == _GROUP and one[1] != "0" else float(f"{one[1]}.{one[3]}")
    return _many_marks(written)


def decimal(written: str) -> float:
    """The value of a number as a price or a factor: a single mark is a decimal one ("1.125" is 1.125)."""
    one = _ONE_MARK.match(written)
    return float(f"{one[1]}.{one[3]}") if one else _many_marks(written)


def _joined(one: re.Match[str]) -> float:
    return float(one[1] + one[3])


def _many_marks(written: str) -> float:
    """Several marks: the last is decimal when it differs from the others and three digits do not follow it."""
    marks = [at for at, sign in enumerate(written) if not sign.isdigit()]
    if not marks:
        return float(written)
    last = marks[-1]
    fraction = written[last + 1 :]
    if written[last] in ".," and len(fraction) != _GROUP and all(written[at] != written[last] for at in marks[:-1]):
        return float(f"{_digits(written[:last])}.{fraction}")
    return float(_digits(written))


def _digits(written: str) -> str:
    return "".join(sign for sign in written if sign.isdigit())


@lru_cache(maxsize=64)
def _multiplier(words: tuple[str, ...]) -> re.Pattern[str]:
    """A sign (5M, 50k, 10MM) must touch the number and keep its case; a word may stand apart."""
    signs = [word for word in words if _is_sign(word)]
    others = alternatives(word for word in words if not _is_sign(word))
    touching = (
        rf"(?:{'|'.join(map(re.escape, sorted(signs, key=len, reverse=True)))})(?!{LETTER})" if signs else r"(?!)"
    )
    return re.compile(rf"\+?(?P<sign>{touching})|(?i:\+?[{_BLANK}\n]{{0,3}}(?P<word>{others}))")


def _is_sign(word: str) -> bool:
    return word.isascii() and (len(word) == 1 or (word.isupper() and len(word) < _SIGN))


@lru_cache(maxsize=64)
def _spelled(words: tuple[str, ...], multipliers: tuple[str, ...]) -> re.Pattern[str]:
    times = alternatives(word for word in multipliers if len(word) > _SIGN)
    return re.compile(
        rf"(?P<word>{alternatives(words)})(?:\s{{1,3}}(?P<times>{times}))?(?:\s{{1,3}}(?P<more>{times}))?",
        re.IGNORECASE,
    )
