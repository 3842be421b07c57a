"""A07 to A10 and A14: what other clients and the server's keepers do to a folder."""

import time
from collections.abc import Callable
from functools import partial

from tests.e2e.faults import keeper
from tests.e2e.faults.rows import BOTH, SQLITE, Form, row
from tests.e2e.faults.world import World

FOLDER = "Bestilling"
NAMES = (
    "Innkjøp",
    "Kjøp & salg",
    'Med "anførsel"',
    "to  blanke i midten",
    "R&AOU-d &",
    "采购",
    "a{3}",
    "prosent%%d",
    "Øst/Vest/Nord",
)


@row("A07", "UIDVALIDITY changes, the mails stay the same", BOTH)
def renumbered(world: World, form: Form) -> str:
    changes = 2 if form == "short" else 10
    for number in range(changes):
        names = world.send(6)
        world.clean_poll(TRIAGE_POLL_BATCH="4")
        world.work()
        with world.client(folder="INBOX") as client:  # a gap, so that new UIDs are others
            client.delete_messages(client.search(["HEADER", "X-Fault-Id", names[1]]))
            client.expunge()
        _renumber(world, uids_too=number % 2 == 1)
        world.clean_poll(TRIAGE_POLL_BATCH="4")
        world.work()
    tally = world.check()
    assert tally.replies == tally.sent, f"{tally.sent} mails were answered {tally.replies} times"
    return f"{changes} changes of UIDVALIDITY"


def _uidvalidity(world: World, folder: str) -> int:
    with world.client() as client:
        return int(client.folder_status(folder, ["UIDVALIDITY"])[b"UIDVALIDITY"])


def _renumber(world: World, *, uids_too: bool) -> None:
    """The server numbers the INBOX anew: another UIDVALIDITY, and other UIDs when `uids_too`."""
    before = _uidvalidity(world, "INBOX")
    if uids_too:
        keeper.forget_uids(world.server, world.user)
        time.sleep(1.1)  # Dovecot takes the second for UIDVALIDITY
    else:
        keeper.set_uidvalidity(world.server, world.user, "INBOX", before + 100_003)  # seconds: never now
    assert _uidvalidity(world, "INBOX") != before, "the server kept its UIDVALIDITY"


@row("A08", "UIDVALIDITY changes, the UIDs name other mails", BOTH)
def reused(world: World, form: Form) -> str:
    changes = 3 if form == "short" else 12
    world.settings["TRIAGE_IMAP_MAILBOX"] = FOLDER
    for number in range(changes):
        with world.client() as client:
            if number:
                client.delete_folder(FOLDER)
            client.create_folder(FOLDER)
        world.send(5 + number % 2, folder=FOLDER)
        world.clean_poll(TRIAGE_POLL_BATCH="2")
    return f"{changes} folders of one name"


@row("A09", "another client removes mails between SEARCH and FETCH", BOTH)
def expunged(world: World, form: Form) -> str:
    rounds, vanished = 2 if form == "short" else 12, 0
    for number in range(rounds):
        names = world.send(9)
        gone = [names[at] for at in ((0, 4, 8), (1,), tuple(range(9)))[number % 3]]
        _before_the_fetch(world, partial(world.withdraw, gone))
        world.withdrawn |= set(gone)
        ended = world.clean_poll(TRIAGE_POLL_BATCH="5")
        vanished += len(gone)
        assert not world.armed, f"the poller sent no FETCH: {ended.out}"
    world.clean_poll()
    return f"{vanished} removed in {rounds} polls"


@row("A10", "sequence numbers shift, for another client removes mails", BOTH)
def shifted(world: World, form: Form) -> str:
    rounds, removed = 2 if form == "short" else 12, 0
    old = world.send(6)
    world.clean_poll()
    for _ in range(rounds):
        new = world.send(7)
        gone, old = old[:3], old[3:] + new
        _before_the_fetch(world, partial(world.withdraw, gone))
        world.clean_poll(TRIAGE_POLL_BATCH="3")
        removed += len(gone)
    return f"{removed} earlier mails removed in {rounds} polls"


def _before_the_fetch(world: World, act: Callable[[], None]) -> None:
    """Call `act` once, between the poller's search and the FETCH of octets that follows."""
    world.armed = True

    def seen(line: bytes) -> None:
        if world.armed and b" FETCH " in line and b"BODY" in line:
            world.armed = False
            act()

    world.proxy.before_command = seen


@row("A14", "a folder is missing, may not be read, or has an odd name", SQLITE)
def odd_folders(world: World, form: Form) -> str:
    for name in NAMES:
        with world.client() as client:
            client.create_folder(name)
        world.send(3, folder=name)
        world.clean_poll(TRIAGE_IMAP_MAILBOX=name)
    stored = world.number("SELECT count(*) FROM message")
    assert stored == len(world.sent), f"{stored} of {len(world.sent)} stored"
    missing = world.poll(TRIAGE_IMAP_MAILBOX="Finnes ikke")
    assert missing.status in {1, 2}, missing
    assert "Finnes ikke" in missing.errors, missing
    assert "TRIAGE_IMAP_MAILBOX" in missing.errors, f"does not say what to do: {missing.errors}"
    closed = NAMES[0]
    world.send(2, folder=closed)
    where = keeper.maildir(world.server, world.user, closed)
    with keeper.mode(where, 0):
        refused = world.poll(TRIAGE_IMAP_MAILBOX=closed)
        assert refused.status in {1, 2}, refused
        assert closed in refused.errors, refused
    with keeper.mode(where, 0o555):
        world.clean_poll(TRIAGE_IMAP_MAILBOX=closed)
    with world.client(folder="INBOX") as client:
        assert not client.search(["SEEN"]), "a poll marked mail as seen"
    return f"{len(NAMES)} names, one missing, one closed, one read-only"
