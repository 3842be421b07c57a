"""Loads what data/ says for judging."""

from pathlib import Path

from models.knowledge.judging import JudgingKnowledge


def load(root: Path) -> JudgingKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return JudgingKnowledge()
