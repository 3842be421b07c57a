"""Octets to ParsedMail: any octets give one, and what is wrong in them is listed. The only importer of mailparser."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from email.errors import MessageError
from email.parser import BytesFeedParser

import mailparser
from mailparser.dates import parse_mail_date
from mailparser.exceptions import MailParserError
from mailparser.utils import get_addresses

from models.mail import Address, Defect, ParsedMail
from triage.stages.mime import addresses, fields, header_block, limits
from triage.stages.mime.charset import guessed, guessed_beside, normalised, repaired
from triage.stages.mime.files import ReadDocument
from triage.stages.mime.walk import Parts

logging.getLogger("mailparser").setLevel(logging.CRITICAL)

ONCE = ("from", "subject", "date", "message-id", "reply-to", "content-type")
"""Fields that a mail may have once (RFC 5322 §3.6)."""

OWN_DEFECTS = frozenset({"CharsetDecodeDefect"})
"""Defects that mail-parser notices and that are repaired and told here."""

PIECE = 65_536
LOOKED_AT = 8_000

ESCAPE = b"\x1b"
UNREADABLE = "\ufffd".encode()
Pairs = list[tuple[str, str]]
_FAULTS = (
    MailParserError,
    MessageError,
    RecursionError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
)


class _WithoutTables(mailparser.MailParser):  # type: ignore[misc]
    """As mail-parser reads a message, without the tables of all that it holds, which it makes twice: none is read."""

    def _make_mail(self, complete: bool = True) -> dict[str, object]:
        return {}


def looks_like_mail(octets: bytes) -> bool:
    """Whether at least one header field stands there that mail has."""
    header, _ = header_block.split(header_block.begun(octets[: limits.MAX_OCTETS]))
    return header_block.looks_like_mail(header_block.cut(header)[0])


def parse(octets: bytes, read_document: ReadDocument) -> ParsedMail:
    """The mail in the octets. Never raises; over a limit the result is partial, and a defect says so."""
    return _parse(octets, read_document, 0, None)


def parse_with_octets(octets: bytes, read_document: ReadDocument) -> tuple[ParsedMail, list[bytes]]:
    """The mail, and the octets of each of its attachments in their order."""
    kept: list[bytes] = []
    return _parse(octets, read_document, 0, kept), kept


def _parse(octets: bytes, read_document: ReadDocument, depth: int, kept: list[bytes] | None) -> ParsedMail:
    octets, defects = _prepared(octets)
    try:
        mail = _message(octets)
    except _FAULTS as fault:
        defects.append(Defect(code="unparsable", detail=type(fault).__name__))
        header, body = header_block.split(octets)
        mail = _header_alone(header)
        return _assembled(mail, normalised(guessed(body[: limits.MAX_TEXT])[0]), None, defects)
    parts = Parts(read_document=read_document, parse_inner=_parse, depth=depth, kept=kept)
    try:
        text = parts.whole_text(mail.message)
    except _FAULTS as fault:
        defects.append(Defect(code="body-unreadable", detail=type(fault).__name__))
        text = ""
    return _assembled(mail, text, parts, defects)


def _message(octets: bytes) -> mailparser.MailParser:
    """The message, parsed piece by piece: the standard library would hold five times a large one."""
    parser = BytesFeedParser()
    for at in range(0, len(octets), PIECE):
        parser.feed(octets[at : at + PIECE])
    return _WithoutTables(parser.close())


def _header_alone(header: bytes) -> mailparser.MailParser:
    """A message of these header fields, of none when they are what cannot be parsed."""
    try:
        return _message(header + b"\n")
    except _FAULTS:
        return _message(b"\n")


def _prepared(octets: bytes) -> tuple[bytes, list[Defect]]:
    """Octets within the limits, with a header block in UTF-8."""
    defects: list[Defect] = []
    if len(octets) > limits.MAX_OCTETS:
        defects.append(Defect(code="octets-cut", detail=f"{len(octets)} octets cut to {limits.MAX_OCTETS}"))
        octets = octets[: limits.MAX_OCTETS]
    if b"\n" not in octets:
        octets = octets.replace(b"\r", b"\n")
    header, body = header_block.split(header_block.begun(octets))
    if len(header) > header_block.MAX_SEEN:
        defects.append(Defect(code="header-cut", detail=f"only {header_block.MAX_SEEN} octets are looked at"))
    header, mended = header_block.mended(header)
    header, cut = header_block.cut(header_block.decodable(header))
    if not octets.strip():
        defects.append(Defect(code="empty", detail="no octets"))
    elif not header_block.looks_like_mail(header):
        defects.append(Defect(code="no-header", detail="no header field that mail has"))
    if not header.isascii() or ESCAPE in header:
        header, decoded = _in_utf8(header, body)
        mended += decoded
    if b"\0" in header and header_block.looks_like_mail(header):
        mended.append(Defect(code="header-nul", detail="NUL in the header, read as a sign that cannot be read"))
        header = header.replace(b"\0", UNREADABLE)
    octets, fewer_lines = limits.cut_lines(header + body)
    octets, fewer_parts = limits.cut_parts(octets)
    return octets, [*defects, *mended, *cut, *fewer_lines, *fewer_parts]


def _in_utf8(header: bytes, body: bytes) -> tuple[bytes, list[Defect]]:
    text, charset = guessed_beside(header, header_block.labelled(header + body[:LOOKED_AT]))
    if charset == "utf-8":
        return header, []
    defect = Defect(code="header-charset", detail=f"raw octets in the header, read as {charset}")
    return normalised(text).encode(), [defect]


def _assembled(mail: mailparser.MailParser, text: str, parts: Parts | None, defects: list[Defect]) -> ParsedMail:
    message = mail.message
    raws = [(name.lower(), str(raw)) for name, raw in message.raw_items()]
    headers = tuple((name, fields.value_text(raw)) for name, raw in raws)
    first = dict(reversed(headers))
    defects = [*defects, *_repeated(headers)]
    return ParsedMail(
        subject=first.get("subject", ""),
        from_=_addresses(raws, "from", mail.from_),
        to=_addresses(raws, "to", mail.to),
        cc=_addresses(raws, "cc", mail.cc),
        reply_to=_addresses(raws, "reply-to", mail.reply_to),
        date=_aware(mail.date),
        received=_received(raws),
        message_id=first.get("message-id", "")[: fields.MAX_ID],
        in_reply_to=fields.identifiers(first.get("in-reply-to", "")),
        references=fields.identifiers(first.get("references", "")),
        return_path=_return_path(first.get("return-path")),
        content_type=normalised(message.get_content_type()),
        headers=headers,
        text=text,
        hidden_text="\n".join(parts.hidden) if parts else "",
        attachments=tuple(parts.attachments) if parts else (),
        nested=tuple(parts.nested) if parts else (),
        defects=tuple(dict.fromkeys([*defects, *(parts.defects if parts else ()), *_noticed(mail)])),
    )


def _repeated(headers: tuple[tuple[str, str], ...]) -> Iterable[Defect]:
    names = [name for name, _ in headers]
    for name in ONCE:
        count = names.count(name)
        if count > 1:
            yield Defect(code="field-repeated", detail=f"{name} stands {count} times in the header")


def _noticed(mail: mailparser.MailParser) -> Iterable[Defect]:
    """What mail-parser and the standard library noticed."""
    for where in mail.defects:
        for place, details in where.items():
            for detail in details:
                name, _, words = str(detail).partition(":")
                if name in OWN_DEFECTS:
                    continue
                yield Defect(code=normalised(name)[:60], detail=normalised(f"{place}: {words.strip()}")[:300])


def _addresses(raws: Pairs, name: str, first: Pairs) -> tuple[Address, ...]:
    """The addresses of every field of that name; `first` are those that mail-parser found in the first of them."""
    named = [raw for field, raw in raws if field == name]
    found = [one for number, raw in enumerate(named) for one in _parsed(raw, [] if number else first)]
    return tuple(found[: limits.MAX_ADDRESSES])


def _parsed(raw: str, known: Pairs) -> tuple[Address, ...]:
    """The addresses of one field. Those `known` hold where nothing is to be mended and no name may have been lost."""
    mended = addresses.mended(repaired(raw))
    hold = mended == raw and all(shown or raw.strip(" <>") == address for shown, address in known)
    pairs = known if known and hold else _pairs(mended, decode_names=True)
    if not any(address for _, address in pairs) and "=?" in raw:
        pairs = _pairs(fields.value_text(raw))  # mailers that encode the address with the name
    if not any(address for _, address in pairs):
        pairs = addresses.bare(fields.value_text(raw))
    given = [(shown, address) for shown, address in pairs if address]
    return tuple(_address(shown, address) for shown, address in given[: limits.MAX_ADDRESSES])


def _pairs(body: str, *, decode_names: bool = False) -> Pairs:
    try:
        return list(get_addresses(body, decode_names=decode_names))
    except MessageError:
        return []


def _address(shown: str, written: str) -> Address:
    local, at, domain = fields.value_text(written).strip("'").rpartition("@")
    return Address(name=fields.value_text(shown), address=local + at + domain.lower())


def _received(raws: Pairs) -> datetime | None:
    """The date of the topmost Received field that has one."""
    named = [raw for field, raw in raws if field == "received"]
    for raw in named[:50]:
        value = parse_mail_date(raw.rpartition(";")[2].strip()).value
        if value is not None:
            return _aware(value)
    return None


def _aware(value: datetime | None) -> datetime | None:
    return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


def _return_path(value: str | None) -> str | None:
    return None if value is None else value.strip().strip("<>").strip()
