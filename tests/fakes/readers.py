"""Readers for child processes: what `make_reader` of a test loads."""

import os
import time
from datetime import timedelta

from models.case import Triaged
from models.mail import RawMessage
from tests.fakes.making import mail, triaged


def make_reader():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A reader that obeys the octets: sleep, spin, eat, die, raise, or be read."""
    return read


def read(raw: RawMessage) -> Triaged:
    """Do what the message says."""
    order = raw.octets.split(b"\r\n")[0].removeprefix(b"Subject: ")
    match order.split(b" ")[0]:
        case b"sleep":
            time.sleep(float(order.split(b" ")[1]))
        case b"spin":
            while True:
                pass
        case b"eat":
            return triaged(mail(str(len(bytearray(4 * 2**30)))))
        case b"die":
            os._exit(9)
        case b"raise":
            raise ValueError("bad mail")
    assert raw.internaldate.utcoffset() == timedelta(0)
    return triaged(mail(order.decode("utf-8", "replace"), msgid=f"{raw.key.uid}@x.example"))


def make_no_reader():  # type: ignore[no-untyped-def]  # noqa: ANN201
    """A reader that cannot be loaded."""
    raise OSError("data/ is missing")
