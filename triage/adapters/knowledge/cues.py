"""Loads the cue lists of data/languages/ and the index of their phrases."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.knowledge.rules import CueList, NearPatterns, Phrase
from models.words import WORD
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.patterns import any_of, compiled
from triage.errors import KnowledgeError

CUE_FILES = ("risk.toml", "assessment.toml")


class _PatternRow(Row):
    near: tuple[str, ...] = Field(min_length=1)
    regex: str


class CueRow(Row):
    """Wordings of one thing in one language, with examples that run as tests."""

    name: str
    phrases: tuple[str, ...] = ()
    patterns: tuple[_PatternRow, ...] = ()
    unless: tuple[str, ...] = ()
    case: bool = False
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = Field(min_length=1)


class CueFile(Row):
    """A file of cue lists."""

    source: str
    cue: tuple[CueRow, ...]


def load_cues(folder: Path) -> tuple[tuple[CueList, ...], list[Phrase], tuple[NearPatterns, ...]]:
    """The cue lists below `folder`, and their phrases and patterns, which name them by their place."""
    cues: list[CueList] = []
    phrases: list[Phrase] = []
    patterns: dict[tuple[str, ...], list[tuple[int, re.Pattern[str]]]] = {}
    for path in sorted(path for name in CUE_FILES for path in folder.glob(f"*/{name}")):
        for row in read_toml(path, CueFile).cue:
            if not row.phrases and not row.patterns:
                raise KnowledgeError(str(path), row.name, "needs phrases or patterns")
            phrases += [phrase(wording, "cue", len(cues), exact=row.case) for wording in row.phrases]
            for one in row.patterns:
                pattern = compiled(path, row.name, one.regex, re.IGNORECASE)
                patterns.setdefault(one.near, []).append((len(cues), pattern))
            cues.append(CueList(name=row.name, language=path.parent.name, unless=any_of(row.unless)))
    near = (NearPatterns(near=near, patterns=tuple(found)) for near, found in patterns.items())
    return tuple(cues), phrases, tuple(near)


def phrase(
    wording: str, owner: Literal["cue", "issuer"], place: int, *, exact: bool = False, acronym: bool = False
) -> Phrase:
    """The words of `wording` as a phrase of its owner."""
    words = tuple(match.group() if exact else match.group().lower() for match in WORD.finditer(wording))
    return Phrase(words=words, exact=exact, owner=owner, place=place, acronym=acronym)


def by_first_word(phrases: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    """Phrases by their first word in lower case."""
    index: dict[str, tuple[Phrase, ...]] = {}
    for one in phrases:
        first = one.words[0].lower()
        index[first] = (*index.get(first, ()), one)
    return index
