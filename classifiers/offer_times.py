"""Which times of delivery hold for which items of a passage."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from classifiers.items import Clause, ClauseKind
from classifiers.lead_times import Duration
from classifiers.offer_drafts import Draft, best


@dataclass(slots=True)
class TimesSaid:
    """The times of delivery of a passage, each with the items that it may hold for.

    `general` stand apart from any product, `beside` in the list item or paragraph of an item that is named before;
    `of_kind` are said of a category in a sentence of its own, `in_passing` in a sentence that counts or prices an item.
    """

    general: list[Duration] = field(default_factory=list)
    beside: list[tuple[Duration, Draft]] = field(default_factory=list)
    of_kind: list[tuple[str, Duration]] = field(default_factory=list)
    in_passing: list[Duration] = field(default_factory=list)

    def hear(self, times: Sequence[Duration], clause: Clause, current: Draft | None) -> None:
        """Take in the times of a clause that names no product."""
        delivery = [time for time in times if time.delivery]
        if delivery and current and current.block == clause.block:
            self.beside.append((best(delivery), current))
        elif delivery:
            self.general.append(best(delivery))

    def hear_of(self, category: str, times: Sequence[Duration], *, counted: bool) -> None:
        """Take in the times of a sentence that names a product, `counted` when it gives its amount or price too."""
        delivery = [time for time in times if time.delivery]
        if delivery:
            if counted:
                self.in_passing.append(best(delivery))
            else:
                self.of_kind.append((category, best(delivery)))

    def share_out(self, drafts: Sequence[Draft]) -> None:
        """Give each item that has no time of its own the one that is said nearest to it."""
        last = max((draft.start for draft in drafts), default=0)
        for time, draft in self.beside:
            draft.time = draft.time or time
        for draft in drafts:
            said = self._said_of(draft.category, last)
            if draft.time is None or (said and said.days and _is_vague(draft)):
                draft.time = said

    def _said_of(self, category: str, last: int) -> Duration | None:
        """What holds for a category: said of it or for all, a number of days before a date."""
        said = [time for time in (self.of(category), self.for_all(last)) if time]
        return min(said, key=lambda time: time.days is None, default=None)

    def for_all(self, last: int = 0) -> Duration | None:
        """The time that holds for whatever has none: said apart, or the only one, said after the `last` item began."""
        if self.general:
            return min(self.general, key=lambda time: (time.likely, time.days is None, time.immediate))
        told = [*(time for time, _ in self.beside), *self.in_passing, *(time for _, time in self.of_kind)]
        told = [time for time in told if time.days is not None] or told
        only = max(told, key=lambda time: time.start) if len({time.days for time in told}) == 1 else None
        return only if only and only.start > last else None

    def of(self, category: str) -> Duration | None:
        """The time that is said of a category in a sentence of its own."""
        return next((time for kind, time in self.of_kind if kind == category), None)


def _is_vague(draft: Draft) -> bool:
    """Whether an item has but a date or "at once", told in passing: "from week 14 we can deliver"."""
    return draft.time is not None and not draft.time.days and (draft.kind is ClauseKind.TEXT or draft.time.immediate)
