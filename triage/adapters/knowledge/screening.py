"""Loads what data/ says for screening."""

from pathlib import Path

from models.knowledge.screening import ScreeningKnowledge


def load(root: Path) -> ScreeningKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return ScreeningKnowledge()
