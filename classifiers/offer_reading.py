"""One passage read clause by clause: products open items, facts go to the item that they stand with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from classifiers.items import Clause, ClauseKind, clause_at, clauses
from classifiers.lead_times import Duration
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts, masked, scan
from classifiers.offer_grammar import grammar
from classifiers.offer_ledger import Ledger
from classifiers.offer_rows import RowReader
from classifiers.offer_shares import anchors, assigned, spoken_of
from classifiers.packings import in_pieces
from classifiers.places import stock_country
from classifiers.quantities import Amount
from models.knowledge.offers import OfferKnowledge, OfferVocabulary
from models.reading import Passage, ProductMention, Stance, Where

MOST_TEXT = 200_000  # characters of a passage that are read
WANTED = frozenset({Stance.OFFERED, Stance.NEEDED})
_MAIL = ".eml"
_FEW = 50  # fewer pieces, in the prose of an attachment, are samples or test pieces
_HEADING = 90  # a line no longer than this that opens with a product is the heading of what follows
_OPENS = 20  # so far into a line a product still opens it
_ROW = 160  # a line of its own that is no longer may be a row of a list
_SIDE = 20  # characters between the amounts of two lots
_GAP = re.compile(r" {3}")
_LABEL = re.compile(r"[^\W\d_]{4}")
_LEADING = 4  # characters before a number that begins a row
_STATEMENT = 60  # a sentence no longer than this that names goods and a time says when they come
_LEAD = 40  # a label before the amount of a row is no longer


@dataclass(frozen=True, slots=True)
class Topic:
    """What the subject is about, and the day of the mail, from which weekdays are counted."""

    subject: Passage | None = None
    product: ProductMention | None = None
    sent: date | None = None


class PassageReader:
    """Reads the items of one passage."""

    def __init__(
        self,
        passage: Passage,
        products: Sequence[ProductMention],
        words: OfferVocabulary,
        knowledge: OfferKnowledge,
        topic: Topic,
    ) -> None:
        self._passage, self._words, self._knowledge, self._topic = passage, words, knowledge, topic
        self._products = products
        self._text = masked(passage.text[:MOST_TEXT], knowledge, words)
        self._clauses = [one for one in clauses(self._text, passage.segments) if one.end <= len(self._text)]
        self._ledger = Ledger(passage)
        self._rows = RowReader(self._text, words, self._ledger)

    def drafts(self) -> list[Draft]:
        """The items of the passage in order."""
        by_clause = self._by_clause()
        for number, clause in enumerate(self._clauses):
            self._read(clause, by_clause.get(number, []))
        self._ledger.share_out()
        return self._ledger.worth_keeping()

    def time_for_all(self) -> Duration | None:
        """The time of delivery that the passage gives for everything, or the only one of its items."""
        own = {time.days: time for one in self._ledger.drafts if (time := one.time)}
        return self._ledger.shared.times.for_all() or (next(iter(own.values())) if len(own) == 1 else None)

    def country_for_all(self) -> str | None:
        """Where the passage says that the goods lie."""
        return self._ledger.shared.country

    def _by_clause(self) -> dict[int, list[ProductMention]]:
        starts = [clause.start for clause in self._clauses]
        found: dict[int, list[ProductMention]] = {}
        for one in self._products:
            at = clause_at(self._clauses, starts, one.span.start)
            if at is not None:
                found.setdefault(at, []).append(one)
        return found

    def _read(self, clause: Clause, mentions: list[ProductMention]) -> None:
        if clause.kind is ClauseKind.ROW:
            if self._rows.read(clause, mentions):
                return
        else:
            self._rows.leave(clause)
        if self._passage.where is Where.ATTACHMENT and self._rows.read_loose(clause, mentions):
            return
        facts = self._facts(clause, [(one.span.start, one.span.end) for one in mentions])
        wanted = _wanted(mentions, facts)
        country = stock_country(self._text, clause.start, clause.end, self._words, self._knowledge)
        if wanted:
            self._open(clause, wanted, facts, country)
        elif not mentions or not (facts.amounts or any(one.stance is Stance.DENIED for one in mentions)):
            self._continue(clause, facts, country)

    def _facts(self, clause: Clause, nouns: Sequence[tuple[int, int]]) -> Facts:
        facts = scan(self._text, clause.start, clause.end, self._words, nouns, self._topic.sent)
        if self._passage.where is Where.ATTACHMENT and not self._passage.name.casefold().endswith(_MAIL):
            row = clause.kind is ClauseKind.ROW
            facts.amounts = [
                one
                for one in facts.amounts
                if one.moq or one.per or (one.value >= _FEW and (one.cued or (row and one.unit)))
            ]
            facts.prices = [one for one in facts.prices if one.cued or one.unit or row]
        if (facts.amounts or facts.prices) and self._is_row(clause):
            facts.times = [
                replace(one, delivery=True) if one.delivery is None and one.days != 0 else one for one in facts.times
            ]
        if nouns and not facts.any() and clause.end - clause.start <= _STATEMENT:
            facts.times = [replace(one, delivery=True) if one.delivery is None else one for one in facts.times]
        if not nouns and facts.amounts and facts.amounts[0].moq:
            facts.amounts = [one if one.per else replace(one, moq=True) for one in facts.amounts]
        return facts

    def _is_row(self, clause: Clause) -> bool:
        """Whether a clause is a list item, a row, or a short line of its own."""
        alone = self._text[clause.start - 1 : clause.start] in ("", "\n") and (
            self._text[clause.end : clause.end + 1] in ("", "\n")
        )
        return clause.kind is not ClauseKind.TEXT or (alone and clause.end - clause.start <= _ROW)

    def _open(self, clause: Clause, wanted: list[ProductMention], facts: Facts, country: str | None) -> None:
        """A clause that names products: each takes its facts."""
        if not facts.any():
            self._hear_times(wanted, facts)
        named = anchors(wanted, facts)
        for anchor, share in zip(named, assigned(named, facts), strict=True):
            draft = self._draft_for(clause, anchor, share)
            if draft.bare() or share.amounts:
                draft.move_to(clause)
            draft.fill(share, own=True)
            counted = bool(share.amounts)
            if not (counted and self._is_row(clause)):
                self._ledger.shared.times.hear_of(anchor.category, share.times, counted=counted)
            draft.country = draft.country or country
            self._more_amounts(clause, draft, share)
        if len(named) > 1:
            self._ledger.shared.country = self._ledger.shared.country or country

    def _hear_times(self, wanted: list[ProductMention], facts: Facts) -> None:
        """A statement on products: each time of delivery holds for the kind that it stands nearest to."""
        delivery = [one for one in facts.times if one.delivery]
        kinds = {one.category for one in wanted}
        if len(delivery) > 1 and len(kinds) > 1:
            for time in delivery:
                kind = spoken_of(wanted, time, self._text)
                self._ledger.shared.times.hear_of(kind, [time], counted=False)
            facts.times = []

    def _draft_for(self, clause: Clause, anchor: ProductMention, share: Facts) -> Draft:
        """The item that `anchor` goes on speaking of, or a new one."""
        need = anchor.stance is Stance.NEEDED
        same = [one for one in self._ledger.drafts if one.category == anchor.category and one.need is need]
        open_one = next((one for one in reversed(same) if one.room_for(share)), None)
        if open_one and (clause.kind is ClauseKind.TEXT or open_one.bare()):
            self._ledger.current = open_one
            return open_one
        if same and not share.any() and not self._heads_list(clause, anchor):
            self._ledger.current = same[-1]
            return same[-1]
        return self._ledger.open(clause, anchor, need=need)

    def _heads_list(self, clause: Clause, anchor: ProductMention) -> bool:
        """Whether a product opens a list item or stands as a heading over its facts."""
        if clause.kind is not ClauseKind.TEXT:
            return True
        line = self._text[clause.start : clause.end].strip()
        return anchor.span.start - clause.start < _OPENS and len(line) <= _HEADING and line[-1:] not in ".!?"

    def _more_amounts(self, clause: Clause, draft: Draft, share: Facts) -> None:
        """Further amounts that are lines of their own: at another rhythm, or further lots in the same packing."""
        first = draft.amount
        others = [one for one in share.amounts if one is not first and not one.moq and not one.weak]
        priced = [cost.start for cost in share.prices]
        lots = [one for one in others if first and self._is_lot(first, one, priced)]
        rhythms = [one for one in others if first and one.per and one.per != first.per]
        further = rhythms[:1] or (lots if first and sum(one.value for one in lots) != first.value else [])
        for one in further:
            if any(draft.passage is known.passage and known.amount is one for known in self._ledger.drafts):
                continue
            other = self._ledger.open_like(clause, draft)
            other.amount, other.price, other.time, other.packs = one, draft.price, draft.time, dict(draft.packs)

    def _is_lot(self, first: Amount, other: Amount, priced: Sequence[int]) -> bool:
        """Whether two amounts stand side by side ("640 boxes M and 410 boxes L"), or the second is a further one."""
        between = self._text[first.end : other.start]
        alike = first.unit == other.unit and first.unit is not None and not (first.per or other.per)
        further = grammar(self._words).more.first(between) is not None
        if not alike or any(first.end <= at < other.start for at in priced):
            return False
        return other.start > first.end and (further or (len(between) <= _SIDE and first.value != other.value))

    def _continue(self, clause: Clause, facts: Facts, country: str | None) -> None:
        """A clause without product: its facts go to the item before it, or to all."""
        shared = self._ledger.shared
        proper = [one for one in facts.amounts if not one.weak and not one.moq]
        current = self._item_meant(clause, facts, proper)
        if current is None:
            shared.orphans.append((clause, facts))
        else:
            if current.bare() and facts.any():
                current.move_to(clause)
            current.fill(facts, own=False)
            self._more_amounts(clause, current, facts)
        shared.times.hear(facts.times, clause, self._ledger.current)
        shared.country = shared.country or country
        shared.packs += facts.packs
        shared.moqs += [one for one in facts.amounts if one.moq]

    def _item_meant(self, clause: Clause, facts: Facts, proper: Sequence[Amount]) -> Draft | None:
        """The item that a clause without product speaks of."""
        current = self._ledger.current
        if (proper or facts.prices) and self._topic.product and self._off_topic(clause, self._topic.product):
            return self._from_topic(clause, self._topic.product)
        if current and proper and self._begins_row(clause, proper[0], current, facts):
            return self._ledger.open_like(clause, current, named=not self._labelled(clause, proper[0].start))
        if proper and self._is_unnamed(clause, proper[0], facts):
            return self._ledger.open_unnamed(clause)
        if current and self._is_further(clause, facts, proper, current):
            return self._ledger.open_like(clause, current)
        return current

    def _is_unnamed(self, clause: Clause, first: Amount, facts: Facts) -> bool:
        """Whether a row counts a product that is not known: with a price, or at its very beginning in a list."""
        leads = not first.weak and not self._labelled(clause, first.start)
        named = _LABEL.search(self._text, first.end, min(clause.end, first.end + _LEAD)) is not None
        listed = leads and named and self._is_row(clause) and first.start - clause.start <= _LEADING
        current = self._ledger.current
        waiting = current is not None and current.amount is None and current.block == clause.block
        if waiting and leads:
            return False
        known = leads or current is None or self._labelled(clause, first.start)
        return listed or (bool(facts.prices) and self._is_row(clause) and known)

    def _is_further(self, clause: Clause, facts: Facts, proper: Sequence[Amount], current: Draft) -> bool:
        """Whether a clause tells of more than the item before: so many a week beside the stock, a variant's price."""
        amount, cost = current.amount, current.price
        if amount and proper:
            return proper[0].per != amount.per and (proper[0].cued or proper[0].per is not None)
        labelled = bool(facts.prices) and self._is_row(clause) and self._labelled(clause, facts.prices[0].start)
        return bool(cost and labelled and not facts.amounts and facts.prices[0].value != cost.value)

    def _labelled(self, clause: Clause, at: int) -> bool:
        """Whether a row begins, before its first number, with words that may name its product."""
        return _LABEL.search(self._text, clause.start, at) is not None

    def _off_topic(self, clause: Clause, topic: ProductMention) -> bool:
        """Whether the subject's product is likelier meant than the one spoken of last, in another paragraph."""
        current = self._ledger.current
        if current is None:
            return not self._ledger.drafts
        return current.bare() and current.block != clause.block and current.category != topic.category

    def _from_topic(self, clause: Clause, topic: ProductMention) -> Draft:
        known = next((one for one in self._ledger.drafts if one.category == topic.category and one.bare()), None)
        if known:
            self._ledger.current = known
            return known
        draft = self._ledger.open(clause, topic, need=topic.stance is Stance.NEEDED)
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
        lead = self._text[clause.start : first.start].strip(" -–—*•·\t")
        labelled = len(lead) <= _LEAD and lead.endswith(":")
        columnar = _GAP.search(self._text, clause.start, first.start) is not None
        opens = clause.kind is not ClauseKind.TEXT or not lead or labelled or columnar
        return opens and clause.block == current.block and first.value != current.amount.value and not again


def _wanted(mentions: Sequence[ProductMention], facts: Facts) -> list[ProductMention]:
    """The products offered or needed. Nobody prices and counts what he does not have: then a denial was misheard."""
    wanted = [one for one in mentions if one.stance in WANTED]
    counted = facts.prices and any(not one.moq for one in facts.amounts)
    return wanted or [one for one in mentions if one.stance is Stance.DENIED and counted]
