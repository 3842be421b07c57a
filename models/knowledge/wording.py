"""What data/texts says: every wording of the pages, per language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The wordings of one language, by section and key.

    `language` is its BCP 47 tag, `name` what it calls itself, `tags` the primary language tags of readers it suits.
    """

    language: str
    name: str
    tags: tuple[str, ...]
    sections: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingKnowledge:
    """The languages of the pages, the default first; all have the same sections and keys."""

    languages: tuple[Wording, ...]
