"""What staff enter themselves: a telephone call, or a mail that reached one of them in person."""

from dataclasses import dataclass
from datetime import datetime

from models.mail import MessageSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was said, by whom and when (`at` is aware). All but `text` stand on one line; what is unknown is empty."""

    source: MessageSource
    company: str
    contact: str
    email: str
    phone: str
    at: datetime
    subject: str
    text: str
