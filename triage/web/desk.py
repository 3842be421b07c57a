"""What the pages are made with, and who asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Request

from models.knowledge.running import IntakePolicy
from triage.ports import Session, Store
from triage.settings import Settings
from triage.web.pages import Pages
from triage.web.security import Form
from triage.web.throttle import Throttle

ReadAttachment = Callable[[bytes, int, str], tuple[str, str, bytes]]
"""From a message's octets, an index into its attachments and the SHA-256 of one: safe name, content type, octets.
IndexError when there is no such attachment, ReadingError when the message cannot be opened."""

LARGEST_ID = 2**31 - 1  # what an integer column of PostgreSQL holds
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything a page may use."""

    store: Store
    settings: Settings
    pages: Pages
    throttle: Throttle
    intake: IntakePolicy
    read_attachment: ReadAttachment
    now: Callable[[], datetime]


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _session(request: Request) -> Session:
    session: Session = request.state.session
    return session


def _form(request: Request) -> Form:
    form: Form = request.state.form
    return form


TheDesk = Annotated[Desk, Depends(_desk)]
SignedIn = Annotated[Session, Depends(_session)]
Posted = Annotated[Form, Depends(_form)]
