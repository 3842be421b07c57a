"""Which lines of new text are a signature or a disclaimer."""

import re
from collections.abc import Sequence

from models.knowledge.separation import SeparationKnowledge
from triage.stages.quotation import MAX_LINE

MAX_SIGNATURE_LINES = 14
MAX_PROSE = 70
MAX_CONTACT = 200
MAX_NAME_WORDS = 6
MAX_TITLE_WORDS = 8
MAX_NAME = 50
MAX_PARAGRAPH = 3_000
_DASHES = re.compile(r"^(?:--|—|__|-{2,3}|_{3,60})[ \t\u00a0]{0,3}$")
_CONTACT = re.compile(r"@|www\.|https?://|\+\d|\b00\d{2}|\b\d{2} \d{2} \d{2} \d{2}\b|\b\d{3} \d{2} \d{3}\b")
_POSTAL = re.compile(r"\b[A-Z]{0,3}-?\d{4,6} [A-ZÆØÅÄÖÜ][^\W\d_]{1,30}(?:[ ,/|-]{1,3}[^\W\d_]{1,30}){0,4}$")
_NUMBER_ONLY = re.compile(r"^[^\W\d_]{0,12}[.: ]{0,3}[+(]?\d[\d ().\-/]{5,24}$")
_WORDS = re.compile(r"[^\W\d_]{1,60}")
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
        found = _by_name(lines, names, knowledge) or _by_shape(lines, knowledge)
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
    if not folded.startswith(knowledge.closings):
        return False
    for phrase in knowledge.closings:
        if folded == phrase:
            return True
        if folded.startswith(phrase) and folded[len(phrase)] in " ,./":
            rest = line[len(phrase) :]
            short = len(rest.split()) <= MAX_NAME_WORDS and len(rest) <= MAX_NAME
            return short and not any(char.isdigit() for char in rest)
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
        return len(line) <= MAX_CONTACT
    if first:
        return (
            len(line) <= MAX_PROSE
            and len(_WORDS.findall(line)) <= MAX_TITLE_WORDS
            and not (line[0].isdigit() or line[-1] in ":?!")
        )
    return _is_name(line)


def _is_name(line: str) -> bool:
    """Whether a line may be a name, a title or a company: a few words without digits that end no sentence."""
    words = line.split()
    short = len(line) <= MAX_PROSE and len(words) <= MAX_NAME_WORDS + 1
    return short and not any(char.isdigit() for char in line) and line[-1] not in ".:?!,;"


def is_contact(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line holds an address, a number or a label of contact details."""
    if _CONTACT.search(line) or _NUMBER_ONLY.match(line) or _POSTAL.search(line):
        return True
    words = re.split(r"[\s:.,;/|]{1,5}", line.casefold()[:MAX_LINE])
    return any(char.isdigit() for char in line) and any(label in words for label in knowledge.contact_labels)


def _by_name(lines: Sequence[str], names: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """A signature without a closing: the last paragraphs, from a line that is or begins with the sender's name."""
    wanted = tuple(name.casefold() for name in names if len(name) > 1)
    filled = [index for index, line in enumerate(lines) if line.strip(_BLANK)]
    for index in filled[-MAX_SIGNATURE_LINES:] if wanted else ():
        line = lines[index][:MAX_LINE].strip(_BLANK).casefold()
        begins = index == 0 or not lines[index - 1].strip(_BLANK) or index == filled[-1]
        if begins and len(line) <= MAX_PROSE and line.startswith(wanted):
            rest = line[len(next(name for name in wanted if line.startswith(name))) :]
            if (not rest or not rest[0].isalnum()) and _end(lines, index, knowledge) > filled[-1]:
                return set(range(index, len(lines)))
    return set()


def _by_shape(lines: Sequence[str], knowledge: SeparationKnowledge) -> set[int]:
    """A signature without closing or known name: a last paragraph of a name and some lines, one a contact detail."""
    filled = [index for index, line in enumerate(lines) if line.strip(_BLANK)]
    if not filled or filled[-1] - filled[0] == len(filled) - 1:
        return set()
    start = filled[-1]
    while lines[start - 1].strip(_BLANK) and filled[-1] - start < MAX_SIGNATURE_LINES:
        start -= 1
    block = [lines[index][:MAX_LINE].strip(_BLANK) for index in range(start, filled[-1] + 1)]
    named = _is_name(block[0]) and block[0][0].isupper() and len(block) > 1
    if named and any(is_contact(line, knowledge) for line in block) and _end(lines, start, knowledge) > filled[-1]:
        return set(range(start, len(lines)))
    return set()
