"""Hostile mail by the commands an operator runs: every message ends in sight and nothing stands in another's way."""

import json
from pathlib import Path

import pytest

from models.case import QueueFilter
from tests.e2e.hostile.making import TEXT
from tests.e2e.hostile.test_hostile_corpus import ALTERED, SHORT, chosen, opened, with_ordinary
from tests.e2e.program import triage
from tests.servers.dovecot import Dovecot

OF_A_ROW = 2


@pytest.mark.dovecot
def test_polled_and_triaged_by_commands_hostile_mail_ends_in_sight_and_all_behind_it_is_read(
    fresh_dovecot: Dovecot, tmp_path: Path, artifacts: Path
) -> None:
    mails = [one for one in chosen(long=False) if not any(word in one.name for word in ALTERED)]
    few = [one for row in SHORT for one in [one for one in mails if one.row == row][:OF_A_ROW]]
    assert {one.row for one in few} == set(SHORT)
    fresh_dovecot.fill(with_ordinary(one.octets() for one in few))
    (tmp_path / "artifacts").symlink_to(artifacts)
    settings = {
        "TRIAGE_IMAP_HOST": "localhost",
        "TRIAGE_IMAP_PORT": str(fresh_dovecot.imaps_port),
        "TRIAGE_IMAP_CA_FILE": str(fresh_dovecot.certificate),
        "TRIAGE_IMAP_USER": "mottak",
        "TRIAGE_IMAP_PASSWORD": "hemmelig",
        "TRIAGE_OWN_ADDRESSES": "mottak@sykehus.example",
        "TRIAGE_ORGANISATION": "Sykehus",
    }
    for verb in ("poll", "work"):
        said = triage(tmp_path, verb, "--once", "--json", settings=settings, seconds=500)
        assert said.status == 0, said.errors
        print(verb, json.dumps(said.lines[-1]))  # noqa: T201 - what the commands counted
    store = opened(f"sqlite:///{tmp_path}/triage.db")
    assert store.count_messages() == 2 * len(few)
    assert not store.pending(10, after=0), "nothing waits"
    page = store.queue(QueueFilter(open_only=False), page=1, size=200)
    cases = [case for one in page.cases if (case := store.case(one.id))]
    texts = [message.triaged.mail.text.strip() for case in cases for message in case.messages]
    assert len(texts) + len(store.quarantined()) == 2 * len(few)
    assert sum(text == TEXT.decode().strip() for text in texts) >= len(few), "each ordinary mail is read as it is"
    store.dispose()
