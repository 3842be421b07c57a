"""What the desk says of itself: the banner, the figures for Prometheus, and the rest of large messages."""

from html import unescape

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from models.case import CaseMessage
from tests.browser import seed
from tests.browser.desk import application
from tests.unit.web.asking import post, words
from triage.adapters.knowledge import wording
from triage.adapters.store import SqlStore
from triage.errors import TriageError
from triage.resources import root

LOCAL, ELSEWHERE = ("127.0.0.1", 5000), ("192.0.2.7", 5000)
ENGLISH = {"accept-language": "en"}


def test_a_job_in_trouble_is_told_on_every_page_until_it_is_well(acting: TestClient, store: SqlStore) -> None:
    assert 'class="notice bad troubles"' not in acting.get("/queue").text
    store.put_trouble("poll Post <1>", "the secret <b>expired</b>; renew it", refused=True, now=seed.NOW)
    for path in ("/queue", "/cases/1", "/quarantine", "/entries/new", "/cases/999"):
        page = acting.get(path, headers=ENGLISH)
        assert "Fetching from Post &lt;1&gt;" in page.text
        said = "A person must act. The program's own words: the secret <b>expired</b>; renew it"
        assert said in unescape(words(page))
        assert 'troubles" role="alert"' in page.text
    assert "Noen må gripe inn." in acting.get("/queue").text
    store.put_trouble("poll Post <1>", "no route to host", refused=False, now=seed.NOW)
    assert 'troubles" role="status"' in acting.get("/queue").text
    store.clear_trouble("poll Post <1>")
    assert 'class="notice bad troubles"' not in acting.get("/queue").text


def kinds(error: type[TriageError]) -> set[str]:
    return {error.kind}.union(*(kinds(below) for below in error.__subclasses__()))


@pytest.mark.parametrize("kind", sorted(kinds(TriageError)))
def test_every_kind_of_fault_is_said_in_the_language_of_the_page(
    acting: TestClient, store: SqlStore, kind: str
) -> None:
    store.put_trouble("poll INBOX", "the words of a server", fault=kind, refused=True, now=seed.NOW)
    for spoken in wording.load(root()).languages:
        for path in ("/queue", "/operations"):
            page = acting.get(path, headers={"accept-language": spoken.language})
            assert spoken.sections["faults"][kind] in unescape(words(page))
            assert '<q lang="en"><bdi>the words of a server</bdi></q>' in page.text


def test_nobody_is_told_of_troubles_before_signing_in(store: SqlStore) -> None:
    store.put_trouble("deliver", "password refused", refused=True, now=seed.NOW)
    with TestClient(application(store)) as client:
        assert "password refused" not in client.get("/sign-in").text


@pytest.fixture
def figures(store: SqlStore) -> str:
    store.put_trouble('poll "Post"\\', "x\n", refused=True, now=seed.NOW)
    with TestClient(application(store), client=LOCAL) as client:
        answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    return answer.text


def test_the_figures_say_what_waits_what_fails_and_how_old_the_last_poll_is(figures: str) -> None:
    lines = figures.splitlines()
    assert 'triage_messages{state="owed"} 1.0' in lines
    assert 'triage_messages{state="quarantined"} 1.0' in lines
    assert 'triage_messages{state="vanished"} 0.0' in lines
    assert 'triage_replies{state="unknown"} 1.0' in lines
    assert 'triage_trouble{job="poll \\"Post\\"\\\\",refused="true"} 1.0' in lines
    assert 'triage_poll_age_seconds{mailbox="INBOX"} 60.0' in lines
    assert "# TYPE triage_trouble gauge" in lines


