"""Tables: which column holds what, and what a row says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers import prices, quantities
from classifiers.lead_times import Duration, durations
from classifiers.numbers import Number, find_numbers
from classifiers.offer_facts import Facts
from classifiers.offer_grammar import grammar
from classifiers.packings import Pack, pack
from classifiers.prices import Price
from classifiers.quantities import Amount
from classifiers.terms import Term
from classifiers.wording import spaced
from models.knowledge.offers import OfferVocabulary

Cell = tuple[int, int]
_LETTER = re.compile(r"[^\W\d_]")
_BARE_NUMBER = re.compile(r"\s{0,20}\d[\d .,\u00a0]{0,20}(?:\s{0,20}|$)$")
_NEVER = re.compile(r"(?!)")
_COUNTS = frozenset({"quantity", "need", "price", "moq"})
_NUMERIC = ("quantity", "need", "price", "moq", "box_size", "lead_time")
_RHYTHMS = ("day", "week", "month", "hour")
_WIDEST = 160
_YEAR = 366
_ROLES = ("need", "price", "moq", "lead_time", "box_size", "quantity", "product", "unit")


@dataclass(frozen=True, slots=True)
class Column:
    """What the head of a column says of the cells below it."""

    role: str
    unit: str | None
    per: str | None
    currency: str | None
    count: int


def columns(text: str, row: Sequence[Cell], words: OfferVocabulary) -> tuple[Column, ...] | None:
    """The columns that a row names, or None when it is no header: two roles at least, among them one that counts."""
    if len(row) == 1 or any(_BARE_NUMBER.match(text[start:end]) for start, end in row):
        return None
    found = tuple(_column(text[start:end], words) for start, end in row)
    named = {column.role for column in found} - {"", "ignore"}
    plain = not any(sign.isdigit() for start, end in row for sign in text[start:end])
    return found if named & _COUNTS and (len(named) > 1 or plain) else None


def named_column(head: str, words: OfferVocabulary) -> Column | None:
    """What the first cell of a row says of the others, in a table whose columns are products; None: a place."""
    column = _column(head, words)
    return column if column.role in _NUMERIC else None


def loose_columns(line: str, words: OfferVocabulary) -> tuple[Column, ...] | None:
    """The columns named by a line whose cells have run together, in order; None unless it names product and number."""
    if len(line) > _WIDEST or any(sign.isdigit() for sign in line):
        return None
    found: list[Column] = []
    for one in grammar(words).heads.all(line):
        head = _column(line[one.start : one.end], words)
        if not (found and found[-1].role == head.role):
            found.append(head)
    roles = [head.role for head in found]
    numeric = [role for role in roles if role in _NUMERIC]
    return tuple(found) if "product" in roles and len(numeric) > 1 and set(numeric) & _COUNTS else None


def loose_facts(text: str, end: int, heads: Sequence[Column], product_end: int, words: OfferVocabulary) -> Facts | None:
    """The facts of a line under `loose_columns`: its last numbers are those of the columns, in order."""
    numeric = [head for head in heads if head.role in _NUMERIC]
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
            facts.packs += _packs(numbers, text, start, end, words)
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
    return cell_number(text, cell, words) if _BARE_NUMBER.match(text[slice(*cell)]) else None


def aligned(text: str, row: Sequence[Cell], heads: Sequence[Column]) -> Sequence[Column]:
    """The heads of the cells of a row that has fewer, where blanks part them: the first, and the last of the others."""
    short = len(heads) - len(row)
    plain = not any(sign in text[row[0][0] : row[-1][1]] for sign in "\t|")
    return (heads[0], *heads[short + 1 :]) if short > 0 and plain else heads


def cell_number(text: str, cell: Cell, words: OfferVocabulary) -> Number | None:
    """The number that a cell holds, or None."""
    return next(find_numbers(text, *cell, words.multipliers, _NEVER), None)


def _column(head: str, words: OfferVocabulary) -> Column:
    known = grammar(words)
    named = {head[one.start : one.end]: one.meaning for one in known.heads.all(head)}
    if re.search(r"\d{3}", head) and not named:
        return Column("", None, None, None, 1)
    longest = max(named, key=len, default="")
    ignored = bool(longest) and named[longest] == "ignore"
    role = "ignore" if ignored else next((one for one in _ROLES if one in named.values()), "")
    unit, per, sign = known.units.first(head), known.periods.first(head), known.currencies.first(head)
    packings = {name for name, meaning in named.items() if meaning == "box_size"}
    if role == "box_size" and "quantity" in named.values() and all(spaced(name) in words.units for name in packings):
        role = "quantity"  # "stock in boxes": the packing is only what is counted
    if not role:
        role = "count" if _is_whole(unit, head) else "quantity" if _is_whole(per, head) else ""
    thousand = re.search(r"\b1[., ]?000\b", head)
    return Column(
        role=role,
        unit=unit.meaning if unit and unit.meaning not in _RHYTHMS else None,
        per=per.meaning if per else None,
        currency=sign.meaning if sign else None,
        count=1000 if thousand else 1,
    )


def _is_whole(found: Term[str] | None, head: str) -> bool:
    return found is not None and found.end - found.start >= len(head.strip(" .:")) - 1


def _unit_of_row(text: str, row: Sequence[Cell], heads: Sequence[Column], words: OfferVocabulary) -> str | None:
    for (start, end), head in zip(row, heads, strict=False):
        found = grammar(words).units.first(text, start, end) if head.role == "unit" else None
        if found:
            return found.meaning
    return None


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
    return Price(
        value=number.value,
        currency=own.currency if own and own.currency else head.currency,
        may_mean=own.may_mean if own and own.currency else frozenset(),
        sure=True,
        cued=True,
        unit=(own.unit if own else None) or behind or head.unit or unit,
        count=max(head.count, count, own.count if own else 1),
        start=number.start,
        end=own.end if own else stop,
    )


def _packs(numbers: Sequence[Number], text: str, start: int, end: int, words: OfferVocabulary) -> list[Pack]:
    packs = _said_packs(numbers, text, start, end, words)
    if grammar(words).measures.next(text, numbers[0].end, end):
        return packs
    return packs or [Pack(numbers[0].value, "piece", None, numbers[0].start, numbers[0].end)]


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
