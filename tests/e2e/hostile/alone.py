"""Reads one message of the corpus without the limits around a reading, and says what it took.

Run as a program: a home with an artifact, the name of the message. So each limit inside is tried by itself, without the
clock that ends whatever takes too long; the kernel ends this after `CPU_SECONDS`.
"""

import json
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

import triage
from models.mail import NO_KEY, RawMessage
from tests.e2e.hostile.corpus import by_name
from tests.e2e.hostile.measuring import family, forget_peak, largest
from triage import bootstrap
from triage.adapters import apart, work_child
from triage.settings import Settings

CPU_SECONDS, MEGABYTES = 20, 4_000
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


def main(home: str, name: str) -> None:
    """Print a line of JSON before the message is read, and one after."""
    given = {"home": Path(home), "own_addresses": ("mottak@sykehus.example",), "workers": 1}
    read = bootstrap.make_reader(bootstrap.options(Settings.model_validate(given)))
    read(work_child.FIRST)
    octets = by_name(name).octets()
    print(json.dumps({"product": str(Path(triage.__file__).resolve().parent)}), flush=True)  # noqa: T201 - the answer
    began = worked()
    resource.setrlimit(resource.RLIMIT_CPU, (int(began) + CPU_SECONDS, resource.RLIM_INFINITY))
    apart.allow(CPU_SECONDS, MEGABYTES)
    forget_peak(os.getpid())
    mail = read(RawMessage(key=NO_KEY, octets=octets, internaldate=datetime.now(UTC))).mail
    peak = max(largest(pid) for pid in family([os.getpid()]))
    apart._documents.end()
    names = [attachment.name for attachment in mail.attachments]
    said = {"cpu": worked() - began, "peak": peak, "text": mail.text[:1_000], "names": names}
    print(json.dumps(said))  # noqa: T201 - the answer


def worked() -> float:
    """Seconds of CPU of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in WHO]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
