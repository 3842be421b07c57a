"""Which item a claim belongs to: the category that its code stands for, else the nearest product of the same item."""

from bisect import bisect_right
from collections.abc import Sequence

from classifiers.claim_places import Place
from classifiers.sentences import Sentence
from models.reading import Passage, ProductMention, Stance


class Items:
    """The products of one passage by sentence, ready to be asked about its claims."""

    def __init__(self, passage: Passage, found: Sequence[Sentence], products: Sequence[ProductMention]) -> None:
        self._starts = [sentence.start for sentence in found]
        self._sentences = found
        self._blocks = _blocks(passage.text, found)
        self._products = [
            product
            for product in products
            if product.span.where is passage.where and product.span.attachment == passage.attachment
        ]
        self._only = _only_category(products)

    def category(self, place: Place) -> str | None:
        """The category of the item that the claim at `place` belongs to, None when it is the company's or for all."""
        if place.kind.category or place.kind.about_company:
            return place.kind.category
        index = self._sentence(place.start)
        for near in (self._in(index, index), self._in(*self._block(index))):
            if near:
                return min(near, key=lambda product: _distance(product, place)).category
        return self._only

    def _sentence(self, at: int) -> int:
        return max(0, bisect_right(self._starts, at) - 1)

    def _block(self, index: int) -> tuple[int, int]:
        if not self._blocks:
            return index, index
        first = last = index
        while first > 0 and self._blocks[first - 1] == self._blocks[index]:
            first -= 1
        while last + 1 < len(self._blocks) and self._blocks[last + 1] == self._blocks[index]:
            last += 1
        return first, last

    def _in(self, first: int, last: int) -> list[ProductMention]:
        """Products offered in the sentences [first, last]; those of one item only when several are spoken of."""
        if not self._sentences:
            return []
        start, end = self._sentences[first].start, self._sentences[last].end
        inside = [product for product in self._products if start <= product.span.start < end]
        return [p for p in inside if p.stance in (Stance.OFFERED, Stance.NEEDED)] or inside


def _blocks(text: str, found: Sequence[Sentence]) -> list[int]:
    """The number of the paragraph (or list item) that each sentence stands in."""
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
