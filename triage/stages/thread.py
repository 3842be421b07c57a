"""Which case a mail belongs to: by msg-ids that only correspondents know, never by its subject."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from models.case import ThreadCandidate
from models.knowledge.replies import ReplyKnowledge
from models.mail import ParsedMail

CASE_NUMBER = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,6}-\d{6}(?![\d-])")
SEARCHED_TEXT = 20_000
MOST_NUMBERS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadHints:
    """What in a mail may name its case: the sender's address (lower case, empty when none), msg-ids without angle
    brackets, nearest first, and case numbers; `content` is the digest of what it says. The sender wrote all of it:
    hints, never proof.
    """

    content: str
    address: str
    message_ids: tuple[str, ...]
    case_numbers: tuple[str, ...]


def hints(mail: ParsedMail) -> ThreadHints:
    """The hints of `mail`."""
    nearest_first = (*mail.in_reply_to, *reversed(mail.references))
    text = f"{mail.subject}\n{mail.text[:SEARCHED_TEXT]}"
    return ThreadHints(
        content=content_digest(mail),
        address=mail.from_[0].address.strip().lower() if mail.from_ else "",
        message_ids=tuple(dict.fromkeys(found for msgid in nearest_first if (found := _bare(msgid)))),
        case_numbers=tuple(dict.fromkeys(CASE_NUMBER.findall(text)))[:MOST_NUMBERS],
    )


def content_digest(mail: ParsedMail) -> str:
    """SHA-256 over what a mail says: the same mail that came by two ways has one digest, whatever its trace fields.

    Empty for a mail that says nothing.
    """
    if not mail.text.strip() and not mail.attachments:
        return ""
    said = (
        *(address.address.lower() for address in mail.from_),
        *(mail.subject, mail.message_id, mail.date.isoformat() if mail.date else "", mail.text),
        *(attachment.sha256 for attachment in mail.attachments),
    )
    return sha256("\x00".join(said).encode("utf-8", "surrogatepass")).hexdigest()


def decide_join(mail: ParsedMail, candidates: Sequence[ThreadCandidate], knowledge: ReplyKnowledge) -> int | None:
    """The case that `mail` belongs to, or None for a case of its own.

    It belongs to the case that holds the same mail already; to the case of the nearest message it answers when its
    sender wrote in that case before, or when that message is one of our own, whose msg-id only its recipients know;
    else to the case whose number it names, when its sender wrote in it before. Whoever else names a msg-id or a number
    changes nothing. As many msg-ids are looked at as a reply of ours repeats.
    """
    same = next((case for case in candidates if case.same_content), None)
    if same is not None:
        return same.case_id
    said = hints(mail)
    mine = [case for case in candidates if said.address and said.address in _lowered(case.addresses)]
    for msgid in said.message_ids[: knowledge.most_references]:
        answered = next((case for case in candidates if msgid in _bares(case.our_message_ids)), None)
        answered = answered or next((case for case in mine if msgid in _bares(case.message_ids)), None)
        if answered is not None:
            return answered.case_id
    for number in said.case_numbers:
        named = next((case for case in mine if case.number == number), None)
        if named is not None:
            return named.case_id
    return None


def _bare(msgid: str) -> str:
    return msgid.strip().removeprefix("<").removesuffix(">").strip()


def _bares(msgids: Iterable[str]) -> set[str]:
    return {_bare(msgid) for msgid in msgids}


def _lowered(addresses: Iterable[str]) -> set[str]:
    return {address.strip().lower() for address in addresses}
