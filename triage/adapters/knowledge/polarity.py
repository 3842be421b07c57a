"""Loads the cues that say how a claim is meant: data/languages/<language>/polarity.toml."""

import re
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Literal

from models.knowledge.claims import CueGroup, CueKind, LanguageCues
from triage.adapters.knowledge.files import Row, read_toml
from triage.errors import KnowledgeError


class CueRow(Row):
    """A [[cue]] of polarity.toml."""

    id: str
    polarity: CueKind
    direction: Literal["before", "after", "both"] = "both"
    reach: int = 8
    comma: bool = False
    lead: bool = False
    question: bool = False
    other: bool = False
    yet: bool = False
    final: bool = False
    beyond: bool = False
    of_papers: bool = False
    paired: Literal["", "matter", "time"] = ""
    followed_by: tuple[str, ...] = ()
    applies: Literal["all", "product", "certificate"] = "all"
    phrases: tuple[str, ...] = ()
    match: tuple[tuple[str, str], ...] = ()
    no_match: tuple[tuple[str, str], ...] = ()


class CueFile(Row):
    """polarity.toml."""

    language: str
    also: tuple[str, ...] = ()
    default: bool = False
    source: str
    cue: tuple[CueRow, ...]


def load(root: Path) -> tuple[Mapping[str, LanguageCues], str]:
    """The cues by language, and the language whose cues are read for mail in a language that has none."""
    folder = root / "data" / "languages"
    read = [read_toml(path, CueFile) for path in sorted(folder.glob("*/polarity.toml"))]
    defaults = [cues.language for cues in read if cues.default]
    if len(defaults) != 1:
        raise KnowledgeError(str(folder), "default", "give exactly one polarity.toml default = true")
    return {cues.language: _cues(cues) for cues in read}, defaults[0]


def forms(phrase: str) -> tuple[str, ...]:
    """The forms of "stem|ending|ending", the stem alone first, with each choice of "(one/other/)" in it."""
    stem, *endings = phrase.split("|")
    whole = (stem, *(stem + ending for ending in endings))
    return tuple(" ".join("".join(parts).split()) for one in whole for parts in product(*map(_choices, _parts(one))))


def _parts(phrase: str) -> list[str]:
    return re.split(r"(\([^()]{1,400}\))", phrase)


def _choices(part: str) -> list[str]:
    return part[1:-1].split("/") if part.startswith("(") else [part]


def _cues(cues: CueFile) -> LanguageCues:
    return LanguageCues(language=cues.language, also=cues.also, groups=tuple(map(_group, cues.cue)))


def _group(row: CueRow) -> CueGroup:
    return CueGroup(
        id=row.id,
        kind=row.polarity,
        before=row.direction != "after",
        after=row.direction != "before",
        reach=row.reach,
        comma=row.comma,
        lead=row.lead,
        question=row.question,
        other=row.other,
        yet=row.yet,
        final=row.final,
        beyond=row.beyond,
        of_papers=row.of_papers,
        paired=row.paired,
        followed_by=frozenset(row.followed_by),
        applies=row.applies,
        phrases=tuple(form for phrase in row.phrases for form in forms(phrase)),
        examples=row.match,
        counter_examples=row.no_match,
    )
