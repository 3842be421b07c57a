"""Tables: what a row says under the heads of its columns."""

import re
from collections.abc import Sequence

from classifiers import prices, quantities
from classifiers.lead_times import Duration, durations
from classifiers.numbers import Number, find_numbers
from classifiers.offer_columns import BARE_NUMBER, NUMERIC, Cell, Column
from classifiers.offer_facts import Facts
from classifiers.offer_grammar import grammar
from classifiers.packings import Pack, pack
from classifiers.prices import Price
from classifiers.quantities import Amount
from models.knowledge.offers import OfferVocabulary

_LETTER = re.compile(r"[^\W\d_]")
_NEVER = re.compile(r"(?!)")
_YEAR = 366
_PAIR = "pair"
_VOLUMES = ("litre", "gallon", "kg")


def loose_facts(text: str, end: int, heads: Sequence[Column], product_end: int, words: OfferVocabulary) -> Facts | None:
    """The facts of a line under `loose_columns`: its last numbers are those of the columns, in order."""
    numeric = [head for head in heads if head.role in NUMERIC]
    numbers = list(find_numbers(text, product_end, end, words.multipliers, _NEVER))
    if len(numbers) < len(numeric):
        return None
    last = numbers[-len(numeric) :]
    stops = [*(number.start for number in last[1:]), end]
    row = [(number.start, stop) for number, stop in zip(last, stops, strict=True)]
    return row_facts(text, row, numeric, words)


def row_facts(text: str, row: Sequence[Cell], heads: Sequence[Column], words: OfferVocabulary) -> Facts:
    """The facts of a row (of masked text) under `heads`."""
    facts = Facts()
    unit = _unit_of_row(text, row, heads, words)
    amounts = _amount_role(heads)
    for (start, end), head in zip(row, heads, strict=False):
        numbers = list(find_numbers(text, start, end, words.multipliers, _NEVER))
        if head.role == "lead_time":
            facts.times += _times(text, start, end, numbers, words)
        elif numbers and head.role in (amounts, "moq"):
            facts.amounts += _amounts(numbers, text, (start, end), head, unit, words)
            facts.packs += _said_packs(numbers[1:], text, start, end, words)
        elif numbers and head.role == "price":
            facts.prices.append(_price(numbers[0], text, start, end, head, unit, words))
            facts.packs += _said_packs(numbers[1:], text, start, end, words)
        elif numbers and head.role == "box_size":
            facts.packs += _packs(numbers, text, (start, end), head, words)
        elif numbers and head.role in ("product", "unit"):
            facts.packs += _said_packs(numbers, text, start, end, words)
    return facts


def _amount_role(heads: Sequence[Column]) -> str:
    """The columns that count: what is needed before what there is, and packings only when nothing counts pieces."""
    roles = {head.role for head in heads}
    return next((role for role in ("need", "quantity") if role in roles), "count")


def is_total(text: str, row: Sequence[Cell], words: OfferVocabulary) -> bool:
    """Whether a row is the sum of those above it: the first cell with letters says so."""
    first = next((text[start:end] for start, end in row if _LETTER.search(text, start, end)), "")
    return grammar(words).totals.next(first, 0, len(first)) is not None


def bare_number(text: str, cell: Cell, words: OfferVocabulary) -> Number | None:
    """The number of a cell that holds nothing else, or None."""
    return cell_number(text, cell, words) if BARE_NUMBER.match(text[slice(*cell)]) else None


def cell_number(text: str, cell: Cell, words: OfferVocabulary) -> Number | None:
    """The number that a cell holds, or None."""
    return next(find_numbers(text, *cell, words.multipliers, _NEVER), None)


def _unit_of_row(text: str, row: Sequence[Cell], heads: Sequence[Column], words: OfferVocabulary) -> str | None:
    """The unit that its own cell names; else pairs, when the product or its packing is called one."""
    units = grammar(words).units
    for (start, end), head in zip(row, heads, strict=False):
        found = units.first(text, start, end) if head.role == "unit" else None
        if found:
            return found.meaning
    told = [cell for cell, head in zip(row, heads, strict=False) if head.role in ("product", "box_size")]
    paired = any(one.meaning == _PAIR for cell in told for one in units.all(text, *cell))
    return _PAIR if paired else None


def _amounts(
    numbers: Sequence[Number], text: str, cell: Cell, head: Column, unit: str | None, words: OfferVocabulary
) -> list[Amount]:
    """The amount of a cell, and a second one at another rhythm ("8000 in stock, 2000 a day")."""
    first, *others = [_amount(number, text, cell, head, unit, words) for number in numbers]
    return [first, *(one for one in others if one.per and one.per != first.per)][:2]


def _amount(number: Number, text: str, cell: Cell, head: Column, unit: str | None, words: OfferVocabulary) -> Amount:
    own = quantities.unit_after(number.end, text, cell[1], words)
    stop = own[1] if own else number.end
    return Amount(
        value=number.value,
        unit=own[0] if own else head.unit or unit,
        per=quantities.rhythm(text, cell[0], number, stop, cell[1], words) or head.per,
        start=number.start,
        end=stop,
        moq=head.role == "moq",
    )


def _price(
    number: Number, text: str, start: int, end: int, head: Column, unit: str | None, words: OfferVocabulary
) -> Price:
    own = prices.price(number, text, start, end, words)
    behind, count, stop = prices.unit_behind(text, number.end, end, "", words)
    currency = own.currency if own and own.currency else head.currency
    return Price(
        value=number.value,
        currency=currency,
        may_mean=own.may_mean if own and own.currency else frozenset(),
        sure=True,
        cued=True,
        unit=(own.unit if own else None) or behind or (unit if head.unit == "piece" else None) or head.unit or unit,
        count=max(head.count, count, own.count if own else 1),
        start=number.start,
        end=own.end if own else stop,
        rank=prices.rank(currency, lesser=head.lesser, words=words),
    )


def _packs(numbers: Sequence[Number], text: str, cell: Cell, head: Column, words: OfferVocabulary) -> list[Pack]:
    packs = _said_packs(numbers, text, *cell, words)
    inner = quantities.unit_after(numbers[0].end, text, cell[1], words)
    sized = (inner and inner[0] in _VOLUMES) or grammar(words).measures.next(text, numbers[0].end, cell[1])
    if packs or sized:
        return packs
    return [Pack(numbers[0].value, "piece", head.unit, numbers[0].start, numbers[0].end)]


def _said_packs(numbers: Sequence[Number], text: str, start: int, end: int, words: OfferVocabulary) -> list[Pack]:
    said = [pack(number, text, start, end, words, None) for number in numbers]
    return [one for one in said if one]


def _times(text: str, start: int, end: int, numbers: Sequence[Number], words: OfferVocabulary) -> list[Duration]:
    said = [
        Duration(days=time.days, delivery=True, start=time.start, end=time.end)
        for time in durations(text, start, end, words)
    ]
    known = grammar(words)
    soon = known.immediate.first(text, start, end) or known.soon.first(text, start, end)
    if not said and not numbers and (soon or known.at_hand.first(text, start, end)):
        return [Duration(soon.meaning if soon else 0, delivery=True, start=start, end=end, immediate=True)]
    if said or not numbers or numbers[-1].value > _YEAR:
        return said
    return [Duration(days=int(numbers[-1].value), delivery=True, start=numbers[0].start, end=numbers[-1].end)]
