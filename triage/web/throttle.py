"""Slows down whoever guesses passwords."""

from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType

WINDOW = timedelta(minutes=15)
MOST_KEYS = 20_000
LIMITS: Mapping[str, int] = MappingProxyType({"account and address": 10, "account": 50, "address": 100})


class Throttle:
    """Counts failed sign-ins by account, by address and by both, within a sliding window; in memory."""

    def __init__(self) -> None:
        self._failures: dict[tuple[str, str], deque[datetime]] = {}
        self._lock = Lock()

    def wait(self, account: str, address: str, now: datetime) -> timedelta | None:
        """How long to wait before the next attempt is looked at, or None to look at it."""
        with self._lock:
            ends = [
                times[-limit] + WINDOW
                for key, limit in _keys(account, address)
                if len(times := self._within(key, now)) >= limit
            ]
        return max(ends) - now if ends else None

    def failed(self, account: str, address: str, now: datetime) -> None:
        """Remember a failed attempt."""
        with self._lock:
            for key, limit in _keys(account, address):
                self._within(key, now)
                self._failures.setdefault(key, deque(maxlen=limit)).append(now)
            while len(self._failures) > MOST_KEYS:
                self._failures.pop(next(iter(self._failures)))

    def succeeded(self, account: str, address: str) -> None:
        """Forget the failures of this account from this address."""
        with self._lock:
            self._failures.pop(_keys(account, address)[0][0], None)

    def _within(self, key: tuple[str, str], now: datetime) -> deque[datetime]:
        times = self._failures.get(key, deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if not times:
            self._failures.pop(key, None)
        return times


def _keys(account: str, address: str) -> list[tuple[tuple[str, str], int]]:
    values = {"account and address": f"{account}\n{address}", "account": account, "address": address}
    return [((kind, values[kind]), limit) for kind, limit in LIMITS.items()]
