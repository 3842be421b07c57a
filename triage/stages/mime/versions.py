"""Which of a mail's alternative versions its reader is meant to see."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

PLAIN = "text/plain"
STUB_WORDS = 20
SHARED = 0.5
_WORDS = re.compile(r"\w+")
_ADDRESSES = re.compile(r"\b(?:https?://|www\.|mailto:)\S{1,2000}")


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its words, to compare it by, and how its text is had."""

    kind: str
    words: str
    read: Callable[[], str]


NONE = Version("", "", str)


def best(versions: Iterable[Version]) -> tuple[Version, bool]:
    """(the version to read, whether the plain one is another text) of versions, plainest first."""
    plain = rich = NONE
    for one in versions:
        if one.words.strip() and one.kind != PLAIN:
            rich = one
        elif one.words.strip() and plain is NONE:
            plain = one
    plain_words, rich_words = _words(plain.words), _words(rich.words)
    if not plain_words or not rich_words:
        return (plain if plain_words or rich is NONE else rich), False
    said = set(plain_words)
    another = len(said.intersection(rich_words)) < SHARED * len(said)
    if len(rich_words) > 3 * len(plain_words) + STUB_WORDS or (another and len(rich_words) > len(plain_words)):
        return rich, another
    return plain, False


def _words(text: str) -> list[str]:
    if "://" in text or "www." in text or "mailto:" in text:
        text = _ADDRESSES.sub(" ", text)
    return _WORDS.findall(text.lower())
