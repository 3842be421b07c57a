"""The items of one passage as they are found, and what the passage says for all of them."""

from dataclasses import dataclass, field
from itertools import groupby

from classifiers.items import Clause, ClauseKind
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts
from classifiers.offer_steps import are_steps
from classifiers.offer_times import TimesSaid
from classifiers.packings import Pack
from classifiers.quantities import Amount
from models.reading import Passage, ProductMention, Where

_STEPS = 3  # rows that are steps of a price; two may well be two lots


@dataclass(slots=True)
class Shared:
    """What a passage says apart from its items, or beyond the one that it says it of."""

    times: TimesSaid = field(default_factory=TimesSaid)
    packs: list[Pack] = field(default_factory=list)
    moqs: list[Amount] = field(default_factory=list)
    orphans: list[tuple[Clause, Facts]] = field(default_factory=list)
    country: str | None = None


@dataclass(slots=True)
class Ledger:
    """Drafts in the order found; `current` is the one that facts without product go to."""

    passage: Passage
    drafts: list[Draft] = field(default_factory=list)
    current: Draft | None = None
    shared: Shared = field(default_factory=Shared)

    def open(self, clause: Clause, mention: ProductMention, *, need: bool) -> Draft:
        """A new item, named by `mention`."""
        start, end = mention.span.start, mention.span.end
        return self._add(clause, mention.category, need, (start, end))

    def open_like(self, clause: Clause, other: Draft, *, named: bool = True) -> Draft:
        """A new item of the product that `other` is."""
        return self._add(clause, other.category, other.need, (other.start, other.end), named=named and other.named)

    def open_unnamed(self, clause: Clause) -> Draft:
        """A new item of an unknown product."""
        return self._add(clause, "", False, (clause.start, clause.end), named=False)

    def _add(self, clause: Clause, category: str, need: bool, product: tuple[int, int], *, named: bool = True) -> Draft:
        """A new item that `clause` speaks of; [start, end) of `product` names it."""
        line = (clause.start, clause.end)
        draft = Draft(self.passage, category, need, *product, clause.kind, clause.block, line, named=named)
        self.drafts.append(draft)
        self.current = draft
        return draft

    def share_out(self) -> None:
        """Give every item what the passage says for all."""
        self.drafts = _one_of_steps(self.drafts)
        self._share_orphans()
        self.shared.times.share_out(self._receivers())
        for draft in self._receivers():
            draft.moq = draft.moq or (self.shared.moqs[0] if self.shared.moqs else None)
            draft.country = draft.country or self.shared.country
            draft.hold(self.shared.packs)
        self._share_packs()
        for category in {draft.category for draft in self.drafts}:
            _share_price([draft for draft in self.drafts if draft.category == category and not draft.need])

    def worth_keeping(self) -> list[Draft]:
        """Drafts with facts; a product without any is kept once, when nothing else is known of its category."""
        kept = [draft for draft in self.drafts if not draft.bare()]
        known = {draft.category for draft in kept}
        offers = any(not draft.need for draft in self.drafts)
        for draft in self.drafts:
            beside_offers = draft.need and offers
            if self.passage.where is Where.ATTACHMENT or beside_offers or not draft.bare() or draft.category in known:
                continue
            known.add(draft.category)
            kept.append(draft)
        return sorted(kept, key=lambda draft: draft.amount.start if draft.amount else draft.start)

    def _receivers(self) -> list[Draft]:
        return [one for one in self.drafts if not one.bare()] or self.drafts

    def _share_orphans(self) -> None:
        """Facts before any product belong to the passage's product, when it has one; else to a product unknown."""
        if not self.drafts:
            for clause, facts in self.shared.orphans:
                counted = any(one.unit and not one.moq for one in facts.amounts)
                if counted or any(cost.sure for cost in facts.prices):
                    self.open_unnamed(clause).fill(facts, own=True)
            return
        if len({draft.category for draft in self.drafts}) != 1:
            return
        for _, facts in self.shared.orphans:
            for draft in self.drafts:
                draft.fill(Facts(prices=facts.prices, packs=facts.packs), own=False)
            if len(self.drafts) == 1:
                self.drafts[0].fill(facts, own=False)

    def _share_packs(self) -> None:
        """A lot in a packing of unknown size is packed like the lot of the same goods before it."""
        for number, draft in enumerate(self.drafts):
            for other in reversed(self.drafts[:number]):
                if other.category == draft.category and draft.amount and draft.amount.unit in other.packs:
                    draft.packs = {**other.packs, **draft.packs}
                    break


def _share_price(same: list[Draft]) -> None:
    """One price for several lots of the same goods."""
    priced = [draft for draft in same if draft.price]
    if len(priced) == 1 and priced[0].kind is ClauseKind.TEXT:
        for draft in same:
            draft.price = draft.price or (priced[0].price if draft.amount else None)


def _one_of_steps(drafts: list[Draft]) -> list[Draft]:
    """`drafts` with rows of one product that are steps of its price as one, which has the first price and no amount."""
    kept: list[Draft] = []
    for _, rows in groupby(drafts, key=lambda draft: (draft.start, draft.block, draft.category)):
        same = list(rows)
        amounts = [draft.amount for draft in same if draft.amount]
        prices = [draft.price for draft in same if draft.price]
        if len(amounts) == len(same) >= _STEPS and are_steps(amounts, prices):
            same[0].amount = None
            same = same[:1]
        kept += same
    return kept
