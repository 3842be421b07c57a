"""Outlook's own formats: winmail.dat (TNEF) and .msg."""

import re
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from models.mail import DocumentMember, DocumentText
from triage.adapters.documents.limits import MAX_MEMBERS, MAX_TEXT
from triage.stages.mime.charset import decoded
from triage.stages.mime.html_text import text_of

OCTETS = "application/octet-stream"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_tnef(name: str, octets: bytes) -> DocumentText:
    """winmail.dat: its text, and its files as members."""
    from tnefparse import TNEF

    packed = TNEF(octets, do_checksum=False)
    text = _text(packed.body) or text_of(_text(packed.htmlbody))[0]
    members = tuple(
        DocumentMember(name=_text(one.long_filename() or one.name), content_type=OCTETS, octets=bytes(one.data or b""))
        for one in packed.attachments[:MAX_MEMBERS]
    )
    return DocumentText(text=text, unread="" if text or members else "holds nothing that could be read", members=members)


def read_outlook(name: str, octets: bytes) -> DocumentText:
    """.msg: the mail in it, written as RFC 5322 so that it is read like any other mail inside a mail."""
    from oxmsg import Message

    message = Message.load(octets)
    mail = MIMEMultipart()
    for field, value in (("From", message.sender), ("Subject", message.subject)):
        if value:
            mail[field] = Header(_CONTROL.sub(" ", value), "utf-8").encode() if not value.isascii() else _CONTROL.sub(" ", value)
    if message.sent_date is not None:
        mail["Date"] = format_datetime(message.sent_date)
    text = message.body or text_of((message.html_body or "")[:MAX_TEXT])[0]
    mail.attach(MIMEText(text[:MAX_TEXT], "plain", "utf-8"))
    for one in list(message.attachments)[:MAX_MEMBERS]:
        part = MIMEApplication(one.file_bytes or b"")
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", one.file_name or "file"))
        mail.attach(part)
    inner = DocumentMember(name=f"{name.rpartition('.')[0] or name}.eml", content_type="message/rfc822", octets=mail.as_bytes())
    return DocumentText(members=(inner,))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decoded(value.rstrip(b"\0"), None)[0]
    return str(value or "").rstrip("\0")
