"""Which lines of new text are a signature or a disclaimer."""

import re
from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from triage.stages.quotation import MAX_LINE

MAX_SIGNATURE_LINES = 14
MAX_PROSE = 70
MAX_FIRST = 100
MAX_PARAGRAPH = 3_000
_DASHES = re.compile(r"^(?:--|—|__|-{2,3}|_{3,60})[ \t\u00a0]{0,3}$")
_CONTACT = re.compile(r"@|www\.|https?://|(?:\+|\b00)\d{2}|\b\d{4,6} [^\W\d_]{2}")
_NUMBER_ONLY = re.compile(r"^[^\W\d_]{0,12}[.: ]{0,3}[+(]?\d[\d ().\-/]{5,24}$")
_BULLET = re.compile(r"^(?:[-–•*·●▪] |\d{1,2}[.)] )")
_BLANK = "\u00a0 \t\n"


def signature_lines(lines: Sequence[str], names: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """Numbers of the lines of a stretch of new text that are signature. `names` are what the sender is called."""
    found: set[int] = set()
    index = 0
    while index < len(lines):
        line = lines[index][:MAX_LINE].strip(_BLANK)
        if line and _starts(line, knowledge):
            end = _end(lines, index, knowledge)
            found.update(range(index, end))
            index = end
        else:
            index += 1
    if not found:
        found = _by_name(lines, names, knowledge)
    folded = [line[:MAX_LINE].strip(_BLANK).casefold() for line in lines]
    return found | {number for number, line in enumerate(folded) if line and line.startswith(knowledge.devices)}


def disclaimer_lines(lines: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """Numbers of the lines of paragraphs that hold a phrase of a disclaimer."""
    found: set[int] = set()
    start = 0
    for index in range(len(lines) + 1):
        if index < len(lines) and lines[index].strip(_BLANK):
            continue
        paragraph = " ".join(" ".join(lines[start:index])[:MAX_PARAGRAPH].casefold().split())
        if paragraph and any(phrase in paragraph for phrase in knowledge.disclaimers):
            found.update(range(start, index))
        start = index + 1
    return found


def _starts(line: str, knowledge: SeparationKnowledge) -> bool:
    if _DASHES.match(line):
        return True
    folded = line.casefold().rstrip(" ,.!;:-–")
    if folded in knowledge.closings_alone:
        return True
    for phrase in knowledge.closings:
        if folded == phrase:
            return True
        if folded.startswith(phrase) and folded[len(phrase)] in " ,./":
            rest = line[len(phrase) :]
            return len(rest.split()) <= 6 and len(rest) <= 50 and not any(char.isdigit() for char in rest)
    return False


def _end(lines: Sequence[str], start: int, knowledge: SeparationKnowledge) -> int:
    """The line after a signature that starts at `start`: it ends where prose or a list begins again."""
    end, count, paragraph = start + 1, 0, 0
    for index in range(start + 1, len(lines)):
        line = lines[index][:MAX_LINE].strip(_BLANK)
        if not line:
            paragraph += 1 if count else 0
            continue
        count += 1
        if count > MAX_SIGNATURE_LINES or not _belongs(line, paragraph == 0, knowledge):
            return end
        end = index + 1
    return end


def _belongs(line: str, first: bool, knowledge: SeparationKnowledge) -> bool:
    folded = line.casefold()
    if folded.startswith(knowledge.postscripts) or (_BULLET.match(line) and not is_contact(line, knowledge)):
        return False
    if is_contact(line, knowledge):
        return len(line) <= 2 * MAX_FIRST
    if first:
        return len(line) <= MAX_PROSE
    return len(line) <= MAX_PROSE and len(line.split()) <= 7 and not any(c.isdigit() for c in line) and line[-1] not in ".:?!"


def is_contact(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line holds an address, a number or a label of contact details."""
    if _CONTACT.search(line) or _NUMBER_ONLY.match(line):
        return True
    words = re.split(r"[\s:.,;/|]{1,5}", line.casefold()[:MAX_LINE])
    return any(char.isdigit() for char in line) and any(label in words for label in knowledge.contact_labels)


def _by_name(lines: Sequence[str], names: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """A signature without a closing: the last paragraphs, from a line that is or begins with the sender's name."""
    wanted = tuple(name.casefold() for name in names if len(name) > 2)
    filled = [index for index, line in enumerate(lines) if line.strip(_BLANK)]
    for index in filled[-MAX_SIGNATURE_LINES:] if wanted else ():
        line = lines[index][:MAX_LINE].strip(_BLANK).casefold()
        begins = index > filled[0] and (not lines[index - 1].strip(_BLANK) or index == filled[-1])
        if begins and len(line) <= MAX_PROSE and line.startswith(wanted):
            rest = line[len(next(name for name in wanted if line.startswith(name))) :]
            if (not rest or not rest[0].isalnum()) and _end(lines, index, knowledge) > filled[-1]:
                return set(range(index, len(lines)))
    return set()
