"""What data/ says for language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageKnowledge:
    """To be filled in by its owner."""
