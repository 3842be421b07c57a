"""What data/ says for replies."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyKnowledge:
    """To be filled in by its owner."""
