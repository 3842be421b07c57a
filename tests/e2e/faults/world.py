"""A place to run a row in: a mailbox of its own on a real Dovecot, a proxy before it, an empty database, and the count.

Every message sent carries an id of its own in its octets; what is lost and doubled is told by these ids, read out of
the octets that the database holds, never by the product's own keys.
"""

import base64
import hashlib
import os
import re
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from imapclient import IMAPClient
from sqlalchemy import create_engine, text

from tests.e2e.faults.proxy import Proxy
from tests.e2e.faults.running import LONGEST, Attempt, Ended, Runner
from tests.servers.postgres import Postgres
from triage.adapters.store import SqlStore
from triage.demo.dovecot import Dovecot

PASSWORD = "hemmelig"
USERS = 400
FAULT_ID = re.compile(rb"^X-Fault-Id: ([0-9a-f]{16})\r?$", re.MULTILINE)
OWN_ADDRESS = "mottak@sykehus.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The count: by ids. `altered` are rows whose octets are not those that were sent; `replies` ids with a reply."""

    sent: int
    stored: int
    lost: int
    doubled: int
    altered: int
    replies: int
    replied_twice: int

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.altered or self.replied_twice)


@dataclass(kw_only=True)
class Site:
    """What all rows share: servers, the artifact to read with, the runner of the product as it is."""

    dovecot: Dovecot
    postgres: Postgres
    artifacts: Path
    folder: Path
    runner: Runner
    used: int = 0

    @staticmethod
    def users() -> dict[str, str]:
        """The users that the Dovecot of a site needs: a mailbox per world."""
        return {f"desk{number}": PASSWORD for number in range(USERS)}

    def next_user(self) -> str:
        self.used += 1
        return f"desk{self.used - 1}"

    @contextmanager
    def world(self, store: str, *, runner: Runner | None = None, url: str = "") -> Iterator["World"]:
        """A new world on "sqlite" or "postgresql"; `url` when the row brings a database of its own."""
        user = self.next_user()
        home = self.folder / user
        home.mkdir(mode=0o700)
        (home / "artifacts").symlink_to(self.artifacts)
        made = ""
        if not url:
            made = url = self.postgres.new_database() if store == "postgresql" else f"sqlite:///{home}/desk.db"
        try:
            with World(self, user, url, home, runner or self.runner) as world:
                yield world
        finally:
            if made and store == "postgresql":
                self.postgres.drop_database(made)


