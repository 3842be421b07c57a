"""Offer lines: one for each item that a mail offers or needs, with what is said of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from classifiers.offer_drafts import Draft
from classifiers.offer_grammar import grammar
from classifiers.offer_items import Topic
from classifiers.offer_merging import merged
from classifiers.offer_reading import MOST_TEXT, WANTED, PassageReader
from classifiers.packings import as_counted, in_pieces, pieces_in
from classifiers.prices import Price
from classifiers.quantities import Amount
from classifiers.wording import folded
from models.knowledge.offers import OfferKnowledge, OfferVocabulary
from models.reading import OfferLine, Passage, ProductMention, Span, Where

UNKNOWN_PACK_SIZE = "unknown_pack_size"
UNNAMED = "product_not_named"
_LEAST_FOR_WHOLE = 5  # a smaller price beside an amount in boxes is that of a piece
_PAIR = 2
_MOST_LINES = 200
_MOST_FOR_CURRENCY = 20_000


@dataclass(frozen=True, slots=True)
class Offer:
    """What a mail offers: its lines, and the facts of offers wherever they stand (see `Reading.offer_facts`)."""

    lines: tuple[OfferLine, ...] = ()
    facts: tuple[tuple[str, Span], ...] = ()


def read_offer(
    passages: tuple[Passage, ...],
    language: str,
    products: tuple[ProductMention, ...],
    knowledge: OfferKnowledge,
) -> Offer:
    """One line an item offered (stance OFFERED) or needed (NEEDED) in `passages`, in the order of the mail.

    `language` is the mail's (ISO 639-1). The same item in subject, body and attachment gives one line.
    """
    words = knowledge.vocabularies.get(language) or knowledge.vocabularies.get(knowledge.fallback)
    if words is None:
        return Offer()
    topics = {Where.BODY: _topic(passages, products)}
    readers = [
        PassageReader(one, _within(one, products), words, knowledge, topics.get(one.where, Topic())) for one in passages
    ]
    drafts = merged([draft for reader in readers for draft in reader.drafts()])
    for passage, reader in zip(passages, readers, strict=True):
        if passage.where is Where.BODY:
            _share_out(drafts, passage, reader)
    named = _currencies(passages, words)
    lines = tuple(_line(draft, named, words, knowledge) for draft in drafts[:_MOST_LINES])
    return Offer(lines, tuple(_facts(passages, readers)))


def _facts(passages: Sequence[Passage], readers: Sequence[PassageReader]) -> Iterable[tuple[str, Span]]:
    """What the passages state, each fact with its words."""
    for passage, reader in zip(passages, readers, strict=True):
        for name, start, end in reader.facts[:_MOST_LINES]:
            words = passage.text[start:end]
            yield name, Span(where=passage.where, start=start, end=end, text=words, attachment=passage.attachment)


def _share_out(drafts: Iterable[Draft], body: Passage, reader: PassageReader) -> None:
    """What the body says for everything, or for a kind, holds for the items of subject and attachments too."""
    country = reader.country_for_all()
    for draft in drafts:
        time = reader.time_for(draft.category)
        elsewhere = draft.passage is not body
        draft.country = draft.country or (country if elsewhere else None)
        if time and draft.time is None and (elsewhere or draft.sources):
            draft.time = time
            draft.sources["time"] = body


def _within(passage: Passage, products: Iterable[ProductMention]) -> list[ProductMention]:
    def inside(span: Span) -> bool:
        return span.where is passage.where and span.attachment == passage.attachment and span.end <= MOST_TEXT

    return [one for one in products if inside(one.span)]


def _topic(passages: Sequence[Passage], products: Sequence[ProductMention]) -> Topic:
    """The product that the subject names, when it names one kind."""
    subject = next((passage for passage in passages if passage.where is Where.SUBJECT), None)
    named = [one for one in products if one.span.where is Where.SUBJECT and one.stance in WANTED]
    one_kind = len({one.category for one in named}) == 1
    return Topic(subject, named[0] if one_kind else None)


def _currencies(passages: Sequence[Passage], words: OfferVocabulary) -> list[str]:
    """The currencies that the mail names by a word of one meaning, in order."""
    return [
        found.meaning
        for passage in passages
        for found in grammar(words).currencies.all(passage.text, 0, _MOST_FOR_CURRENCY)
        if folded(passage.text[found.start : found.end]) not in words.shared_currencies
    ]


def _line(draft: Draft, named: Sequence[str], words: OfferVocabulary, knowledge: OfferKnowledge) -> OfferLine:
    cost = draft.price
    single, code = draft.category in knowledge.pair_is_one, _code(cost, named, words.currency) if cost else None
    counted, smallest = (as_counted(one, cost, single=single) for one in (draft.amount, draft.moq))
    if counted and cost and _counts_boxes(counted, cost, code, draft, knowledge):
        counted = replace(counted, unit="box")
    need = draft.need and cost is None  # nobody prices what he needs
    time = draft.time
    quantity, unit = in_pieces(counted, draft.packs) if counted else (None, None)
    if counted and quantity is None and draft.category in knowledge.no_goods:
        quantity = counted.value
    return OfferLine(
        category=draft.category,
        quantity=quantity,
        per=(counted.per or "once") if counted else None,
        quantity_unit=unit,
        price=cost.value if cost else None,
        currency=code,
        price_unit=_price_unit(cost, counted, draft, code, words.kinds.whole, knowledge) if cost else None,
        box_size=_box_size(draft),
        moq=in_pieces(smallest, draft.packs)[0] if smallest else None,
        lead_time_days=time.days if time else None,
        lead_time_text=draft.words_of(time) if time else None,
        stock_country=draft.country,
        need=need,
        flags=tuple(_flags(draft, quantity)),
        spans=tuple(_spans(draft)),
    )


def _flags(draft: Draft, quantity: float | None) -> Iterable[str]:
    if draft.amount and quantity is None:
        yield UNKNOWN_PACK_SIZE
    if not draft.named:
        yield UNNAMED


def _code(cost: Price, named: Sequence[str], usual: str | None) -> str | None:
    """The currency of a price: a sign of several meanings ("kr") is the first of them that the mail names in full."""
    if cost.currency:
        return next((code for code in named if code in cost.may_mean), cost.currency)
    return next(iter(named), usual)


def _counts_boxes(counted: Amount, cost: Price, code: str | None, draft: Draft, knowledge: OfferKnowledge) -> bool:
    """Whether what a bare number counts are boxes: its price is that of no piece, but of a box of so many."""
    size = pieces_in("box", draft.packs)
    most = knowledge.most.get(draft.category, 0) / knowledge.rates.get(code or "", 1)
    bare = counted.unit is None and cost.unit in (None, "box") and cost.count == 1
    return bare and size is not None and cost.value / size <= most < cost.value


def _price_unit(
    cost: Price,
    amount: Amount | None,
    draft: Draft,
    code: str | None,
    whole: frozenset[str],
    knowledge: OfferKnowledge,
) -> str:
    """What a price is the price of: what it says; else the packing that the amount is counted in, unless a piece would
    then cost less than any does; else a box, where a piece would cost more than any does.
    """
    if cost.count > 1:
        return f"{cost.count} pieces"
    counted = amount.unit if amount else None
    worth = cost.value * knowledge.rates.get(code or "", 1)
    if not cost.unit and counted in (None, "piece") and "box" in draft.packs:
        return "box" if worth > knowledge.of_no_piece.get(draft.category, worth) else "piece"
    if cost.unit or counted not in whole:
        return cost.unit or "piece"
    pieces = pieces_in(counted, draft.packs) or 1
    cheap = cost.value < _LEAST_FOR_WHOLE or worth / pieces < knowledge.least.get(draft.category, 0)
    return "piece" if cheap and pieces > _PAIR else counted


def _box_size(draft: Draft) -> int | None:
    box = draft.packs.get("box") or draft.packs.get("kit")
    size = pieces_in(box.outer or "box", draft.packs) if box else None
    return int(size) if size else None


def _spans(draft: Draft) -> Iterable[tuple[str, Span]]:
    yield "category", draft.span("category", draft.start, draft.end)
    facts = (("quantity", "amount"), ("price", "price"), ("moq", "moq"), ("lead_time_days", "time"))
    for shown, name in facts:
        fact = getattr(draft, name)
        if fact:
            yield shown, draft.span(name, fact.start, fact.end)
