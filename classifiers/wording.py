"""Words and phrases of a vocabulary as regular expressions: whole words, any case, blanks as they come."""

import re
from collections.abc import Iterable

LETTER = r"[^\W\d_\u3400-\u9fff]"
_LATIN_END = re.compile(rf"{LETTER}$")
_LATIN_START = re.compile(rf"^{LETTER}")


def alternatives(words: Iterable[str]) -> str:
    """A group that matches any of `words`, the longest first; Chinese words need no border. Never matches for none."""
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_bounded, longest_first))})" if longest_first else r"(?!)"


def compiled(words: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    """`alternatives` as a pattern of its own, in the group `word`, with `before` and `after` around it."""
    return re.compile(rf"{before}(?P<word>{alternatives(words)}){after}", re.IGNORECASE)


def folded(word: str) -> str:
    """A found word as the vocabulary's keys are written."""
    return " ".join(word.casefold().split())


def _bounded(word: str) -> str:
    body = r"\s{1,3}".join(map(re.escape, word.split()))
    before = rf"(?<!{LETTER})" if _LATIN_START.search(word) else ""
    after = rf"(?!{LETTER})" if _LATIN_END.search(word) else ""
    return before + body + after
