"""One passage read clause by clause: products open items, facts go to the item that they stand with."""

from collections.abc import Sequence
from dataclasses import replace

from classifiers.items import Clause, ClauseKind, clause_at, clauses
from classifiers.lead_times import Duration
from classifiers.offer_addressing import Addressing
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts, scan, trailing
from classifiers.offer_grammar import grammar
from classifiers.offer_items import ItemChooser, Topic
from classifiers.offer_layout import is_member, is_row, says_only, speaks_of_least
from classifiers.offer_ledger import Ledger
from classifiers.offer_masking import masked
from classifiers.offer_rows import RowReader
from classifiers.offer_said import stated
from classifiers.offer_shares import anchors, assigned, times_by_kind, without_parts, without_purposes
from classifiers.places import stock_country
from models.knowledge.offers import OfferKnowledge, OfferVocabulary
from models.reading import Passage, ProductMention, Stance, Where

MOST_TEXT = 200_000  # characters of a passage that are read
WANTED = frozenset({Stance.OFFERED, Stance.NEEDED})
_MAIL = ".eml"
_FEW = 50  # fewer pieces, in the prose of an attachment, are samples or test pieces
_HEADING = 90  # a line no longer than this that opens with a product is the heading of what follows
_OPENS = 20  # so far into a line a product still opens it
_STATEMENT = 60  # a sentence no longer than this that names goods and a time says when they come


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
        self._addressing = Addressing(passage.text, words, knowledge.places)
        self._items = ItemChooser(self._text, words, self._ledger, topic)
        self.facts: list[tuple[str, int, int]] = []

    def drafts(self) -> list[Draft]:
        """The items of the passage in order."""
        by_clause = self._by_clause()
        for number, clause in enumerate(self._clauses):
            self._read(clause, by_clause.get(number, []))
        self._ledger.share_out()
        return self._ledger.worth_keeping()

    def time_for(self, category: str) -> Duration | None:
        """The time of delivery that the passage gives for a category or for all, or the only one of its items."""
        times = self._ledger.shared.times
        own = {time.days: time for one in self._ledger.drafts if (time := one.time)}
        return times.of(category) or times.for_all() or (next(iter(own.values())) if len(own) == 1 else None)

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
        if is_row(self._text, clause) and grammar(self._words).sold_out.first(self._text, clause.start, clause.end):
            return
        country = stock_country(self._text, clause.start, clause.end, self._words, self._knowledge)
        told = None if mentions else self._rows.field(clause)
        nouns = [(one.span.start, one.span.end) for one in mentions]
        facts = told or self._facts(clause, nouns, stocked=country is not None)
        if all(one.stance is not Stance.DENIED for one in mentions):
            self.facts += stated(facts, in_attachment=self._passage.where is Where.ATTACHMENT)
        facts = self._addressing.hand_out(clause, facts, self._ledger.drafts, mentions)
        wanted = _wanted(mentions, facts)
        wanted = without_purposes(wanted, self._text, clause.start, self._words) if facts.any() else wanted
        if wanted:
            self._open(clause, wanted, facts, country)
        elif not mentions or not (facts.amounts or any(one.stance is Stance.DENIED for one in mentions)):
            self._continue(clause, facts, country, field=told is not None)

    def _facts(self, clause: Clause, nouns: Sequence[tuple[int, int]], *, stocked: bool) -> Facts:
        facts = scan(self._text, clause.start, clause.end, self._words, nouns)
        if self._passage.where is Where.ATTACHMENT and not self._passage.name.casefold().endswith(_MAIL):
            row = clause.kind is ClauseKind.ROW
            facts.amounts = [
                one
                for one in facts.amounts
                if one.moq or one.per or (one.value >= _FEW and (one.cued or (row and one.unit)))
            ]
            facts.prices = [one for one in facts.prices if one.cued or one.unit or row]
        facts.prices = [
            one
            for one in facts.prices
            if not one.bare or one.unit or facts.amounts or says_only(self._text, clause, one.start, one.end)
        ]
        statement = bool(nouns) and not facts.any() and clause.end - clause.start <= _STATEMENT
        row = bool(facts.amounts or facts.prices) and is_row(self._text, clause)
        facts.times = [
            replace(one, delivery=True)
            if one.delivery is None and one.days != 0 and (statement or row or self._tells(clause, one, facts, stocked))
            else one
            for one in facts.times
        ]
        if nouns and not facts.any() and not facts.times and is_row(self._text, clause):
            facts.amounts += trailing(self._text, clause.start, clause.end, self._words, nouns)
        smallest = not nouns and bool(facts.amounts) and facts.amounts[0].moq
        if smallest or speaks_of_least(self._text, clause, self._words):
            facts.amounts = [one if one.per or one.cued else replace(one, moq=True) for one in facts.amounts]
        return facts

    def _tells(self, clause: Clause, time: Duration, facts: Facts, stocked: bool) -> bool:
        """Whether a time that nothing explains is all that a clause says, or a member of an enumeration with amount and
        price or with a place of stock.
        """
        if says_only(self._text, clause, time.start, time.end):
            return True
        return (stocked or bool(facts.amounts and facts.prices)) and is_member(self._text, clause, time.start, time.end)

    def _open(self, clause: Clause, wanted: list[ProductMention], facts: Facts, country: str | None) -> None:
        """A clause that names products: each takes its facts."""
        if not facts.any():
            by_kind = times_by_kind(wanted, facts.times, self._text)
            for kind, time in by_kind:
                self._ledger.shared.times.hear_of(kind, [time], counted=False)
            facts.times = [] if by_kind else facts.times
        named, first = without_parts(anchors(wanted, facts), facts), None
        for anchor, share in zip(named, assigned(named, facts), strict=True):
            draft = self._draft_for(clause, anchor, share)
            if draft.bare() or share.amounts:
                draft.move_to(clause)
            draft.fill(share, own=True)
            counted = bool(share.amounts)
            if not (counted and is_row(self._text, clause)):
                self._ledger.shared.times.hear_of(anchor.category, share.times, counted=counted)
            draft.country = draft.country or country
            self._items.take_further(clause, draft, share)
            first = first or draft
        self._say_the_same(clause)
        if len(named) > 1:
            self._ledger.shared.country = self._ledger.shared.country or country
            if clause.kind is ClauseKind.BULLET and not facts.any():
                self._ledger.current = first

    def _say_the_same(self, clause: Clause) -> None:
        """The price or the time of the item before holds for the current one where the clause says so."""
        known, current = grammar(self._words), self._ledger.current
        others = self._ledger.drafts[:-1]
        if current is None or not others or current is not self._ledger.drafts[-1]:
            return
        if current.price is None and known.same_price.first(self._text, clause.start, clause.end):
            current.price = others[-1].price
        if current.time is None and known.same_time.first(self._text, clause.start, clause.end):
            current.time = others[-1].time

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

    def _continue(self, clause: Clause, facts: Facts, country: str | None, *, field: bool) -> None:
        """A clause without product: its facts go to the item before it, or to all."""
        shared = self._ledger.shared
        proper = [one for one in facts.amounts if not one.weak and not one.moq]
        current = self._items.meant(clause, facts, proper, field=field)
        if current is None:
            shared.orphans.append((clause, facts))
        else:
            if current.bare() and facts.any():
                current.move_to(clause)
            current.fill(facts, own=False)
            self._items.take_further(clause, current, facts)
        self._say_the_same(clause)
        shared.times.hear(facts.times, clause, self._ledger.current)
        shared.country = shared.country or country
        shared.packs += facts.packs
        shared.moqs += [one for one in facts.amounts if one.moq]


def _wanted(mentions: Sequence[ProductMention], facts: Facts) -> list[ProductMention]:
    """The products offered or needed. Nobody prices and counts what he does not have: then a cue was misheard."""
    wanted = [one for one in mentions if one.stance in WANTED]
    counted = facts.prices and any(not one.moq for one in facts.amounts)
    return wanted or (list(mentions) if counted else [])
