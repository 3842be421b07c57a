"""What data/ says for claims."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimKnowledge:
    """To be filled in by its owner."""
