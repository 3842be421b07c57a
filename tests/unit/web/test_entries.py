"""Entries by staff: a message like any other, once however often it is posted, whatever is written in its fields."""

import re
from email import message_from_bytes, policy
from html import unescape

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from models.mail import DocumentText, MessageSource
from tests.browser import seed
from tests.unit.web.asking import SESSION_COOKIE, token_on, words
from triage.adapters.store import SqlStore
from triage.ports import Pending
from triage.stages.parse import parse

CALL = {
    "source": "phone",
    "company": "Fjordvik Verneutstyr AS",
    "contact": "Kåre Ås",
    "phone": "+47 22 33 44 55",
    "email": "kare@fjordvik.example",
    "at": "2020-03-28T09:00",
    "subject": "Visir på lager",
    "text": "Han har 500 visir.\r\nKr 45 per stk.",
    "referrer": "Regionsykehuset",
}
MAIL = b"From: Kari <kari@firma.example>\r\nSubject: Munnbind\r\n\r\nVi har 200 munnbind.\r\n"


def fields(client: TestClient, **said: str) -> dict[str, str]:
    page = client.get("/entries/new")
    found = re.search(r'name="token" value="([^"]+)"', page.text)
    assert found
    return {**CALL, "csrf": token_on(page, "/entries"), "token": found[1], **said}


def enter(client: TestClient, **said: str) -> str:
    answer = client.post("/entries", data=fields(client, **said))
    assert answer.status_code == 303, words(answer)
    return answer.headers["location"]


def newest(store: SqlStore) -> Pending:
    return store.pending(100)[-1]


def test_a_call_becomes_a_message_that_waits_for_triage_and_is_never_answered(
    acting: TestClient, store: SqlStore
) -> None:
    place = enter(acting)
    entered = newest(store)
    assert place == f"/entries/{entered.id}"
    assert (entered.raw.source, entered.raw.backfill) == (MessageSource.PHONE, True)
    mail = parse(entered.raw.octets, lambda *_: DocumentText())
    assert mail.subject == "Visir på lager"
    assert [(one.name, one.address) for one in mail.from_] == [("Kåre Ås", "kare@fjordvik.example")]
    assert mail.text.startswith("Han har 500 visir.\nKr 45 per stk.")
    assert all(said in mail.text for said in ("Fjordvik Verneutstyr AS", "+47 22 33 44 55"))
    assert "Regionsykehuset" not in entered.raw.octets.decode()
    assert seed.NAME not in entered.raw.octets.decode()


def test_the_octets_do_not_tell_by_which_way_an_entry_came(acting: TestClient, store: SqlStore) -> None:
    """The way, who entered it and who referred it cannot count in the ranking: triage never sees them."""
    form = fields(acting)
    found = []
    for source, referrer in (("phone", ""), ("direct", "The minister")):
        acting.post("/entries", data={**form, "source": source, "referrer": referrer})
        found.append(newest(store).raw.octets)
    assert found[0] == found[1]


def test_a_form_that_is_posted_twice_is_one_entry_and_two_forms_are_two(acting: TestClient, store: SqlStore) -> None:
    form, before = fields(acting), store.count_messages()
    places = {acting.post("/entries", data=form).headers["location"] for _ in range(3)}
    assert len(places) == 1
    assert store.count_messages() == before + 1
    assert acting.post("/entries", data={**form, "text": "Han ringte igjen."}).headers["location"] not in places
    assert enter(acting) not in places
    assert store.count_messages() == before + 3


