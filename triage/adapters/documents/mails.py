"""Outlook's own formats: winmail.dat (TNEF) and .msg."""

import re
from email.header import Header
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime
from mimetypes import MimeTypes

from models.mail import DocumentMember, DocumentText
from triage.adapters.documents.limits import MAX_MEMBERS, MAX_TEXT
from triage.stages.mime.charset import decoded
from triage.stages.mime.html_text import text_of

_TYPES = MimeTypes(filenames=())
OCTETS = "application/octet-stream"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def read_tnef(octets: bytes) -> DocumentText:
    """winmail.dat: its text, and its files as members."""
    from tnefparse import TNEF

    packed = TNEF(octets, do_checksum=False)
    text = _text(packed.body) or text_of(_text(packed.htmlbody))[0]
    members = tuple(
        DocumentMember(name=called, content_type=_TYPES.guess_type(called)[0] or OCTETS, octets=bytes(one.data or b""))
        for one in packed.attachments[:MAX_MEMBERS]
        for called in [_text(one.long_filename() or one.name)]
    )
    unread = "" if text or members else "holds nothing that could be read"
    return DocumentText(text=text, unread=unread, members=members)


def read_outlook(octets: bytes) -> DocumentText:
    """.msg: the mail in it, written as RFC 5322 so that it is read like any other mail inside a mail."""
    from oxmsg import Message

    message = Message.load(octets)
    mail = MIMEMultipart()
    for field, value in (("From", message.sender), ("Subject", message.subject)):
        if value:
            shown = _CONTROL.sub(" ", value)
            mail[field] = shown if shown.isascii() else Header(shown, "utf-8").encode()
    if message.sent_date is not None:
        mail["Date"] = format_datetime(message.sent_date)
    text = message.body or text_of((message.html_body or "")[:MAX_TEXT])[0]
    mail.attach(MIMEText(text[:MAX_TEXT], "plain", "utf-8"))
    for one in list(message.attachments)[:MAX_MEMBERS]:
        part = MIMEApplication(one.file_bytes or b"")
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", one.file_name or "file"))
        mail.attach(part)
    inner = DocumentMember(name="message.eml", content_type="message/rfc822", octets=mail.as_bytes())
    return DocumentText(members=(inner,))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return decoded(value.rstrip(b"\0"), None)[0]
    return str(value or "").rstrip("\0")
