"""What data/ says for rules."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleKnowledge:
    """To be filled in by its owner."""
