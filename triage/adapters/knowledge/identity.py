"""Loads what data/ says for identity."""

from pathlib import Path

from models.knowledge.identity import IdentityKnowledge


def load(root: Path) -> IdentityKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return IdentityKnowledge()
