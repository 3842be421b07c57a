"""Which lines of new text are a signature. In doubt a line stays new: an offer below a greeting must not be lost."""

import re
from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from triage.stages.contact import is_contact
from triage.stages.goods import names_goods, tells_of_goods
from triage.stages.header_block import MAX_LINE
from triage.stages.signature_extent import (
    BLANK,
    MAX_PROSE,
    MAX_SIGNATURE_LINES,
    Line,
    greets,
    is_name,
    kind_of,
    signature_end,
)

_DASHES = re.compile(r"^(?:--|—|__|-{2,3}|_{3,60})[ \t\u00a0]{0,3}$")


def signature_lines(lines: Sequence[str], names: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """Numbers of the lines of a stretch of new text that are signature. `names` are what the sender is called."""
    lines = [line[:MAX_LINE].strip(BLANK) for line in lines]
    found: set[int] = set()
    rules = sum(1 for line in lines if _DASHES.match(line))
    index = 0
    while index < len(lines):
        end = _signature_at(lines, index, rules, names, knowledge)
        found.update(range(index, end))
        index = max(end, index + 1)
    if not found:
        found = _by_name(lines, names, knowledge) or _by_shape(lines, knowledge)
    return found


def _signature_at(
    lines: Sequence[str], index: int, rules: int, names: Sequence[str], knowledge: SeparationKnowledge
) -> int:
    """The line after the signature that starts at a line; the line itself when none does."""
    line = lines[index]
    if not line:
        return index
    if _DASHES.match(line):
        return _after_dashes(lines, index, rules, names, knowledge)
    if not greets(line, knowledge) or _goes_on(lines, index, knowledge):
        return index
    return signature_end(lines, index, knowledge)


def _after_dashes(
    lines: Sequence[str], index: int, rules: int, names: Sequence[str], knowledge: SeparationKnowledge
) -> int:
    """As `_signature_at` for a line of dashes, which part the rows of a table as well."""
    end = signature_end(lines, index, knowledge)
    block = [line for line in lines[index + 1 : end] if line]
    if not block:
        return index
    wanted = _folded(names)
    if any(is_contact(line, knowledge) or (wanted and line.casefold().startswith(wanted)) for line in block):
        return end
    if any(names_goods(line, knowledge) for line in block):
        return index
    last = not any(lines[end:])
    ordinary = lines[index] == "--"
    return end if ordinary and rules == 1 and last else index


def _goes_on(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> bool:
    """Whether the sentence of a line goes on in the next: "Thanks" above "for your mail of Monday."."""
    following = lines[index + 1] if index + 1 < len(lines) else ""
    return following[:1].islower() and kind_of(following, knowledge, first=True) is Line.OTHER


def _folded(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.casefold() for name in names if len(name) > 1)


def _by_name(lines: Sequence[str], names: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """A signature without a closing: the last paragraphs, from a line that is or begins with the sender's name."""
    wanted = _folded(names)
    filled = [index for index, line in enumerate(lines) if line]
    for index in filled[-MAX_SIGNATURE_LINES:] if wanted else ():
        line = lines[index].casefold()
        begins = index == 0 or not lines[index - 1] or index == filled[-1]
        if begins and len(line) <= MAX_PROSE and line.startswith(wanted) and not tells_of_goods(line, knowledge):
            rest = line[len(next(name for name in wanted if line.startswith(name))) :]
            if (not rest or not rest[0].isalnum()) and signature_end(lines, index, knowledge) > filled[-1]:
                return set(range(index, len(lines)))
    return set()


def _by_shape(lines: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """A signature without closing or known name: a last paragraph of a name and some lines, one a contact detail."""
    filled = [index for index, line in enumerate(lines) if line]
    if not filled or filled[-1] - filled[0] == len(filled) - 1:
        return set()
    start = filled[-1]
    while lines[start - 1] and filled[-1] - start < MAX_SIGNATURE_LINES:
        start -= 1
    block = lines[start : filled[-1] + 1]
    named = is_name(block[0]) and block[0][0].isupper() and len(block) > 1 and not names_goods(block[0], knowledge)
    if (
        named
        and any(is_contact(line, knowledge) for line in block)
        and signature_end(lines, start, knowledge) > filled[-1]
    ):
        return set(range(start, len(lines)))
    return set()