@pytest.mark.parametrize("field", ["company", "contact", "subject", "phone", "email", "referrer"])
@pytest.mark.parametrize("evil", ["a\r\nBcc: victim@example.org", "a\nBcc: x@y.example\n\n<script>", "a\x00\x0b\x85b"])
def test_no_field_makes_another_header_field(acting: TestClient, store: SqlStore, field: str, evil: str) -> None:
    answer = acting.post("/entries", data=fields(acting, **{field: evil}))
    if field == "email":
        assert answer.status_code == 422
        return
    assert answer.status_code == 303
    header = message_from_bytes(newest(store).raw.octets, policy=policy.SMTP)
    assert set(header.keys()) <= {
        "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"source": "mailbox"}, "Choose how it came."),
        ({"source": ""}, "Choose how it came."),
        ({"company": " ", "contact": ""}, "Give the company or the contact."),
        ({"email": "kåre"}, "The e-mail address is not valid."),
        ({"at": "2999-01-01T00:00"}, "The time is not valid"),
        ({"at": "0001-01-01T00:00"}, "The time is not valid"),
        ({"at": "yesterday"}, "The time is not valid"),
        ({"subject": "\t"}, "Give a subject."),
        ({"text": ""}, "Write what was said"),
        ({"text": "a" * 50_001}, "Write what was said"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_written_kept(
    acting: TestClient, store: SqlStore, said: dict[str, str], wrong: str
) -> None:
    before = store.count_messages()
    answer = acting.post("/entries", data=fields(acting, **said), headers={"accept-language": "en"})
    assert answer.status_code == 422
    assert wrong in words(answer)
    assert 'role="alert"' in answer.text
    assert "+47 22 33 44 55" in answer.text
    assert store.count_messages() == before


def test_a_long_text_in_letters_of_three_octets_is_taken(acting: TestClient, store: SqlStore) -> None:
    enter(acting, text="口" * 40_000)
    assert "口" * 1000 in parse(newest(store).raw.octets, lambda *_: DocumentText()).text.replace("\n", "")


def test_a_caller_without_an_address_and_a_name_of_any_kind_is_taken(acting: TestClient, store: SqlStore) -> None:
    enter(acting, email="", contact='O"Neill, <b> \\ @ (x)', company="")
    assert parse(newest(store).raw.octets, lambda *_: DocumentText()).from_ == ()


def test_an_entry_leads_to_its_case_when_it_was_read(acting: TestClient, store: SqlStore) -> None:
    place = enter(acting)
    assert "It is being read." in words(acting.get(place, headers={"accept-language": "en"}))
    told = seed.triaged(seed.mail("Visir", seed.OURS, "x"), band="none")
    case = store.record(newest(store).id, told, join=lambda _: None, compose=lambda _: None, now=seed.NOW)
    assert acting.get(place).headers["location"] == f"/cases/{case}"
    assert acting.get(place, headers={"hx-request": "true"}).headers["hx-redirect"] == f"/cases/{case}"
    page = words(acting.get(f"/cases/{case}", headers={"accept-language": "en"}))
    assert "Telephone call · entered by ingrid · referred by Regionsykehuset" in page


def test_an_entry_that_could_not_be_read_says_so(acting: TestClient, store: SqlStore) -> None:
    place = enter(acting)
    store.record_failure(newest(store).id, "it took too long", quarantine=True)
    assert "waits for attention" in words(acting.get(place, headers={"accept-language": "en"}))


def upload(client: TestClient, octets: bytes, **said: str) -> object:
    token = token_on(client.get("/entries/new"), "/entries/mail")
    return client.post("/entries/mail", data={"csrf": token, **said}, files={"file": ("a.eml", octets)})


def test_a_mail_as_a_file_is_kept_octet_by_octet_and_once(acting: TestClient, store: SqlStore) -> None:
    before = store.count_messages()
    places = {upload(acting, MAIL, referrer="X").headers["location"] for _ in range(2)}  # type: ignore[attr-defined]
    assert len(places) == 1
    assert store.count_messages() == before + 1
    raw = newest(store).raw
    assert (raw.octets, raw.source, raw.backfill) == (MAIL, MessageSource.DIRECT, True)


@pytest.mark.parametrize("octets", [b"", b" \n", b"\x89PNG\r\n", b"hello"])
def test_a_file_that_is_no_mail_is_refused(acting: TestClient, store: SqlStore, octets: bytes) -> None:
    before = store.count_messages()
    answer = upload(acting, octets)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert store.count_messages() == before


def test_an_upload_has_its_limit_its_token_and_its_place(acting: TestClient, store: SqlStore) -> None:
    before = store.count_messages()
    assert upload(acting, MAIL + b"A" * 27_000_000).status_code == 413  # type: ignore[attr-defined]
    wrong = acting.post("/entries/mail", data={"csrf": "x"}, files={"file": ("a.eml", MAIL)})
    assert wrong.status_code == 403
    token = token_on(acting.get("/entries/new"), "/entries/mail")
    elsewhere = acting.post("/cases/1/state", data={"csrf": token}, files={"file": ("a.eml", MAIL)})
    assert elsewhere.status_code == 415
    broken = acting.post(
        "/entries/mail", content=b"--x\r\nnonsense", headers={"content-type": "multipart/form-data; boundary=x"}
    )
    assert broken.status_code in {400, 403}
    none = acting.post("/entries/mail", content=b"", headers={"content-type": "multipart/form-data"})
    assert none.status_code == 400
    many = [(f"f{number}", ("a", b"a")) for number in range(9)]
    assert acting.post("/entries/mail", data={"csrf": token}, files=many).status_code == 400
    assert store.count_messages() == before


def test_an_entry_needs_the_token_of_its_own_form(acting: TestClient) -> None:
    assert acting.post("/entries", data=fields(acting, token="")).status_code == 422


WRITTEN = {**CALL, "text": 'Han har <500> "visir" & frakker.\nKr 45 per stk.'}


def hidden_fields(page: Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: unescape(value) for name, value in found}


def test_what_was_written_comes_back_after_the_sign_in_that_had_ended(acting: TestClient, store: SqlStore) -> None:
    form, before = fields(acting, **WRITTEN), store.count_messages()
    acting.cookies.delete(SESSION_COOKIE)
    refused = acting.post("/entries", data=form)
    assert refused.status_code == 401
    assert "henvendelsen er ikke lagret" in words(refused)
    told = {"name": seed.NAME, "password": "wrong"}
    again = acting.post("/sign-in", data=hidden_fields(refused) | told)
    assert again.status_code == 401
    back = acting.post("/sign-in", data=hidden_fields(again) | told | {"password": seed.PASSWORD})
    assert "er ikke lagret ennå" in words(back)
    assert store.count_messages() == before
    shown = unescape(back.text)
    assert all(f'value="{WRITTEN[name]}"' in shown for name in ("company", "contact", "email", "subject", "referrer"))
    assert WRITTEN["text"] in shown
    saved = acting.post("/entries", data={**WRITTEN, **hidden_fields(back), "csrf": token_on(back, "/entries")})
    assert saved.status_code == 303
    assert store.count_messages() == before + 1


def test_what_another_site_posts_is_not_kept(anonymous: TestClient) -> None:
    page = anonymous.post("/entries", data=WRITTEN, headers={"sec-fetch-site": "cross-site"})
    assert page.status_code == 401
    assert CALL["company"] not in page.text


def test_without_a_word_written_nothing_is_kept(anonymous: TestClient) -> None:
    assert "password" not in anonymous.post("/entries", data={"source": "phone"}).text
