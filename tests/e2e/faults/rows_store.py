"""A20 to A24: the database's disk is full, locked, corrupt or failing; its server dies."""

import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.conftest import without
from tests.e2e.faults.rows import BOTH, POSTGRESQL, SQLITE, Form, row
from tests.e2e.faults.world import World
from tests.servers.postgres import Postgres

SMALL = {"short": 20 * 2**20, "long": 100 * 2**20}
ROOM = 3 * 2**20
LONGER_THAN_PATIENCE = 40
"""Seconds; the store waits 30 for a lock."""
DURABLE = "-c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on -c full_page_writes=on"
KEPT = "-c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=on -c full_page_writes=on"
"""Enough for a server that dies on a machine that lives."""
SHIM = Path(__file__).with_name("failing_disk.c")


@row("A20", "the disk is full amid a poll", BOTH)
def disk_full(world: World, form: Form) -> str:
    small = world.stack.enter_context(_small_disk(world.home / "small", SMALL[form]))
    if world.url.startswith("sqlite"):
        world.url = f"sqlite:///{small}/desk.db"
    else:
        server = world.site.postgres
        space = server.new_tablespace(small)
        world.stack.callback(server.drop_tablespace, space)
        world.url = server.new_database(space)
        world.stack.callback(server.drop_database, world.url)
    world.reach_schema()
    world.settings["TRIAGE_POLL_BATCH"] = "2"
    rounds = 1 if form == "short" else 8
    ballast, failed = small.parent / "ballast", 0
    for _ in range(rounds):
        room = shutil.disk_usage(small).free - ROOM
        with ballast.open("wb") as file:
            file.write(bytes(max(0, room)))
        world.send(9, size=900_000)
        for _ in range(2):
            ended = world.poll()
            failed += not ended.well
            said = ended.errors.lower()
            assert ended.well or "room" in said or "space" in said, f"does not say that the disk is full: {said}"
            assert "Traceback" not in ended.errors, ended.errors
        ballast.unlink()
        world.clean_poll()
    assert failed, "the disk was never full"
    return f"{failed} polls without room"


@contextmanager
def _small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A disk of `size` octets in `folder`."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0777", "tmpfs", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        without(f"no tmpfs can be mounted ({mounted.stderr.decode().strip()}): run as root to see a full disk")
    try:
        inside = folder / "data"
        inside.mkdir()
        for above in (folder.parent, *folder.parent.parents):  # the server of another user must come this far
            if above.stat().st_uid == os.geteuid() and not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o011)
        yield inside
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@row("A21", "SQLite is locked by another process, or corrupt", SQLITE)
def locked_or_corrupt(world: World, form: Form) -> str:
    file = Path(world.url.removeprefix("sqlite:///"))
    world.reach_schema()
    world.send(12)
    world.clean_poll()
    seconds = 1.5 if form == "short" else LONGER_THAN_PATIENCE
    world.send(12)
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        freed = threading.Timer(seconds, other.execute, ("ROLLBACK",))
        freed.start()
        waited = world.poll()
        freed.join()
    if form == "short":
        assert waited.well, f"a poll did not wait for a lock of {seconds} s: {waited.errors}"
    else:
        assert "locked" in waited.errors, f"does not say that the database is locked: {waited}"
    world.clean_poll()
    world.check()
    damaged = 0
    for table in ("message", "mailbox_cursor", "message_octets", "alembic_version"):
        copy = world.home / f"{table}.db"
        _damaged_copy(file, copy, table)
        for verb in (["poll", "--once"], ["check"]):
            ended = world.run(*verb, TRIAGE_DATABASE_URL=f"sqlite:///{copy}")
            assert "Traceback" not in ended.errors, ended.errors
            said = f"{ended.out}{ended.errors}"
            if verb == ["check"]:
                assert not ended.well, f"{table}: a check of a damaged database ended well: {said}"
                assert "malformed" in said, f"{table}: a check does not say that the database is damaged: {said}"
                assert "backup" in said, f"{table}: a check does not say what to do: {said}"
                damaged += 1
    return f"a lock of {seconds:g} s, {damaged} damaged files"


