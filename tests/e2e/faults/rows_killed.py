"""A01 to A03: the poller and the triager are killed at any moment and at every step."""

import random
import time
from collections.abc import Sequence
from typing import Any

from tests.e2e.faults.rows import BOTH, Form, row
from tests.e2e.faults.running import Attempt
from tests.e2e.faults.world import World

BATCH = "3"
PER_ROUND = 6
KILLED = 137


@row("A01", "kill -9 at any moment; one poller, one triager")
def killed(world: World, form: Form) -> str:
    return _kill_loop(world, chance=random.Random(1), kills=12 if form == "short" else 100, most=1)


@row("A02", "kill -9 at any moment; 2 to 4 pollers and triagers")
def killed_side_by_side(world: World, form: Form) -> str:
    return _kill_loop(world, chance=random.Random(2), kills=14 if form == "short" else 120, most=4)


def _kill_loop(world: World, *, chance: random.Random, kills: int, most: int) -> str:
    world.reach_schema()
    world.fill(5 * PER_ROUND if kills < 50 else 700)
    done = amid = 0
    while done < kills:
        world.send(PER_ROUND)
        count = 1 if most == 1 else chance.randint(2, most)
        seen = len(world.proxy.commands)
        attempts = [world.start("poll", "--once", TRIAGE_POLL_BATCH=BATCH) for _ in range(count)]
        workers = [world.start("work-here") for _ in range(max(1, count // 2))]
        world.proxy.await_commands(seen + count * chance.randint(3, 20), 10)
        time.sleep(chance.uniform(0, 0.02))
        amid += sum(_killed(world, attempt) for attempt in attempts)
        time.sleep(chance.uniform(0, 0.1))
        amid += sum(_killed(world, worker) for worker in workers)
        done += len(attempts) + len(workers)
    world.clean_poll()
    world.work()
    assert amid >= done // 3, f"only {amid} of {done} were killed while they worked"
    tally = world.check()
    assert tally.replies == tally.sent, f"{tally.sent} mails were answered {tally.replies} times"
    cases = world.number("SELECT count(*) FROM supply_case")
    assert cases == tally.sent, f"{tally.sent} mails made {cases} cases"
    return f"{amid} kills amid work"


def _killed(world: World, attempt: Attempt) -> bool:
    amid = attempt.kill()
    world.end(attempt)
    return amid


@row("A03", "the process ends at each step from fetch to commit", BOTH)
def ended_at_every_step(world: World, form: Form) -> str:
    """Each round polls a folder of its own, so that a first poll, too, ends at every step."""
    world.reach_schema()
    polled, worked = _lines(world)
    points = 8 if form == "short" else max(len(polled), len(worked))
    crashes = 0
    for number in range(points):
        folder = f"Mottak{number}"
        with world.client() as client:
            client.create_folder(folder)
        world.send(3, folder=folder)
        settings: dict[str, Any] = {"TRIAGE_IMAP_MAILBOX": folder, "TRIAGE_POLL_BATCH": "2"}
        first = world.run("poll", "--once", crash_at=polled[number * len(polled) // points], **settings)
        world.clean_poll(**settings)
        second = world.run("work-here", crash_at=worked[number * len(worked) // points])
        if number % 2 or form == "long":
            world.work()
        crashes += (first.status == KILLED) + (second.status == KILLED)
        stored = world.number("SELECT count(*) FROM message")
        assert stored == len(world.sent), f"{stored} of {len(world.sent)} stored after {first.where}, {second.where}"
    world.work()
    assert crashes >= points, f"only {crashes} attempts ended early"
    tally = world.check()
    assert tally.replies == tally.sent, f"{tally.sent} mails were answered {tally.replies} times"
    return f"{crashes} ends at {len(polled)} + {len(worked)} steps"


def _lines(world: World) -> tuple[Sequence[int], Sequence[int]]:
    """When a poll and a round of triage of three mails reach each of their lines, the first time and the last."""
    world.send(3)
    polled = world.run("poll", "--once", crash_at=0, TRIAGE_POLL_BATCH="2")
    worked = world.run("work-here", crash_at=0)
    assert polled.well, polled
    assert worked.well, worked
    assert min(len(polled.lines), len(worked.lines)) > 30, (polled, worked)
    return polled.lines, worked.lines