@dataclass
class World:
    """One row's world. Use it as a context manager. `settings` go to every attempt; `stack` closes with the world."""

    site: Site
    user: str
    url: str
    home: Path
    runner: Runner
    settings: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    """The SHA-256 of what was sent, by id."""
    withdrawn: set[str] = field(default_factory=set)
    """Ids that somebody removed from the server before they could be fetched."""
    armed: bool = False
    """Whether a hook in the proxy still waits for its moment."""
    heads: dict[str, bytes] = field(default_factory=dict)
    """The beginning of mails of which the first part is enough."""
    copies: int = 1
    """How often the server holds each mail."""

    def __enter__(self) -> Self:
        self.server = self.site.dovecot
        self.stack = ExitStack()
        self.proxy = self.stack.enter_context(Proxy(self.server.imap_port))
        self.started: list[Attempt] = []
        return self

    def __exit__(self, *_: object) -> None:
        for attempt in self.started:
            attempt.kill()
            attempt.wait()
        self.stack.close()

    # mail

    def letter(
        self, *, size: int = 700, fields: Sequence[bytes] = (), message_id: bytes | None = None, subject: str = ""
    ) -> tuple[str, bytes]:
        """(id, octets) of a new mail with `size` octets of text or more; `message_id` b"" leaves that field out."""
        name = secrets.token_hex(8)
        msgid = f"<{name}@firma.example>".encode() if message_id is None else message_id
        lines = [
            f"Return-Path: <kim-{name}@firma.example>".encode(),
            f"X-Fault-Id: {name}".encode(),
            f"From: Kim Li <kim-{name}@firma.example>".encode(),
            f"To: {OWN_ADDRESS}".encode(),
            f"Subject: {subject or f'Offer of masks {name}'}".encode(),
            b"Date: " + datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").encode(),
            *([b"Message-ID: " + msgid] if msgid else []),
            *fields,
            b"MIME-Version: 1.0",
            b"Content-Type: text/plain; charset=us-ascii",
            b"",
            f"Dear Sir or Madam, we can offer 1000 masks FFP2, EN 149:2001+A1:2009. Our reference {name}.".encode(),
        ]
        octets = b"\r\n".join(lines) + b"\r\n"
        rest = max(0, size - len(octets))
        octets += base64.encodebytes(os.urandom(rest * 3 // 4)).replace(b"\n", b"\r\n")
        return name, octets

    def keep_head(self, name: str, head: bytes) -> None:
        """Note a mail as sent of which it is enough to keep the first part, if that begins so."""
        self.sent[name], self.heads[name] = "", head

    def keep(self, name: str, octets: bytes) -> None:
        """Note a mail as sent."""
        self.sent[name] = hashlib.sha256(octets).hexdigest()

    def send(self, count: int, *, folder: str = "INBOX", size: int = 700, ago: timedelta = timedelta()) -> list[str]:
        """Append `count` new mails; their ids."""
        return self.append([self.letter(size=size) for _ in range(count)], folder=folder, ago=ago)

    def append(
        self, letters: Sequence[tuple[str, bytes]], *, folder: str = "INBOX", ago: timedelta = timedelta()
    ) -> list[str]:
        """Append these mails as an ordinary client would, past the proxy.

        A CR that stands alone is no octet that IMAP keeps: of such a mail counts what the server gives any client.
        """
        arrived = datetime.now(UTC).replace(microsecond=0) - ago
        with self.client() as client:
            for name, octets in letters:
                client.append(folder, octets, msg_time=arrived)
                self.keep(name, octets)
                if b"\r" in octets.replace(b"\r\n", b""):
                    client.select_folder(folder, readonly=True)
                    [last] = client.fetch(client.search()[-1:], ["BODY.PEEK[]"]).values()
                    self.keep(name, last[b"BODY[]"])
        return [name for name, _octets in letters]

    def fill(self, count: int, *, size: int = 700) -> None:
        """Lay `count` new mails into the INBOX before any client opened it: quicker than APPEND."""
        letters = [self.letter(size=size) for _ in range(count)]
        arrived = datetime.now(UTC).replace(microsecond=0)
        self.server.fill([(octets, arrived) for _name, octets in letters], user=self.user)
        for name, octets in letters:
            self.keep(name, octets)

    @contextmanager
    def client(self, *, folder: str = "") -> Iterator[IMAPClient]:
        """Another client of the same mailbox, past the proxy; with `folder` open."""
        client = IMAPClient("127.0.0.1", port=self.server.imap_port, ssl=False, timeout=30)
        try:
            client.login(self.user, PASSWORD)
            if folder:
                client.select_folder(folder)
            yield client
        finally:
            client.logout()

    def withdraw(self, names: Sequence[str], *, folder: str = "INBOX") -> None:
        """Somebody else removes these mails for good."""
        with self.client(folder=folder) as client:
            uids = [uid for name in names for uid in client.search(["HEADER", "X-Fault-Id", name])]
            client.delete_messages(uids)
            client.expunge()

    # attempts

    def environment(self, **more: str) -> Mapping[str, str]:
        """The settings of the product in this world."""
        return {
            "TRIAGE_HOME": str(self.home),
            "TRIAGE_DATABASE_URL": self.url,
            "TRIAGE_IMAP_HOST": "127.0.0.1",
            "TRIAGE_IMAP_PORT": str(self.proxy.port),
            "TRIAGE_IMAP_ENCRYPTION": "none",
            "TRIAGE_IMAP_USER": self.user,
            "TRIAGE_IMAP_PASSWORD": PASSWORD,
            "TRIAGE_IMAP_TIMEOUT": "20",
            "TRIAGE_OWN_ADDRESSES": OWN_ADDRESS,
            "TRIAGE_ORGANISATION": "Sykehusinnkjop",
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            **self.settings,
            **more,
        }

    def start(self, *argv: str, crash_at: int | None = None, **settings: str) -> Attempt:
        """Begin an attempt that may be killed."""
        attempt = self.runner.start(*argv, environment=self.environment(**settings), crash_at=crash_at)
        self.started.append(attempt)
        return attempt

    def end(self, attempt: Attempt, seconds: float = LONGEST) -> Ended:
        """Wait for an attempt."""
        ended = attempt.wait(seconds)
        self.started.remove(attempt)
        return ended

    def run(self, *argv: str, crash_at: int | None = None, seconds: float = LONGEST, **settings: str) -> Ended:
        """An attempt, to its end."""
        return self.end(self.start(*argv, crash_at=crash_at, **settings), seconds)

    def poll(self, *, seconds: float = LONGEST, **settings: Any) -> Ended:
        """One round of polling."""
        return self.run("poll", "--once", "--json", seconds=seconds, **settings)

    def clean_poll(self, **settings: Any) -> Ended:
        """One round of polling that must end well."""
        ended = self.poll(**settings)
        assert ended.well, f"a poll without fault ended with {ended.status}: {ended.errors}"
        return ended

    def work(self) -> None:
        """One round of triage that must end well."""
        ended = self.run("work-here")
        assert ended.well, f"a round of triage without fault ended with {ended.status}: {ended.errors}"

    def reach_schema(self) -> None:
        """Make the tables, so that the first attempt is like all others."""
        store = SqlStore(self.url, case_prefix="SM")
        store.migrate()
        store.dispose()

    # the count

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """(Row, octets) of every message whose octets the database holds; what is owed or gone has none."""
        store = SqlStore(self.url, case_prefix="SM")
        try:
            for row in self._numbers("SELECT id FROM message ORDER BY id"):
                raw = store.raw(row)
                if raw is not None:
                    yield row, raw.octets
        finally:
            store.dispose()

    def number(self, query: str) -> int:
        """The first number that a query of the database gives."""
        return self._numbers(query)[0]

    def _numbers(self, query: str) -> list[int]:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = [int(row[0]) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def tally(self) -> Tally:
        """Sent against stored, and replies against messages."""
        stored: Counter[str] = Counter()
        name_of: dict[int, str] = {}
        altered = 0
        for row, octets in self.rows():
            found = FAULT_ID.search(octets)
            name = found[1].decode() if found else "none"
            stored[name] += 1
            name_of[row] = name
            altered += hashlib.sha256(octets).hexdigest() != self.sent.get(name) and not self.kept_in_part(name, octets)
        replies = Counter(name_of.get(row, "none") for row in self._numbers("SELECT message_id FROM outbox"))
        return Tally(
            sent=len(self.sent),
            stored=sum(stored.values()),
            lost=len(self.sent.keys() - stored.keys() - self.withdrawn),
            doubled=sum(max(0, count - self.copies) for count in stored.values()),
            altered=altered,
            replies=len(replies),
            replied_twice=sum(count - 1 for count in replies.values()),
        )

    def kept_in_part(self, name: str, octets: bytes) -> bool:
        """Whether only the first part of this mail need be kept, and is."""
        head = self.heads.get(name)
        return bool(head) and octets.startswith(head or b"")

    def stored_ids(self) -> set[str]:
        """Ids of the mails whose octets the database holds."""
        found = (FAULT_ID.search(octets) for _row, octets in self.rows())
        return {one[1].decode() for one in found if one}

    def let_time_pass(self) -> None:
        """What the product would ask for again later is due now."""
        engine = create_engine(self.url)
        with engine.begin() as connection:
            connection.execute(text("UPDATE message SET retry_at = stored_at WHERE retry_at IS NOT NULL"))
        engine.dispose()

    def check(self) -> Tally:
        """The tally, which must be clean."""
        tally = self.tally()
        assert tally.clean, f"not clean: {tally}"
        return tally
