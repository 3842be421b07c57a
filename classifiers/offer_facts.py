"""Every number of a clause with what it is: amount, packing, price or time of delivery. No number is two things."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from classifiers import prices
from classifiers.lead_times import Duration, at_once, durations, on_weekday
from classifiers.numbers import Number, find_numbers, find_spelled
from classifiers.prices import Price, price
from classifiers.quantities import Amount, Pack, amount, pack, unit_after
from classifiers.wording import alternatives
from models.knowledge.offers import OfferKnowledge, OfferVocabulary

_NEXT = 20  # characters between a number in words and the product that it counts
MASKED = "\x00"
_ORDINAL = re.compile(r"\s{0,12}\(?\d{1,2}(?:[.):]\s| {2,40}|\t)")


@dataclass(slots=True)
class Facts:
    """What the numbers of one clause say, each kind in order."""

    amounts: list[Amount] = field(default_factory=list)
    packs: list[Pack] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    times: list[Duration] = field(default_factory=list)

    def any(self) -> bool:
        """Whether there is an amount, a price or a packing."""
        return bool(self.amounts or self.prices or self.packs)


def masked(text: str, knowledge: OfferKnowledge, words: OfferVocabulary) -> str:
    """`text`, as long as before, with every identifier, date and telephone number blotted out."""
    currency = prices.grammar(words).sign
    letters = list(text)
    for pattern in _masks(knowledge):
        for found in pattern.finditer(text):
            if "\t" not in found.group() and not currency.match(text, found.start()):
                letters[found.start() : found.end()] = [sign if sign == "\n" else MASKED for sign in found.group()]
    return "".join(letters)


def scan(
    text: str,
    start: int,
    end: int,
    words: OfferVocabulary,
    nouns: Sequence[tuple[int, int]],
    sent: date | None = None,
) -> Facts:
    """The facts in the masked text[start:end]; `nouns` are the products in it, [start, end) each.

    `sent` is the day of the mail, from which weekdays are counted.
    """
    facts = Facts(times=list(durations(text, start, end, words)))
    soon = at_once(text, start, end, words)
    soon = soon or (on_weekday(text, start, end, words, sent) if sent else None)
    if soon:
        facts.times.append(soon)
    taken = [(time.start, time.end) for time in facts.times if not time.immediate]
    taken += nouns
    ordinal = _ORDINAL.match(text, start, end)
    begin = ordinal.end() if ordinal else start
    for number in find_numbers(text, begin, end, words.multipliers, _glued(words)):
        if any(number.start < stop and first < number.end for first, stop in taken):
            continue
        found = _fact(number, text, begin, end, words, nouns)
        if found:
            _add(facts, found)
            taken.append((found.start, found.end))
    for number in find_spelled(text, begin, end, words.number_words, words.multipliers):
        if number.value > 1 and not any(number.start < stop and first < number.end for first, stop in taken):
            _add_spelled(facts, number, text, begin, end, words, nouns)
    return facts


def _add_spelled(
    facts: Facts, number: Number, text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> None:
    """A number in words is an amount only when it counts a product or has thousands."""
    found = amount(number, text, start, end, words, nouns)
    counts = text[number.end : number.end + 1] != "." and any(0 <= first - number.end <= _NEXT for first, _ in nouns)
    if found and not found.weak and not found.moq and (counts or number.value >= 1000):
        facts.amounts.append(found)
        facts.amounts.sort(key=lambda one: one.start)


def _fact(
    number: Number, text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> Amount | Pack | Price | None:
    cost = price(number, text, start, end, words)
    if cost and cost.sure:
        return cost
    noun_end = next((stop for first, stop in nouns if 0 <= first - number.end <= 3), None)
    held = pack(number, text, start, end, words, noun_end)
    if held or (cost and not unit_after(number.end, text, end, words)):
        return held or cost
    return amount(number, text, start, end, words, nouns)


def _add(facts: Facts, found: Amount | Pack | Price) -> None:
    if isinstance(found, Amount):
        facts.amounts.append(found)
    elif isinstance(found, Pack):
        facts.packs.append(found)
    else:
        facts.prices.append(found)


@lru_cache(maxsize=8)
def _masks(knowledge: OfferKnowledge) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in knowledge.masks)


@lru_cache(maxsize=32)
def _glued(words: OfferVocabulary) -> re.Pattern[str]:
    """Words that a number may touch: currencies and the cues of a smallest order."""
    return re.compile(rf"{alternatives((*words.currencies, *words.cues.moq))}$", re.IGNORECASE)
