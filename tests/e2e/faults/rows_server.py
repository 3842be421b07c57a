"""A11 to A13: a server that refuses, throttles, asks to sign in anew, or sends more than anybody can hold."""

import re
import time
from itertools import pairwise
from typing import Any

from tests.e2e.faults import keeper
from tests.e2e.faults.rows import BOTH, SQLITE, Form, row
from tests.e2e.faults.running import Attempt
from tests.e2e.faults.scripted import EXAMINE, FETCH, LOGIN, SEARCH, SIZES, Script, TokenDoor, keeping_back, literal
from tests.e2e.faults.world import PASSWORD, World
from tests.servers.authority import Authority
from tests.servers.token_endpoint import TokenEndpoint

PATIENCE = 30
MOST_COMMANDS = 80
"""In one poll of a few mails: more would hammer a server that refuses."""
PAUSE = 1.5
MEGABYTE = 2**20
MOST_MEMORY = 400 * MEGABYTE
SCRIPTS = (
    Script(FETCH, b"NO [THROTTLED] Request is throttled."),
    Script(FETCH, b"NO [OVERQUOTA] Account exceeded command or bandwidth limits."),
    Script(EXAMINE, b"NO [INUSE] Mailbox is locked"),
    Script(LOGIN, b"NO [UNAVAILABLE] Temporary authentication failure."),
    Script(EXAMINE, b"BAD User is authenticated but not connected."),
    Script(SEARCH, b"NO [SERVERBUG] Internal error occurred."),
    Script(SIZES, b"NO [LIMIT] Too many messages"),
    Script(FETCH, b"BAD Command Error. 10"),
    Script(FETCH, b"", untagged=b"* BYE Server shutting down.\r\n", leave=True),
    Script(LOGIN, b"NO Maximum number of connections from user+IP exceeded"),
)


@row("A11", "NO, BAD, BYE, [THROTTLED], [OVERQUOTA], [UNAVAILABLE], [INUSE]", BOTH)
def refusing(world: World, form: Form) -> str:
    world.reach_schema()
    world.settings["TRIAGE_POLL_BATCH"] = "3"
    refused = 0
    for script in SCRIPTS:
        world.send(4)
        for _ in range(1 if form == "short" else 4):
            refused += _one_refusal(world, script)
        world.proxy.answer = lambda _line: None
        world.let_time_pass()
        world.clean_poll()
    refused += _one_bad_message(world)
    if form == "long" or world.url.startswith("sqlite"):
        _pause_is_heeded(world)
    return f"{refused} refusals"


def _one_refusal(world: World, script: Script) -> int:
    """A poll that is refused: it ends, says why, and does not hammer."""
    script.given, seen = 0, len(world.proxy.commands)
    world.proxy.answer = script
    ended = world.poll(seconds=PATIENCE)
    commands = len(world.proxy.commands) - seen
    assert script.given, f"{script.pattern!r} never came"
    assert ended.status == 1, f"after {script.said!r} a poll ended with {ended.status}: {ended.errors}"
    said = b" ".join((script.said or script.untagged).split(b" ")[1:]).strip().decode().rstrip(".")
    assert said.split("] ")[-1][:30] in ended.errors or script.leave, f"{said!r} is not said: {ended.errors}"
    assert commands < MOST_COMMANDS, f"{commands} commands in a poll that got {script.said!r}"
    return script.given


def _one_bad_message(world: World) -> int:
    """One message that the server refuses or keeps back for ever does not hold up those behind it."""
    given = 0
    for kind in ("refused", "kept back"):
        names = world.send(5)
        with world.client(folder="INBOX") as client:
            [uid] = client.search(["HEADER", "X-Fault-Id", names[1]])
        script = Script(FETCH, b"NO [SERVERBUG] Cannot read this message", only_uid=uid)
        script = Script(FETCH, b"BAD Cannot read this message", only_uid=uid) if kind == "refused" else script
        world.proxy.answer = script if kind == "refused" else keeping_back(uid)
        for _ in range(4):
            world.poll(seconds=PATIENCE)
        stored = world.stored_ids()
        behind = [name for name in names if name != names[1] and name not in stored]
        assert not behind, f"a message that was {kind} held up {len(behind)} others"
        world.proxy.answer = lambda _line: None
        world.let_time_pass()
        world.clean_poll()
        given += 1
    return given


def _pause_is_heeded(world: World) -> None:
    """A poller that goes on by itself leaves the server alone for as long as it asks."""
    said = f"NO Request is throttled. Suggested Backoff Time: {PAUSE * 1000:.0f} milliseconds".encode()
    script = Script(FETCH, said, times=2)
    world.proxy.answer = script
    names = set(world.send(4))
    first = len(world.proxy.commands)
    attempt = world.start("poll", TRIAGE_POLL_SECONDS="0.1")
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not names <= world.stored_ids():
        time.sleep(0.2)
    attempt.kill()
    world.end(attempt)
    world.proxy.answer = lambda _line: None
    assert names <= world.stored_ids(), "mail was not fetched after a server's pause"
    pairs = list(zip(world.proxy.commands, world.proxy.times, strict=False))[first:]
    asked = [when for line, when in pairs if re.search(FETCH, line)]
    assert len(asked) >= 3, f"only {len(asked)} attempts"
    gaps = [later - earlier for earlier, later in pairwise(asked[:3])]
    assert min(gaps) > PAUSE * 0.9, f"a server that asked for {PAUSE} s was asked again after {min(gaps):.2f} s"


