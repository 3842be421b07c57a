"""What data/ says for offers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferKnowledge:
    """To be filled in by its owner."""
