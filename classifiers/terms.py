"""Words with a meaning each, found in a text: units, currencies, durations, heads and cues are all looked up so."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from classifiers.wording import alternatives, spaced

M = TypeVar("M")
_TO_NEXT = r"[\s-]{0,3}"  # what may stand between a number and the word that it counts
_SHORT = 2  # a word of so few letters is a cue only right beside the number
_BESIDE = re.compile(r"[\s:.=(]{0,4}$")


def linked(words: int, marks: str) -> re.Pattern[str]:
    """What may stand between a cue and its number: marks, and at most so many `words`, with `marks` behind them."""
    return re.compile(rf"^[\s:;=,.()–—-]{{0,20}}(?:[^\W\d][\w./-]{{0,14}}[\s{marks}]{{1,3}}){{0,{words}}}$")


@dataclass(frozen=True, slots=True)
class Term(Generic[M]):
    """A word found at [start, end), with its meaning."""

    meaning: M
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class Terms(Generic[M]):
    """Words, whole and in any case, each with its meaning. `body` is their pattern, to be a part of a longer one.

    Blanks and hyphens within a phrase are alike.
    """

    meanings: Mapping[str, M]
    body: str = field(init=False)
    _anywhere: re.Pattern[str] = field(init=False)
    _next: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "meanings", {spaced(word): meaning for word, meaning in self.meanings.items()})
        object.__setattr__(self, "body", alternatives(self.meanings))
        object.__setattr__(self, "_anywhere", re.compile(self.body, re.IGNORECASE))
        object.__setattr__(self, "_next", re.compile(rf"{_TO_NEXT}({self.body})", re.IGNORECASE))

    def meaning(self, written: str) -> M:
        """What a word means that this pattern, or one built of `body`, has found."""
        return self.meanings[spaced(written)]

    def all(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Term[M]]:
        """Every word in text[start:end], in order."""
        for found in self._anywhere.finditer(text, start, len(text) if end is None else end):
            yield Term(self.meaning(found.group()), found.start(), found.end())

    def first(self, text: str, start: int = 0, end: int | None = None) -> Term[M] | None:
        """The first word in text[start:end], or None."""
        return next(self.all(text, start, end), None)

    def at(self, text: str, start: int, end: int) -> Term[M] | None:
        """The word that begins at `start`, or None."""
        found = self._anywhere.match(text, start, end)
        return Term(self.meaning(found.group()), found.start(), found.end()) if found else None

    def next(self, text: str, start: int, end: int) -> Term[M] | None:
        """The word right behind a number that ends at `start`, or None."""
        found = self._next.match(text, start, end)
        return Term(self.meaning(found[1]), found.start(1), found.end()) if found else None

    def blotted(self, text: str) -> str:
        """`text` without the words."""
        return self._anywhere.sub(" ", text)

    def leading(self, left: str, link: re.Pattern[str]) -> M | None:
        """The meaning of the last word in `left`, when `link` matches all that stands between it and the end."""
        last = max(self.all(left), key=lambda one: one.end, default=None)
        if last is None:
            return None
        near = _BESIDE if last.end - last.start <= _SHORT else link
        return last.meaning if near.match(left[last.end :]) else None


def flagged(true: Iterable[str], false: Iterable[str]) -> Terms[bool]:
    """Words that say yes and words that say no; a word in both says no."""
    return Terms({**dict.fromkeys(true, True), **dict.fromkeys(false, False)})
