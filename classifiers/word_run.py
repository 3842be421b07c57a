"""A text as its words, and the marks between them that part what is said."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property

from classifiers.words import Word, words

_COMMA = re.compile(r"、|,(?!\d)|(?<!\d),")
_OPENING = re.compile(r"(?<!\w)[(\[]")
_CLOSING = re.compile(r"(?<!\(\w)[)\]]")
_CELL = re.compile(r"\t|\s\|\s")
_SEMICOLON = re.compile(r"[;；]")
_COLON = re.compile(r"[:：](?!\d)")
_OTHER = re.compile(r"[:：!?！？。]|\.(?=\s)|\s[-–—*•](?=\s)|\n[^\S\n]{0,99}\n")


@dataclass(frozen=True)
class WordRun:
    """The words of `text` in order."""

    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words with their places."""
        return words(self.text)

    @cached_property
    def forms(self) -> list[str]:
        """The words as they are compared."""
        return [word.form for word in self.words]

    @cached_property
    def commas(self) -> list[int]:
        """The words before which a comma stands."""
        return self._before(_COMMA)

    @cached_property
    def openings(self) -> list[int]:
        """The words before which a bracket opens."""
        return self._before(_OPENING)

    @cached_property
    def closings(self) -> list[int]:
        """The words before which a bracket closes."""
        return self._before(_CLOSING)

    @cached_property
    def cells(self) -> list[int]:
        """The words that begin a cell of a table."""
        return self._before(_CELL)

    @cached_property
    def semicolons(self) -> list[int]:
        """The words before which a semicolon stands."""
        return self._before(_SEMICOLON)

    @cached_property
    def colons(self) -> list[int]:
        """The words before which a colon stands."""
        return self._before(_COLON)

    @cached_property
    def others(self) -> list[int]:
        """The words before which a colon, a dash or the end of a sentence stands."""
        return self._before(_OTHER)

    @cached_property
    def _starts(self) -> list[int]:
        return [word.start for word in self.words]

    @property
    def _marks(self) -> tuple[list[int], ...]:
        return self.commas, self.openings, self.closings, self.cells, self.semicolons, self.others

    def _before(self, mark: re.Pattern[str]) -> list[int]:
        found = (bisect_left(self._starts, match.end()) for match in mark.finditer(self.text))
        return sorted(set(found))

    def letters(self, first: int, last: int) -> tuple[int, int]:
        """[start, end) in code points of the words [first, last)."""
        return self.words[first].start, self.words[last - 1].end

    def gap(self, last: int, first: int) -> str:
        """What stands between the words [..., last) and those from `first` on."""
        return self.text[self.words[last - 1].end : self.words[first].start]

    def between(self, start: int, end: int) -> tuple[int, int]:
        """The words [first, last) that [start, end), in code points, touches; one at least."""
        first = max(0, bisect_right(self._starts, start) - 1)
        return first, max(first + 1, bisect_left(self._starts, end))

    def inside(self, start: int, end: int) -> tuple[int, int]:
        """The words [first, last) that begin in [start, end), in code points."""
        return bisect_left(self._starts, start), bisect_left(self._starts, end)

    def parted(self, first: int, last: int) -> bool:
        """Whether a mark stands before one of the words [first, last)."""
        return any(any_in(marks, first, last) for marks in self._marks)


def any_in(places: list[int], first: int, last: int) -> bool:
    """Whether one of `places`, in order, lies in [first, last)."""
    at = bisect_left(places, first)
    return at < len(places) and places[at] < last


def count_in(places: list[int], first: int, last: int) -> int:
    """How many of `places`, in order, lie in [first, last)."""
    return max(0, bisect_left(places, last) - bisect_left(places, first))
