"""Loads what data/ says for language."""

from pathlib import Path

from models.knowledge.language import LanguageKnowledge


def load(root: Path) -> LanguageKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return LanguageKnowledge()
