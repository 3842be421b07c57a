"""Outlook's .msg (MS-OXMSG), written as RFC 5322 so that it is read like any other mail inside a mail.

python-oxmsg opens the compound file; the properties are read here, as it knows neither bodies in RTF nor mails
attached to mails, and gives up on a code page that it does not know.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.header import Header
from email.message import Message as Mail
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from models.mail import DocumentMember, DocumentText
from triage.adapters.documents import rtf
from triage.adapters.documents.limits import MAX_MEMBERS, MAX_TEXT
from triage.stages.mime.charset import decoded, normalised

if TYPE_CHECKING:
    from oxmsg.storage import Storage

MAX_DEPTH = 5
TOP, EMBEDDED = 32, 24
ENTRY = 16
TEXT_8, TEXT_16, BINARY, TIME = 0x001E, 0x001F, 0x0102, 0x0040
SUBJECT, BODY, HTML, RTF = 0x0037, 0x1000, 0x1013, 0x1009
HEADERS, MESSAGE_ID = 0x007D, 0x1035
SENDER_NAME, SENDER_ADDRESS, SENDER_SMTP, FOR_NAME, FOR_SMTP = 0x0C1A, 0x0C1F, 0x5D01, 0x0042, 0x5D02
SENT, DELIVERED = 0x0039, 0x0E06
DISPLAY_TO, DISPLAY_CC = 0x0E04, 0x0E03
CODE_PAGE, BODY_CODE_PAGE = 0x3FFD, 0x3FDE
FILE, LONG_NAME, SHORT_NAME, SHOWN_NAME, CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x3001, 0x3712
RECIPIENT_KIND, RECIPIENT_SMTP, RECIPIENT_ADDRESS = 0x0C15, 0x39FE, 0x3003
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
CENTURIES = timedelta(days=365 * 1000)
ABSURD = 10**17
KEPT_FIELDS = ("Message-ID", "In-Reply-To", "References", "Reply-To", "Auto-Submitted", "Precedence", "List-Id")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]{1,1000}")
_EMBEDDED_NAME = "__substg1.0_3701000D"


def read(octets: bytes) -> DocumentText:
    """The mail in a .msg, as a member of its own."""
    from olefile import OleFileIO  # type: ignore[import-untyped]
    from oxmsg.storage import Storage

    with OleFileIO(octets) as compound:
        mail = _mail(Storage.from_ole(compound), TOP, 0)
    return DocumentText(
        members=(DocumentMember(name="message.eml", content_type="message/rfc822", octets=mail.as_bytes()),)
    )


class Properties:
    """The properties of a message, a recipient or an attachment; `header` octets stand before the fixed ones."""

    def __init__(self, storage: "Storage", header: int) -> None:
        self._streams = {one.name: one.bytes_ for one in storage.streams}
        fixed = self._streams.get("__properties_version1.0", b"")[header:]
        self._fixed = {
            int.from_bytes(fixed[place + 2 : place + 4], "little"): fixed[place + 8 : place + ENTRY]
            for place in range(0, len(fixed) - ENTRY + 1, ENTRY)
        }

    def number(self, name: int) -> int:
        """A whole number; 0 when absent."""
        return int.from_bytes(self._fixed.get(name, b"")[:4], "little")

    def octets(self, name: int) -> bytes:
        """Octets; empty when absent."""
        return self._streams.get(f"__substg1.0_{name:04X}{BINARY:04X}", b"")

    def text(self, name: int) -> str:
        """Text; empty when absent."""
        wide = self._streams.get(f"__substg1.0_{name:04X}{TEXT_16:04X}")
        if wide is not None:
            return normalised(wide.decode("utf-16-le", "replace").rstrip("\0"))
        narrow = self._streams.get(f"__substg1.0_{name:04X}{TEXT_8:04X}", b"").rstrip(b"\0")
        return decoded(narrow, self._code_page(CODE_PAGE))[0]

    def html(self) -> str:
        """The body in HTML, which is kept as octets more often than as text."""
        octets = self.octets(HTML)
        return decoded(octets, self._code_page(BODY_CODE_PAGE))[0] if octets else self.text(HTML)

    def time(self, name: int) -> datetime | None:
        """A point in time; None when absent or absurd."""
        microseconds = int.from_bytes(self._fixed.get(name, b""), "little") // 10
        since = timedelta(microseconds=min(microseconds, ABSURD))
        return EPOCH + since if timedelta() < since < CENTURIES else None

    def _code_page(self, name: int) -> str:
        page = self.number(name) or self.number(CODE_PAGE)
        return {0: "", 65001: "utf-8", 20127: "ascii", 28591: "latin-1", 936: "gb18030"}.get(page, f"cp{page}")


def _mail(storage: "Storage", header: int, depth: int) -> MIMEMultipart:
    properties = Properties(storage, header)
    mail = MIMEMultipart(boundary=f"=_mail_{depth}")  # the same each time, and in no base64
    said = message_from_string(properties.text(HEADERS)[:MAX_TEXT])
    for field, value in _fields(properties, storage, said):
        shown = _CONTROL.sub(" ", value).strip()
        if shown:
            mail[field] = shown if shown.isascii() else Header(shown, "utf-8").encode()
    mail.attach(_body(properties, depth))
    attached = (one for one in storage.storages if one.name.startswith("__attach_version1.0_"))
    for number, one in enumerate(attached):
        if number == MAX_MEMBERS:
            break
        mail.attach(_attachment(one, depth))
    return mail


def _fields(properties: Properties, storage: "Storage", said: Mail) -> Iterator[tuple[str, str]]:
    """The header fields: as they came over the wire where Outlook kept them, else from its own properties."""
    yield "From", str(said.get("From") or _sender(properties))
    yield "Subject", properties.text(SUBJECT) or str(said.get("Subject") or "")
    date = properties.time(SENT) or properties.time(DELIVERED)
    yield "Date", str(said.get("Date") or (format_datetime(date) if date else ""))
    recipients = list(_recipients(storage))
    for number, name, shown in ((1, "To", DISPLAY_TO), (2, "Cc", DISPLAY_CC)):
        listed = ", ".join(one for kind, one in recipients if kind == number)
        yield name, str(said.get(name) or listed or properties.text(shown))
    for name in KEPT_FIELDS:
        yield name, str(said.get(name) or (properties.text(MESSAGE_ID) if name == "Message-ID" else ""))


def _sender(properties: Properties) -> str:
    name = properties.text(SENDER_NAME) or properties.text(FOR_NAME)
    found = (properties.text(one) for one in (SENDER_SMTP, FOR_SMTP, SENDER_ADDRESS))
    return _address(name, next((one for one in found if "@" in one), ""))


def _recipients(storage: "Storage") -> Iterator[tuple[int, str]]:
    for one in storage.storages[: 2 * MAX_MEMBERS]:
        if one.name.startswith("__recip_version1.0_"):
            properties = Properties(one, 8)
            addresses = (properties.text(RECIPIENT_SMTP), properties.text(RECIPIENT_ADDRESS))
            address = next((text for text in addresses if "@" in text), "")
            yield properties.number(RECIPIENT_KIND), _address(properties.text(SHOWN_NAME), address)


def _address(name: str, address: str) -> str:
    name, address = _CONTROL.sub(" ", name)[:500], _CONTROL.sub("", address)[:500]
    if not address:
        return name
    return formataddr((name if name != address else "", address)) if address.isascii() else f'"{name}" <{address}>'


def _body(properties: Properties, depth: int) -> Mail:
    """Plain text and HTML as two versions of one; RTF where there is neither."""
    plain, html = properties.text(BODY), properties.html()
    if not plain.strip() and not html.strip():
        packed = properties.octets(RTF)
        plain = rtf.text_in(rtf.unpacked(packed)) if packed else ""
    versions = MIMEMultipart("alternative", boundary=f"=_body_{depth}")
    for text, kind in ((plain, "plain"), (html, "html")):
        if text.strip():
            versions.attach(MIMEText(normalised(text)[: 2 * MAX_TEXT], kind, "utf-8"))
    return versions


def _attachment(storage: "Storage", depth: int) -> Mail:
    properties = Properties(storage, 8)
    names = (properties.text(one) for one in (LONG_NAME, SHORT_NAME, SHOWN_NAME))
    name = next((one for one in names if one.strip()), "")
    inner = next((one for one in storage.storages if one.name == _EMBEDDED_NAME), None)
    if inner is not None and depth < MAX_DEPTH:
        return MIMEMessage(_mail(inner, EMBEDDED, depth + 1))
    part = MIMEApplication(properties.octets(FILE))
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", _CONTROL.sub(" ", name) or "file"))
    identifier = _CONTROL.sub("", properties.text(CONTENT_ID))
    if identifier.isascii() and identifier:
        part.add_header("Content-ID", f"<{identifier}>")
    return part
