"""An entry by staff as a message, so that it is read as any mail is; and the numbers of messages without a server."""

from email.headerregistry import Address, Group
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from models.entry import Entry

NUMBERS = 2**63
HOST = "entry.invalid"  # RFC 2606: no such host will ever be


def entry_octets(entry: Entry, *, to: str, token: str) -> bytes:
    """The message; the same entry with the same token gives the same octets. Nothing in it tells how it came.

    ValueError when the address is none. The sender stands below the text as he would sign.
    """
    signed = [line for line in (entry.contact, entry.company, entry.phone, entry.email) if line]
    message = EmailMessage(policy=SMTP)
    name = entry.contact or entry.company
    message["From"] = Address(name, addr_spec=entry.email) if entry.email else Group(name, ())
    if to:
        message["To"] = to
    message["Subject"] = entry.subject
    message["Date"] = entry.at
    message.set_content("\n".join([entry.text.rstrip(), "", "-- ", *signed, ""]))
    digest = sha256(token.encode() + b"\0" + message.as_bytes()).hexdigest()
    message["Message-ID"] = f"<{digest[:32]}@{HOST}>"
    return message.as_bytes()


def number_of(digest: bytes) -> int:
    """The first 63 bits of a digest: what stands for a UID where no server gives one."""
    return int.from_bytes(digest[:8], "big") % NUMBERS
