"""Loads what data/ says for screening: screening.toml, and screening.toml of every language that has one."""

import re
from collections.abc import Iterable
from pathlib import Path

from models.knowledge.screening import Check, ScreeningKnowledge, ScreeningRule
from models.mail import ScreeningKind
from triage.adapters.knowledge.files import Row, read_toml
from triage.errors import KnowledgeError


class RuleRow(Row):
    """A [[rule]] of data/screening.toml."""

    id: str
    check: Check
    kind: ScreeningKind
    source: str
    fields: tuple[str, ...] = ()
    pattern: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


class ScreeningFile(Row):
    """data/screening.toml."""

    recipient_fields: tuple[str, ...]
    rule: tuple[RuleRow, ...]


class WordingFile(Row):
    """data/languages/<lang>/screening.toml."""

    source: str
    automatic_subjects: tuple[str, ...]
    bounce_subjects: tuple[str, ...]
    bounce_texts: tuple[str, ...]
    automatic_examples: tuple[str, ...]
    bounce_examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


def load(root: Path) -> ScreeningKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    path = root / "data" / "screening.toml"
    file = read_toml(path, ScreeningFile)
    wordings = [read_toml(one, WordingFile) for one in sorted((root / "data/languages").glob("*/screening.toml"))]
    return ScreeningKnowledge(
        rules=tuple(_rule(path, row) for row in file.rule),
        recipient_fields=tuple(name.lower() for name in file.recipient_fields),
        automatic_subjects=_folded(one.automatic_subjects for one in wordings),
        bounce_subjects=_folded(one.bounce_subjects for one in wordings),
        bounce_texts=_folded(one.bounce_texts for one in wordings),
        wording_examples=tuple(_examples(wordings)),
    )


def _rule(path: Path, row: RuleRow) -> ScreeningRule:
    try:
        pattern = re.compile(row.pattern) if row.pattern else None
    except re.error as fault:
        raise KnowledgeError(str(path), f"rule {row.id} pattern", f"is no regular expression: {fault}") from None
    if row.check in (Check.CONTENT_TYPE, Check.SENDER) and pattern is None:
        raise KnowledgeError(str(path), f"rule {row.id}", "needs a pattern")
    return ScreeningRule(
        id=row.id,
        check=row.check,
        kind=row.kind,
        source=row.source,
        fields=tuple(name.lower() for name in row.fields),
        pattern=pattern,
        examples=row.examples,
        counter_examples=row.counter_examples,
    )


def _folded(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({one.casefold() for many in lists for one in many}))


def _examples(wordings: Iterable[WordingFile]) -> Iterable[tuple[str, str, bool]]:
    """(check, subject or text, whether it holds)."""
    for file in wordings:
        yield from ((Check.AUTOMATIC_SUBJECT.value, one, True) for one in file.automatic_examples)
        yield from ((Check.BOUNCE_WORDING.value, one, True) for one in file.bounce_examples)
        for one in file.counter_examples:
            yield Check.AUTOMATIC_SUBJECT.value, one, False
            yield Check.BOUNCE_WORDING.value, one, False
