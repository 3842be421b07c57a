"""The table of a run: row, injected, sent, stored, lost, doubled; for people, or a line of JSON each.

A test of any folder puts its lines into `OUTCOMES`; tests/e2e/conftest.py prints them when all tests are over.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A line of the table."""

    row: str
    fault: str
    store: str
    injected: str
    sent: int
    stored: int
    lost: int
    doubled: int
    took: float
    trouble: str = ""

    @property
    def holds(self) -> bool:
        return not (self.lost or self.doubled or self.trouble)

    def as_json(self) -> dict[str, object]:
        return asdict(self)


OUTCOMES: list[Outcome] = []
COLUMNS = ("row", "store", "injected", "sent", "stored", "lost", "doubled", "took")
RIGHT = {"sent", "stored", "lost", "doubled", "took"}


def lines(outcomes: Iterable[Outcome]) -> list[str]:
    """The table for people; below it what did not hold."""
    listed = sorted(outcomes, key=lambda outcome: (outcome.row, outcome.store))
    cells = [[_cell(outcome, name) for name in COLUMNS] for outcome in listed]
    widths = [max(len(row[at]) for row in [list(COLUMNS), *cells]) for at in range(len(COLUMNS))]
    shown = [_line(row, widths) for row in [list(COLUMNS), *cells]]
    troubles = [f"{one.row} {one.store}: {one.trouble}" for one in listed if not one.holds]
    held = sum(one.holds for one in listed)
    lost, doubled = sum(one.lost for one in listed), sum(one.doubled for one in listed)
    total = f"{held} of {len(listed)} rows hold; {sum(one.sent for one in listed)} sent, {lost} lost, {doubled} doubled"
    return [*shown, total, *troubles]


def as_json(outcomes: Iterable[Outcome]) -> list[str]:
    """A line of JSON for each row."""
    return [json.dumps(outcome.as_json() | {"holds": outcome.holds}) for outcome in outcomes]


def _cell(outcome: Outcome, name: str) -> str:
    value = getattr(outcome, name)
    if name == "took":
        return f"{value:.1f} s"
    return f"{outcome.fault}: {value}" if name == "injected" else str(value)


def _line(cells: list[str], widths: list[int]) -> str:
    aligned = (
        cell.rjust(width) if name in RIGHT else cell.ljust(width)
        for name, cell, width in zip(COLUMNS, cells, widths, strict=True)
    )
    return "  ".join(aligned).rstrip()
