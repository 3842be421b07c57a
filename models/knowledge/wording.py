"""What data/texts says: every wording of the pages, per language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The wordings of one language, by section and key. `language` is its BCP 47 tag, `name` what it calls itself."""

    language: str
    name: str
    sections: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordingKnowledge:
    """The languages of the pages, the default first; all have the same sections and keys."""

    languages: tuple[Wording, ...]

    def spoken(self, language: str) -> Wording:
        """The wordings of `language`, or of the default when there are none."""
        return next((one for one in self.languages if one.language == language), self.languages[0])
