"""Loads what data/ says for rules."""

from pathlib import Path

from models.knowledge.rules import RuleKnowledge


def load(root: Path) -> RuleKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    return RuleKnowledge()
