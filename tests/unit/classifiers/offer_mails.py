"""Mails for tests of offer lines, with their products marked: `{gloves:nitrile gloves}`, `{-gown:gowns}` (denied),
`{?gloves:gloves}` (needed), `{.medical_mask:masks}` (merely mentioned)."""

import re

from classifiers.offers import read_offer
from models.knowledge.offers import OfferKnowledge
from models.mail import Segment, SegmentKind
from models.reading import OfferLine, Passage, ProductMention, Span, Stance, Where

_MARK = re.compile(r"\{([-?.]?)(\w+):([^}]*)\}")
_STANCE = {"": Stance.OFFERED, "-": Stance.DENIED, "?": Stance.NEEDED, ".": Stance.MENTIONED}


def marked(text: str, where: Where, number: int | None = None) -> tuple[Passage, list[ProductMention]]:
    """The passage without its marks, and the products that they name."""
    plain, products, last = "", [], 0
    for found in _MARK.finditer(text):
        plain += text[last : found.start()]
        span = Span(where=where, start=len(plain), end=len(plain) + len(found[3]), text=found[3], attachment=number)
        products.append(ProductMention(category=found[2], stance=_STANCE[found[1]], span=span, phrase="test"))
        plain += found[3]
        last = found.end()
    plain += text[last:]
    segments = (Segment(kind=SegmentKind.NEW, start=0, end=len(plain)),)
    return Passage(where=where, text=plain, segments=segments, attachment=number), products


def lines_of(
    body: str, language: str, knowledge: OfferKnowledge, *, subject: str = "", attachment: str = ""
) -> tuple[OfferLine, ...]:
    """The offer lines of a mail whose products are marked."""
    texts = [(subject, Where.SUBJECT, None), (body, Where.BODY, None), (attachment, Where.ATTACHMENT, 0)]
    read = [marked(text, where, number) for text, where, number in texts if text]
    products = tuple(product for _, named in read for product in named)
    return read_offer(tuple(passage for passage, _ in read), language, products, knowledge).lines
