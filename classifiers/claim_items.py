"""Which item a claim belongs to: the category that its code stands for, else the nearest product of the same item."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from classifiers.claim_places import Place
from classifiers.sentences import Sentence
from models.reading import Passage, ProductMention, Span, Stance

NEAR = 3  # products on either side of a claim that are compared


class _Products:
    """Products in order of their place."""

    def __init__(self, products: Iterable[ProductMention]) -> None:
        self._products = sorted(products, key=lambda product: (product.span.start, product.span.end))
        self._starts = [product.span.start for product in self._products]

    def nearest(self, place: Place, start: int, end: int) -> ProductMention | None:
        """The one nearest to `place` of those that begin in [start, end)."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        here = min(max(bisect_left(self._starts, place.start), first), last)
        near = self._products[max(first, here - NEAR) : min(last, here + NEAR)]
        return min(near, key=lambda product: _distance(product, place), default=None)


class Items:
    """The products of one passage by sentence, ready to be asked about its claims."""

    def __init__(self, passage: Passage, found: Sequence[Sentence], products: Sequence[ProductMention]) -> None:
        self._starts = [sentence.start for sentence in found]
        self._sentences = found
        self._blocks = _blocks(passage.text, found)
        here = [product for product in products if in_passage(product.span, passage)]
        self._spoken_of = _Products(p for p in here if p.stance in (Stance.OFFERED, Stance.NEEDED))
        self._named = _Products(here)
        self._only = _only_category(products)

    def category(self, place: Place) -> str | None:
        """The category of the item that the claim at `place` belongs to, None when it is the company's or for all."""
        if place.kind.category or place.kind.about_company:
            return place.kind.category
        if not self._sentences:
            return self._only
        index = max(0, bisect_right(self._starts, place.start) - 1)
        for first, last in ((index, index), self._block(index)):
            start, end = self._sentences[first].start, self._sentences[last].end
            near = self._spoken_of.nearest(place, start, end) or self._named.nearest(place, start, end)
            if near is not None:
                return near.category
        return self._only

    def _block(self, index: int) -> tuple[int, int]:
        number = self._blocks[index]
        return bisect_left(self._blocks, number), bisect_right(self._blocks, number) - 1


def in_passage(span: Span, passage: Passage) -> bool:
    """Whether `span` stands in `passage`."""
    return span.where is passage.where and span.attachment == passage.attachment


def _blocks(text: str, found: Sequence[Sentence]) -> list[int]:
    """The number of the paragraph (or list item) that each sentence stands in, rising."""
    numbers: list[int] = []
    for index, sentence in enumerate(found):
        if not index:
            numbers.append(0)
            continue
        gap = text[found[index - 1].end : sentence.start + 1]
        starts_line = "\n" in gap or text[found[index - 1].end - 1 : found[index - 1].end] == "\n"
        numbers.append(numbers[-1] + starts_line)
    return numbers


def _distance(product: ProductMention, place: Place) -> tuple[int, int]:
    """Letters between product and claim; a product before the claim wins over one as near behind it."""
    behind = product.span.start >= place.end
    gap = product.span.start - place.end if behind else max(0, place.start - product.span.end)
    return gap + (gap // 2 if behind else 0), int(behind)


def _only_category(products: Sequence[ProductMention]) -> str | None:
    offered = {product.category for product in products if product.stance is Stance.OFFERED}
    offered = offered or {product.category for product in products}
    return offered.pop() if len(offered) == 1 else None
