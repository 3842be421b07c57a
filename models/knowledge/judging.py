"""What data/ says for judging."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingKnowledge:
    """To be filled in by its owner."""
