"""Reads data/ and reply_templates/ into `models.knowledge.Knowledge`."""

import hashlib
from pathlib import Path

from models.knowledge import Knowledge
from triage.adapters.knowledge import (
    claims,
    identity,
    judging,
    language,
    marks,
    offers,
    products,
    ranking,
    replies,
    rules,
    running,
    screening,
    separation,
    wording,
)

NOT_KNOWLEDGE = {"corpus", "demo", "texts"}


def load(root: Path) -> Knowledge:
    """All knowledge below `root`. Raises KnowledgeError naming file, key and remedy."""
    return Knowledge(
        digest=digest(root),
        language=language.load(root),
        separation=separation.load(root),
        screening=screening.load(root),
        products=products.load(root),
        claims=claims.load(root),
        offers=offers.load(root),
        identity=identity.load(root),
        judging=judging.load(root),
        rules=rules.load(root),
        ranking=ranking.load(root),
        replies=replies.load(root),
        wording=wording.load(root),
        running=running.load(root),
        marks=marks.load(root),
    )


def digest(root: Path) -> str:
    """sha256 over names and contents of the files that knowledge is read from, in order of name."""
    total = hashlib.sha256()
    for path in sorted((root / "data").rglob("*")) + sorted((root / "reply_templates").rglob("*")):
        if path.is_file() and path.relative_to(root).parts[1] not in NOT_KNOWLEDGE:
            total.update(str(path.relative_to(root)).encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
