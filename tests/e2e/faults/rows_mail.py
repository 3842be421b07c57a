"""A15 to A19: what mails carry, and how often they are fetched."""

import re

from tests.e2e.faults.rows import BOTH, SQLITE, Form, row
from tests.e2e.faults.world import FAULT_ID, World

COMMANDS = re.compile(
    rb"""(?x) DONE | [A-Za-z0-9]+\ (?:
        CAPABILITY | NOOP | LOGOUT | IDLE | STARTTLS | UNSELECT | CLOSE | NAMESPACE
        | LOGIN\ \S+\ \S+ | AUTHENTICATE\ \S+(?:\ \S+)? | ENABLE\ [\w=\ ]+ | ID\ .{1,300}
        | (?:EXAMINE|SELECT|STATUS)\ "?INBOX"?(?:\ \([A-Z\ ]+\))? | LIST\ \S+\ \S+
        | UID\ SEARCH\ (?:CHARSET\ \S+\ )?(?:UID\ [0-9:*,]+|ALL)
        | UID\ FETCH\ [0-9:*,]+\ \(?[A-Z0-9.\[\]\ <>-]+\)?
    )"""
)
"""Every command line that a poller may send: the program's own words, the user, the folder, and numbers."""


@row("A15", "a Message-ID is used again by other mails, also a competitor's", BOTH)
def reused_message_id(world: World, form: Form) -> str:
    count = 4 if form == "short" else 60
    for part in range(count):
        reused = b"<offer@firma.example>"
        world.append([world.letter(message_id=reused) for _ in range(3)])
        if part % 2:
            world.clean_poll(TRIAGE_POLL_BATCH="2")
    world.clean_poll()
    world.work()
    rows = world.number("SELECT count(*) FROM message WHERE state = 'triaged'")
    assert rows == 3 * count, f"{rows} of {3 * count} mails with one Message-ID were triaged"
    return f"{3 * count} mails with one Message-ID"


@row("A16", "a Message-ID is absent, empty, double or 10 kB", BOTH)
def odd_message_id(world: World, form: Form) -> str:
    fields: list[tuple[bytes, list[bytes]]] = [
        (b"", []),
        (b"", [b"Message-ID:"]),
        (b"", [b"Message-ID: <>"]),
        (b"", [b"Message-ID: \xff\xfe\xe6"]),
        (b"<" + b"a" * 10_000 + b"@firma.example>", []),
        (b"<" + b"a\r\n " * 2_500 + b"@firma.example>", []),
        (b"<1@firma.example>", [b"Message-ID: <2@firma.example>"]),
        (b"<1@firma.example> <2@firma.example>", []),
        (b"no angle brackets", []),
    ]
    times = 1 if form == "short" else 20
    for _ in range(times):
        world.append([world.letter(message_id=first, fields=more) for first, more in fields])
        world.append([world.letter(message_id=first, fields=more) for first, more in fields])
    world.clean_poll(TRIAGE_POLL_BATCH="4")
    world.work()
    rows = world.number("SELECT count(*) FROM message WHERE state = 'triaged'")
    assert rows == len(world.sent), f"{rows} of {len(world.sent)} were triaged"
    return f"{len(world.sent)} odd Message-IDs"


@row("A18", "header fields carry IMAP commands", SQLITE)
def commands_in_fields(world: World, form: Form) -> str:
    kept = ("Kontrakter", "Avtaler")
    with world.client() as client:
        for name in kept:
            client.create_folder(name)
    hostile = [
        (b"<x", [b"Subject: x\rX1 DELETE Kontrakter\rX2 RENAME Avtaler STJAALET"]),
        (b"<x\rX1 DELETE Kontrakter\rX2 RENAME Avtaler STJAALET\r>", []),
        (b"<x\r\n X1 DELETE Kontrakter\r\n X2 RENAME Avtaler STJAALET\r\n @firma.example>", []),
        (b"=?utf-8?q?=0D=0AX1_DELETE_Kontrakter=0D=0A?=@firma.example", []),
        (b'<"\\" {12}"@firma.example>', [b"In-Reply-To: <y\rX3 DELETE Kontrakter\r>"]),
        (b"<x@firma.example>", [b"References: <=?utf-8?b?DQpYMSBERUxFVEUgS29udHJha3Rlcg0K?=>"]),
    ]
    times = 1 if form == "short" else 10
    for _ in range(times):
        world.append([world.letter(message_id=first, fields=more) for first, more in hostile])
        world.clean_poll(TRIAGE_POLL_BATCH="4")
        world.work()
        world.clean_poll()
    with world.client() as client:
        names = {name for _flags, _delimiter, name in client.list_folders()}
    assert names >= set(kept), f"folders are gone: {names}"
    strange = [line for line in world.proxy.commands if not COMMANDS.fullmatch(line)]
    assert not strange, f"a poller sent {strange[:3]}"
    return f"{len(world.sent)} hostile mails, {len(world.proxy.commands)} commands seen"


@row("A19", "the same mailbox is polled again and again", BOTH)
def polled_again(world: World, form: Form) -> str:
    polls = 12 if form == "short" else 100
    world.send(30, size=6000)
    world.clean_poll()
    first = world.proxy.down
    for number in range(polls):
        if number % 4 == 3:
            world.send(1, size=6000)
        world.clean_poll()
    octets = sum(len(octets) for _row, octets in world.rows())
    assert world.proxy.down < 2 * octets, f"{world.proxy.down} octets fetched for {octets}"
    later = (world.proxy.down - first - (polls // 4) * 6200) / polls
    assert later < 4000, f"a poll that finds nothing fetches {later:.0f} octets"
    return f"{polls} polls: {world.proxy.down / octets:.2f} times the octets"


@row("A17", "the same mail is delivered twice", BOTH)
def delivered_twice(world: World, form: Form) -> str:
    """Two rows, for the server holds two; one case, one reply."""
    count = 3 if form == "short" else 40
    letters = [world.letter() for _ in range(count)]
    world.append(letters)
    world.clean_poll()
    if form == "long":
        world.work()
    world.append(letters)
    world.clean_poll()
    world.work()
    rows = [FAULT_ID.search(octets) for _row, octets in world.rows()]
    assert len(rows) == 2 * count, f"{len(rows)} rows of {2 * count} deliveries"
    world.copies = 2
    replies = world.number("SELECT count(*) FROM outbox")
    assert replies == count, f"{replies} replies to {count} mails that came twice"
    cases = world.number("SELECT count(*) FROM supply_case")
    assert cases == count, f"{cases} cases of {count} mails that came twice"
    return f"{count} mails, each delivered twice"
