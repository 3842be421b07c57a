"""A message of which only the beginning was read: told with its cause, and read again when somebody asks."""

import pytest
from starlette.testclient import TestClient

from models.mail import Defect
from tests.browser import seed
from tests.unit.web.asking import post, token_on, words
from triage.adapters.store import SqlStore

IN_PART = 51
ENGLISH, NORWEGIAN = {"accept-language": "en"}, {"accept-language": "nb"}
BUTTON = '<button class="small" type="submit">{}<span class="sr">'


def message_of(store: SqlStore, case_id: int = IN_PART) -> int:
    case = store.case(case_id)
    assert case is not None
    return case.messages[0].id


def again(case_id: int, message_id: int) -> str:
    return f"/cases/{case_id}/messages/{message_id}/again"


@pytest.mark.parametrize(
    ("headers", "told", "cut", "button"),
    [
        (
            NORWEGIAN,
            "Bare begynnelsen av meldingen er lest",
            "Meldingen har mer tekst enn det som leses",
            "Les på nytt",
        ),
        (ENGLISH, "Only the beginning of this message was read", "more text than is read", "Read again"),
    ],
)
def test_that_only_the_beginning_was_read_is_told_with_its_cause(
    asking: TestClient, headers: dict[str, str], told: str, cut: str, button: str
) -> None:
    page = asking.get(f"/cases/{IN_PART}", headers=headers)
    assert told in words(page)
    assert cut in words(page)
    assert "reading took more than 39 seconds; the first 16384 octets were read" in words(page)
    assert BUTTON.format(button) in page.text


@pytest.mark.parametrize("case_id", [1, 50])
def test_a_message_that_was_read_whole_has_no_such_button(asking: TestClient, case_id: int) -> None:
    assert "/again" not in asking.get(f"/cases/{case_id}").text


def test_a_message_is_read_again_once_and_the_page_tells_that_it_waits(acting: TestClient, store: SqlStore) -> None:
    message = message_of(store)
    answer = post(acting, again(IN_PART, message))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/cases/{IN_PART}?saved=again")
    assert [one.id for one in store.pending(9)] == [message]
    page = acting.get(f"/cases/{IN_PART}?saved=again", headers=ENGLISH)
    assert "The message is read again at the next round." in words(page)
    assert "It waits to be read again." in words(page)
    assert "/again" not in page.text
    assert post(acting, again(IN_PART, message)).status_code == 303
    assert [one.id for one in store.pending(9)] == [message]


def test_the_history_names_who_had_a_message_read_again(acting: TestClient, store: SqlStore) -> None:
    message = message_of(store)
    post(acting, again(IN_PART, message))
    case = store.case(IN_PART)
    assert case is not None
    [asked] = [one for one in case.events if one.kind == "read_again_asked"]
    assert (asked.actor, asked.detail) == (seed.NAME, {"message": str(message)})
    history = words(acting.get(f"/cases/{IN_PART}", headers=NORWEGIAN)).partition("Historikk")[2]
    assert "Det ble bedt om at en melding leses på nytt" in history
    assert seed.NAME in history


def test_the_selection_stays_when_a_message_is_read_again(acting: TestClient, store: SqlStore) -> None:
    answer = post(acting, again(IN_PART, message_of(store)) + "?category=gown")
    assert answer.headers["location"] == f"/cases/{IN_PART}?category=gown&saved=again"


def test_an_attempt_that_failed_is_told_and_can_be_made_again(acting: TestClient, store: SqlStore) -> None:
    message = message_of(store)
    store.read_again(message, actor="kari", now=seed.NOW)
    store.record_failure(message, "reading took more than 60 seconds", quarantine=True)
    page = words(acting.get(f"/cases/{IN_PART}", headers=ENGLISH))
    assert "The latest attempt to read it again failed. reading took more than 60 seconds" in page
    assert post(acting, again(IN_PART, message)).status_code == 303
    assert [one.id for one in store.pending(9)] == [message]


def test_when_the_whole_was_read_nothing_is_told_any_more(acting: TestClient, store: SqlStore) -> None:
    message = message_of(store)
    post(acting, again(IN_PART, message))
    whole = seed.triaged(seed.mail("Prisliste", seed.OURS, "Hele prislisten."), band="none")
    store.record(message, whole, join=lambda _: None, compose=lambda _: None, now=seed.NOW)
    page = acting.get(f"/cases/{IN_PART}", headers=ENGLISH)
    assert "Only the beginning" not in words(page)
    assert "A message was read again" in words(page)
    assert "/again" not in page.text


def test_a_message_that_is_no_part_or_is_of_another_case_is_not_read_again(acting: TestClient, store: SqlStore) -> None:
    assert post(acting, again(1, message_of(store, 1))).status_code == 422
    assert post(acting, again(1, message_of(store))).status_code == 404
    assert post(acting, again(999, message_of(store))).status_code == 404
    assert not store.pending(9)


def test_nothing_is_read_again_without_sign_in_or_token(
    acting: TestClient, anonymous: TestClient, store: SqlStore
) -> None:
    place = again(IN_PART, message_of(store))
    stranger = anonymous.post(place, data={"csrf": token_on(anonymous.get("/sign-in"), "/sign-in")})
    assert stranger.status_code == 401
    assert acting.post(place, data={"csrf": "x"}).status_code == 403
    assert acting.post(place).status_code in {403, 415}
    assert acting.get(place).status_code in {404, 405}
    assert not store.pending(9)


def test_the_cause_is_shown_as_text(acting: TestClient, store: SqlStore) -> None:
    message = message_of(store)
    store.read_again(message, actor="kari", now=seed.NOW)
    defects = [Defect(code="read-in-part", detail="<script>alert(1)</script> {cause}")]
    told = seed.triaged(seed.mail("Prisliste", seed.OURS, "Begynnelsen.", defects=defects), band="none")
    store.record(message, told, join=lambda _: None, compose=lambda _: None, now=seed.NOW)
    page = acting.get(f"/cases/{IN_PART}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {cause}" in page
