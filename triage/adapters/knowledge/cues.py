"""Loads the cue lists of data/languages/ and the index of their phrases."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.knowledge.rules import CueList, Phrase
from models.words import WORD
from triage.adapters.knowledge.files import Row, read_toml
from triage.adapters.knowledge.patterns import any_of, compiled
from triage.errors import KnowledgeError

DENIAL_WORDS = 4
CUE_FILES = ("risk.toml", "assessment.toml")


class CueRow(Row):
    """Wordings of one thing in one language, with examples that run as tests."""

    name: str
    phrases: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    case: bool = False
    deniable: bool = False
    examples: tuple[str, ...] = Field(min_length=1)
    counter_examples: tuple[str, ...] = Field(min_length=1)


class CueFile(Row):
    """A file of cue lists, with the words that deny what follows them, or what they follow."""

    source: str
    denials_before: tuple[str, ...] = ()
    denials_after: tuple[str, ...] = ()
    cue: tuple[CueRow, ...]


def load_cues(folder: Path) -> tuple[tuple[CueList, ...], list[Phrase], tuple[tuple[int, re.Pattern[str]], ...]]:
    """The cue lists below `folder`, and their phrases and patterns, which name them by their place."""
    cues: list[CueList] = []
    phrases: list[Phrase] = []
    patterns: list[tuple[int, re.Pattern[str]]] = []
    for path in sorted(path for name in CUE_FILES for path in folder.glob(f"*/{name}")):
        for row in read_toml(path, CueFile).cue:
            if not row.phrases and not row.patterns:
                raise KnowledgeError(str(path), row.name, "needs phrases or patterns")
            phrases += [phrase(wording, "cue", len(cues), exact=row.case) for wording in row.phrases]
            patterns += [(len(cues), compiled(path, row.name, one, re.IGNORECASE)) for one in row.patterns]
            cues.append(
                CueList(name=row.name, language=path.parent.name, unless=any_of(row.unless), deniable=row.deniable)
            )
    return tuple(cues), phrases, tuple(patterns)


def load_denials(folder: Path) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What denies the cue behind it, and what denies the cue before it, up to some words away in one clause."""
    files = [read_toml(path, CueFile) for name in CUE_FILES for path in sorted(folder.glob(f"*/{name}"))]
    before = any_of(dict.fromkeys(word for file in files for word in file.denials_before))
    after = any_of(dict.fromkeys(word for file in files for word in file.denials_after))
    words_between = rf"(?:\s{{1,3}}[^\s,;:.!?()]{{1,30}}){{0,{DENIAL_WORDS}}}"
    return (
        before and re.compile(rf"(?:{before.pattern}){words_between}\s{{0,3}}$", re.IGNORECASE),
        after and re.compile(rf"{words_between}\s{{0,3}}(?:{after.pattern})", re.IGNORECASE),
    )


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
