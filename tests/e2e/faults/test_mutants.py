"""Every row bites: there is a change to the product under which it fails."""

from pathlib import Path

import pytest

from tests.e2e.faults.every_row import ROWS
from tests.e2e.faults.mutants import MUTANTS, Mutant
from tests.e2e.faults.rows import run
from tests.e2e.faults.running import Runner
from tests.e2e.faults.world import Site

QUICK = {"A08", "A19"}
"""Rows whose mutants run in `make test` too."""


def case(mutant: Mutant) -> object:
    marks = [pytest.mark.dovecot, pytest.mark.postgres]
    marks += [] if mutant.row in QUICK else [pytest.mark.faults]
    return pytest.param(mutant, id=f"{mutant.row} {mutant.why}", marks=marks)


def test_every_row_has_a_mutant() -> None:
    assert {mutant.row for mutant in MUTANTS} == set(ROWS)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: f"{mutant.row} {mutant.why}")
def test_a_mutant_still_fits_the_product(mutant: Mutant) -> None:
    compile(mutant.text(), mutant.file, "exec")


@pytest.mark.parametrize("mutant", [case(mutant) for mutant in MUTANTS])
def test_a_row_fails_under_its_mutant(mutant: Mutant, site: Site, tmp_path: Path) -> None:
    product = mutant.build(tmp_path)
    with Runner(site.artifacts.parent, product) as runner:
        outcome = run(site, ROWS[mutant.row], mutant.store, "short", runner=runner)
    assert not outcome.holds, f"{mutant.row} holds although {mutant.why}: {outcome}"
    assert "runner died" not in outcome.trouble, outcome.trouble
