"""A message as the server holds it, and the mail that its octets decode to."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKey:
    """Identity of a message: unique for ever on its server (RFC 9051 §2.3.1.1). Message-ID is a hint, never a key."""

    mailbox: str
    uidvalidity: int
    uid: int


NO_KEY = MessageKey(mailbox="", uidvalidity=0, uid=0)
"""The key of a message that no server holds: a file."""


class MessageSource(StrEnum):
    """By which way a message came in."""

    MAILBOX = "mailbox"
    IMPORT = "import"  # from a file
    PHONE = "phone"  # a call that staff wrote down
    DIRECT = "direct"  # a mail that reached a member of staff in person


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """The octets of a message with what the server said of them.

    `internaldate` is aware. `backfill` is true for mail that must not be answered because it lay in the mailbox for
    more than a day when the mailbox was first polled, or came by another way than a mailbox. `size` are its octets on
    the server when that is more than is held: of a very large message only the first part is.
    """

    key: MessageKey
    octets: bytes
    internaldate: datetime
    backfill: bool = False
    source: MessageSource = MessageSource.MAILBOX
    size: int | None = None

    @property
    def whole(self) -> bool:
        """Whether all of its octets are held."""
        return self.size is None or self.size <= len(self.octets)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address of a header field: display name (may be empty) and addr-spec (may be malformed)."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A part that is not the mail's own text, with the text that could be read out of it.

    `path` names the enclosing mails and archives ("forwarded.eml/price.xlsx"), `name` is safe to show and to store.
    `text` is empty when none could be read; `unread` then says why in one sentence, else it is empty.
    """

    name: str
    path: str
    content_type: str
    size: int
    sha256: str
    inline: bool
    text: str
    unread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMember:
    """A file inside a document: an archive's entry, what a winmail.dat or .msg carries."""

    name: str
    content_type: str
    octets: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentText:
    """What was read out of a document: its text, or in `unread` why there is none, and the files inside it.

    `found` says what the document is when its name says otherwise ("a spreadsheet").
    """

    text: str = ""
    unread: str = ""
    found: str = ""
    members: tuple[DocumentMember, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """Something wrong in the octets that did not stop the reading: where and what, in words."""

    code: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMail:
    """A mail as decoded from its octets. Any octets give one; what is wrong stands in `defects`.

    `headers` are (lower-case name, decoded value), topmost first, every field kept. `text` is the mail's whole text
    with LF line ends: text/plain where there is one, else the text of the HTML. A message/rfc822 part is an attachment
    (its `text` is its header lines and text) and also stands decoded in `nested`; its own attachments are listed in the
    outer mail's `attachments` too. `hidden_text` is what the HTML hides from a reader (it is never read for meaning).
    """

    subject: str
    from_: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: datetime | None
    received: datetime | None
    message_id: str
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    return_path: str | None
    content_type: str
    headers: tuple[tuple[str, str], ...]
    text: str
    hidden_text: str
    attachments: tuple[Attachment, ...]
    nested: tuple["ParsedMail", ...]
    defects: tuple[Defect, ...]


class ScreeningKind(StrEnum):
    """Who or what sent a mail."""

    PERSONAL = "personal"  # a person wrote it
    AUTOMATIC = "automatic"  # an automatic response (RFC 3834)
    BOUNCE = "bounce"  # a delivery status or disposition notification (RFC 3464, 8098)
    LIST = "list"  # list or bulk mail (RFC 2369, 2919)


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What sent a mail and, when it must not be answered, the rule that withholds the answer.

    `rule` is the id of the screening rule in `data/screening.toml` that decided, `evidence` the header field or text it
    saw; both are empty for personal mail that may be answered. `reply_to` is the one address a reply may go to.
    """

    kind: ScreeningKind
    rule: str
    evidence: str
    answerable: bool
    reply_to: str | None


class SegmentKind(StrEnum):
    """What a stretch of a mail's text is."""

    NEW = "new"  # what the sender wrote now
    QUOTATION = "quotation"  # earlier mail that he answers
    FORWARDED = "forwarded"  # another's mail that he passes on: its claims are the original sender's
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch [start, end) of a text, in code points."""

    kind: SegmentKind
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Separated:
    """A mail's text cut into segments that follow each other and cover it, and who wrote what was forwarded.

    `new_text` joins the NEW segments. `original_from` is the sender of a mail that somebody forwarded (from the
    forwarded header block or the nested mail), or None.
    """

    segments: tuple[Segment, ...]
    new_text: str
    original_from: Address | None
