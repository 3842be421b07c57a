"""Offer lines: one for each item that a mail offers or needs, with what is said of it."""

from collections.abc import Iterable, Sequence
from datetime import date

from classifiers import prices
from classifiers.lead_times import Duration
from classifiers.offer_drafts import Draft
from classifiers.offer_merging import merged
from classifiers.offer_reading import WANTED, PassageReader
from classifiers.quantities import in_pieces, pieces_in
from classifiers.wording import folded
from models.knowledge.offers import OfferKnowledge, OfferVocabulary
from models.reading import OfferLine, Passage, ProductMention, Span, Where

UNKNOWN_PACK_SIZE = "unknown_pack_size"
_MOST_LINES = 200
_MOST_TEXT = 200_000  # characters of a passage that are read


def find_offer_lines(
    passages: tuple[Passage, ...],
    language: str,
    products: tuple[ProductMention, ...],
    knowledge: OfferKnowledge,
    sent: date | None = None,
) -> tuple[OfferLine, ...]:
    """One line an item offered (stance OFFERED) or needed (NEEDED) in `passages`, in the order of the mail.

    `language` is the mail's (ISO 639-1), `sent` its day: with it, "can be fetched on Monday" is a number of days. The same item in subject, body and attachment gives one line.
    """
    words = knowledge.vocabularies.get(language) or knowledge.vocabularies.get(knowledge.fallback)
    if words is None or not products:
        return ()
    topic = _topic(passages, products)
    readers = [
        PassageReader(
            passage,
            _within(passage, products),
            words,
            knowledge,
            _MOST_TEXT,
            topic if passage.where is Where.BODY else None,
            sent,
        )
        for passage in passages
    ]
    drafts = merged([draft for reader in readers for draft in reader.drafts()])
    for passage, reader in zip(passages, readers, strict=True):
        if passage.where is Where.BODY:
            _share_out(drafts, passage, reader.time_for_all(), reader.country_for_all())
    currency = _currency(passages, words)
    return tuple(_line(draft, words, currency) for draft in drafts[:_MOST_LINES])


def _share_out(drafts: Iterable[Draft], body: Passage, time: Duration | None, country: str | None) -> None:
    """What the body says for everything holds for the items of subject and attachments too."""
    for draft in drafts:
        if draft.passage is not body:
            draft.country = draft.country or country
            if time and draft.time is None:
                draft.time = time
                draft.sources["time"] = body


def _within(passage: Passage, products: Iterable[ProductMention]) -> list[ProductMention]:
    return [
        one
        for one in products
        if one.span.where is passage.where and one.span.attachment == passage.attachment and one.span.end <= _MOST_TEXT
    ]


def _topic(
    passages: Sequence[Passage], products: Sequence[ProductMention]
) -> tuple[Passage, ProductMention] | None:
    """The product that the subject names, when it names one kind."""
    subject = next((passage for passage in passages if passage.where is Where.SUBJECT), None)
    named = [one for one in products if one.span.where is Where.SUBJECT and one.stance in WANTED]
    return (subject, named[0]) if subject and len({one.category for one in named}) == 1 else None


def _currency(passages: Sequence[Passage], words: OfferVocabulary) -> tuple[str | None, str | None]:
    """(what an ambiguous sign such as "kr" means here, what a price without currency is in)."""
    sign = prices.grammar(words).sign
    named = [
        words.currencies[written]
        for passage in passages
        for found in sign.finditer(passage.text, 0, 20_000)
        if (written := folded(found["word"])) not in words.shared_currencies
    ]
    shared = {words.currencies[written] for written in words.shared_currencies} | {words.currency}
    for_sign = next((code for code in named if code in shared), None)
    return for_sign, next(iter(named), words.currency)


def _line(draft: Draft, words: OfferVocabulary, currency: tuple[str | None, str | None]) -> OfferLine:
    counted, smallest, cost, time = draft.amount, draft.moq, draft.price, draft.time
    quantity, unit = in_pieces(counted, draft.packs) if counted else (None, None)
    box = draft.packs.get("box") or draft.packs.get("kit")
    size = pieces_in(box.outer or "box", draft.packs) if box else None
    code = None
    if cost:
        code = (currency[0] or cost.currency) if cost.shared_sign and cost.currency else cost.currency or currency[1]
    return OfferLine(
        category=draft.category,
        quantity=quantity,
        per=(counted.per or "once") if counted else None,
        quantity_unit=unit,
        price=cost.value if cost else None,
        currency=code,
        price_unit=_price_unit(draft) if cost else None,
        box_size=int(size) if size else None,
        moq=in_pieces(smallest, draft.packs)[0] if smallest else None,
        lead_time_days=time.days if time and not draft.need else None,
        lead_time_text=draft.words_of(time) if time and not draft.need else None,
        stock_country=draft.country,
        need=draft.need,
        flags=(UNKNOWN_PACK_SIZE,) if counted and quantity is None else (),
        spans=tuple(_spans(draft)),
    )


def _price_unit(draft: Draft) -> str | None:
    cost = draft.price
    if cost is None:
        return None
    if cost.count > 1:
        return f"{cost.count} pieces"
    return cost.unit or "piece"


def _spans(draft: Draft) -> Iterable[tuple[str, Span]]:
    yield "category", draft.span("category", draft.start, draft.end)
    facts = (("quantity", "amount"), ("price", "price"), ("moq", "moq"), ("lead_time_days", "time"))
    for shown, name in facts:
        fact = getattr(draft, name)
        if fact:
            yield shown, draft.span(name, fact.start, fact.end)
