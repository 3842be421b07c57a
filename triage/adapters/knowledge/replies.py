"""Loads what data/ says for replies."""

from pathlib import Path

from models.knowledge.replies import ReplyKnowledge


def load(root: Path) -> ReplyKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return ReplyKnowledge()
