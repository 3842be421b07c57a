"""Where earlier mail begins in a text: quote marks, attribution lines, separator lines and header blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address
from triage.stages.column_block import column_block
from triage.stages.header_block import ADDRESS, MAX_LINE, TIME, HeaderBlock, header_block, sender_in

MAX_AROUND_VERB = 14
MAX_WRAPPED = 3
_MARKS = re.compile(r"^(?:[ \t]{0,3}>){1,20}[ \t]?")
_BRACKETED = re.compile(r"^>{3}[ \t]{0,2}([^>\n]{0,200}<?[^\s<>]{1,64}@[^\s<>]{1,250}>?[^>\n]{0,60})>{3}\s{0,5}$")
_STAMPED = re.compile(r"^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}(?: GMT[+-]\d{1,2}:?\d{0,2})?[ ,]")
_DATE = re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}[./-]\d{1,2}[./-]\d{1,2}\b")
_WHEN = re.compile(r"\d[^\s]{0,20}(?:\s[AaPp]\.?[Mm]\.?)?[,\s]|,\s")
_PREFIX = re.compile(r"^\s{0,5}([^\W\d_]{1,12})(?:\[\d{1,3}\]|\(\d{1,3}\))?\s{0,2}[:：]\s{0,3}")
_WORD = re.compile(r"[^\W\d_]{1,40}")
_LIKE_HYPHEN = dict.fromkeys([*range(0x2010, 0x2016), 0xAD], "-") | {0xA0: " ", 0x202F: " "}
_COLONS = (":", "：")
_RULES = ("---", "___", "===", "***")
_RULING = "-_=*>#~: \t\r\n："


class Mark(Enum):
    """What kind of line begins earlier mail."""

    ATTRIBUTION = 1
    ORIGINAL = 2
    FORWARDED = 3
    HEADER = 4


@dataclass(frozen=True, slots=True)
class Beginning:
    """Earlier mail begins at line `first`; its own text at line `after`. `sender` is None when no field names one."""

    mark: Mark
    first: int
    after: int
    sender: Address | None = None
    subject: str = ""
    dated: bool = False


def unquoted(line: str) -> tuple[int, str]:
    """(depth of quote marks, the line without them). Marks on both sides of an address are an attribution's."""
    if ">" not in line:
        return 0, line
    if line.startswith(">>>") and _BRACKETED.match(line[:MAX_LINE]):
        return 0, line
    marks = _MARKS.match(line[:MAX_LINE])
    return (marks.group().count(">"), line[marks.end() :]) if marks else (0, line)


def leading_prefix(subject: str) -> str:
    """The casefolded word before the first colon of a subject, when it is short: "sv", "fwd"."""
    found = _PREFIX.match(subject[:60])
    return found.group(1).casefold() if found else ""


