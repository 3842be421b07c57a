"""Text cut into words that compare equal across spelling, inflection and compounding."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

# A run of letters, a run of digits, or one Chinese character: "KN95", "KN-95" and "KN 95" give the same two words.
_WORD = re.compile(r"[\u3400-\u9fff]|(?:[^\W\d_\u3400-\u9fff]|[\u0300-\u036f\u00ad])+|\d+")
_ACCENT = re.compile(r"[\u0300-\u036f\u00ad]")


class Word(NamedTuple):
    """A word of a text: `form` is folded for comparing, [start, end) are code points."""

    form: str
    start: int
    end: int


@lru_cache(maxsize=4)
def words(text: str) -> tuple[Word, ...]:
    """The words of `text` in order; kept for a moment, as products and claims are looked for in the same text."""
    return tuple([Word(fold(found.group()), *found.span()) for found in _WORD.finditer(text)])


def forms(text: str) -> tuple[str, ...]:
    """The folded words of a phrase."""
    return tuple(map(fold, _WORD.findall(text)))


def fold(word: str) -> str:
    """`word` without case, soft hyphens or decomposed accents."""
    if word.isascii():
        return word.lower()
    if _ACCENT.search(word):
        word = unicodedata.normalize("NFC", word).replace("\u00ad", "")
    return word.casefold()
