"""What an offer gives at all, whichever item it is of: amounts, and when the goods can be there."""

from collections.abc import Iterator

from classifiers.offer_facts import Facts

QUANTITY, LEAD_TIME = "quantity", "lead_time_days"


def stated(facts: Facts, *, in_attachment: bool) -> Iterator[tuple[str, int, int]]:
    """(field of an offer line, start, end) of each amount on offer and each time of delivery of a clause.

    A number counts with what it counts beside it. A time that nothing explains counts in what the sender writes, unless
    it is only "today" or "at once", which are said of anything; in papers most dates are those of the papers.
    """
    for amount in facts.amounts:
        if amount.unit and not amount.moq and not amount.weak:
            yield QUANTITY, amount.start, amount.end
    for time in facts.times:
        unexplained = time.delivery is None and not time.immediate and not in_attachment
        if time.delivery or unexplained:
            yield LEAD_TIME, time.start, time.end
