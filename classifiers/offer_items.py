"""Which item a clause without product speaks of: the one before, one like it, the subject's, or an unknown one."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.items import Clause, ClauseKind
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts
from classifiers.offer_grammar import grammar
from classifiers.offer_layout import counts_first, is_labelled, is_row, lies_under, opens_with
from classifiers.offer_ledger import Ledger
from classifiers.packings import in_pieces
from classifiers.prices import Price
from classifiers.quantities import Amount
from models.knowledge.offers import OfferVocabulary
from models.reading import Passage, ProductMention, Stance

_SAME_GOODS = frozenset({None, "piece", "pair", "box", "carton", "pallet", "kit", "roll"})
_LEAVES = {"bottle", "canister"}  # neither holds the other
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0}
_LEAST_SHARE = 0.6  # five days of seven, 20 of 30
_WITHIN = 80  # characters before an amount in which a word announces it as a further one
_SIDE = 20  # characters between the amounts of two lots


@dataclass(frozen=True, slots=True)
class Topic:
    """What the subject is about."""

    subject: Passage | None = None
    product: ProductMention | None = None


class ItemChooser:
    """Chooses among the items of a ledger, and opens new ones."""

    def __init__(self, text: str, words: OfferVocabulary, ledger: Ledger, topic: Topic) -> None:
        self._text, self._words, self._ledger, self._topic = text, words, ledger, topic

    def meant(self, clause: Clause, facts: Facts, proper: Sequence[Amount], *, field: bool) -> Draft | None:
        """The item that a clause without product speaks of. A `field` of a form is never a row of its own."""
        current = self._ledger.current
        if current and field:
            of_form = [one for one in self._ledger.drafts if one.start == current.start]
            further = proper and all(one.amount and one.amount.per != proper[0].per for one in of_form)
            return self._ledger.open_like(clause, current) if further else of_form[0]
        if current and current.room_for(facts) and self._is_detail(clause, current):
            return current
        if (proper or facts.prices) and self._topic.product and self._off_topic(clause, self._topic.product):
            unsure = (
                bool(proper)
                and is_row(self._text, clause)
                and is_labelled(self._text, clause, proper[0].start, self._words)
            )
            return self._from_topic(clause, self._topic.product, named=not unsure)
        if current and proper and self._begins_row(clause, proper[0], current, facts):
            return self._ledger.open_like(
                clause, current, named=not is_labelled(self._text, clause, proper[0].start, self._words)
            )
        if proper and self._is_unnamed(clause, proper[0], facts):
            alike = current and current.block == clause.block and self._names_nothing(clause, proper[0])
            return self._ledger.open_like(clause, current) if current and alike else self._ledger.open_unnamed(clause)
        if current and self._is_further(clause, facts, proper, current):
            return self._ledger.open_like(clause, current)
        return current

    def _is_detail(self, clause: Clause, current: Draft) -> bool:
        """Whether a clause stands indented below the line that names `current`."""
        within = current.block == clause.block and current.named and clause.kind is ClauseKind.TEXT
        return within and lies_under(self._text, clause, current.start)

    def _names_nothing(self, clause: Clause, first: Amount) -> bool:
        """Whether a row has words of offers only, and none behind its amount that may name a product."""
        listed = counts_first(self._text, clause, first.start, first.end)
        return not (listed or is_labelled(self._text, clause, first.start, self._words))

    def _is_unnamed(self, clause: Clause, first: Amount, facts: Facts) -> bool:
        """Whether a row counts a product that is not known: with a price, or at its very beginning in a list."""
        leads = not first.weak and not is_labelled(self._text, clause, first.start, self._words)
        row = is_row(self._text, clause)
        listed = leads and row and counts_first(self._text, clause, first.start, first.end)
        current = self._ledger.current
        waiting = current is not None and current.amount is None and current.block == clause.block
        if waiting and leads:
            return False
        known = leads or current is None or is_labelled(self._text, clause, first.start, self._words)
        return listed or (bool(facts.prices) and row and known)

    def _is_further(self, clause: Clause, facts: Facts, proper: Sequence[Amount], current: Draft) -> bool:
        """Whether a clause tells of more than the item before: so many a week beside the stock, a variant's price."""
        amount, cost = current.amount, current.price
        if amount and proper:
            first = proper[0]
            further = grammar(self._words).more.first(self._text, clause.start, first.start) is not None
            listed = first.cued and self._text[max(0, clause.start - 2) : clause.start].strip() == ";"
            if (further or listed) and first.value != amount.value and not first.latest:
                return True
            if amount.per and self._is_begun(clause, first):
                return False
            stocked = amount.per is not None and first.unit is not None
            return first.per != amount.per and (first.cued or first.per is not None or stocked)
        labelled = (
            bool(facts.prices)
            and is_row(self._text, clause)
            and is_labelled(self._text, clause, facts.prices[0].start, self._words)
        )
        return bool(cost and labelled and not facts.amounts and facts.prices[0].value != cost.value)

    def _off_topic(self, clause: Clause, topic: ProductMention) -> bool:
        """Whether the subject's product is likelier meant than the one spoken of last, in another paragraph."""
        current = self._ledger.current
        if current is None:
            return not self._ledger.drafts
        return current.bare() and current.block != clause.block and current.category != topic.category

    def _from_topic(self, clause: Clause, topic: ProductMention, *, named: bool) -> Draft:
        known = next((one for one in self._ledger.drafts if one.category == topic.category and one.bare()), None)
        if known:
            self._ledger.current = known
            return known
        draft = self._ledger.open(clause, topic, need=topic.stance is Stance.NEEDED)
        draft.named = named
        if self._topic.subject:
            draft.sources["category"] = self._topic.subject
        return draft

    def _begins_row(self, clause: Clause, first: Amount, current: Draft, facts: Facts) -> bool:
        """Whether an amount opens a row of its own in the list that `current` stands in, and is no other word for its
        amount ("30 000 masks, 15 boxes of 2000").
        """
        if current.amount is None:
            return False
        held = {**current.packs, **{one.outer or first.unit or "box": one for one in facts.packs}}
        pieces = in_pieces(first, held)[0]
        again = pieces is not None and pieces == in_pieces(current.amount, held)[0]
        opens = opens_with(self._text, clause, first.start)
        return opens and clause.block == current.block and first.value != current.amount.value and not again

    def take_further(self, clause: Clause, draft: Draft, share: Facts) -> None:
        """Open lines for further amounts of a clause: at another rhythm, or further lots in the same packing."""
        for cost in share.prices[1:]:
            if draft.price in share.prices and draft.price and _is_variant(draft.price, cost):
                self._ledger.open_like(clause, draft).price = cost
        first = draft.amount
        others = [one for one in share.amounts if one is not first and not one.moq and not one.weak]
        priced = [cost.start for cost in share.prices]
        if first is None or sum(one.value for one in others) == first.value:
            return
        begun = [one for one in others if first.per and self._is_begun(clause, one)]
        others = [one for one in others if one not in begun and not _is_same_output(first, one)]
        rhythms = [one for one in others if one.per != first.per and (one.per or one.cued)]
        for one in rhythms[:1] or [one for one in others if self._is_lot(first, one, priced)]:
            if any(draft.passage is known.passage and known.amount is one for known in self._ledger.drafts):
                continue
            other = self._ledger.open_like(clause, draft)
            other.amount, other.price, other.time, other.packs = one, draft.price, draft.time, dict(draft.packs)

    def _is_begun(self, clause: Clause, one: Amount) -> bool:
        """Whether an amount is the first of what comes again and again."""
        at = max(clause.start, one.start - _SIDE)
        return grammar(self._words).beginning.first(self._text, at, one.start) is not None

    def _is_lot(self, first: Amount, other: Amount, priced: Sequence[int]) -> bool:
        """Whether two amounts stand side by side ("640 boxes M and 410 boxes L"), or the second is a further one."""
        between = self._text[max(first.end, other.start - _WITHIN) : other.start]
        if first.per or other.per or other.start < first.end or any(first.end <= at < other.start for at in priced):
            return False
        more = grammar(self._words).more
        if more.first(between) or more.next(self._text, other.end, len(self._text)):
            return other.unit is not None or other.cued
        leaves = {first.unit, other.unit} == _LEAVES
        if leaves or (first.cued and other.cued and first.value != other.value):
            return True
        alike = first.unit == other.unit and first.unit is not None
        return alike and other.start - first.end <= _SIDE and first.value != other.value


def _is_same_output(first: Amount, other: Amount) -> bool:
    """Whether two rates are the same output: 80,000 a month is 20,000 a week."""
    if not first.per or not other.per or first.per == other.per:
        return False
    fast, slow = sorted((first.value / _DAYS[first.per], other.value / _DAYS[other.per]), reverse=True)
    return slow >= _LEAST_SHARE * fast


def _is_variant(first: Price, other: Price) -> bool:
    """Whether two prices are those of different things: by the word and by the hour. One by the piece and one by the
    box are of the same.
    """
    return first.unit != other.unit and not ({first.unit, other.unit} & _SAME_GOODS)
