"""Every route, signed in and not, with its token and without: denied unless allowed."""

import itertools
from collections.abc import Iterator

import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from tests.browser import seed
from tests.browser.desk import application
from tests.unit.web.asking import post, sign_in, token_on, words
from triage.adapters.store import SqlStore
from triage.errors import StoreError
from triage.ports import Account

OPEN = {("/sign-in", "GET"), ("/sign-in", "POST"), ("/health", "GET"), ("/metrics", "GET")}
SPECIAL = {"/operations", "/entries/{message_id}", "/quarantine/{message_id}/raw"}
EXAMPLE = {"case_id": 1, "message_id": 1, "index": 0}


def all_routes() -> list[tuple[str, str]]:
    """(path, method) of every route of the application, found by walking it."""
    app = application(seed.SqlStore("sqlite://", case_prefix="SM"))
    return sorted({pair for route in app.routes for pair in walked(route)})


def walked(route: BaseRoute) -> Iterator[tuple[str, str]]:
    inner = getattr(route, "original_router", None)
    if inner is not None:
        for one in inner.routes:
            yield from walked(one)
    elif isinstance(route, Mount):
        assert route.path == "/static", f"{route.path} is mounted; say here whether it is open"
    else:
        assert isinstance(route, Route), f"an unknown kind of route: {route}"
        for method in route.methods or ():
            yield route.path, method


def filled_in(path: str) -> str:
    return path.format(**EXAMPLE)


ROUTES = all_routes()
CLOSED = [route for route in ROUTES if route not in OPEN]


def test_the_walk_finds_the_routes() -> None:
    assert {("/queue", "GET"), ("/cases/{case_id}/state", "POST"), ("/", "GET")} <= set(ROUTES)
    assert set(ROUTES) >= OPEN


@pytest.mark.parametrize(("path", "method"), CLOSED)
def test_nobody_gets_in_without_signing_in(anonymous: TestClient, path: str, method: str) -> None:
    answer = anonymous.request(method, filled_in(path), data={"csrf": "x"} if method == "POST" else None)
    assert answer.status_code == (303 if method == "GET" else 401)
    if method == "GET":
        assert answer.headers["location"].startswith("/sign-in")
    assert "FFP3" not in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/openapi.json", "/docs", "/queue/", "//queue", "/static/../queue", "/%2e/queue"]
)
def test_an_unknown_page_tells_nobody_anything(anonymous: TestClient, path: str) -> None:
    answer = anonymous.get(path)
    assert answer.status_code in {303, 404}
    assert "FFP3" not in answer.text


@pytest.mark.parametrize("path", [path for path, method in CLOSED if method == "GET" and path not in SPECIAL])
def test_whoever_is_signed_in_gets_every_page(asking: TestClient, path: str) -> None:
    assert asking.get(filled_in(path)).status_code in {200, 303}


def test_the_pages_of_certain_messages_are_there_for_these_and_for_no_others(
    asking: TestClient, filled: SqlStore
) -> None:
    stuck, owed = filled.quarantined()
    assert (stuck.owed, owed.owed) == (False, True)
    assert asking.get(f"/quarantine/{stuck.id}/raw").status_code == 200
    assert [asking.get(f"/quarantine/{id_}/raw").status_code for id_ in (owed.id, 1, 99999)] == [404] * 3
    assert asking.get("/entries/1").status_code == 404


def test_operations_are_for_administrators(acting: TestClient) -> None:
    assert acting.get("/operations").status_code == 404
    assert "/operations" not in acting.get("/queue").text
    sign_in(acting, name=seed.ADMIN)
    assert 'href="/operations"' in acting.get("/queue").text
    page = words(acting.get("/operations", headers={"accept-language": "en"}))
    assert "INBOX" in page
    assert "Not handed over by the server 1" in page


UNSAFE = [path for path, method in ROUTES if method == "POST"]
WITHOUT = [None, "", "wrong"]


@pytest.mark.parametrize(("path", "token"), list(itertools.product(UNSAFE, WITHOUT)))
def test_no_form_is_taken_without_its_token(asking: TestClient, path: str, token: str | None) -> None:
    fields = {} if token is None else {"csrf": token}
    assert asking.post(filled_in(path), data={**fields, "state": "closed"}).status_code == 403


