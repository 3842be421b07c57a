"""Entries by staff from the form to the queue: read as any mail is; how they came changes nothing in the ranking."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from models.case import Case
from models.entry import Entry
from models.mail import MessageSource
from tests.e2e.program import triage
from triage.adapters.store import SqlStore
from triage.stages.entry import entry_octets
from triage.web.entering import enter

SETTINGS = {"TRIAGE_OWN_ADDRESSES": "desk@agency.example"}
WAYS = (
    (MessageSource.PHONE, "ingrid", ""),
    (MessageSource.DIRECT, "ola", "The minister of health"),
    (MessageSource.PHONE, "ola", "Nobody in particular"),
)


def entered(store: SqlStore, number: int) -> int:
    source, by, referrer = WAYS[number]
    said = Entry(
        source=source,
        company="Fjordvik Verneutstyr AS",
        contact="Kåre Ås",
        email="kare.as@fjordvik-verneutstyr.example",
        phone="+47 22 33 44 55",
        at=datetime(2020, 3, 28, 9, tzinfo=UTC),
        subject="Visir på lager",
        text="Vi tilbyr 2000 visir til kr 45 per stk. Levering om 5 dager. CE-merket etter EN 166.",
    )
    octets = entry_octets(said, to="desk@agency.example", token=f"form {number}")
    return enter(store, octets, source, said.at, entered_by=by, referrer=referrer)


def test_entries_that_differ_only_in_how_they_came_stand_at_the_same_place(tmp_path: Path, artifacts: Path) -> None:
    shutil.copytree(artifacts, tmp_path / "artifacts")
    store = SqlStore(f"sqlite:///{tmp_path}/triage.db", case_prefix="SM")
    store.migrate()
    ids = [entered(store, number) for number in range(len(WAYS))]
    assert len(set(ids)) == len(WAYS)
    assert [entered(store, number) for number in range(len(WAYS))] == ids
    assert triage(tmp_path, "work", "--once", settings=SETTINGS, seconds=300).status == 0
    cases = [_case(store, message) for message in ids]
    messages = [next(one for one in case.messages if one.id == id_) for case, id_ in zip(cases, ids, strict=True)]
    first = messages[0].triaged
    assert first.priority.score > 0
    for message, (source, by, referrer) in zip(messages, WAYS, strict=True):
        assert (message.source, message.entered_by, message.referrer) == (source, by, referrer)
        assert message.triaged.priority == first.priority
        assert message.triaged.assessment == first.assessment
        assert message.triaged.reading == first.reading
        assert message.triaged.reply.rule == "entered-by-staff"
    assert first.reading.supplier.company == "Fjordvik Verneutstyr AS"
    assert [line.quantity for line in first.reading.offer_lines] == [2000]
    assert store.outbox_counts() == {}
    store.dispose()


def _case(store: SqlStore, message: int) -> Case:
    standing = store.standing(message)
    assert standing
    assert standing.case_id
    case = store.case(standing.case_id)
    assert case
    return case
