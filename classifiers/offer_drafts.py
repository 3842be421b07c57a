"""An offer line in the making."""

from dataclasses import dataclass, field

from classifiers.items import ClauseKind
from classifiers.lead_times import Duration
from classifiers.prices import Price
from classifiers.quantities import Amount, Pack
from models.reading import Passage, Span


@dataclass(slots=True)
class Draft:
    """What has been found for one item of `passage`; facts are positions in its text. `start`, `end` name the product.

    `sources` names the fields that another passage completed, with that passage.
    """

    passage: Passage
    category: str
    need: bool
    start: int
    end: int
    kind: ClauseKind
    block: int
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

    def hold(self, packs: list[Pack]) -> None:
        """Take in packings; the first word on a unit stands."""
        for one in packs:
            outer = one.outer or (self.amount.unit if self.amount and self.amount.unit else "box")
            if outer != "piece":
                self.packs.setdefault(outer, one)

    def words_of(self, time: Duration) -> str:
        """The words that say when the goods come."""
        return " ".join(self.sources.get("time", self.passage).text[time.start : time.end].split())

    def complete(self, other: "Draft") -> None:
        """Take over what this one lacks and `other`, of another passage, has."""
        for name in ("amount", "price", "moq", "time"):
            if getattr(self, name) is None and getattr(other, name) is not None:
                setattr(self, name, getattr(other, name))
                self.sources[name] = other.sources.get(name, other.passage)
        self.country = self.country or other.country
        for unit, held in other.packs.items():
            self.packs.setdefault(unit, held)

    def span(self, name: str, start: int, end: int) -> Span:
        """The stretch where the field `name` stands."""
        passage = self.sources.get(name, self.passage)
        return Span(
            where=passage.where, start=start, end=end, text=passage.text[start:end], attachment=passage.attachment
        )