def test_the_token_of_the_sign_in_form_does_for_nothing_else(acting: TestClient) -> None:
    form_token = token_on(acting.get("/sign-in"), "/sign-in")
    assert form_token == acting.cookies["triage-form"] != token_on(acting.get("/queue"))
    assert acting.post("/cases/1/state", data={"state": "closed", "csrf": form_token}).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "http://["}, 403),
        ({"origin": "http://testserver"}, 303),
        ({"origin": "null", "sec-fetch-site": "same-origin"}, 303),
        ({"origin": "null"}, 303),
        ({}, 303),
    ],
)
def test_a_form_from_another_site_is_refused_even_with_its_token(
    acting: TestClient, headers: dict[str, str], status: int
) -> None:
    form = {"csrf": token_on(acting.get("/queue")), "state": "closed"}
    assert acting.post("/cases/1/state", data=form, headers=headers).status_code == status


def test_a_form_is_small_and_of_its_type(acting: TestClient) -> None:
    token = token_on(acting.get("/queue"))
    assert acting.post("/cases/1/state", data={"csrf": token, "note": "a" * 70_000}).status_code == 413
    assert acting.post("/cases/1/state", json={"csrf": token, "state": "closed"}).status_code == 415
    assert acting.post("/cases/1/state", data={"csrf": token, **{f"f{n}": "" for n in range(200)}}).status_code == 400
    form_type = {"content-type": "application/x-www-form-urlencoded"}
    assert acting.post("/cases/1/state", content=b"csrf=%FF%00&\xff", headers=form_type).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_do_nothing(asking: TestClient, method: str) -> None:
    assert asking.request(method, "/cases/1").status_code in {403, 405, 415}


@pytest.mark.parametrize(
    "path",
    [
        "/queue",
        "/sign-in",
        "/cases/1",
        "/cases/999999",
        "/health",
        "/quarantine",
        "/static/desk.css",
        "/cases/1/messages/1/raw",
    ],
)
def test_every_answer_carries_the_security_headers(asking: TestClient, path: str) -> None:
    headers = asking.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == ("public, max-age=86400" if path.startswith("/static") else "no-store")


class Broken(SqlStore):
    """A store that fails as told when an account is looked up."""

    fault: Exception = RuntimeError("secret detail")

    def account(self, name: str) -> Account | None:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "status"), [(RuntimeError("secret detail"), 500), (StoreError("secret detail"), 503)]
)
def test_a_fault_shows_a_page_without_its_trace(fault: Exception, status: int) -> None:
    broken = Broken("sqlite://", case_prefix="SM")
    broken.fault = fault
    with TestClient(application(broken)) as client:
        form = {"name": "a", "password": "b", "csrf": token_on(client.get("/sign-in"))}
        answer = client.post("/sign-in", data=form, headers={"accept-language": "en"})
    broken.dispose()
    assert answer.status_code == status
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert "content-security-policy" in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "/cases/abc",
        "/cases/0",
        "/cases/99999999999999999999",
        "/cases/999",
        "/cases/1/messages/2147483647/raw",
        "/cases/2/messages/1/raw",
        "/cases/1/messages/1/attachments/77",
        "/cases/1/messages/1/attachments/-1",
    ],
)
def test_what_is_not_there_is_not_there(asking: TestClient, path: str) -> None:
    assert asking.get(path).status_code == 404


def test_health_asks_the_database(anonymous: TestClient, tmp_path: object) -> None:
    assert anonymous.get("/health").json() == {"status": "ok", "database": "ok"}
    empty = SqlStore(f"sqlite:///{tmp_path}/none.db", case_prefix="SM")
    with TestClient(application(empty)) as client:
        answer = client.get("/health")
    empty.dispose()
    assert answer.status_code == 503
    assert str(tmp_path) not in answer.text


def test_htmx_is_sent_to_sign_in_as_a_whole_page(anonymous: TestClient) -> None:
    answer = anonymous.get("/queue", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/sign-in")


def test_a_released_message_waits_again(acting: TestClient, store: SqlStore) -> None:
    stuck, _owed = store.quarantined()
    assert post(acting, f"/quarantine/{stuck.id}/release").headers["location"] == "/quarantine?released=1"
    assert stuck.id not in {one.id for one in store.quarantined()}
    assert post(acting, f"/quarantine/{stuck.id}/release").status_code == 404
