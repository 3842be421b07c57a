"""Loads what data/ says for products."""

from pathlib import Path

from models.knowledge.products import ProductKnowledge


def load(root: Path) -> ProductKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return ProductKnowledge()
