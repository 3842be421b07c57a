"""A seeded desk in a browser: what browser tests and screenshots have in common."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace
from typing import cast

from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from models.knowledge import Knowledge
from tests.browser import seed
from triage.adapters.knowledge import running, wording
from triage.ports import Store
from triage.resources import root
from triage.settings import Settings
from triage.web.app import create_app
from triage.web.desk import ReadAttachment

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def application(
    store: Store,
    *,
    secure: bool = False,
    now: Callable[[], datetime] = lambda: seed.NOW,
    read_attachment: ReadAttachment = seed.read_attachment,
) -> FastAPI:
    """The web on that store."""
    settings = Settings(  # type: ignore[call-arg]  # pydantic-settings takes _env_file
        _env_file=None, web_secure_cookies=secure, organisation="Sykehusinnkjøp (prøvedrift)", session_minutes=480
    )
    return create_app(
        store=store, settings=settings, knowledge=only_wordings(), read_attachment=read_attachment, now=now
    )


def only_wordings() -> Knowledge:
    """The part of the knowledge that the web reads."""
    return cast("Knowledge", SimpleNamespace(wording=wording.load(root()), running=running.load(root())))


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        yield browser
        browser.close()


def sign_in(page: Page, address: str, name: str = seed.NAME) -> None:
    """Sign in by the form, as a person does."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", name)
    page.fill("input[name=password]", seed.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/queue")
