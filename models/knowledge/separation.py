"""What data/ says for separation."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationKnowledge:
    """To be filled in by its owner."""
