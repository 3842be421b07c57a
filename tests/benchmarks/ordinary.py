"""Ordinary mail to measure with: that of the demo, of 2 to 5 kB and without attachments."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice

from tests.conftest import CHECKOUT
from triage.demo.mailbox import messages

SIZES = range(2000, 5001)
MADE = 8  # times as many mails are made, of which enough are of these sizes


def ordinary(count: int) -> Sequence[tuple[bytes, datetime]]:
    """`count` mails with their times of arrival."""
    made = messages(CHECKOUT / "data", seed=7, count=MADE * count, now=datetime.now(UTC))
    fit = (one for one in made if len(one[0]) in SIZES and b"attachment" not in one[0].lower())
    found = list(islice(fit, count))
    assert len(found) == count
    return found
