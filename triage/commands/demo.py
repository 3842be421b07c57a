"""`triage demo`: the whole desk on loopback with a made-up mailbox, from IMAP to the receipts and the web."""

import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import SecretStr

from models.case import QueueFilter
from models.reply import OutboxState
from triage import bootstrap, resources
from triage.commands import polling, rounds, serving
from triage.commands.operating import queue_table
from triage.commands.shown import Json, print_json, progress_bar
from triage.settings import Settings

if TYPE_CHECKING:
    from triage.adapters.store import SqlStore

SEED = 2020
COUNT = 2300
TOP = 15
USER = "demo"
Message = tuple[bytes, datetime]


def add_to(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("demo")(demo)


def demo(
    serve: Annotated[bool, typer.Option(help="Serve the web when the backlog is done")] = True,
    count: Annotated[int, typer.Option(min=300, max=100_000, help="Messages in the mailbox")] = COUNT,
    embedded: Annotated[
        bool, typer.Option("--embedded", help="The embedded IMAP server even where Dovecot is")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the web")] = 8000,
    json_: Json = False,
) -> None:
    """A trial on loopback: 2,300 mails polled, triaged, answered and ranked; then the web, with a login it prints."""
    from triage.demo.mailbox import messages
    from triage.demo.plan import read_proportions
    from triage.demo.smtp import CatchingServer

    started = time.monotonic()
    data = resources.root() / "data"
    mails = messages(data, seed=SEED, count=count, now=bootstrap.clock())
    with ExitStack() as stack:
        home = stack.enter_context(_folder())
        caught = stack.enter_context(CatchingServer())
        imap = stack.enter_context(_imap(mails, embedded=embedded))
        desk = read_proportions(data / "demo").desk
        configured = Settings(
            **imap,
            database_url=f"sqlite:///{home / 'demo.db'}",
            imap_user=USER,
            imap_password=SecretStr(USER),
            smtp_host=CatchingServer.host,
            smtp_port=caught.port,
            smtp_encryption="none",
            own_addresses=(desk.address,),
            organisation=desk.name,
            web_port=port,
            web_secure_cookies=False,
        )
        store = stack.enter_context(bootstrap.store(configured))
        summary = _backlog(configured, store)
        if not json_:
            queue_table(store.queue(QueueFilter(), page=1, size=TOP))
        print_json({**summary, "receipts": len(caught.caught), "seconds": round(time.monotonic() - started, 1)})
        if serve:
            _serve(configured, store)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="supplier-mail-desk-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _imap(mails: Iterable[Message], *, embedded: bool) -> Iterator[dict[str, Any]]:
    """A running IMAP server that holds `mails`, as settings: Dovecot where it is installed, else the embedded one."""
    from triage.demo import dovecot
    from triage.demo.imap import EmbeddedImap

    if dovecot.program() and not embedded:
        with dovecot.Dovecot({USER: USER}) as server:
            _tell(f"Dovecot holds {server.fill(mails, USER)} messages")
            yield {"imap_host": "localhost", "imap_port": server.imaps_port, "imap_ca_file": server.certificate}
    else:
        with EmbeddedImap(mails, USER, USER) as own:
            _tell("the embedded IMAP server holds the messages")
            yield {"imap_host": EmbeddedImap.host, "imap_port": own.port, "imap_encryption": "none"}


def _backlog(configured: Settings, store: "SqlStore") -> dict[str, Any]:
    """Poll, triage and deliver all there is; what came of it."""
    with progress_bar("poll") as bar:
        done = polling.poll_all(configured, store, progress=bar)
    for fault in done.faults:
        raise fault
    with rounds.reading(configured) as readers, progress_bar("triage") as bar:
        rounds.work(configured, store, readers, progress=bar)
    due = store.outbox_counts().get(OutboxState.QUEUED, 0)
    with progress_bar("deliver") as bar:
        waiting = due
        while waiting:
            bar(due - waiting, due)
            rounds.deliver(configured, store)
            before, waiting = waiting, store.outbox_counts().get(OutboxState.QUEUED, 0)
            if waiting == before:
                break
        bar(due - waiting, due)
    events = store.event_counts()
    return {
        "messages": sum(report.stored for report in done.reports),
        "cases": store.queue(QueueFilter(open_only=False), page=1, size=1).total,
        "receipts": 0,
        "withheld": events.get("reply_withheld", 0),
        "already_answered": events.get("reply_repeated", 0),
        "quarantined": len(store.quarantined()),
        "by_category": dict(store.category_counts()),
    }


def _serve(configured: Settings, store: "SqlStore") -> None:
    from triage.web.sign_in import hash_password

    password = secrets.token_urlsafe(9)
    store.put_account(USER, "admin", hash_password(password))
    _tell(f"http://{configured.web_host}:{configured.web_port}  sign in as {USER} with {password}  (Ctrl-C ends)")
    serving.serve(configured, store, jobs=True)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
