"""The header of earlier mail as Notes writes it: sender and time, then each field's name on a line above its value."""

from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from triage.stages.header_block import MAX_LINE, TIME, HeaderBlock, field_kind, sender_in

LONGEST_TIME = 40
MAX_TO, MAX_FIELDS = 4, 16


def column_block(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> HeaderBlock | None:
    """The block that begins at the line with the sender; its subject is what tells it from other columns."""
    if not _begins(lines, index):
        return None
    names = [(at, field_kind(lines[at][:MAX_LINE], knowledge)) for at in _following(lines, index + 2, MAX_FIELDS)]
    first = next((at for at, kind in names if kind == "to"), None)
    subject = next((at for at, kind in names if kind == "subject"), None)
    if first is None or subject is None or not index + 2 <= first <= min(index + MAX_TO, subject):
        return None
    said = lines[subject + 1].strip()[:MAX_LINE] if subject + 1 < len(lines) else ""
    after = subject + 2 if said else subject + 1
    return HeaderBlock(index, after, sender_in(lines[index][:MAX_LINE], knowledge), said, dated=True)


def _begins(lines: Sequence[str], index: int) -> bool:
    if index + 1 >= len(lines) or not lines[index].strip():
        return False
    when = lines[index + 1].strip()
    return len(when) <= LONGEST_TIME and when[:1].isdigit() and TIME.search(when) is not None


def _following(lines: Sequence[str], start: int, count: int) -> range:
    return range(start, min(start + count, len(lines)))
