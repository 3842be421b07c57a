"""How much text of a mail is read: reading costs time by the letter, and whoever sends the mail chooses how many."""

from dataclasses import replace

from models.mail import Attachment, Defect, ParsedMail

MAX_SUBJECT = 2_000
MAX_OWN = 100_000
MAX_ATTACHED = 100_000
"""Code points of all attachments together, those that come first before the others."""


def bounded(mail: ParsedMail) -> ParsedMail:
    """The mail with no more text than is read; what was cut stands in its defects, at attachments in `unread` too."""
    attachments = _attached(mail.attachments)
    kept = replace(
        mail,
        subject=mail.subject[:MAX_SUBJECT],
        text=mail.text[:MAX_OWN],
        hidden_text=mail.hidden_text[:MAX_OWN],
        attachments=attachments,
        nested=tuple(map(bounded, mail.nested)),
    )
    cuts = [
        Defect(code="text-cut", detail=f"{what} of {before} characters, of which {after} are read")
        for what, before, after in (
            ("subject", len(mail.subject), len(kept.subject)),
            ("text", len(mail.text), len(kept.text)),
            ("attachments", _length(mail.attachments), _length(attachments)),
        )
        if before > after
    ]
    return replace(kept, defects=(*mail.defects, *cuts)) if cuts else kept


def _attached(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    if _length(attachments) <= MAX_ATTACHED:
        return attachments
    kept = []
    room = MAX_ATTACHED
    for one in attachments:
        text = one.text[:room]
        room -= len(text)
        cut = f"only the first {len(text)} of {len(one.text)} characters are read"
        kept.append(replace(one, text=text, unread=one.unread or cut) if len(text) < len(one.text) else one)
    return tuple(kept)


def _length(attachments: tuple[Attachment, ...]) -> int:
    return sum(len(one.text) for one in attachments)
