"""The rows of tables: under named columns, under columns that name products, and where the cells have run together."""

import re
from collections.abc import Sequence
from dataclasses import replace

from classifiers.items import Clause, ClauseKind, cells
from classifiers.numbers import Number
from classifiers.offer_columns import Column, aligned, columns, loose_columns, named_column
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts
from classifiers.offer_grammar import grammar
from classifiers.offer_ledger import Ledger
from classifiers.offer_tables import bare_number, cell_number, is_total, loose_facts, row_facts
from classifiers.quantities import Amount
from models.knowledge.offers import OfferVocabulary
from models.reading import ProductMention, Stance

_YEARS_AND_ORDINALS = 20  # a number below this in a head says nothing
_FEW = 20  # fewer, in a row without a price, are samples of a test
_FIELD = 3  # cells of a field: its label, the value, a unit or remark
_DIGIT = re.compile(r"\d")
_VALUE = re.compile(r"[^\w]{0,4}(?:[^\W\d_]{1,3}\.?\s?)?\d")
_ROUND = (1, 10, 100, 1000, 10_000)  # a head may say "per 1000"


class RowReader:
    """Reads the rows of one passage into its ledger."""

    def __init__(self, text: str, words: OfferVocabulary, ledger: Ledger) -> None:
        self._text, self._words, self._ledger = text, words, ledger
        self._heads: tuple[Column, ...] | None = None
        self._loose: tuple[Column, ...] | None = None
        self._pivot: list[tuple[int, ProductMention]] = []
        self._block = -1

    def leave(self, clause: Clause) -> None:
        """`clause` is no row: the table has ended, unless the line goes on with a row of the same block."""
        if clause.block != self._block:
            self._heads, self._pivot = None, []

    def read(self, clause: Clause, mentions: Sequence[ProductMention]) -> bool:
        """Whether the clause was a row or a head of a table."""
        row = cells(self._text, clause)
        pivot = _by_column(row, mentions)
        plain = all(number.value < _YEARS_AND_ORDINALS for number in self._numbers(row))
        if self._heads is None and len(pivot) > 1 and plain:
            self._pivot, self._block = pivot, clause.block
            return True
        if self._pivot:
            self._read_pivot_row(clause, row)
            return True
        item = mentions and any(number.value not in _ROUND for number in self._numbers(row))
        heads = None if item else columns(self._text, row, self._words)
        if heads and not self._has_numbers(row):
            self._heads, self._block = heads, clause.block
            return True
        if self._heads is None or len(row) == 1:
            return False
        self._read_row(clause, row, mentions, self._heads)
        return True

    def field(self, clause: Clause) -> Facts | None:
        """The facts of a row that is a field of a form, a label and its value; None: it is none."""
        row = cells(self._text, clause)
        if self._heads or self._pivot or clause.kind is not ClauseKind.ROW or not 1 < len(row) <= _FIELD:
            return None
        label, value = self._text[slice(*row[0])], self._text[slice(*row[1])]
        measured = _DIGIT.search(label) or grammar(self._words).measures.first(value)
        head = None if measured or not _VALUE.match(value) else named_column(label, self._words)
        facts = row_facts(self._text, row[1:2], [head], self._words) if head else Facts()
        return facts if facts.any() else None

    def read_loose(self, clause: Clause, mentions: Sequence[ProductMention]) -> bool:
        """Whether the clause was a line of a table whose cells were lost (text out of a PDF), or its head."""
        heads = loose_columns(self._text[clause.start : clause.end], self._words)
        if heads:
            self._loose = heads
            return True
        named = [one for one in mentions if one.stance is not Stance.DENIED]
        if self._loose is None or not named:
            return False
        last = max(one.span.end for one in named)
        facts = loose_facts(self._text, clause.end, self._loose, last, self._words)
        if facts is None or not facts.any():
            return False
        self._ledger.open(clause, named[0], need=_needed(named)).fill(facts, own=True)
        return True

    def _read_row(
        self, clause: Clause, row: list[tuple[int, int]], mentions: Sequence[ProductMention], heads: Sequence[Column]
    ) -> None:
        meant = [one for one in mentions if one.stance is not Stance.DENIED]
        if is_total(self._text, row, self._words) or (mentions and not meant):
            return
        heads = aligned(self._text, row, heads)
        facts = row_facts(self._text, row, heads, self._words)
        named = _under("product", row, heads, meant) or meant
        if named and not (facts.amounts or facts.prices):
            last = max(one.span.end for one in named)
            facts = loose_facts(self._text, clause.end, heads, last, self._words) or facts
        need = _needed(named) or any(head.role == "need" for head in heads)
        if not facts.prices and not need:
            facts.amounts = [one for one in facts.amounts if one.moq or one.value >= _FEW]
        sold_out = grammar(self._words).sold_out.first(self._text, clause.start, clause.end)
        if any(one.value == 0 for one in facts.amounts) or (sold_out and not need):
            return
        draft = self._item(clause, named, facts, need=need)
        if draft:
            draft.fill(facts, own=True)
            self._share(clause, draft, [one for one in facts.amounts if not one.moq])

    def _share(self, clause: Clause, draft: Draft, amounts: Sequence[Amount]) -> None:
        """Several amounts of a row: needs add up, and what comes again and again is a line beside the stock."""
        if draft.need and len(amounts) > 1:
            draft.amount = replace(amounts[0], value=sum(one.value for one in amounts))
        elif len(amounts) > 1 and amounts[1].per != amounts[0].per:
            other = self._ledger.open_like(clause, draft)
            other.amount, other.price, other.packs = amounts[1], draft.price, dict(draft.packs)

    def _item(self, clause: Clause, named: Sequence[ProductMention], facts: Facts, *, need: bool) -> Draft | None:
        """The item that a row opens: of its product, else like the row before, else unknown."""
        if named:
            return self._ledger.open(clause, named[0], need=need)
        if self._ledger.current and facts.any():
            return self._ledger.open_like(clause, self._ledger.current, named=False)
        return self._ledger.open_unnamed(clause) if facts.amounts and facts.prices else None

    def _read_pivot_row(self, clause: Clause, row: Sequence[tuple[int, int]]) -> None:
        """Add up what each place needs, until a row gives the sums; or take what the row says of each product."""
        head = named_column(self._text[slice(*row[0])], self._words)
        if head:
            self._read_property(clause, row, head)
            return
        total = is_total(self._text, row, self._words)
        for at, mention in self._pivot:
            number = bare_number(self._text, row[at], self._words) if at < len(row) else None
            if number is None:
                continue
            draft = next((one for one in self._ledger.drafts if one.start == mention.span.start), None)
            draft = draft or self._ledger.open(clause, mention, need=mention.stance is Stance.NEEDED)
            value = number.value if total or draft.amount is None else draft.amount.value + number.value
            draft.amount = Amount(value, "piece", None, number.start, number.end)
        if total:
            self._pivot = []

    def _read_property(self, clause: Clause, row: Sequence[tuple[int, int]], head: Column) -> None:
        for at, mention in self._pivot:
            if at < len(row):
                draft = next((one for one in self._ledger.drafts if one.start == mention.span.start), None)
                draft = draft or self._ledger.open(clause, mention, need=mention.stance is Stance.NEEDED)
                draft.fill(row_facts(self._text, [row[at]], [head], self._words), own=True)

    def _number(self, cell: tuple[int, int]) -> Number | None:
        return cell_number(self._text, cell, self._words)

    def _has_numbers(self, row: Sequence[tuple[int, int]]) -> bool:
        telling = [number.value for number in self._numbers(row) if number.value not in _ROUND]
        leading = sum(self._text[start:end].lstrip()[:1].isdigit() for start, end in row)
        return leading > 1 or sum(value >= _YEARS_AND_ORDINALS for value in telling) > len(row) / 3

    def _numbers(self, row: Sequence[tuple[int, int]]) -> list[Number]:
        return [number for cell in row if (number := self._number(cell))]


def _needed(named: Sequence[ProductMention]) -> bool:
    return any(one.stance is Stance.NEEDED for one in named)


def _under(
    role: str, row: Sequence[tuple[int, int]], heads: Sequence[Column], mentions: Sequence[ProductMention]
) -> list[ProductMention]:
    areas = [cell for cell, head in zip(row, heads, strict=False) if head.role == role]
    return [one for one in mentions if any(start <= one.span.start < end for start, end in areas)]


def _by_column(row: Sequence[tuple[int, int]], mentions: Sequence[ProductMention]) -> list[tuple[int, ProductMention]]:
    """Columns that each name a product: the rows below are then places, not items."""
    first = (next((one for one in mentions if start <= one.span.start < end), None) for start, end in row)
    return [(at, one) for at, one in enumerate(first) if one]
