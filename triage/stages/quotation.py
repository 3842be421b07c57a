"""Where earlier mail begins in a text: quote marks, attribution lines, separator lines and header blocks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address

MAX_LINE = 400
BLOCK_LINES = 10
_MARKS = re.compile(r"^(?:[ \t]{0,3}>){1,20}[ \t]?")
_FIELD = re.compile(r"^[ \t\u00a0]{0,10}\*{0,2}([^\W\d_][^:：<>@]{0,24}?)[\s*]{0,6}[:：]\*{0,2}[ \t\u00a0]{0,20}(.*)$")
_RULE = re.compile(r"^[ \t]{0,10}[-_=*—–]{5,200}[ \t]{0,10}$")
_ADDRESS = re.compile(r"[^\s<>\[\]()\"',;:]{1,64}@[^\s<>\[\]()\"',;:]{1,250}")
_TIME = re.compile(r"\b\d{1,2}[:.]\d{2}\b")
_PREFIX = re.compile(r"^\s{0,5}([^\W\d_]{1,12})(?:\[\d{1,3}\]|\(\d{1,3}\))?\s{0,2}[:：]\s{0,3}")


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
    """(depth of quote marks, the line without them)."""
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
        _separator(lines, index, line.casefold(), knowledge)
        or _header_block(lines, index, knowledge)
        or _attribution(lines, index, knowledge)
    )


def _separator(lines: Sequence[str], index: int, line: str, knowledge: SeparationKnowledge) -> Beginning | None:
    bare = line.strip("-_=*>#—–: \t")
    ruled = line.startswith(("--", "__", "==", "**", "—", "–"))
    if not ruled and not line.endswith((":", "：")):
        return None
    for mark, phrases in ((Mark.FORWARDED, knowledge.forwarded), (Mark.ORIGINAL, knowledge.original)):
        for phrase in phrases:
            if (bare == phrase and (ruled or line.endswith(":"))) or (ruled and bare.startswith(phrase)):
                block = _next_block(lines, index + 1, knowledge)
                if block is None:
                    return Beginning(mark, index, index + 1)
                return Beginning(mark, index, block.after, block.sender, block.subject, block.dated)
    return None


def _next_block(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> Beginning | None:
    for candidate in range(index, min(index + 4, len(lines))):
        if lines[candidate].strip():
            return _header_block(lines, candidate, knowledge)
    return None


def _header_block(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> Beginning | None:
    """Fields one under another as a mailer puts them above the mail that is answered or passed on."""
    if _RULE.match(lines[index][:MAX_LINE]):
        following = _header_block(lines, index + 1, knowledge) if index + 1 < len(lines) else None
        return (
            Beginning(Mark.HEADER, index, following.after, following.sender, following.subject, following.dated)
            if following and not _RULE.match(lines[index + 1][:MAX_LINE])
            else None
        )
    if not _field(lines[index], knowledge)[0]:
        return None
    values: dict[str, str] = {}
    after, missed = index, 0
    for number in range(index, min(index + BLOCK_LINES, len(lines))):
        kind, value = _field(lines[number], knowledge)
        if kind:
            values.setdefault(kind, value)
            after, missed = number + 1, 0
        elif number == index or missed == 1 or (not lines[number].strip() and "from" in values):
            break
        else:
            missed += 1
    if "from" not in values or not ("sent" in values or {"to", "subject"} <= values.keys()):
        return None
    return Beginning(Mark.HEADER, index, after, _address(values["from"]), values.get("subject", ""), "sent" in values)


def _field(line: str, knowledge: SeparationKnowledge) -> tuple[str, str]:
    found = _FIELD.match(line[:MAX_LINE]) if ":" in line[:60] or "：" in line[:60] else None
    if found is None:
        return "", ""
    name = "".join(found.group(1).split()).casefold()
    for kind, names in (
        ("from", knowledge.from_fields),
        ("sent", knowledge.sent_fields),
        ("to", knowledge.to_fields),
        ("subject", knowledge.subject_fields),
    ):
        if name in names:
            return kind, found.group(2).strip()
    return "", ""


def _address(value: str) -> Address:
    found = _ADDRESS.search(value)
    if found is None:
        return Address(name=value.strip(" \t\"'*<>"), address="")
    local, _, domain = found.group().removeprefix("mailto:").rpartition("@")
    name = value[: found.start()].replace("[mailto:", " ").replace("mailto:", " ")
    return Address(name=name.strip(" \t\"'*<>[("), address=f"{local}@{domain.lower().rstrip('.')}")


def _attribution(lines: Sequence[str], index: int, knowledge: SeparationKnowledge) -> Beginning | None:
    """Such as "On Tuesday at 10:11 somebody <a@b> wrote:", on one line or wrapped over three."""
    joined = ""
    for number in range(index, min(index + 3, len(lines))):
        line = lines[number][:MAX_LINE].strip()
        if not line or len(joined) > MAX_LINE:
            return None
        joined = f"{joined} {line}"
        if line.endswith((":", "：")):
            alone = number > index and _attribution(lines, index + 1, knowledge) is not None
            if alone or not _says_who_wrote(joined, knowledge):
                return None
            return Beginning(Mark.ATTRIBUTION, index, number + 1)
    return None


def _says_who_wrote(line: str, knowledge: SeparationKnowledge) -> bool:
    """Whether a line has a verb of writing, a number, and an address or a time."""
    text = line.casefold()
    if not any(verb in text for verb in knowledge.wrote) or not any(char.isdigit() for char in line):
        return False
    return bool(_ADDRESS.search(line) or _TIME.search(line))
