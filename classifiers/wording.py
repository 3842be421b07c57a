"""Words and phrases of a vocabulary as regular expressions: whole words, any case, blanks as they come."""

import re
from collections.abc import Iterable

LETTER = r"(?-i:[A-Za-z\u00c0-\u024f])"
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")


def alternatives(words: Iterable[str]) -> str:
    """A group that matches any of `words`, the longest first; Chinese words need no border. Never matches for none."""
    groups: dict[tuple[bool, bool], list[str]] = {}
    for word in sorted({" ".join(word.split()) for word in words}, key=lambda word: (-len(word), word)):
        groups.setdefault((bool(_LATIN.match(word)), bool(_LATIN.match(word[-1]))), []).append(word)
    if not groups:
        return r"(?!)"
    ordered = sorted(groups.items(), key=lambda group: (group[0][1], not group[0][0]))
    return f"(?:{'|'.join(_bounded(members, *borders) for borders, members in ordered)})"


def compiled(words: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    """`alternatives` as a pattern of its own, in the group `word`, with `before` and `after` around it."""
    return re.compile(rf"{before}(?P<word>{alternatives(words)}){after}", re.IGNORECASE)


def spaced(word: str) -> str:
    """A word as `folded` writes it, with blanks where it may have hyphens."""
    return " ".join(word.casefold().replace("-", " ").split()) or word


def folded(word: str) -> str:
    """A found word as the vocabulary's keys are written."""
    return " ".join(word.casefold().split())


def _bounded(words: Iterable[str], starts: bool, ends: bool) -> str:
    """`words` that all start (end) with a letter, or all do not: a letter must not stand before (behind) one.

    They are grouped by their first sign, of which the engine then looks at each once.
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        body = r"[\s-]{1,3}".join(map(re.escape, word[1:].split(" ")))
        groups.setdefault(word[0].lower(), []).append(body)
    bodies = "|".join(f"{_first(sign)}(?:{'|'.join(rest)})" for sign, rest in groups.items())
    return f"{f'(?<!{LETTER})' if starts else ''}(?:{bodies}){f'(?!{LETTER})' if ends else ''}"


def _first(sign: str) -> str:
    both = {sign, sign.upper()}
    return f"(?-i:[{''.join(map(re.escape, sorted(both)))}])" if all(len(one) == 1 for one in both) else re.escape(sign)
