"""Loads what data/ says for ranking."""

from pathlib import Path

from models.knowledge.ranking import RankKnowledge


def load(root: Path) -> RankKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return RankKnowledge()
