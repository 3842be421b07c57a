"""The facts of one clause shared out among the items that it names."""

from collections.abc import Sequence

from classifiers.lead_times import Duration
from classifiers.offer_facts import Facts
from classifiers.offer_grammar import grammar
from models.knowledge.offers import OfferVocabulary
from models.reading import ProductMention

_PARTING = ",;)"
_PAIR = 2
_TOUCHING = 1
_PURPOSE = 24  # characters before a product in which a word for its purpose stands
_BORDER = 40  # characters that a comma between counts for


def anchors(wanted: Sequence[ProductMention], facts: Facts) -> list[ProductMention]:
    """One mention for each item: mentions of one category with no amount or price between them are one."""
    borders = [one.start for one in facts.amounts if not one.moq] + [one.start for one in facts.prices]
    found: list[ProductMention] = []
    for one in wanted:
        last = found[-1] if found else None
        parted = last and any(last.span.end <= border < one.span.start for border in borders)
        if last is None or last.category != one.category or parted:
            found.append(one)
    lots = max(sum(1 for one in facts.amounts if not one.moq), len(facts.prices))
    return found[:1] if lots <= 1 and len({one.category for one in found}) == 1 else found


def without_parts(named: list[ProductMention], facts: Facts) -> list[ProductMention]:
    """The first of `named` alone, when the amounts of the others add up to its own: "400 masks: 250 nose, 150 full"."""
    proper = [one.value for one in facts.amounts if not one.moq]
    summed = len(proper) > _PAIR and proper[0] == sum(proper[1:])
    return named[:1] if summed and len({one.category for one in named}) == 1 else named


def without_purposes(
    wanted: Sequence[ProductMention], text: str, start: int, words: OfferVocabulary
) -> list[ProductMention]:
    """`wanted` of a clause from `start` on without what those before it are for: "meltblown for FFP2 masks"."""
    purpose = grammar(words).purpose
    return [
        one
        for number, one in enumerate(wanted)
        if number == 0
        or one.category == wanted[0].category
        or not purpose.search(text, max(start, one.span.start - _PURPOSE), one.span.start)
    ]


def assigned(named: Sequence[ProductMention], facts: Facts) -> list[Facts]:
    """For each of `named` its facts: an amount before the first product leads the product behind it, else follows; one
    right before a product, and behind none, is that product's ("gowns and visors, about 500 visors a day").
    """
    shares = [Facts() for _ in named]
    first = min((one.start for one in facts.amounts if not one.moq and not one.weak), default=None)
    leading = first is not None and first < named[0].span.start
    for one in facts.amounts:
        leads = not one.moq and (leading or _stands_before(named, one.start, one.end))
        shares[_following(named, one.end) if leads else _preceding(named, one.start)].amounts.append(one)
    for cost in facts.prices:
        shares[_preceding(named, cost.start)].prices.append(cost)
    for held in facts.packs:
        shares[_preceding(named, held.start)].packs.append(held)
    for time in facts.times:
        for_all = len(facts.times) == 1 and time.start > named[-1].span.start
        for share in shares if for_all else [shares[_preceding(named, time.start)]]:
            share.times.append(time)
    return shares


def _stands_before(named: Sequence[ProductMention], start: int, end: int) -> bool:
    """Whether [start, end) holds a product or only a blank parts it from the next, and more from those before it."""
    behind_one = any(0 <= start - one.span.end <= _TOUCHING for one in named)
    return not behind_one and any(start < one.span.start <= end + 1 for one in named)


def _preceding(named: Sequence[ProductMention], at: int) -> int:
    return max([number for number, one in enumerate(named) if one.span.start <= at], default=0)


def _following(named: Sequence[ProductMention], at: int) -> int:
    return min([number for number, one in enumerate(named) if one.span.end >= at], default=len(named) - 1)


def times_by_kind(wanted: Sequence[ProductMention], times: Sequence[Duration], text: str) -> list[tuple[str, Duration]]:
    """Several times of a statement on several kinds, each with its kind: as many times as kinds hold for them in order,
    others each for the nearest.
    """
    delivery = sorted((one for one in times if one.delivery), key=lambda one: one.start)
    kinds = list(dict.fromkeys(one.category for one in wanted))
    if len(delivery) < _PAIR or len(kinds) < _PAIR:
        return []
    if len(delivery) == len(kinds):
        return list(zip(kinds, delivery, strict=True))
    return [(_spoken_of(wanted, time, text), time) for time in delivery]


def _spoken_of(named: Sequence[ProductMention], time: Duration, text: str) -> str:
    """The category of the product that a time of delivery stands nearest to; a comma or bracket between counts much."""

    def distance(one: ProductMention) -> int:
        low, high = sorted(((one.span.start, one.span.end), (time.start, time.end)))
        between = text[low[1] : high[0]]
        closed = sum(between.count(sign) for sign in _PARTING)
        return len(between) + _BORDER * closed

    return min(named, key=distance).category
