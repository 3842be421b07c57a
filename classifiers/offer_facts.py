"""Every number of a clause with what it is: amount, packing, price or time of delivery. No number is two things."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from classifiers.lead_times import Duration, at_once, durations
from classifiers.numbers import Number, find_spelled
from classifiers.offer_numbers import MOST_NUMBERS, TOUCHING, WHOLE, numbers
from classifiers.offer_restated import restated
from classifiers.offer_steps import without_steps
from classifiers.packings import Pack, pack
from classifiers.prices import Price, has_cents, is_money, price
from classifiers.quantities import Amount, amount, is_named, is_year, unit_after
from models.knowledge.offers import OfferVocabulary

_OUTER = ("carton", "pallet")  # they hold boxes, when one is said to hold 10 x 100
_PACKED = ("box", "carton", "pallet", "container", "roll", "pair", "canister", "bottle")
_LEAST_TRAILING = 5
_MANY = 1000  # so many in words are an amount whatever they count
_NEXT = 20  # characters between a number in words and the product that it counts
_ORDINAL = re.compile(r"\s{0,12}\(?\d{1,2}(?:[.):]\s| {2,40}|\t)")


@dataclass(slots=True)
class Facts:
    """What the numbers of one clause say, each kind in order."""

    amounts: list[Amount] = field(default_factory=list)
    packs: list[Pack] = field(default_factory=list)
    prices: list[Price] = field(default_factory=list)
    times: list[Duration] = field(default_factory=list)

    def price(self) -> Price | None:
        """The price that counts."""
        return min(self.prices, key=lambda cost: cost.rank, default=None)

    def any(self) -> bool:
        """Whether there is an amount, a price or a packing."""
        return bool(self.amounts or self.prices or self.packs)


def scan(
    text: str,
    start: int,
    end: int,
    words: OfferVocabulary,
    nouns: Sequence[tuple[int, int]],
) -> Facts:
    """The facts in the masked text[start:end]; `nouns` are the products in it, [start, end) each."""
    facts = Facts(times=_times(text, start, end, words))
    taken = [(time.start, time.end) for time in facts.times if not time.immediate]
    taken += nouns
    ordinal = _ORDINAL.match(text, start, end)
    begin = ordinal.end() if ordinal else start
    for number in numbers(text, begin, end, words, nouns):
        if any(number.start < stop and first < number.end for first, stop in taken):
            continue
        priced = facts.prices[-1].end if facts.prices else begin  # what led to one price leads to no other number
        found = _fact(number, text, max(begin, priced), end, words, nouns)
        if found:
            _add(facts, found, number.last)
            taken.append((found.start, found.end))
    _add_all_spelled(facts, (text, begin, end), words, nouns, taken)
    if len(facts.amounts) > 1:
        facts.amounts, held = restated(facts.amounts, text, words, nouns)
        facts.packs += held
        facts.amounts = without_steps(facts.amounts, facts.prices, text, words)
    return facts


def trailing(text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]) -> list[Amount]:
    """The bare number that ends a row of products ("goggles ......  60")."""
    last = list(numbers(text, start, end, words, nouns))[-1:]
    return [
        Amount(number.value, None, None, number.start, number.end, weak=True)
        for number in last
        if number.value >= _LEAST_TRAILING
        and not (is_year(number, text) or is_named(number, text, start, nouns))
        and not text[number.end : end].strip(" .;")
    ]


def _times(text: str, start: int, end: int, words: OfferVocabulary) -> list[Duration]:
    said = list(durations(text, start, end, words))
    soon = at_once(text, start, end, words)
    dated = soon and any(time.days is None and 0 <= time.start - soon.end <= _NEXT for time in said)
    return [*said, soon] if soon and not dated else said  # "ready for collection on Saturday"


def _add_all_spelled(
    facts: Facts,
    place: tuple[str, int, int],
    words: OfferVocabulary,
    nouns: Sequence[tuple[int, int]],
    taken: Sequence[tuple[int, int]],
) -> None:
    found = find_spelled(*place, words.number_words, words.multipliers)
    for number in islice(found, MOST_NUMBERS):
        if number.value > 1 and not any(number.start < stop and first < number.end for first, stop in taken):
            _add_spelled(facts, number, *place, words, nouns)


def _add_spelled(
    facts: Facts,
    number: Number,
    text: str,
    start: int,
    end: int,
    words: OfferVocabulary,
    nouns: Sequence[tuple[int, int]],
) -> None:
    """A small number in words is a price beside a currency and a cue or unit ("asking two euros each"), and any is an
    amount only when it counts a product or a packing, or has thousands.
    """
    cost = price(number, text, start, end, words, nouns)
    if cost and cost.currency and (cost.cued or cost.unit) and number.value < _MANY:
        facts.prices.append(cost)
        return
    found = amount(number, text, start, end, words, nouns)
    counts = text[number.end : number.end + 1] != "." and any(0 <= first - number.end <= _NEXT for first, _ in nouns)
    packed = found is not None and found.unit in _PACKED
    if found and not found.weak and not found.moq and (counts or packed or number.value >= _MANY):
        facts.amounts.append(found)
        facts.amounts.sort(key=lambda one: one.start)


def _fact(
    number: Number, text: str, start: int, end: int, words: OfferVocabulary, nouns: Sequence[tuple[int, int]]
) -> Amount | Pack | Price | None:
    cost = price(number, text, start, end, words, nouns)
    if cost and cost.sure:
        return cost
    noun_end = next((stop for first, stop in nouns if 0 <= first - number.end <= TOUCHING), None)
    held = None if has_cents(number, text) else pack(number, text, start, end, words, noun_end)
    if held or (cost and (cost.bare or not unit_after(number.end, text, end, words))):
        return held or cost
    counted = unit_after(number.end, text, end, words)
    if is_money(number, text, start, end, words) or (counted and counted[0] in WHOLE and has_cents(number, text)):
        return None
    return amount(number, text, start, end, words, nouns)


def _add(facts: Facts, found: Amount | Pack | Price, last: float | None) -> None:
    """Take in what a number is; a packing of 10 x 100 is one of boxes too, of the `last` factor."""
    if isinstance(found, Amount):
        facts.amounts.append(found)
    elif isinstance(found, Pack) and last and found.outer in _OUTER:
        facts.packs.append(replace(found, inner=found.inner or "piece"))
        facts.packs.append(Pack(last, found.inner, "box", found.start, found.end))
    elif isinstance(found, Pack):
        facts.packs.append(found)
    else:
        facts.prices.append(found)
