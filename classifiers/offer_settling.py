"""The lines of an offer in the light of what the whole mail was judged to be."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from classifiers.offers import UNNAMED
from models.knowledge.judging import JudgingKnowledge
from models.reading import Judgement, OfferLine


def settled(lines: tuple[OfferLine, ...], judgement: Judgement, knowledge: JudgingKnowledge) -> tuple[OfferLine, ...]:
    """`lines` without those of a mail that offers nothing; what a mail asks for is needed, not offered.

    A mail about one kind of goods offers no other: a line that was heard as another kind is one of it. A line whose
    product was not known is of the kind that the mail is judged to offer and that no line names.
    """
    if judgement.intent in knowledge.without_offer:
        return ()
    if judgement.intent in knowledge.demanding:
        lines = tuple(replace(line, need=True, lead_time_days=None, lead_time_text=None) for line in lines)
    if len(judgement.categories) == 1:
        (only,) = judgement.categories
        lines = tuple(replace(line, category=only) for line in lines if line.category == only or _says_something(line))
    return tuple(_named(lines, judgement.categories, knowledge))


def _says_something(line: OfferLine) -> bool:
    return line.quantity is not None or line.price is not None


def _named(lines: Iterable[OfferLine], judged: tuple[str, ...], knowledge: JudgingKnowledge) -> Iterator[OfferLine]:
    """`lines`, each with a category; those that get none fall away."""
    known = {line.category for line in lines if UNNAMED not in line.flags}
    left = [one for one in judged if one not in known and one in knowledge.goods]
    for line in lines:
        if UNNAMED not in line.flags:
            yield line
            continue
        category = left[0] if len(left) == 1 else line.category
        if category:
            yield replace(line, category=category, flags=tuple(flag for flag in line.flags if flag != UNNAMED))
