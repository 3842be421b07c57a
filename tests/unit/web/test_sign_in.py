from datetime import datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.browser import seed
from tests.browser.desk import application
from tests.unit.web.asking import SESSION_COOKIE, post, sign_in, token_on
from triage.adapters.store import SqlStore
from triage.web.security import hashed
from triage.web.sign_in import hash_password, verified, way_back


@pytest.fixture
def empty(tmp_path: Path) -> SqlStore:
    return seed.open_store(tmp_path)


@pytest.fixture
def client(empty: SqlStore) -> TestClient:
    return TestClient(application(empty), follow_redirects=False)


def test_the_right_password_opens_the_queue(client: TestClient) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/queue")
    assert client.get("/queue").status_code == 200


@pytest.mark.parametrize(
    ("name", "password"), [(seed.NAME, "wrong"), ("nobody", seed.PASSWORD), ("", ""), ("a\0b", "x")]
)
def test_a_wrong_sign_in_never_says_what_was_wrong(client: TestClient, name: str, password: str) -> None:
    answer = sign_in(client, name=name, password=password)
    assert answer.status_code == 401
    assert "Brukernavn eller passord er feil." in answer.text
    assert SESSION_COOKIE not in client.cookies


def test_unknown_names_take_a_verification_too(empty: SqlStore) -> None:
    assert not verified(None, seed.PASSWORD)
    assert verified(empty.account(seed.NAME), seed.PASSWORD)


def test_passwords_are_kept_as_argon2id() -> None:
    assert hash_password("a").startswith("$argon2id$")
    assert hash_password("a") != hash_password("a")


def test_the_database_keeps_no_token(client: TestClient, empty: SqlStore) -> None:
    sign_in(client)
    token = client.cookies[SESSION_COOKIE]
    assert empty.session(token, seed.NOW) is None
    assert empty.session(hashed(token), seed.NOW) is not None


def test_every_sign_in_has_a_new_token_and_ends_the_old(client: TestClient) -> None:
    sign_in(client)
    old = client.cookies[SESSION_COOKIE]
    sign_in(client)
    assert client.cookies[SESSION_COOKIE] != old
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, old)
    assert client.get("/queue").status_code == 303


def test_a_token_from_outside_is_never_taken_over(client: TestClient) -> None:
    client.cookies.set(SESSION_COOKIE, "planted")
    sign_in(client)
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, "planted")
    assert client.get("/queue").status_code == 303


def test_signing_out_ends_the_session_on_the_server(client: TestClient) -> None:
    sign_in(client)
    token = client.cookies[SESSION_COOKIE]
    assert post(client, "/sign-out").headers["location"] == "/sign-in"
    client.cookies.clear()
    client.cookies.set(SESSION_COOKIE, token)
    assert client.get("/queue").status_code == 303


def test_a_session_ends_by_itself(empty: SqlStore) -> None:
    now = [seed.NOW]
    client = TestClient(application(empty, now=lambda: now[0]), follow_redirects=False)
    sign_in(client)
    now[0] += timedelta(minutes=481)
    assert client.get("/queue").status_code == 303


def test_over_https_the_cookies_are_tied_to_the_host(empty: SqlStore) -> None:
    with TestClient(application(empty, secure=True), base_url="https://testserver", follow_redirects=False) as client:
        cookie = sign_in(client).headers["set-cookie"]
        answer = client.get("/queue")
    assert cookie.startswith("__Host-triage-session=")
    for attribute in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert "max-age" in answer.headers["strict-transport-security"]


def test_the_form_needs_the_cookie_it_came_with(client: TestClient) -> None:
    token = token_on(client.get("/sign-in"))
    client.cookies.clear()
    assert (
        client.post("/sign-in", data={"name": seed.NAME, "password": seed.PASSWORD, "csrf": token}).status_code == 403
    )


def test_guessing_is_slowed_down_and_then_forgiven(empty: SqlStore) -> None:
    now = [seed.NOW]

    def clock() -> datetime:
        return now[0]

    client = TestClient(application(empty, now=clock), follow_redirects=False)
    statuses = [sign_in(client, password="wrong").status_code for _ in range(11)]
    assert statuses == [401] * 10 + [429]
    refused = sign_in(client)
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) > 0
    now[0] += timedelta(minutes=16)
    assert sign_in(client).status_code == 303


@pytest.mark.parametrize(
    "to", ["/cases/5", "/cases/5?category=gown", "/quarantine", "/entries/new", "/queue?text=a%20b"]
)
def test_after_signing_in_one_is_where_one_wanted(client: TestClient, to: str) -> None:
    asked = client.get(to)
    form_page = client.get(asked.headers["location"])
    form = {"name": seed.NAME, "password": seed.PASSWORD, "to": to, "csrf": token_on(form_page)}
    assert client.post("/sign-in", data=form).headers["location"] == to


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "/queue\r\nX: y",
        "/queue/../x",
        "javascript:1",
        "/cases/1\n",
        "",
    ],
)
def test_nobody_is_led_away_by_signing_in(to: str) -> None:
    assert way_back(to) == "/queue"