def _damaged_copy(file: Path, copy: Path, table: str) -> None:
    """A copy of the database with the first page of `table` overwritten."""
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        size = int(target.execute("PRAGMA page_size").fetchone()[0])
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page = int(target.execute(query, (table,)).fetchone()[0])
    with copy.open("r+b") as opened:
        opened.seek((page - 1) * size)
        octets = opened.read(size)
        opened.seek((page - 1) * size)
        opened.write(bytes(octet ^ 0xFF for octet in octets))


@row("A22", "PostgreSQL stops as in a crash, amid polls and triage", POSTGRESQL)
def server_stopped(world: World, form: Form) -> str:
    server = world.stack.enter_context(Postgres(KEPT))
    world.url = server.new_database()
    world.reach_schema()
    world.settings["TRIAGE_POLL_BATCH"] = "2"
    chance = random.Random(22)
    stops, noticed = 3 if form == "short" else 20, 0
    for _ in range(stops):
        world.send(12)
        seen = len(world.proxy.commands)
        attempts = [world.start("poll", "--once"), world.start("work-here")]
        world.proxy.await_commands(seen + chance.randint(3, 14), 10)
        time.sleep(chance.uniform(0, 0.05))
        server.stop_at_once()
        ended = [world.end(attempt) for attempt in attempts]
        assert {one.status for one in ended} <= {0, 1}, f"ended otherwise than by a clear error: {ended}"
        assert not any("Traceback" in one.errors for one in ended), ended
        noticed += sum(not one.well for one in ended)
        server.start()
    world.clean_poll()
    world.work()
    assert noticed, "nobody noticed that the server stopped"
    tally = world.check()
    assert tally.replies == tally.sent, f"{tally.sent} mails were answered {tally.replies} times"
    return f"{stops} stops, noticed {noticed} times"


@row("A24", "fsync or write fails with EIO", BOTH)
def disk_failing(world: World, form: Form) -> str:
    shim = _shim(world.site.folder)
    world.settings["TRIAGE_POLL_BATCH"] = "2"
    kinds = ("f", "w") if form == "short" else ("f", "w") * 5
    return (_sqlite_failing if world.url.startswith("sqlite") else _postgres_failing)(world, shim, kinds)


def _sqlite_failing(world: World, shim: Path, kinds: tuple[str, ...]) -> str:
    world.reach_schema()
    switch = world.home / "failing"
    world.runner = world.stack.enter_context(world.runner.like(LD_PRELOAD=str(shim), FAILING_DISK=str(switch)))
    for kind in kinds:
        world.send(6)
        switch.write_text(kind)
        ended = world.poll()
        switch.unlink()
        assert ended.status == 1, f"a poll whose {kind} failed ended with {ended.status}"
        assert "I/O error" in ended.errors, f"does not say that the disk fails: {ended.errors}"
        assert "Traceback" not in ended.errors, ended.errors
        world.clean_poll()
    return f"{len(kinds)} polls on a failing disk"


def _postgres_failing(world: World, shim: Path, kinds: tuple[str, ...]) -> str:
    switch = world.home / "failing"
    reached = Path("/tmp") / f"failing-{os.getpid()}-{world.user}"
    world.stack.callback(reached.unlink, missing_ok=True)
    environment = {"LD_PRELOAD": str(shim), "FAILING_DISK": str(reached)}
    server = world.stack.enter_context(Postgres(DURABLE, environment))
    world.url = server.new_database()
    world.reach_schema()
    del switch
    for kind in kinds:
        world.send(6)
        reached.write_text(kind)
        ended = world.poll()
        reached.unlink()
        assert ended.status == 1, f"a poll while the server's {kind} failed ended with {ended.status}"
        assert "Traceback" not in ended.errors, ended.errors
        _up_again(server)
        world.clean_poll()
    return f"{len(kinds)} polls while the server's disk fails"


def _up_again(server: Postgres) -> None:
    """The server as its keeper would have it: it ends or recovers by itself after such a fault."""
    if server.running:
        server.stop_at_once()
    server.start()


def _shim(folder: Path) -> Path:
    """The compiled shim that makes a disk fail."""
    made = folder / "failing_disk.so"
    if made.exists():
        return made
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        without("no C compiler (the Debian package gcc) is installed: a failing disk cannot be played")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", made, SHIM], check=True)
    made.chmod(0o755)
    for above in (folder, *folder.parents):
        if above.stat().st_uid == os.geteuid() and not above.stat().st_mode & 0o001:
            above.chmod(above.stat().st_mode | 0o011)
    return made
