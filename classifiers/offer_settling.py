"""The lines of an offer in the light of what the whole mail was judged to be."""

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace

from classifiers.offers import UNNAMED
from models.knowledge.judging import JudgingKnowledge
from models.reading import Judgement, OfferLine


def settled(lines: tuple[OfferLine, ...], judgement: Judgement, knowledge: JudgingKnowledge) -> tuple[OfferLine, ...]:
    """`lines` without those of a mail that offers nothing; what a mail asks for is needed, not offered, and what a
    supplier needs himself is no line of his offer.

    A mail surely about one kind of goods offers no other: a line that was heard as another kind is one of it. Of a mail
    surely about several, a line of yet another kind falls away. A line whose product was not known is of the kind that
    the mail is judged to offer and that no line names.
    """
    if judgement.intent in knowledge.without_offer:
        return ()
    if judgement.intent in knowledge.without_price:
        lines = tuple(replace(line, price=None, currency=None, price_unit=None) for line in lines)
    if judgement.intent in knowledge.demanding:
        lines = tuple(_demanded(lines))
    else:
        offered = tuple(line for line in lines if not line.need)
        lines = offered if any(map(_says_something, offered)) else tuple(replace(line, need=False) for line in lines)
    if len(judgement.categories) == 1 and not judgement.uncertain:
        (only,) = judgement.categories
        lines = tuple(replace(line, category=only) for line in lines if line.category == only or _says_something(line))
    elif judgement.categories and not judgement.uncertain:
        lines = tuple(line for line in lines if line.category in judgement.categories or UNNAMED in line.flags)
    lines = tuple(_without_means(lines, judgement.categories, knowledge))
    return tuple(_once(_named(lines, judgement.categories, knowledge)))


def _demanded(lines: tuple[OfferLine, ...]) -> Iterator[OfferLine]:
    """What a report of needs asks for; beside what it says to need of a kind, other amounts are what it has or uses."""
    said = {line.category for line in lines if line.need and line.quantity is not None}
    for line in lines:
        if line.need or line.category not in said:
            yield replace(line, need=True, lead_time_days=None, lead_time_text=None)


def _without_means(
    lines: Iterable[OfferLine], judged: tuple[str, ...], knowledge: JudgingKnowledge
) -> Iterator[OfferLine]:
    """`lines` of a mail that offers goods and the making of them: so many a day are goods, and machines and cloth that
    bear no price are what they are made with.
    """
    goods = [one for one in judged if one in knowledge.goods]
    for line in lines:
        if not goods or line.category != knowledge.making or line.quantity is None or line.quantity_unit:
            yield line
        elif line.per != "once":
            yield replace(line, category=goods[0]) if len(goods) == 1 else line
        elif line.price is not None:
            yield line


def _says_something(line: OfferLine) -> bool:
    return line.quantity is not None or line.price is not None


def _named(lines: Iterable[OfferLine], judged: tuple[str, ...], knowledge: JudgingKnowledge) -> Iterator[OfferLine]:
    """`lines`, each with a category; those that get none fall away."""
    known = {line.category for line in lines if UNNAMED not in line.flags and _says_something(line)}
    goods = [one for one in judged if one in knowledge.goods]
    left = [one for one in goods if one not in known]
    for line in lines:
        if UNNAMED not in line.flags:
            yield line
            continue
        category = left[0] if len(left) == 1 else _likeliest(line, goods, knowledge) if not left else line.category
        if category:
            yield replace(line, category=category, flags=tuple(flag for flag in line.flags if flag != UNNAMED))


def _likeliest(line: OfferLine, goods: list[str], knowledge: JudgingKnowledge) -> str:
    """The kind of a row that nobody knows, when each judged kind is named elsewhere."""
    if knowledge.unknown_goods in goods:
        return knowledge.unknown_goods
    return goods[0] if len(goods) == 1 else line.category


def _once(lines: Iterable[OfferLine]) -> list[OfferLine]:
    """`lines` without those that say the same amount of the same goods again, and nothing that stands against it."""
    found: list[OfferLine] = []
    for line in lines:
        same = next((number for number, one in enumerate(found) if _is_same(one, line)), None)
        if same is None:
            found.append(line)
        else:
            found[same] = _completed(found[same], line)
    return found


def _is_same(one: OfferLine, other: OfferLine) -> bool:
    alike = one.quantity is not None and (one.category, one.quantity, one.per) == (
        other.category,
        other.quantity,
        other.per,
    )
    return alike and (one.price is None or other.price is None)


def _completed(one: OfferLine, other: OfferLine) -> OfferLine:
    """`one` with what it lacks and `other` says."""
    lacking = {
        field.name: getattr(other, field.name)
        for field in fields(one)
        if getattr(one, field.name) is None and getattr(other, field.name) is not None
    }
    spans = tuple(span for span in other.spans if span[0] in lacking)
    return replace(one, **lacking, spans=one.spans + spans)
