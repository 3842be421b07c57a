"""Which claims stand with goods: what is then said of a delivery speaks of the goods."""

from bisect import bisect_left
from collections.abc import Sequence

from classifiers.cue_reach import Words
from classifiers.word_run import WordRun

LONGEST = 8  # words of goods that stand before a claim


class Goods:
    """The words of every product of a text, in order."""

    def __init__(self, text: WordRun, found: Sequence[Words]) -> None:
        self._text = text
        self._found = found
        self._starts = [one.first for one in found]

    def beside(self, here: Words) -> bool:
        """Whether goods stand right behind a claim ("EN 14126 coveralls") or a word before it ("gowns to EN 14126")."""
        behind = self._between(here.last, here.last + 1)
        before = self._between(here.first - LONGEST, here.first)
        return any(self._behind(one, here) for one in behind) or any(self._before(one, here) for one in before)

    def _between(self, first: int, last: int) -> Sequence[Words]:
        """The goods that begin in the words [first, last), the first few of them."""
        low, high = bisect_left(self._starts, first), bisect_left(self._starts, last)
        return self._found[low : min(high, low + LONGEST)]

    def _behind(self, goods: Words, here: Words) -> bool:
        return goods.first == here.last and not self._text.parted(here.last, here.last + 1)

    def _before(self, goods: Words, here: Words) -> bool:
        return goods.last == here.first - 1 and not self._text.parted(goods.last, here.first + 1)
