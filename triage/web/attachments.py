"""Attachments and original messages, handed out so that no browser opens them in our name."""

import re
import unicodedata
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Response

from triage.errors import ReadingError
from triage.web.case import case_or_404, message_or_404
from triage.web.desk import Desk, Id, TheDesk
from triage.web.marking import clean

SANDBOX = "sandbox; default-src 'none'"
UNNAMED = "attachment"
UNOPENED = 507
"""Insufficient storage: the message cannot be opened within its limits, or not again as it was when it was read."""
LONGEST_NAME = 120
ANY_TYPE = "application/octet-stream"
MESSAGE_TYPE = "message/rfc822"
QUIET_TYPES = frozenset(
    {
        "application/msword",
        "application/pdf",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/zip",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
    }
)
"""Types that are named as what they are; everything else goes out as octets."""

router = APIRouter(prefix="/cases/{case_id}/messages/{message_id}")


@router.get("/attachments/{index}")
def download_attachment(desk: TheDesk, case_id: Id, message_id: Id, index: int) -> Response:
    """An attachment as a file to save."""
    message = message_or_404(case_or_404(desk, case_id), message_id)
    known = message.triaged.mail.attachments
    if not 0 <= index < len(known):
        raise HTTPException(404)
    raw = octets_or_404(desk, message_id)
    try:
        name, content_type, octets = desk.read_attachment(raw, index, known[index].sha256)
    except (IndexError, ReadingError) as fault:
        raise HTTPException(UNOPENED) from fault
    return download(name, content_type, octets)


@router.get("/raw")
def download_message(desk: TheDesk, case_id: Id, message_id: Id) -> Response:
    """The message as the server held it."""
    case = case_or_404(desk, case_id)
    message_or_404(case, message_id)
    return download(f"{case.summary.number}-{message_id}.eml", MESSAGE_TYPE, octets_or_404(desk, message_id))


def download(name: str, content_type: str, octets: bytes) -> Response:
    """`octets` as a file to save under a safe form of `name`; never shown, whatever they are."""
    quiet = content_type.partition(";")[0].strip().lower()
    response = Response(octets)
    response.headers["content-type"] = quiet if quiet in QUIET_TYPES | {MESSAGE_TYPE} else ANY_TYPE
    response.headers["content-disposition"] = disposition(name)
    response.headers["content-security-policy"] = SANDBOX
    return response


def disposition(name: str) -> str:
    """Content-Disposition with a plain name and the real one (RFC 6266, RFC 8187)."""
    safe = unicodedata.normalize("NFC", clean(name)).replace("\ufffd", "_")
    safe = re.sub(r'[\\/:*?"<>|\n\t]', "_", safe).strip(" .")[-LONGEST_NAME:] or UNNAMED
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", unicodedata.normalize("NFKD", safe).encode("ascii", "ignore").decode())
    return f"attachment; filename=\"{plain.strip(' .') or UNNAMED}\"; filename*=UTF-8''{quote(safe, safe='')}"


def octets_or_404(desk: Desk, message_id: int) -> bytes:
    """What is held of a message, or the answer that there is nothing."""
    raw = desk.store.raw(message_id)
    if raw is None:
        raise HTTPException(404)
    return raw.octets
