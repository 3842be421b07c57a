"""One passage read clause by clause: products open items, facts go to the item that they stand with."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from classifiers.items import Clause, ClauseKind, cells, clause_at, clauses
from classifiers.lead_times import Duration
from classifiers.offer_drafts import Draft
from classifiers.offer_facts import Facts, masked, scan
from classifiers.offer_tables import Column, cell_number, columns, is_total, loose_columns, loose_facts, row_facts
from classifiers.places import stock_country
from classifiers.quantities import Amount, Pack
from models.knowledge.offers import OfferKnowledge, OfferVocabulary
from models.reading import Passage, ProductMention, Stance, Where

_MAIL = ".eml"
_FEW = 50  # fewer pieces, in the prose of an attachment, are samples or test pieces
_HEADING = 90  # a line no longer than this that opens with a product is the heading of what follows
WANTED = frozenset({Stance.OFFERED, Stance.NEEDED})


@dataclass(slots=True)
class Shared:
    """Facts that stand apart from any product, with the item that was spoken of last."""

    times: list[tuple[Duration, Draft | None]]
    packs: list[Pack]
    moqs: list[Amount]
    orphans: list[Facts]
    country: str | None = None


class PassageReader:
    """Reads the drafts of one passage."""

    def __init__(
        self,
        passage: Passage,
        products: Sequence[ProductMention],
        words: OfferVocabulary,
        knowledge: OfferKnowledge,
        most: int,
        topic: tuple[Passage, ProductMention] | None = None,
        sent: date | None = None,
    ) -> None:
        self._topic, self._sent = topic, sent
        self._passage, self._words, self._knowledge = passage, words, knowledge
        self._products = products
        self._text = masked(passage.text[:most], knowledge, words)
        self._clauses = [one for one in clauses(self._text, passage.segments) if one.end <= len(self._text)]
        self._drafts: list[Draft] = []
        self._current: Draft | None = None
        self._heads: tuple[Column, ...] | None = None
        self._loose: tuple[Column, ...] | None = None
        self._pivot: list[tuple[int, ProductMention]] = []
        self._shared = Shared(times=[], packs=[], moqs=[], orphans=[])

    def drafts(self) -> list[Draft]:
        """The items of the passage in order."""
        by_clause = self._by_clause()
        for number, clause in enumerate(self._clauses):
            self._read(clause, by_clause.get(number, []))
        self._share()
        return self._worth_keeping()

    def time_for_all(self) -> Duration | None:
        """The time of delivery that the passage gives for everything: said apart from any product, or the only one."""
        shared = [time for time, _ in self._shared.times] or [one.time for one in self._drafts if one.time]
        days = {time.days for time in shared}
        return shared[0] if len(days) == 1 else None

    def country_for_all(self) -> str | None:
        """Where the passage says that the goods lie."""
        return self._shared.country

    def _by_clause(self) -> dict[int, list[ProductMention]]:
        starts = [clause.start for clause in self._clauses]
        found: dict[int, list[ProductMention]] = {}
        for one in self._products:
            at = clause_at(self._clauses, starts, one.span.start)
            if at is not None:
                found.setdefault(at, []).append(one)
        return found

    def _read(self, clause: Clause, mentions: list[ProductMention]) -> None:
        if clause.kind is ClauseKind.ROW and self._read_row(clause, mentions):
            return
        if clause.kind is not ClauseKind.ROW:
            self._heads, self._pivot = None, []
        if self._read_loose_row(clause, mentions):
            return
        wanted = [one for one in mentions if one.stance in WANTED]
        nouns = [(one.span.start, one.span.end) for one in mentions]
        facts = self._facts(clause, nouns)
        denied = [one for one in mentions if one.stance is Stance.DENIED]
        if denied and not wanted:
            if not (facts.prices and any(not one.moq for one in facts.amounts)):
                return
            wanted = denied  # nobody prices and counts what he does not have
        country = stock_country(self._text, clause.start, clause.end, self._words, self._knowledge)
        if wanted:
            self._open(clause, wanted, facts, country)
        elif not (mentions and facts.amounts):
            self._continue(clause, facts, country)

    def _facts(self, clause: Clause, nouns: Sequence[tuple[int, int]]) -> Facts:
        facts = scan(self._text, clause.start, clause.end, self._words, nouns, self._sent)
        if self._passage.where is Where.ATTACHMENT and not self._passage.name.casefold().endswith(_MAIL):
            facts.amounts = [one for one in facts.amounts if one.moq or one.per or (one.cued and one.value >= _FEW)]
            facts.prices = [one for one in facts.prices if one.cued or one.unit]
        if not nouns and facts.amounts and facts.amounts[0].moq:
            facts.amounts = [one if one.per else replace(one, moq=True) for one in facts.amounts]
        return facts

    # tables

    def _read_row(self, clause: Clause, mentions: list[ProductMention]) -> bool:
        row = cells(self._text, clause)
        pivot = self._pivot_heads(row, mentions)
        if self._heads is None and len(pivot) > 1 and not any(cell_number(self._text, cell, self._words) for cell in row):
            self._pivot = pivot
            return True
        if self._pivot:
            return self._read_pivot_row(clause, row)
        heads = columns(self._text, row, self._words)
        if heads and not self._has_numbers(row):
            self._heads = heads
            return True
        if self._heads is None or len(row) < 2:
            return False
        self._read_table_row(clause, row, mentions, self._heads)
        return True

    def _read_loose_row(self, clause: Clause, mentions: list[ProductMention]) -> bool:
        """A line of a table whose cells were lost (text out of a PDF), or the line that names its columns."""
        heads = loose_columns(self._text, clause.start, clause.end, self._words)
        if heads:
            self._loose = heads
            return True
        named = [one for one in mentions if one.stance is not Stance.DENIED]
        if self._loose is None or not named:
            return False
        last = max(one.span.end for one in named)
        facts = loose_facts(self._text, clause.start, clause.end, self._loose, last, self._words)
        if facts is None or not facts.any():
            return False
        draft = self._new(clause, named[0], need=any(one.stance is Stance.NEEDED for one in named))
        self._fill(draft, facts, own=True)
        return True

    def _has_numbers(self, row: Sequence[tuple[int, int]]) -> bool:
        numbers = [cell_number(self._text, cell, self._words) for cell in row]
        return sum(1 for number in numbers if number and number.value != 1000 and number.value >= 20) > len(row) / 3

    def _read_table_row(
        self, clause: Clause, row: list[tuple[int, int]], mentions: list[ProductMention], heads: tuple[Column, ...]
    ) -> None:
        if is_total(self._text, row, self._words):
            return
        facts = row_facts(self._text, row, heads, self._words)
        meant = [one for one in mentions if one.stance is not Stance.DENIED] if mentions else []
        named = self._in_column(meant, row, heads, "product") or meant
        if mentions and not meant:
            return
        if named:
            first = named[0]
            self._new(clause, first, need=any(one.stance is Stance.NEEDED for one in named))
        elif self._current and facts.any():
            self._new_like(clause, self._current)
        else:
            return
        if self._current:
            self._fill(self._current, facts, own=True)
            amounts = [one for one in facts.amounts if not one.moq]
            if self._current.need and len(amounts) > 1:
                self._current.amount = replace(amounts[0], value=sum(one.value for one in amounts))

    @staticmethod
    def _in_column(
        mentions: Sequence[ProductMention], row: Sequence[tuple[int, int]], heads: Sequence[Column], role: str
    ) -> list[ProductMention]:
        areas = [cell for cell, head in zip(row, heads, strict=False) if head.role == role]
        return [one for one in mentions if any(start <= one.span.start < end for start, end in areas)]

    def _pivot_heads(
        self, row: Sequence[tuple[int, int]], mentions: Sequence[ProductMention]
    ) -> list[tuple[int, ProductMention]]:
        """Columns that each name a product: rows are then places, not items."""
        found = []
        for at, (start, end) in enumerate(row):
            named = [one for one in mentions if start <= one.span.start < end]
            if named:
                found.append((at, named[0]))
        return found

    def _read_pivot_row(self, clause: Clause, row: Sequence[tuple[int, int]]) -> bool:
        total = is_total(self._text, row, self._words)
        for at, mention in self._pivot:
            number = cell_number(self._text, row[at], self._words) if at < len(row) else None
            if number is None:
                continue
            draft = next((one for one in self._drafts if one.start == mention.span.start), None)
            if draft is None:
                draft = self._new(clause, mention, need=mention.stance is Stance.NEEDED)
            value = number.value if total or draft.amount is None else draft.amount.value + number.value
            draft.amount = Amount(value, "piece", None, number.start, number.end)
        if total:
            self._pivot = []
        return True

    # prose and lists

    def _open(self, clause: Clause, wanted: list[ProductMention], facts: Facts, country: str | None) -> None:
        anchors = _anchors(wanted, facts)
        shares = _assigned(anchors, facts)
        several = len(anchors) > 1
        for anchor, share in zip(anchors, shares, strict=True):
            draft = self._draft_for(clause, anchor, share)
            if draft.bare() or share.amounts:
                draft.block, draft.kind = clause.block, clause.kind
            self._fill(draft, share, own=True)
            draft.country = draft.country or country
            self._more_amounts(clause, draft, share)
        if several and country:
            self._shared.country = self._shared.country or country

    def _draft_for(self, clause: Clause, anchor: ProductMention, share: Facts) -> Draft:
        said = [one for one in share.amounts if not one.moq]
        need = anchor.stance is Stance.NEEDED
        same = [one for one in self._drafts if one.category == anchor.category and one.need is need]
        open_one = next((one for one in reversed(same) if _room(one, said, share)), None)
        if open_one and not (clause.kind is not ClauseKind.TEXT and not open_one.bare()):
            self._current = open_one
            return open_one
        if same and not share.any() and not self._heads_list(clause, anchor):
            self._current = same[-1]
            return same[-1]
        return self._new(clause, anchor, need=need)

    def _heads_list(self, clause: Clause, anchor: ProductMention) -> bool:
        """Whether a product opens a list item or stands as a heading over its facts."""
        if clause.kind is not ClauseKind.TEXT:
            return True
        line = self._text[clause.start : clause.end].strip()
        return anchor.span.start - clause.start < 20 and len(line) <= _HEADING and line[-1:] not in ".!?"

    def _more_amounts(self, clause: Clause, draft: Draft, share: Facts) -> None:
        """A second amount at another rhythm is a line of its own: so many now, so many a week."""
        for one in share.amounts:
            first = draft.amount
            if first and one is not first and not one.moq and not one.weak and one.per and one.per != first.per:
                other = self._new_like(clause, draft)
                other.amount, other.price, other.packs = one, draft.price, dict(draft.packs)
                return

    def _continue(self, clause: Clause, facts: Facts, country: str | None) -> None:
        """A clause without product: its facts go to the item before it, or to all."""
        current = self._current
        proper = [one for one in facts.amounts if not one.weak and not one.moq]
        if (proper or facts.prices) and self._topic and self._off_topic(clause, self._topic[1]):
            current = self._from_topic(clause, self._topic)
        if current is None:
            self._shared.orphans.append(facts)
        elif proper and current.amount and self._begins_row(clause, proper[0], current):
            current = self._new_like(clause, current)
        if current:
            if current.bare() and facts.any():
                current.block, current.kind = clause.block, clause.kind
            self._fill(current, facts, own=False)
        delivery = [time for time in facts.times if time.delivery]
        if delivery:
            self._shared.times.append((_best(delivery), self._current))
        self._shared.country = self._shared.country or country
        self._shared.packs += facts.packs
        self._shared.moqs += [one for one in facts.amounts if one.moq]

    def _off_topic(self, clause: Clause, topic: ProductMention) -> bool:
        """Whether the subject's product is likelier meant than the one spoken of last, in another paragraph."""
        current = self._current
        if current is None:
            return not self._drafts
        return current.bare() and current.block != clause.block and current.category != topic.category

    def _from_topic(self, clause: Clause, topic: tuple[Passage, ProductMention]) -> Draft:
        known = next((one for one in self._drafts if one.category == topic[1].category and one.bare()), None)
        if known:
            self._current = known
            return known
        draft = self._new(clause, topic[1], need=topic[1].stance is Stance.NEEDED)
        draft.sources["category"] = topic[0]
        return draft

    def _begins_row(self, clause: Clause, first: Amount, current: Draft) -> bool:
        """Whether an amount opens a row of its own in the list that `current` stands in."""
        lead = self._text[clause.start : first.start].strip(" -–—*•·\t")
        named = clause.kind is not ClauseKind.TEXT or not lead or (len(lead) <= 40 and lead.endswith(":"))
        return named and clause.block == current.block and first.value != (current.amount.value if current.amount else 0)

    # drafts

    def _new(self, clause: Clause, anchor: ProductMention, *, need: bool) -> Draft:
        draft = Draft(
            passage=self._passage,
            category=anchor.category,
            need=need,
            start=anchor.span.start,
            end=anchor.span.end,
            kind=clause.kind,
            block=clause.block,
        )
        self._drafts.append(draft)
        self._current = draft
        return draft

    def _new_like(self, clause: Clause, other: Draft) -> Draft:
        draft = Draft(
            passage=self._passage,
            category=other.category,
            need=other.need,
            start=other.start,
            end=other.end,
            kind=clause.kind,
            block=clause.block,
        )
        self._drafts.append(draft)
        self._current = draft
        return draft

    def _fill(self, draft: Draft, facts: Facts, *, own: bool) -> None:
        """Give `draft` what it lacks. `own`: the facts stand in its own clause."""
        proper = [one for one in facts.amounts if not one.moq and (own or not one.weak)]
        proper.sort(key=lambda one: one.weak)
        if proper and (draft.amount is None or (draft.amount.weak and not proper[0].weak)):
            draft.amount = proper[0]
        smallest = [one for one in facts.amounts if one.moq]
        draft.moq = draft.moq or (smallest[0] if smallest else None)
        draft.price = draft.price or (facts.prices[0] if facts.prices else None)
        draft.hold(facts.packs)
        delivery = [time for time in facts.times if time.delivery]
        if own and draft.time is None and delivery:
            draft.time = _best(delivery)

    def _share(self) -> None:
        shared = self._shared
        if self._drafts and len({draft.category for draft in self._drafts}) == 1:
            for facts in shared.orphans:
                for draft in self._drafts:
                    self._fill(draft, Facts(prices=facts.prices, packs=facts.packs), own=False)
                if len(self._drafts) == 1:
                    self._fill(self._drafts[0], facts, own=False)
        timed = [time for time, _ in shared.times if time.days is not None] or [time for time, _ in shared.times]
        if len({time.days for time in timed}) > 1:
            for time, draft in shared.times:
                if draft and draft.time is None:
                    draft.time = time
        for draft in [one for one in self._drafts if not one.bare()] or self._drafts:
            if timed and (draft.time is None or (draft.time.days is None and timed[0].days is not None)):
                draft.time = timed[0]
            draft.moq = draft.moq or (shared.moqs[0] if shared.moqs else None)
            draft.country = draft.country or shared.country
            draft.hold(shared.packs)
        for number, draft in enumerate(self._drafts):
            for other in reversed(self._drafts[:number]):
                if other.category == draft.category and draft.amount and draft.amount.unit in other.packs:
                    draft.packs = {**other.packs, **draft.packs}
                    break
        self._share_price()

    def _share_price(self) -> None:
        """One price for several lots of the same goods."""
        for category in {draft.category for draft in self._drafts}:
            same = [draft for draft in self._drafts if draft.category == category and not draft.need]
            priced = [draft for draft in same if draft.price]
            if len(priced) == 1 and priced[0].kind is ClauseKind.TEXT:
                for draft in same:
                    draft.price = draft.price or (priced[0].price if draft.amount else None)

    def _worth_keeping(self) -> list[Draft]:
        """Drafts with facts; a product without any is kept once, when nothing else is known of its category."""
        kept = [draft for draft in self._drafts if not draft.bare()]
        known = {draft.category for draft in kept}
        offers = any(not draft.need for draft in self._drafts)
        for draft in self._drafts:
            if draft.need and draft.bare() and offers:
                continue
            if draft.bare() and draft.category not in known and self._passage.where is not Where.ATTACHMENT:
                known.add(draft.category)
                kept.append(draft)
        return sorted(kept, key=lambda draft: draft.amount.start if draft.amount else draft.start)


