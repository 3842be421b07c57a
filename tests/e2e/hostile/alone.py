"""Reads one message of the corpus with far more time and memory than a desk gives, and says what it took.

Run as a program: a home with an artifact, the name of the message. So each limit inside is tried by itself, without the
one around all that ends whatever takes too long.
"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import triage
from models.mail import MessageKey, RawMessage
from tests.e2e.hostile.corpus import by_name
from tests.e2e.hostile.measuring import Measured
from triage import bootstrap
from triage.settings import Settings

SECONDS, MEGABYTES = 300, 4_000
UNSTORABLE = {"\0", *map(chr, range(0xD800, 0xE000))}
KEY = MessageKey(mailbox="INBOX", uidvalidity=1, uid=1)


def main(home: str, name: str) -> None:
    """Print a line of JSON."""
    given = {"home": Path(home), "own_addresses": ("mottak@sykehus.example",), "workers": 1}
    limits = {"message_seconds": SECONDS, "message_megabytes": MEGABYTES}
    octets = by_name(name).octets()
    with bootstrap.readers(Settings.model_validate(given | limits)) as children:
        reading = Measured(children)
        promise = reading.submit(RawMessage(key=KEY, octets=octets, internaldate=datetime.now(UTC)))
        (took,) = reading.took[KEY.uid]
        said = {"product": str(Path(triage.__file__).resolve().parent), "cpu": took.cpu, "peak": took.peak}
        fault = promise.exception()
        if fault is None:
            mail = promise.result().mail
            said["text"] = mail.text[:1_000]
            said["names"] = [one.name for one in mail.attachments]
            said["whole"] = not any(defect.code == "read-in-part" for defect in mail.defects)
        print(json.dumps(said | {"fault": str(fault or "")}))  # noqa: T201 - it is the answer


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
