"""What the tests of the pages ask for again and again."""

import re

from httpx2 import Response
from starlette.testclient import TestClient

from tests.browser import seed

SESSION_COOKIE = "triage-session"


def token_on(page: Response, action: str = "") -> str:
    """The token in the first form of a page that goes to `action`."""
    found = re.search(rf'action="{action}.*?name="csrf" value="([^"]+)"', page.text, re.DOTALL)
    assert found, page.text
    return found[1]


def sign_in(client: TestClient, *, name: str = seed.NAME, password: str = seed.PASSWORD, **more: str) -> Response:
    """Sign in by the form; returns the answer to it."""
    form = {"name": name, "password": password, "csrf": token_on(client.get("/sign-in"), "/sign-in"), **more}
    return client.post("/sign-in", data=form)


def post(client: TestClient, path: str, **fields: object) -> Response:
    """Post a form with the session's token."""
    return client.post(path, data={"csrf": token_on(client.get("/queue")), **fields})


def words(page: Response) -> str:
    """The text of a page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split())
