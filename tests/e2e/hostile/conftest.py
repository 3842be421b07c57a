"""What the hostile corpus is read with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.hostile.measuring import Measured
from triage import bootstrap
from triage.settings import Settings

DESK = ("mottak@sykehus.example",)


@pytest.fixture(scope="session")
def reading(artifacts: Path) -> Iterator[Measured]:
    """A child as the desk has them, with the limits that the desk has where nobody sets others."""
    configured = Settings.model_validate({"home": artifacts.parent, "own_addresses": DESK, "workers": 1})
    assert (configured.message_seconds, configured.message_megabytes) == (10, 512)
    with bootstrap.readers(configured) as children:
        yield Measured(children)
