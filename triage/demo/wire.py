"""The form that made-up mail takes on the wire: header fields, MIME parts, charsets and transfer encodings.

Written by hand, not by email.message: that takes four times as long and draws its boundaries from the clock.
"""

from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from email.header import Header
from email.utils import encode_rfc2231, format_datetime, formataddr
from random import Random

from triage.demo.attached import MAKERS
from triage.demo.letters import Letter
from triage.demo.markup import as_html
from triage.demo.plan import Desk, Form
from triage.demo.wording import Client, Language, fill

CRLF = b"\r\n"
Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What a message carries beside its letter. `nested` is a whole message forwarded as an attachment."""

    arrived: datetime
    client: Client
    message_id: str
    answers: str = ""
    extra: Fields = ()
    attached: tuple[str, ...] = ()
    nested: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How the text of a message is encoded. `shape` is plain, alternative or html."""

    shape: str
    charset: str
    encoding: str


def message_id(client: Client, domain: str, random: Random) -> str:
    """A Message-ID as `client` makes it."""
    return fill(client.message_id, random).format(domain=domain)


def compose(letter: Letter, envelope: Envelope, *, language: Language, desk: Desk, form: Form, random: Random) -> bytes:
    """The message of a letter: ASCII with CRLF line ends."""
    style = _style(letter, language, form, random)
    boundary = f"{fill('~~~~~~~~~~~~~~~~~~~~', random)}"
    parts = [_text(letter, style, boundary)]
    parts += [_file(kind, letter) for kind in envelope.attached]
    if envelope.nested:
        parts.append(_part("message/rfc822", (("Content-Disposition", "attachment"),), envelope.nested))
    content = parts[0] if len(parts) == 1 else _multipart("mixed", parts, f"mix_{boundary}")
    fields = _fields(letter, envelope, style, language, desk, random)
    return _head(fields) + b"MIME-Version: 1.0\r\n" + content


def forwarded_text(letter: Letter, language: Language, desk: Desk) -> str:
    """A letter below the block of fields that mail programs write over forwarded mail."""
    values = letter.sender.values() | {
        "when": _local(letter.sent, language).strftime(language.when),
        "to": desk.address,
        "subject": letter.subject,
    }
    block = "\n".join(line.format_map(values) for line in language.forwarded)
    return f"{block}\n\n{letter.text}"


def as_wire(text: str) -> bytes:
    """Text of ASCII with CRLF line ends."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode("ascii")


def _style(letter: Letter, language: Language, form: Form, random: Random) -> Style:
    [shape] = random.choices(("plain", "alternative", "html"), (form.plain, form.alternative, form.html))
    charset = language.charset if random.random() < form.legacy_charset else "utf-8"
    encoding = "base64" if random.random() < form.base64 else "quoted-printable"
    style = Style(shape=shape, charset=charset, encoding=encoding)
    try:
        (letter.whole + letter.subject).encode(charset)
    except UnicodeEncodeError:
        return replace(style, charset="utf-8")
    return style


def _fields(letter: Letter, envelope: Envelope, style: Style, language: Language, desk: Desk, random: Random) -> Fields:
    sender, client = letter.sender, envelope.client
    arrived = _local(envelope.arrived, language)
    sent = arrived - timedelta(seconds=random.randint(2, 40))
    received = fill(client.received, random).format(domain=sender.domain)
    relay = f"mx01.{desk.address.partition('@')[2]} (Postfix) with ESMTPS id {fill('4~~~~~~~~~', random)}"
    name = sender.person if letter.named else sender.company
    mailbox = sender.email if letter.named else f"post@{sender.domain}"
    to = formataddr((desk.name, desk.address), style.charset) if random.random() < 1 / 4 else desk.address
    fields = [
        ("Return-Path", f"<{mailbox}>"),
        ("Received", f"{received}\r\n\tby {relay}\r\n\tfor <{desk.address}>; {format_datetime(arrived)}"),
        ("From", formataddr((name, mailbox), style.charset)),
        ("To", to),
        ("Subject", _unstructured(letter.subject, style.charset)),
        ("Date", format_datetime(sent)),
        ("Message-ID", envelope.message_id),
    ]
    if envelope.answers:
        fields += [("In-Reply-To", envelope.answers), ("References", envelope.answers)]
    return (*fields, *client.headers.items(), *envelope.extra)


def _local(moment: datetime, language: Language) -> datetime:
    hours, minutes = language.zone.split(":")
    return moment.astimezone(timezone(timedelta(hours=int(hours), minutes=int(minutes))))


def _unstructured(value: str, charset: str) -> str:
    if value.isascii():
        return value
    return Header(value, charset, header_name="Subject").encode(linesep="\r\n")


def _head(fields: Fields) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode("ascii")


def _text(letter: Letter, style: Style, boundary: str) -> bytes:
    plain = _encoded(letter.whole, "plain", style)
    if style.shape == "plain":
        return plain
    html = _encoded(as_html(letter, style.charset), "html", style)
    return html if style.shape == "html" else _multipart("alternative", [plain, html], f"alt_{boundary}")


def _encoded(text: str, subtype: str, style: Style) -> bytes:
    octets = text.replace("\n", "\r\n").encode(style.charset)
    body = _base64(octets) if style.encoding == "base64" else b2a_qp(octets, istext=True)
    fields = (("Content-Transfer-Encoding", style.encoding),)
    return _part(f'text/{subtype}; charset="{style.charset}"', fields, body)


def _file(kind: str, letter: Letter) -> bytes:
    content_type, maker = MAKERS[kind]
    name = f"{letter.table[0][0]}.{kind}".replace("/", "-")
    named = f'filename="{name}"' if name.isascii() else f"filename*={encode_rfc2231(name, 'utf-8')}"
    fields = (("Content-Transfer-Encoding", "base64"), ("Content-Disposition", f"attachment;\r\n\t{named}"))
    return _part(content_type, fields, _base64(maker(letter.table)))


def _base64(octets: bytes) -> bytes:
    return encodebytes(octets).replace(b"\n", CRLF)


def _part(content_type: str, fields: Fields, body: bytes) -> bytes:
    return _head((("Content-Type", content_type), *fields)) + CRLF + body + (b"" if body.endswith(CRLF) else CRLF)


def _multipart(subtype: str, parts: Sequence[bytes], boundary: str) -> bytes:
    mark = boundary.encode("ascii")
    body = b"".join(b"--%s\r\n%s\r\n" % (mark, part) for part in parts) + b"--%s--\r\n" % mark
    return _part(f'multipart/{subtype};\r\n\tboundary="{boundary}"', (), body)
