"""An offer line in the making."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from classifiers.items import Clause, ClauseKind
from classifiers.lead_times import Duration
from classifiers.offer_facts import Facts
from classifiers.packings import Pack
from classifiers.prices import Price
from classifiers.quantities import Amount
from models.reading import Passage, Span

_BRACKETED = 60  # characters before an amount in which a bracket may open


@dataclass(slots=True)
class Draft:
    """What has been found for one item of `passage`; facts are positions in its text.

    `start`, `end` name the product, `line` is the clause that it stands in.

    An item that is not `named` stands in a row with no known product: its category is that of the row before, or empty.
    `sources` names the fields that another passage completed, with that passage.
    """

    passage: Passage
    category: str
    need: bool
    start: int
    end: int
    kind: ClauseKind
    block: int
    line: tuple[int, int] = (0, 0)
    named: bool = True
    amount: Amount | None = None
    price: Price | None = None
    moq: Amount | None = None
    time: Duration | None = None
    packs: dict[str, Pack] = field(default_factory=dict)
    country: str | None = None
    sources: dict[str, Passage] = field(default_factory=dict)

    def bare(self) -> bool:
        """Whether neither amount nor price is known."""
        return self.amount is None and self.price is None

    def fill(self, facts: Facts, *, own: bool) -> None:
        """Take from `facts` what is lacking. `own`: they stand in the item's own clause."""
        proper = [one for one in facts.amounts if not one.moq and (own or not one.weak)]
        proper.sort(key=lambda one: one.weak)
        newer = next((one for one in proper if one.latest), None)
        if newer and (self.amount or not self._in_brackets(newer)):
            self.amount = newer
        elif proper and (self.amount is None or (self.amount.weak and not proper[0].weak)):
            self.amount = proper[0]
        self.moq = self.moq or next((one for one in facts.amounts if one.moq), None)
        self.price = self.price or facts.price()
        self.hold(facts.packs)
        delivery = [time for time in facts.times if time.delivery]
        if own and self.time is None and delivery:
            self.time = best(delivery)

    def take_time(self, time: Duration) -> None:
        """Hold the time that is said of this item, unless it has one; of two the number of days."""
        if self.time is None or (time.days and not self.time.days):
            self.time = time

    def _in_brackets(self, amount: Amount) -> bool:
        left = self.passage.text[max(0, amount.start - _BRACKETED) : amount.start]
        return left.rfind("(") > left.rfind(")")

    def hold(self, packs: Sequence[Pack]) -> None:
        """Take in packings; the first word on a unit stands."""
        for one in packs:
            counted = self.amount.unit if self.amount else None
            outer = one.outer or (counted if counted and counted != "piece" else "box")
            if outer != "piece":
                self.packs.setdefault(outer, one)

    def move_to(self, clause: Clause) -> None:
        """The item's facts stand in `clause` from now on."""
        self.block, self.kind = clause.block, clause.kind

    def room_for(self, facts: Facts) -> bool:
        """Whether these facts can be taken without one standing against another."""
        amount = next((one for one in facts.amounts if not one.moq), None)
        if amount and self.amount and amount.value != self.amount.value and not amount.latest:
            return False
        cost = facts.price()
        if cost and self.price and cost.value != self.price.value:
            return False
        return facts.any() or self.bare()

    def complete(self, other: "Draft") -> None:
        """Take over what this one lacks and `other`, of another passage, has."""
        bare = self.bare()
        for name in ("amount", "price", "moq", "time"):
            lacking = getattr(self, name) is None or (bare and name == "time")
            if lacking and getattr(other, name) is not None:
                setattr(self, name, getattr(other, name))
                self.sources[name] = other.sources.get(name, other.passage)
        self.country = self.country or other.country
        for unit, held in other.packs.items():
            self.packs.setdefault(unit, held)

    def words_of(self, time: Duration) -> str:
        """The words that say when the goods come."""
        return " ".join(self.sources.get("time", self.passage).text[time.start : time.end].split())

    def span(self, name: str, start: int, end: int) -> Span:
        """The stretch where the field `name` stands."""
        passage = self.sources.get(name, self.passage)
        return Span(
            where=passage.where, start=start, end=end, text=passage.text[start:end], attachment=passage.attachment
        )


def best(times: Sequence[Duration]) -> Duration:
    """The longest said duration; else "at once"; else a date."""
    return min(times, key=lambda time: (time.days is None, time.immediate, -(time.days or 0), time.start))
