"""What data/ says for identity."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityKnowledge:
    """To be filled in by its owner."""
