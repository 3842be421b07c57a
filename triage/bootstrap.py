"""The only place where adapters are built and put together."""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from models.case import Triaged
from models.knowledge import Knowledge
from models.mail import NO_KEY, RawMessage
from models.mail_file import FileFault, FileMessage, FilePassed
from models.reply import ReplyDraft
from triage import mailbox_file, resources
from triage.errors import ArtifactError, MailboxRefused, SettingsError
from triage.settings import MailboxSettings, Settings

if TYPE_CHECKING:
    from classifiers.training import TrainedClassifier
    from models.reading import Evidence
    from triage.adapters.artifacts import Registry
    from triage.adapters.store import SqlStore
    from triage.adapters.work import ChildReaders, Children
    from triage.pipeline import Desk
    from triage.ports import Mailbox, Mailer, Marker

SECRET_OCTETS = 32
PRELOADED = (
    "triage.pipeline",
    "triage.adapters.artifacts",
    "triage.adapters.documents",
    "triage.adapters.knowledge",
    "defusedxml.ElementTree",
    "inscriptis",
    "olefile",
    "oxmsg",
    "phonenumbers",
    "py3langid.langid",
    "pypdfium2",
    "python_calamine",
    "scipy.sparse",
    "spacy",
    "tldextract",
    "tnefparse",
)
"""What every child needs and takes long to import: imported once, before they are forked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderOptions:
    """What a child process must be told to read mail; nothing secret."""

    artifacts: Path
    own_addresses: tuple[str, ...]
    replies_on: bool
    on: date | None = None


def clock() -> datetime:
    """Now, aware."""
    return datetime.now(UTC)


@cache
def knowledge() -> Knowledge:
    """The knowledge in force. KnowledgeError names file, key and remedy."""
    from triage.adapters.knowledge import load

    return load(resources.root())


@contextmanager
def store(settings: Settings) -> Iterator["SqlStore"]:
    """The database, its schema brought up to date; closed at the end."""
    from triage.adapters.store import SqlStore

    opened = SqlStore(settings.database, case_prefix=settings.case_prefix)
    try:
        opened.migrate()
        yield opened
    finally:
        opened.dispose()


@contextmanager
def store_to_look_at(settings: Settings) -> Iterator["SqlStore | None"]:
    """The database as it is, to read; None when there is none yet. StoreError when its schema is of another version."""
    from triage.adapters.store import SqlStore

    opened = SqlStore(settings.database, case_prefix=settings.case_prefix)
    try:
        empty = opened.is_empty()
        if not empty:
            opened.check()
        yield None if empty else opened
    finally:
        opened.dispose()


def mail_in(path: Path) -> "Iterator[FileMessage | FileFault | FilePassed]":
    """What stands in a file of mail or a folder of them, as a stream."""
    from triage.adapters import files

    policy = knowledge().running.intake
    return files.read(path, files.Limits(whole=policy.whole_octets, first=policy.first_octets))


def octets_in(path: Path) -> int:
    """How many octets `mail_in` looks at."""
    from triage.adapters import files

    return files.total_octets(path)


def mailbox(settings: MailboxSettings) -> "Mailbox":
    """The IMAP folder, open. MailboxError: try again later; MailboxRefused: a person must act."""
    from triage.adapters.imap import ImapMailbox

    return ImapMailbox.open(_renewed(settings))


def marker(settings: MailboxSettings) -> "Marker":
    """The IMAP folder, to be written. MailboxError: try again later; MailboxRefused: a person must act."""
    from triage.adapters.imap_marking import ImapMarker

    return ImapMarker.open(_renewed(settings))


def _renewed(settings: MailboxSettings) -> MailboxSettings:
    """With the password or token proof that the file of mailboxes holds now: a new one counts without a restart."""
    try:
        return mailbox_file.renewed(settings)
    except SettingsError as fault:
        raise MailboxRefused(str(fault)) from None


def mailer(settings: Settings) -> "Mailer":
    """The SMTP server."""
    from triage.adapters.smtp import SmtpMailer

    return SmtpMailer(settings)


def registry(settings: Settings) -> "Registry":
    """The trained artifacts."""
    from triage.adapters.artifacts import Registry

    return Registry(settings.artifacts)


def home(settings: Settings) -> Path:
    """The home folder, made where it is not there yet."""
    try:
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise SettingsError(
            f"TRIAGE_HOME {settings.home}: the folder cannot be made ({fault.strerror}); set it to a place where this "
            "user may write"
        ) from None
    return settings.home


def secret(settings: Settings) -> bytes:
    """The key of our Message-IDs, made at first use and kept in the home folder for its owner only."""
    file = home(settings) / "secret"
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = file.read_bytes()
        if len(kept) != SECRET_OCTETS:
            raise SettingsError(f"{file} is damaged; restore it, or remove it to have a new one made") from None
        return kept
    with os.fdopen(opened, "wb") as out:
        made = secrets.token_bytes(SECRET_OCTETS)
        out.write(made)
        out.flush()
        os.fsync(out.fileno())
    return made


def desk(options: ReaderOptions) -> "Desk":
    """What messages are triaged with. ArtifactError when there is no sound artifact."""
    from triage.adapters.apart import read_document
    from triage.adapters.artifacts import Registry
    from triage.pipeline import Desk

    classifier = Registry(options.artifacts).current()
    if classifier is None:
        raise ArtifactError("no artifact is in use; run `triage train --promote`")
    return Desk(
        knowledge=knowledge(),
        classifier=classifier,
        read_document=read_document,
        own_addresses=options.own_addresses,
        replies_on=options.replies_on,
        on=options.on,
    )


def evidence_reader(settings: Settings) -> Callable[[bytes], "Evidence"]:
    """From a mail's octets to what intent and categories are judged by; the same for training and for reading."""
    from triage.adapters.documents import read_document
    from triage.pipeline import examine

    return lambda octets: examine(octets, knowledge(), read_document, settings.own_addresses)


