"""Nothing is lost and nothing doubled, whatever fails. `make test` runs the short form, `make faults` the long one."""

import pytest

from tests.e2e.faults.every_row import ROWS
from tests.e2e.faults.rows import Form, run
from tests.e2e.faults.table import OUTCOMES
from tests.e2e.faults.world import Site

CASES = [
    pytest.param(row.id, store, id=f"{row.id}-{store}", marks=[pytest.mark.dovecot, pytest.mark.postgres])
    for row in sorted(ROWS.values(), key=lambda row: row.id)
    for store in row.stores
]


def outcome(site: Site, id_: str, store: str, form: Form) -> None:
    found = run(site, ROWS[id_], store, form)
    OUTCOMES.append(found)
    assert found.holds, found.trouble


@pytest.mark.parametrize(("id_", "store"), CASES)
def test_the_promise_holds(id_: str, store: str, site: Site) -> None:
    outcome(site, id_, store, "short")


@pytest.mark.faults
@pytest.mark.parametrize(("id_", "store"), CASES)
def test_the_promise_holds_in_the_long_run(id_: str, store: str, site: Site) -> None:
    outcome(site, id_, store, "long")
