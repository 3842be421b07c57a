"""A04 to A06: the connection is cut or stalls anywhere, the server starts anew."""

import random
import time

from tests.e2e.faults.proxy import Fault
from tests.e2e.faults.rows import BOTH, SQLITE, Form, row
from tests.e2e.faults.world import World

STEP = 199
PATIENCE = 30
"""Seconds within which a poll must end, however the server behaves: generous, for a machine under load."""


@row("A04", "the connection is cut after n octets, with FIN or RST", BOTH)
def cut(world: World, form: Form) -> str:
    """Every cut has a folder of its own with three mails, two to a batch, and is followed by a poll without fault."""
    world.reach_schema()
    world.settings["TRIAGE_POLL_BATCH"] = "2"
    whole = _one_session(world, "Hel")
    points = list(range(0, whole, STEP if form == "long" else whole // 11))
    for number, after in enumerate(points):
        folder = _folder(world, f"Brudd{number}")
        direction = "up" if number % 5 == 4 else "down"
        fault = Fault(act="reset" if number % 2 else "cut", after=after % 300 if direction == "up" else after)
        world.proxy.fault = Fault(act=fault.act, after=fault.after, direction="up") if direction == "up" else fault
        world.poll(seconds=PATIENCE, TRIAGE_IMAP_MAILBOX=folder)
        world.proxy.fault = None
        world.clean_poll(TRIAGE_IMAP_MAILBOX=folder)
    assert world.proxy.struck >= len(points) * 3 // 4, f"only {world.proxy.struck} of {len(points)} cuts struck"
    return f"{world.proxy.struck} cuts in {whole} octets"


def _folder(world: World, name: str) -> str:
    with world.client() as client:
        client.create_folder(name)
    world.send(3, folder=name, size=4000)
    return name


def _one_session(world: World, name: str) -> int:
    """Octets that the server says in a poll of such a folder."""
    folder = _folder(world, name)
    before = world.proxy.down
    world.clean_poll(TRIAGE_IMAP_MAILBOX=folder)
    return world.proxy.down - before


@row("A05", "the server stalls amid a literal, or trickles", SQLITE)
def stalled(world: World, form: Form) -> str:
    world.settings |= {"TRIAGE_POLL_BATCH": "2", "TRIAGE_IMAP_TIMEOUT": "1"}
    world.reach_schema()
    places = (10, 700, 2500, 5500) if form == "short" else range(10, 12000, STEP)
    longest = 0.0
    for after in places:
        world.send(3, size=4000)
        world.proxy.fault = Fault(act="stall", after=after)
        began = time.monotonic()
        ended = world.poll(seconds=PATIENCE)
        longest = max(longest, time.monotonic() - began)
        struck, world.proxy.fault = world.proxy.struck, None
        assert ended.status != "late", f"a poll of a server that fell silent after {after} octets did not end"
        assert ended.well or "did not answer in time" in ended.errors, f"{ended.status}: {ended.errors}"
    assert struck == len(places), f"only {struck} of {len(places)} stalls struck"
    _trickled(world)
    world.let_time_pass()
    world.clean_poll()
    return f"{struck} stalls, one trickle; the longest poll took {longest:.1f} s"


def _trickled(world: World) -> None:
    """A server that sends an octet now and then is never silent, and is given up all the same."""
    world.send(2, size=4000)
    world.proxy.fault = Fault(act="trickle", after=900, pause=0.05)
    ended = world.poll(seconds=PATIENCE, FAULTS_LONGEST_ANSWER="2")
    world.proxy.fault = None
    assert ended.status == 1, f"a poll of a server that sends an octet now and then ended with {ended.status}"
    world.clean_poll()


@row("A06", "Dovecot starts anew, by SIGTERM or SIGKILL, amid polls", BOTH)
def restarted(world: World, form: Form) -> str:
    world.reach_schema()
    world.settings["TRIAGE_POLL_BATCH"] = "2"
    chance = random.Random(6)
    restarts, amid = 4 if form == "short" else 20, 0
    for number in range(restarts):
        world.send(20)
        seen = len(world.proxy.commands)
        attempt = world.start("poll", "--once")
        world.proxy.await_commands(seen + chance.randint(3, 16), 10)
        world.server.restart(kill=number % 2 == 1)
        ended = world.end(attempt)
        assert ended.status in {0, 1}, f"a poll amid a restart ended with {ended.status}: {ended.errors}"
        amid += ended.status == 1
    world.clean_poll()
    assert amid, "no poll noticed a restart"
    return f"{restarts} restarts, {amid} noticed"
