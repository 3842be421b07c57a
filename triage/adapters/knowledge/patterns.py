"""Patterns that stand in our own files."""

import re
from collections.abc import Iterable
from pathlib import Path

from triage.errors import KnowledgeError


def compiled(path: Path, key: str, pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`pattern` of the file at `path`. KnowledgeError naming `key` when it is none."""
    try:
        return re.compile(pattern, flags)
    except re.error as fault:
        raise KnowledgeError(str(path), key, f"is no regular expression: {fault}") from None


def any_of(wordings: Iterable[str]) -> re.Pattern[str] | None:
    """One pattern for all wordings, as whole words with any white space between them; None for none."""
    options = sorted(wordings, key=len, reverse=True)
    spaced = (r"\s{1,3}".join(re.escape(word) for word in wording.split()) for wording in options)
    whole = [rf"(?<!\w){option}(?!\w)" if option.isascii() else option for option in spaced]
    return re.compile("|".join(whole), re.IGNORECASE) if whole else None