def beginning_at(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> Beginning | None:
    """What begins at a line, or None. `lines` are without quote marks."""
    line = lines[index][:MAX_LINE].strip()
    if not line:
        return None
    return (
        _separator(lines, index, line, knowledge)
        or _bare_block(lines, index, knowledge)
        or _attribution(lines, index, knowledge)
    )


def _bare_block(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> Beginning | None:
    block = header_block(lines, index, knowledge) or column_block(lines, index, knowledge)
    return _beginning(Mark.HEADER, index, block) if block else None


def _beginning(mark: Mark, first: int, block: HeaderBlock) -> Beginning:
    return Beginning(mark, first, block.after, block.sender, block.subject, block.dated)


def _separator(lines: Sequence[str], index: int, line: str, knowledge: SeparationKnowledge) -> Beginning | None:
    """Such as "----- Forwarded by A on 16.03.2020 -----", "Begin forwarded message:", "-----A wrote: -----"."""
    ruled = line[:3].translate(_LIKE_HYPHEN) in _RULES
    if not ruled and not line.endswith(_COLONS):
        return None
    bare = " ".join(line.translate(_LIKE_HYPHEN).casefold().strip(_RULING).split())
    mark, rest = _announcement(bare, ruled, knowledge)
    if mark is None:
        return None
    block = _next_block(lines, index + 1, knowledge)
    if block is not None:
        return _beginning(mark, index, block)
    if mark is Mark.ORIGINAL and not ruled:
        return None
    named = rest.partition(":")[2] if rest else ""
    at = line.casefold().rfind(named) if named and ADDRESS.search(named) else -1
    sender = sender_in(line[at:], knowledge) if at >= 0 and mark is Mark.FORWARDED else None
    return Beginning(mark, index, index + 1, sender)


def _announcement(bare: str, ruled: bool, knowledge: SeparationKnowledge) -> tuple[Mark | None, str]:
    """(what a line without its rules announces, what follows the phrase)."""
    for mark, phrases in ((Mark.FORWARDED, knowledge.forwarded), (Mark.ORIGINAL, knowledge.original)):
        for phrase in phrases:
            if bare == phrase:
                return mark, ""
            if ruled and " " in phrase and bare.startswith(phrase):
                return mark, bare[len(phrase) :]
    if ruled and bare.endswith((*knowledge.wrote, *knowledge.wrote_last)) and len(_WORD.findall(bare)) > 1:
        return Mark.ORIGINAL, ""
    return None, ""


def _next_block(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> HeaderBlock | None:
    for candidate in range(index, min(index + 4, len(lines))):
        if lines[candidate].strip():
            return header_block(lines, candidate, knowledge, announced=True)
    return None


def _attribution(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> Beginning | None:
    """Such as "On Tuesday at 10:11 somebody <a@b> wrote:", on one line or wrapped over three."""
    bracketed = _BRACKETED.match(lines[index][:MAX_LINE])
    if bracketed and any(char.isdigit() for char in bracketed.group(1)):
        return Beginning(Mark.ATTRIBUTION, index, index + 1)
    pieces: list[str] = []
    for number in range(index, min(index + MAX_WRAPPED, len(lines))):
        pieces.append(lines[number][:MAX_LINE].strip())
        if not pieces[-1]:
            return None
        if pieces[-1].endswith(_COLONS):
            starts = [first for first in range(len(pieces)) if _says_who_wrote(" ".join(pieces[first:]), knowledge)]
            if not starts or starts[-1] > 0:
                return None
            return Beginning(Mark.ATTRIBUTION, index, number + 1, _writer(" ".join(pieces), knowledge))
    return None


def _writer(line: str, knowledge: SeparationKnowledge) -> Address | None:
    """Whom an attribution with an address names: the words without digits before it, behind comma and verb."""
    found = ADDRESS.search(line)
    if found is None:
        return None
    named = _WHEN.split(line[: found.start()])[-1]
    for verb in knowledge.wrote:
        at = named.casefold().rfind(f"{verb} ")
        named = named[at + len(verb) :] if at >= 0 else named
    return sender_in(f"{named.strip()} <{found.group()}>", knowledge)


def _says_who_wrote(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line has a verb of writing with a number and an address or a time, and no word of a sentence."""
    text = line.casefold().rstrip(" \t\u00a0:：")
    address = ADDRESS.search(line)
    if address and text.startswith(knowledge.quoting):
        return True
    if not any(char.isdigit() for char in ADDRESS.sub(" ", line)):
        return False
    if _STAMPED.match(line):
        return bool(address) and (line.rstrip(" :").endswith(">") or _verb(text, knowledge))
    return bool(address or TIME.search(line) or _DATE.search(line)) and _verb(text, knowledge)


def _verb(text: str, knowledge: SeparationKnowledge) -> bool:
    words = _WORD.findall(ADDRESS.sub(" ", text))
    if not knowledge.sentence_words.isdisjoint(words):
        return False
    if text.endswith(knowledge.wrote_last):
        return True
    for verb in knowledge.wrote:
        if text.endswith(verb):
            return True
        before, found, after = text.partition(f"{verb} ")
        if found and (not before or not before[-1].isalnum()):
            return len(_WORD.findall(ADDRESS.sub(" ", after))) <= MAX_AROUND_VERB
    return False
