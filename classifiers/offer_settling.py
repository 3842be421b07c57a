"""The lines of an offer in the light of what the whole mail was judged to be."""

from dataclasses import replace

from models.knowledge.judging import JudgingKnowledge
from models.reading import Judgement, OfferLine


def settled(lines: tuple[OfferLine, ...], judgement: Judgement, knowledge: JudgingKnowledge) -> tuple[OfferLine, ...]:
    """`lines` without those of a mail that offers nothing; what a mail asks for is needed, not offered.

    A mail about one kind of goods offers no other: a line that was heard as another kind is one of it.
    """
    if judgement.intent in knowledge.without_offer:
        return ()
    if judgement.intent in knowledge.demanding:
        lines = tuple(replace(line, need=True, lead_time_days=None, lead_time_text=None) for line in lines)
    if len(judgement.categories) != 1:
        return lines
    (only,) = judgement.categories
    return tuple(replace(line, category=only) for line in lines if line.category == only or _says_something(line))


def _says_something(line: OfferLine) -> bool:
    return line.quantity is not None or line.price is not None or bool(line.flags)
