"""The numbers of a clause: products and bounds of two as one, and signs that multiply only before goods."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from classifiers.numbers import Number, decimal, find_numbers, multiplied
from classifiers.offer_grammar import grammar
from classifiers.prices import has_cents, is_money
from classifiers.quantities import unit_after
from classifiers.wording import alternatives
from models.knowledge.offers import OfferVocabulary

MOST_NUMBERS = 300  # of one clause; no offer has more
TOUCHING = 3
WHOLE = frozenset({"piece", "pair", "box", "carton", "pallet", "roll"})  # nobody counts hundredths of them
_BEFORE = 30  # characters before a number in which "between" stands
_BOUNDS = re.compile(r"\s[^\W\d_]{1,3}\s")
_RANGE = re.compile(r"\s?[-–—]\s?")  # of two numbers that are the bounds of one


def numbers(text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]) -> list[Number]:
    """The numbers of a clause, products of two as one; "2 x 40ft" is no product but two containers."""
    found: list[Number] = []
    for number in islice(find_numbers(text, start, end, words.multipliers, _glued(words)), MOST_NUMBERS):
        before = found[-1] if found else None
        joined = multiplied(before, number, text) if before else None
        if (
            before
            and _is_low_bound(before, number, text, start, words)
            and not is_money(before, text, start, end, words)
        ):
            found[-1] = number
        elif before and joined and not unit_after(before.end, text, end, words):
            found[-1] = joined
        else:
            found.append(number)
    return [_with_goods(number, text, end, words, nouns) for number in found] if words.loose_multipliers else found


def _with_goods(
    number: Number, text: str, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> Number:
    """A number with a sign that multiplies where goods follow: "2m masks"."""
    times = words.loose_multipliers.get(text[number.end : number.end + 1])
    stop = number.end + 1
    if times is None or not text[stop : stop + 1].isspace() or number.last:
        return number
    follows = any(0 <= first - stop <= TOUCHING for first, _ in nouns)
    counted = unit_after(stop, text, end, words)
    if follows or (counted and counted[0] in WHOLE):
        return Number(decimal(text[number.start : number.end]) * times, number.start, stop)
    return number


def _is_low_bound(low: Number, high: Number, text: str, start: int, words: OfferVocabulary) -> bool:
    """Whether two numbers are the bounds of one: "2000-3000", "between 2000 and 3000"."""
    if high.value < low.value or has_cents(low, text) is not has_cents(high, text):
        return False
    told = _BOUNDS.fullmatch(text, low.end, high.start)
    return _RANGE.fullmatch(text, low.end, high.start) is not None or (
        told is not None and grammar(words).between.search(text, max(start, low.start - _BEFORE), low.start) is not None
    )


@lru_cache(maxsize=32)
def _glued(words: OfferVocabulary) -> re.Pattern[str]:
    """Words that a number may touch: currencies and the cues of a smallest order."""
    return re.compile(rf"{alternatives((*words.currencies, *words.cues.moq))}$", re.IGNORECASE)
