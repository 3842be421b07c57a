"""Which of a mail's alternative versions its reader is meant to see."""

import re
from collections.abc import Sequence

STUB_WORDS = 20
SHARED = 0.5
_WORDS = re.compile(r"\w+")
_ADDRESSES = re.compile(r"\b(?:https?://|www\.|mailto:)\S{1,2000}")


def best(versions: Sequence[tuple[str, str]]) -> tuple[str, bool]:
    """(the text to read, whether the plain version is another text) of (content type, text), plainest first."""
    plain = next((text for kind, text in versions if kind == "text/plain" and text.strip()), "")
    rich = next((text for kind, text in reversed(versions) if kind != "text/plain" and text.strip()), "")
    plain_words, rich_words = _words(plain), _words(rich)
    if not plain_words or not rich_words:
        return (plain if plain_words else rich or plain), False
    said = set(plain_words)
    another = len(said & set(rich_words)) < SHARED * len(said)
    if len(rich_words) > 3 * len(plain_words) + STUB_WORDS or (another and len(rich_words) > len(plain_words)):
        return rich, another
    return plain, False


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORDS.findall(_ADDRESSES.sub(" ", text))]
