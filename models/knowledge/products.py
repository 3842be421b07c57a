"""What data/ says for products."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductKnowledge:
    """To be filled in by its owner."""