@pytest.mark.parametrize(
    ("client", "headers", "token", "status"),
    [
        (LOCAL, {}, "", 200),
        (("::1", 5000), {}, "", 200),
        (ELSEWHERE, {}, "", 404),
        (("testclient", 5000), {}, "", 404),
        (LOCAL, {"x-forwarded-for": "192.0.2.7"}, "", 404),
        (LOCAL, {"forwarded": "for=192.0.2.7"}, "", 404),
        (LOCAL, {}, "secret", 404),
        (ELSEWHERE, {"authorization": "Bearer secret"}, "secret", 200),
        (ELSEWHERE, {"authorization": "Bearer wrong"}, "secret", 404),
        (ELSEWHERE, {"authorization": "Bearer "}, "", 404),
        (ELSEWHERE, {"authorization": "Bearer sécret"}, "secret", 404),
    ],
)
def test_the_figures_are_for_this_machine_or_for_who_knows_the_token(
    filled: SqlStore, client: tuple[str, int], headers: dict[str, str], token: str, status: int
) -> None:
    app = application(filled)
    desk = app.state.desk
    object.__setattr__(desk, "settings", desk.settings.model_copy(update={"metrics_token": SecretStr(token)}))
    sent = {name.encode(): value.encode() for name, value in headers.items()}
    with TestClient(app, client=client) as asking:
        assert asking.get("/metrics", headers=sent).status_code == status


def part(store: SqlStore) -> tuple[int, CaseMessage]:
    for case_id in range(60, 0, -1):
        case = store.case(case_id)
        for one in case.messages if case else ():
            if one.held < one.size:
                return case_id, one
    raise AssertionError("no message of which only a part is held")


def test_the_rest_of_a_large_message_can_be_asked_for_and_why_it_failed_is_told(
    acting: TestClient, store: SqlStore
) -> None:
    case, message = part(store)
    page = acting.get(f"/cases/{case}", headers=ENGLISH)
    assert "1 MB of 60 MB is here." in words(page)
    assert post(acting, f"/cases/{case}/messages/{message.id}/rest").headers["location"] == f"/cases/{case}?saved=rest"
    assert [due.id for due in store.wanted(seed.MAILBOX, seed.UIDVALIDITY)] == [message.id]
    assert "The rest is asked for." in words(acting.get(f"/cases/{case}", headers=ENGLISH))
    store.postpone(message.id, "the server hung up", retry_at=None)
    page = acting.get(f"/cases/{case}", headers=ENGLISH)
    assert "The rest did not come: the server hung up" in words(page)
    assert f'action="/cases/{case}/messages/{message.id}/rest' in page.text


def test_the_rest_of_a_message_that_is_whole_or_elsewhere_cannot_be_asked_for(
    acting: TestClient, store: SqlStore
) -> None:
    assert post(acting, "/cases/1/messages/1/rest").status_code == 422
    _case, message = part(store)
    assert post(acting, f"/cases/1/messages/{message.id}/rest").status_code == 404
    assert not store.wanted(seed.MAILBOX, seed.UIDVALIDITY)


def test_what_the_server_owes_is_asked_for_again(acting: TestClient, store: SqlStore) -> None:
    _stuck, owed = store.quarantined()
    page = acting.get("/quarantine", headers=ENGLISH)
    assert "Messages that the server does not hand over" in words(page)
    assert f"Ask again for message {owed.id}" in page.text
    assert f"/quarantine/{owed.id}/raw" not in page.text
    assert not store.owed(seed.MAILBOX, seed.UIDVALIDITY, now=seed.NOW, limit=9)
    assert post(acting, f"/quarantine/{owed.id}/release").headers["location"] == "/quarantine?again=1"
    assert [due.id for due in store.owed(seed.MAILBOX, seed.UIDVALIDITY, now=seed.NOW, limit=9)] == [owed.id]


def test_a_message_that_could_not_be_read_is_handed_out_as_a_file_and_never_shown(
    acting: TestClient, store: SqlStore
) -> None:
    stuck, _owed = store.quarantined()
    answer = acting.get(f"/quarantine/{stuck.id}/raw")
    assert answer.content == b"\0" * 180_000
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_the_menu_counts_what_waits_for_a_person(acting: TestClient, store: SqlStore) -> None:
    assert '<span class="waiting">3</span>' in acting.get("/queue").text
    attention = store.attention()
    assert (attention.messages, attention.replies) == (2, 1)
