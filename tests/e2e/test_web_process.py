"""The web as a process of its own: what it loads, and a day's work over HTTP."""

import subprocess
import sys
from pathlib import Path

import httpx2
from sqlalchemy import Engine, event

from models.case import CaseState
from tests.browser import seed
from tests.browser.desk import application
from tests.servers.desk import served
from tests.unit.web.asking import token_on

HEAVY = ("spacy", "sklearn", "numpy", "scipy", "phonenumbers", "py3langid", "mailparser", "lxml")
MOST_STATEMENTS = 8


def test_the_web_loads_nothing_that_reads_mail(checkout: Path) -> None:
    asked = f"import sys, triage.web.app; print([m for m in {HEAVY!r} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", asked], cwd=checkout, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_case_is_found_set_and_left_over_http(tmp_path: Path) -> None:
    store = seed.seeded(tmp_path)
    with served(application(store)) as address, httpx2.Client(base_url=address, follow_redirects=True) as client:
        assert client.get("/health").json()["status"] == "ok"
        form = {"name": seed.NAME, "password": seed.PASSWORD, "csrf": token_on(client.get("/cases/2"), "/sign-in")}
        queue = client.post("/sign-in", data=form)
        assert queue.url.path == "/queue"
        fields = {"csrf": token_on(queue), "state": "not_needed", "note": "", "go": "next"}
        onward = client.post("/cases/2/state", data=fields)
        assert onward.url.path == "/cases/4"
        assert client.post("/sign-out", data={"csrf": token_on(onward)}).url.path == "/sign-in"
        assert client.get("/cases/2").url.path == "/sign-in"
    case = store.case(2)
    store.dispose()
    assert case
    assert case.summary.state is CaseState.NOT_NEEDED


def test_the_queue_asks_the_database_few_questions(tmp_path: Path) -> None:
    store = seed.seeded(tmp_path, more=40)
    said: list[str] = []
    listening: Engine = store._engine
    with served(application(store)) as address, httpx2.Client(base_url=address, follow_redirects=True) as client:
        form = {"name": seed.NAME, "password": seed.PASSWORD, "csrf": token_on(client.get("/sign-in"))}
        client.post("/sign-in", data=form)
        event.listen(listening, "before_cursor_execute", lambda _c, _u, statement, *_: said.append(statement))
        assert client.get("/queue").status_code == 200
    store.dispose()
    assert 0 < len([one for one in said if one.startswith("SELECT")]) <= MOST_STATEMENTS
