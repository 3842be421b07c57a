"""The fields of a mail's header as mailers write them into the text above the mail that is answered or passed on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from models.knowledge.separation import SeparationKnowledge
from models.mail import Address

MAX_LINE = 400
BLOCK_LINES = 16
_BLANK = " \t\u00a0\u202f"
_FIELD = re.compile(
    r"^[ \t\u00a0]{0,20}\*{0,2}([^\W\d_][^:：<>@|]{0,24}?)[\s*]{0,6}[:：]\*{0,2}[ \t\u00a0]{0,20}(.{0,400})$"
)
_CELL = re.compile(r"^[ \t]{0,10}\|?[ \t*]{0,10}([^\W\d_]{1,16})[ \t*]{0,10}[|\t ][ \t]{0,10}(.{1,400})$")
_RULE = re.compile(r"^[ \t]{0,10}[-_=*—–\u2010-\u2015]{5,200}[ \t]{0,10}$")
ADDRESS = re.compile(r"[^\s<>\[\]()\"',;:|]{1,64}@[^\s<>\[\]()\"',;:|]{1,250}")
TIME = re.compile(r"(?<![\d.])\d{1,2}[:.]\d{2}\b(?!\.\d)")
_DATE = re.compile(r"\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2}|\d{1,2}[:.]\d{2}")
_AROUND_NAME = " \t\u00a0\"'*<>[(|;,"


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Fields from line `first` up to line `after`. `dated`: one says when; `sender` is None when none says who."""

    first: int
    after: int
    sender: Address | None
    subject: str
    dated: bool


def header_block(
    lines: Sequence[str], index: int, knowledge: SeparationKnowledge, *, announced: bool = False
) -> HeaderBlock | None:
    """Fields one under another that begin at a line, or at the rule above them.

    Without an `announced` beginning they must show that they are no offer's "From" and "To": by a date with a time,
    or by a subject and either a date or an address.
    """
    first = index
    if _RULE.match(lines[index][:MAX_LINE]) and index + 1 < len(lines):
        index += 1
    kind, _ = _field(lines[index], knowledge, announced)
    if not kind:
        return None
    values, after = _values(lines, index, knowledge, announced)
    if not _is_header(values, announced):
        return None
    sent = _DATE.search(values.get("sent", "")) is not None or (announced and "sent" in values)
    return HeaderBlock(first, after, sender_in(values["from"], knowledge), values.get("subject", ""), sent)


def _values(
    lines: Sequence[str], index: int, knowledge: SeparationKnowledge, announced: bool
) -> tuple[dict[str, str], int]:
    """(value of each kind of field, the line after the last of them). Long values may go on in the next lines."""
    values: dict[str, str] = {}
    after, missed, last = index, 0, ""
    for number in range(index, min(index + BLOCK_LINES, len(lines))):
        line = lines[number][:MAX_LINE]
        kind, value = _field(line, knowledge, announced)
        if kind:
            values.setdefault(kind, value)
            after, missed, last = number + 1, 0, kind
        elif last == "from" and line.strip(_BLANK).startswith(("<", "[")) and ADDRESS.search(line):
            values["from"] = f"{values['from']} {line.strip()}"
            after, last = number + 1, ""
        elif not line.strip(_BLANK) and ("from" in values or missed == 1):
            break
        elif line.strip(_BLANK) and (line[:1] in " \t" or lines[number - 1].rstrip().endswith((";", ","))):
            last = ""
        elif missed == 1:
            break
        else:
            missed += 1
    return values, after


def _is_header(values: dict[str, str], announced: bool) -> bool:
    if "from" not in values:
        return False
    if announced:
        return "sent" in values or {"to", "subject"} <= values.keys()
    sent = values.get("sent", "")
    addressed = ADDRESS.search(values["from"] + " " + values.get("to", "")) is not None
    if "subject" in values and ((_DATE.search(sent) and not values["from"][:1].isdigit()) or addressed):
        return "sent" in values or "to" in values
    return bool(TIME.search(sent)) or (addressed and _DATE.search(sent) is not None)


def _field(line: str, knowledge: SeparationKnowledge, announced: bool) -> tuple[str, str]:
    """(kind, value) of the field that a line is, else empty. Only where announced may its colon be missing."""
    found = _FIELD.match(line[:MAX_LINE]) if ":" in line[:80] or "：" in line[:80] else None
    kind = field_kind(found.group(1), knowledge) if found else ""
    if not kind and announced:
        found = _CELL.match(line[:MAX_LINE])
        kind = field_kind(found.group(1), knowledge) if found else ""
    return (kind, found.group(2).strip(_BLANK + "|\n\r")) if found and kind else ("", "")


def field_kind(name: str, knowledge: SeparationKnowledge) -> str:
    """What a field of that name says ("from", "sent", "to", "subject"), or empty."""
    name = "".join(name.split()).casefold()
    for kind, names in (
        ("from", knowledge.from_fields),
        ("sent", knowledge.sent_fields),
        ("to", knowledge.to_fields),
        ("subject", knowledge.subject_fields),
    ):
        if name in names:
            return kind
    return ""


def sender_in(value: str, knowledge: SeparationKnowledge) -> Address:
    """The sender that the value of a field or an attribution names; he whom a delegate wrote for, if one did."""
    folded = value.casefold()
    for phrase in knowledge.on_behalf:
        at = folded.find(phrase) if len(folded) == len(value) else -1
        if at > 0:
            delegate, author = _address(value[:at]), _address(value[at + len(phrase) :])
            return Address(name=author.name or delegate.name, address=author.address or delegate.address)
    return _address(value)


def _address(value: str) -> Address:
    found = ADDRESS.search(value)
    if found is None:
        return Address(name=value.strip(_AROUND_NAME + ":"), address="")
    local, _, domain = found.group().removeprefix("mailto:").rpartition("@")
    name = value[: found.start()].replace("[mailto:", " ").replace("mailto:", " ")
    return Address(name=name.strip(_AROUND_NAME), address=f"{local}@{domain.lower().rstrip('.')}")
