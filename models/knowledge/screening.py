"""What data/ says for screening."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningKnowledge:
    """To be filled in by its owner."""
