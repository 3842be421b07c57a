"""The form by which staff enter a call or a mail: what it takes, and which fields of it are wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.entry import Entry
from models.mail import MessageSource
from triage.web.marking import clean
from triage.web.security import Form

SOURCES = (MessageSource.PHONE, MessageSource.DIRECT)
LENGTHS: Mapping[str, int] = {
    "company": 200, "contact": 200, "email": 254, "phone": 60, "subject": 300, "referrer": 200,
}  # fmt: skip
KEPT = (*LENGTHS, "source", "at", "text", "token")
LONGEST_TEXT = 50_000
SOON, LONG_AGO = timedelta(minutes=5), timedelta(days=3650)
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,10}[^\W_]{2,63}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was posted: the values to show again, the entry when nothing is wrong, and which fields are."""

    values: Mapping[str, str]
    wrong: tuple[str, ...]
    entry: Entry | None


def one_line(text: str, longest: int) -> str:
    """A text of one line, without control characters."""
    return " ".join(clean(text).split())[:longest]


def token_of(form: Form) -> str:
    """The token that makes a form that is posted twice one entry; empty when it is none of ours."""
    token = form.one("token")
    return token if _TOKEN.fullmatch(token) else ""


def kept(form: Form, prefix: str = "") -> dict[str, str]:
    """What somebody wrote whose sign-in ended meanwhile, to be shown again; empty when that is nothing."""
    said = {name: clean(form.one(prefix + name)) for name in KEPT}
    return said if any(said[name].strip() for name in (*LENGTHS, "text")) else {}


def read_entry(form: Form, now: datetime) -> Asked:
    """What a form says."""
    values = {name: one_line(form.one(name), longest) for name, longest in LENGTHS.items()}
    text = clean(form.one("text").replace("\r\n", "\n").replace("\r", "\n")).strip()
    values |= {"source": form.one("source"), "at": form.one("at")[:40], "text": text}
    email, at = _email(values["email"]), _moment(values["at"], now)
    right = {
        "source": values["source"] in SOURCES,
        "company": bool(values["company"] or values["contact"]),
        "email": email is not None,
        "at": at is not None,
        "subject": bool(values["subject"]),
        "text": 0 < len(text) <= LONGEST_TEXT,
    }
    wrong = tuple(name for name, fine in right.items() if not fine)
    if wrong or email is None or at is None:
        return Asked(values=values, wrong=wrong, entry=None)
    entry = Entry(
        source=MessageSource(values["source"]),
        company=values["company"],
        contact=values["contact"],
        email=email,
        phone=values["phone"],
        at=at,
        subject=values["subject"],
        text=text,
    )
    return Asked(values=values, wrong=(), entry=entry)


def _email(asked: str) -> str | None:
    """The address as a header holds it, empty when there is none; None when it is no address."""
    if not asked:
        return ""
    if not _ADDRESS.fullmatch(asked):
        return None
    local, _, domain = asked.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return None


def _moment(asked: str, now: datetime) -> datetime | None:
    """The time of this place that was given, now when none was; None when it is no time, or not yet."""
    if not asked.strip():
        return now
    try:
        at = datetime.fromisoformat(asked).astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return at if now - LONG_AGO < at <= now + SOON else None
