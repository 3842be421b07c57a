"""Patience: how long a server asks to be left alone, out of its own words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from models.knowledge.running import IntakePolicy, ServerAnswer
from triage.errors import MailboxError

MILLISECONDS = 1000


def asked_pause(said: str, answers: Sequence[ServerAnswer]) -> float | None:
    """Seconds that a server wants to be left alone by what it said, or None when it said nothing of the kind."""
    for answer in answers:
        found = answer.pattern.search(said)
        if found is not None:
            given = found.groupdict()
            if given.get("millis"):
                return int(given["millis"]) / MILLISECONDS
            return float(given.get("seconds") or answer.seconds)
    return None


@contextmanager
def heeding(policy: IntakePolicy) -> Iterator[None]:
    """Have a MailboxError carry the pause that the server asked for, `longest_pause_minutes` at most."""
    try:
        yield
    except MailboxError as fault:
        pause = fault.retry_after if fault.retry_after is not None else asked_pause(str(fault), policy.answers)
        if pause is not None:
            fault.retry_after = min(pause, policy.longest_pause_minutes * 60)
        raise