@row("A12", "sign-in is refused; an access token expires amid a session", SQLITE)
def signing_in(world: World, form: Form) -> str:
    world.reach_schema()
    world.send(4)
    seen = len(world.proxy.commands)
    refused = world.poll(TRIAGE_IMAP_PASSWORD="feil")
    logins = sum(b" LOGIN " in line for line in world.proxy.commands[seen:])
    assert refused.status == 1, refused
    assert "TRIAGE_IMAP_PASSWORD" in refused.errors, f"does not say what to do: {refused.errors}"
    assert logins == 1, f"{logins} sign-ins with a wrong password in one poll"
    world.clean_poll()
    return _by_token(world, 2 if form == "short" else 10)


def _by_token(world: World, times: int) -> str:
    authority = Authority(world.home / "authority")
    endpoint = world.stack.enter_context(TokenEndpoint(authority, user=world.user))
    door = TokenDoor(endpoint.valid.__contains__, world.user, PASSWORD)
    world.proxy.tell, world.proxy.answer = door.tell, door.answer
    file = world.home / "mailboxes.toml"
    file.write_text(f"""
[[mailbox]]
name = "INBOX"
host = "127.0.0.1"
port = {world.proxy.port}
encryption = "none"
user = "{world.user}"
[mailbox.sign_in]
by = "microsoft"
tenant = "sykehus.example"
client_id = "5f0-1"
client_secret = "hemmelig~nok"
authority = "{endpoint.url}"
ca_file = "{authority.file}"
timeout = 5
""")
    file.chmod(0o600)
    by_file: dict[str, Any] = {"TRIAGE_MAILBOXES_FILE": str(file), "TRIAGE_IMAP_HOST": ""}
    attempt = world.start("poll", TRIAGE_POLL_SECONDS="0.2", **by_file)
    for number in range(times):
        names = set(world.send(3))
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not names <= world.stored_ids():
            time.sleep(0.2)
        missing = names - world.stored_ids()
        assert not missing, (
            f"{len(missing)} mails were not fetched after token {number} expired: {_said(world, attempt)}"
        )
        endpoint.valid.clear()
        world.proxy.drop_all()
    attempt.kill()
    ended = world.end(attempt)
    assert door.refused >= times - 1, f"only {door.refused} expired tokens were refused: {ended.errors}"
    asked = len(endpoint.asked)
    assert asked <= 3 * times + 2, f"{asked} tokens were asked for while {times} expired"
    endpoint.refuse("invalid_client", "AADSTS7000222: The provided client secret keys are expired.")
    world.send(2)
    expired = world.poll(**by_file)
    assert expired.status == 1, expired
    assert "expired" in expired.errors, f"does not say that the secret has expired: {expired.errors}"
    assert "hemmelig~nok" not in expired.errors, "a secret is shown"
    endpoint.answer = None
    world.clean_poll(**by_file)
    return f"a wrong password, {times} expired tokens, an expired secret"


def _said(world: World, attempt: Attempt) -> str:
    attempt.kill()
    return world.end(attempt).errors[-1000:]


@row("A13", "an enormous mail; a literal of 4 GB is announced", BOTH)
def enormous(world: World, form: Form) -> str:
    world.runner = world.stack.enter_context(world.runner.like())  # as small as the product is
    world.reach_schema()
    before, size = world.send(2), (80 if form == "short" else 500) * MEGABYTE
    name, head = world.letter(size=MEGABYTE // 2)
    keeper.lay(world.server, world.user, head, size)
    world.keep_head(name, head)
    behind = world.send(3)
    began = time.monotonic()
    ended = world.clean_poll(TRIAGE_POLL_BATCH="4")
    took = time.monotonic() - began
    stored = world.stored_ids()
    assert stored >= {*before, *behind, name}, "a large mail held up those behind it, or was not kept"
    assert ended.memory < MOST_MEMORY, f"a poll took {ended.memory // MEGABYTE} MB"
    announced = _announced(world, form)
    return f"{size // MEGABYTE} MB in {took:.1f} s and {ended.memory // MEGABYTE} MB, {announced} false literals"


def _announced(world: World, form: Form) -> int:
    lengths = (4 * 2**30, 2**63) if form == "short" else (4 * 2**30, 2**63, 2**31 - 1, 3, 10**30)
    for length in lengths:
        names = world.send(4)
        with world.client(folder="INBOX") as client:
            [uid] = client.search(["HEADER", "X-Fault-Id", names[1]])
        world.proxy.answer = literal(uid, length, (b"a" * MEGABYTE for _ in range(8)))
        for _ in range(5):
            ended = world.poll(seconds=PATIENCE, TRIAGE_POLL_BATCH="4")
            assert ended.status in {0, 1}, f"a literal of {length} octets: {ended.status}"
            assert ended.memory < MOST_MEMORY, f"a literal of {length} octets took {ended.memory // MEGABYTE} MB"
        left = {*names} - {names[1]} - world.stored_ids()
        assert not left, f"a false literal of {length} octets held up {len(left)} mails"
        world.proxy.answer = lambda _line: None
        world.let_time_pass()
        world.clean_poll()
    return len(lengths)
