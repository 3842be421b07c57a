"""The rows of the harness: what is done to a world, in a short and a long form, and how a row is run."""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.e2e.faults.running import Runner
from tests.e2e.faults.table import Outcome
from tests.e2e.faults.world import Site, Tally, World

Form = Literal["short", "long"]
SQLITE: Sequence[str] = ("sqlite",)
POSTGRESQL: Sequence[str] = ("postgresql",)
LONGEST_TROUBLE = 1500
BOTH: Sequence[str] = ("sqlite", "postgresql")


class Broken(AssertionError):
    """A promise was not held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fault. `inject` does it to a world and says in a few words what it did; it raises AssertionError.

    A row with `own_world` is given the site and the name of the store, makes its worlds itself and gives the tally.
    """

    id: str
    fault: str
    stores: Sequence[str]
    inject: "Callable[[World, Form], str]"
    marks: Sequence[str] = ()


ROWS: dict[str, Row] = {}


def row(id_: str, fault: str, stores: Sequence[str] = BOTH) -> "Callable[[_Inject], _Inject]":
    """Register a row."""

    def registered(inject: "_Inject") -> "_Inject":
        assert id_ not in ROWS, id_
        ROWS[id_] = Row(id=id_, fault=fault, stores=stores, inject=inject)
        return inject

    return registered


_Inject = Callable[[World, Form], str]


def run(site: Site, row_: Row, store: str, form: Form, *, runner: Runner | None = None) -> Outcome:
    """Run a row; whatever goes wrong becomes part of the outcome."""
    began = time.monotonic()
    injected, trouble, tally = "", "", None
    with site.world(store, runner=runner) as world:
        try:
            injected = row_.inject(world, form)
        except AssertionError as fault:
            trouble = f"{fault}" or traceback.format_exc(limit=-1)
        except Exception:  # noqa: BLE001 - a row that cannot go on is a row that does not hold
            trouble = traceback.format_exc(limit=-4)
        try:
            tally = world.tally()
        except Exception as fault:  # noqa: BLE001 - as above
            trouble = trouble or f"the count fails: {fault}"
    if tally and not tally.clean:
        trouble = trouble or f"{tally}"
    return _outcome(row_, store, injected, tally, time.monotonic() - began, trouble)


def _outcome(row_: Row, store: str, injected: str, tally: Tally | None, took: float, trouble: str) -> Outcome:
    return Outcome(
        row=row_.id,
        fault=row_.fault,
        store=store,
        injected=injected,
        sent=tally.sent if tally else 0,
        stored=tally.stored if tally else 0,
        lost=tally.lost if tally else 0,
        doubled=(tally.doubled + tally.replied_twice) if tally else 0,
        took=round(took, 1),
        trouble=trouble[:LONGEST_TROUBLE],
    )