def line_reader(settings: Settings) -> Callable[[bytes, "TrainedClassifier"], dict[str, object]]:
    """From a mail's octets and a classifier to the line of `triage read`, in this process."""
    from triage.adapters.documents import read_document
    from triage.pipeline import Desk, triage
    from triage.reading_line import reading_line

    def line(octets: bytes, classifier: "TrainedClassifier") -> dict[str, object]:
        desk = Desk(
            knowledge=knowledge(),
            classifier=classifier,
            read_document=read_document,
            own_addresses=settings.own_addresses,
            replies_on=settings.replies == "automatic",
        )
        raw = RawMessage(key=NO_KEY, octets=octets, internaldate=clock())
        return reading_line("", triage(raw, desk), reply_subject=None, language="en")

    return line


def make_reader(options: ReaderOptions) -> Callable[[RawMessage], Triaged]:
    """The function from message to Triaged; called once in each child process."""
    from triage.adapters import apart
    from triage.pipeline import triage

    apart.begin()  # while this process is small
    return partial(triage, desk=desk(options))


def options(settings: Settings, *, on: date | None = None) -> ReaderOptions:
    """What the settings say to the children."""
    return ReaderOptions(
        artifacts=settings.artifacts,
        own_addresses=settings.own_addresses,
        replies_on=settings.replies == "automatic",
        on=on,
    )


def readers(settings: Settings, *, on: date | None = None) -> "ChildReaders":
    """The children that read mail by the artifact in use."""
    from triage.adapters.work import ChildReaders

    return ChildReaders(
        partial(make_reader, options(settings, on=on)),
        workers=settings.workers,
        seconds=settings.message_seconds,
        megabytes=settings.message_megabytes,
        preload=PRELOADED,
    )


def composer(settings: Settings) -> Callable[[Triaged, str], ReplyDraft | None]:
    """From a triage and the number of its case to the reply to queue, or None."""
    from triage.stages.compose import compose_receipt

    if settings.replies == "automatic" and not settings.own_addresses:
        raise SettingsError("TRIAGE_OWN_ADDRESSES is empty: name the desk's address, or set TRIAGE_REPLIES=off")
    key = secret(settings)

    def compose(triaged: Triaged, number: str) -> ReplyDraft | None:
        if triaged.reply.kind is None:
            return None
        return compose_receipt(
            triaged,
            case_number=number,
            sender=settings.own_addresses[0],
            organisation=settings.organisation,
            message_id_key=key,
            now=clock(),
            knowledge=knowledge().replies,
        )

    return compose


def make_decoder() -> Callable[[RawMessage], dict[str, object]]:
    """The function from message to what `triage parse` prints of it; called once in each child process."""
    from triage.adapters.apart import read_document
    from triage.stages.parse import parse
    from triage.stages.parsed_line import as_json
    from triage.stages.separate import separate

    def decode(raw: RawMessage) -> dict[str, object]:
        mail = parse(raw.octets, read_document)
        return as_json(mail, separate(mail, knowledge().separation))

    return decode


def decoders(settings: Settings) -> "Children[dict[str, object]]":
    """The children that decode mail."""
    from triage.adapters.work import Children

    return Children(
        make_decoder,
        _as_octets,
        json.loads,
        workers=settings.workers,
        seconds=settings.message_seconds,
        megabytes=settings.message_megabytes,
    )


def _as_octets(decoded: dict[str, object]) -> bytes:
    return json.dumps(decoded).encode("ascii")


def reply_subject(settings: Settings) -> Callable[[Triaged], str | None]:
    """The subject of the reply that a mail would get, with a case number of noughts, for there is no case yet."""
    from triage.stages.compose import compose_receipt

    def subject(triaged: Triaged) -> str | None:
        if triaged.reply.kind is None:
            return None
        return compose_receipt(
            triaged,
            case_number=f"{settings.case_prefix}-000000",
            sender="desk@localhost",
            organisation=settings.organisation,
            message_id_key=bytes(SECRET_OCTETS),
            now=clock(),
            knowledge=knowledge().replies,
        ).subject

    return subject
