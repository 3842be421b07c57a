"""The line that `triage parse` prints for a mail."""

from models.mail import Address, Attachment, ParsedMail, Separated


def as_json(mail: ParsedMail, separated: Separated) -> dict[str, object]:
    """`mail` and how it was separated, as names and plain values."""
    return {
        "subject": mail.subject,
        "from": _names(mail.from_),
        "to": _names(mail.to),
        "cc": _names(mail.cc),
        "reply_to": _names(mail.reply_to),
        "date": mail.date.isoformat() if mail.date else None,
        "message_id": mail.message_id,
        "text": mail.text,
        "new_text": separated.new_text,
        "segments": [{"kind": one.kind.value, "start": one.start, "end": one.end} for one in separated.segments],
        "hidden_text": mail.hidden_text,
        "attachments": [_file(one) for one in mail.attachments],
        "nested": [as_json(one, Separated(segments=(), new_text=one.text, original_from=None)) for one in mail.nested],
        "defects": [{"code": one.code, "detail": one.detail} for one in mail.defects],
    }


def _names(addresses: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": one.name, "address": one.address} for one in addresses]


def _file(one: Attachment) -> dict[str, object]:
    return {
        "name": one.name,
        "path": one.path,
        "type": one.content_type,
        "size": one.size,
        "sha256": one.sha256,
        "inline": one.inline,
        "text": one.text,
        "unread": one.unread,
    }