def _anchors(wanted: Sequence[ProductMention], facts: Facts) -> list[ProductMention]:
    """One mention for each item: mentions of one category with no amount or price between them are one."""
    borders = sorted([one.start for one in facts.amounts if not one.moq] + [one.start for one in facts.prices])
    anchors: list[ProductMention] = []
    for one in wanted:
        last = anchors[-1] if anchors else None
        if (
            last
            and last.category == one.category
            and not any(last.span.end <= border < one.span.start for border in borders)
        ):
            continue
        anchors.append(one)
    amounts = sum(1 for one in facts.amounts if not one.moq)
    if len(anchors) > 1 and len({one.category for one in anchors}) == 1 and max(amounts, len(facts.prices)) < 2:
        return anchors[:1]
    return anchors


def _assigned(anchors: Sequence[ProductMention], facts: Facts) -> list[Facts]:
    """The facts of a clause shared out among its items."""
    shares = [Facts() for _ in anchors]
    first = min((one.start for one in facts.amounts if not one.moq and not one.weak), default=None)
    leading = first is not None and first < anchors[0].span.start
    for one in facts.amounts:
        shares[_following(anchors, one.end) if leading and not one.moq else _preceding(anchors, one.start)].amounts.append(one)
    for cost in facts.prices:
        shares[_preceding(anchors, cost.start)].prices.append(cost)
    for held in facts.packs:
        shares[_preceding(anchors, held.start)].packs.append(held)
    for time in facts.times:
        if len(facts.times) == 1 and time.start > anchors[-1].span.start:
            for share in shares:
                share.times.append(time)
        else:
            shares[_preceding(anchors, time.start)].times.append(time)
    return shares


def _preceding(anchors: Sequence[ProductMention], at: int) -> int:
    return max([number for number, one in enumerate(anchors) if one.span.start <= at], default=0)


def _following(anchors: Sequence[ProductMention], at: int) -> int:
    return min([number for number, one in enumerate(anchors) if one.span.end >= at], default=len(anchors) - 1)


def _room(draft: Draft, amounts: Sequence[Amount], facts: Facts) -> bool:
    """Whether a draft can take these facts without one standing against another."""
    if amounts and draft.amount and amounts[0].value != draft.amount.value:
        return False
    if facts.prices and draft.price and facts.prices[0].value != draft.price.value:
        return False
    return facts.any() or draft.bare()


def _best(times: Sequence[Duration]) -> Duration:
    """The longest said duration; else "at once"; else a date."""
    return min(times, key=lambda time: (time.days is None, time.immediate, -(time.days or 0), time.start))
