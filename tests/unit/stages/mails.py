"""Hand-made mails for the tests of the stages."""

from datetime import UTC, datetime

from models.mail import Address, Attachment, ParsedMail

NOW = datetime(2020, 4, 1, 9, 0, tzinfo=UTC)


def mail_saying(text: str, **changes: object) -> ParsedMail:
    """A plain mail from a supplier with `text`; `changes` replace fields."""
    fields: dict[str, object] = {
        "subject": "Offer",
        "from_": (Address(name="Kari Nordmann", address="kari@supplier.example"),),
        "to": (Address(name="", address="desk@buyer.example"),),
        "cc": (),
        "reply_to": (),
        "date": NOW,
        "received": NOW,
        "message_id": "<1@supplier.example>",
        "in_reply_to": (),
        "references": (),
        "return_path": "kari@supplier.example",
        "content_type": "text/plain",
        "headers": (),
        "text": text,
        "hidden_text": "",
        "attachments": (),
        "nested": (),
        "defects": (),
    }
    return ParsedMail(**{**fields, **changes})  # type: ignore[arg-type]


def attachment(name: str, text: str) -> Attachment:
    """A PDF of that name and text."""
    return Attachment(
        name=name, path=name, content_type="application/pdf", size=1, sha256="0" * 64, inline=False, text=text
    )
