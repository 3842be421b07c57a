"""What data/ says for ranking."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RankKnowledge:
    """To be filled in by its owner."""
