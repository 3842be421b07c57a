"""Loads what data/ says for offers."""

from pathlib import Path

from models.knowledge.offers import OfferKnowledge


def load(root: Path) -> OfferKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return OfferKnowledge()
