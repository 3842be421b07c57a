"""A browser on a seeded desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import seed
from tests.browser.desk import application, chromium, sign_in
from tests.servers.desk import served


@pytest.fixture(scope="package")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for all tests of this folder; it ends with them, for its event loop would trouble others."""
    with chromium(chromium_path) as one:
        yield one


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a seeded desk."""
    store = seed.seeded(tmp_path_factory.mktemp("desk"), more=40)
    with served(application(store)) as address:
        yield address
    store.dispose()


@pytest.fixture
def page(browser: Browser, desk: str) -> Iterator[Page]:
    """A page that is signed in and shows the queue, in Norwegian."""
    context = browser.new_context(locale="nb", viewport={"width": 1280, "height": 900})
    one = context.new_page()
    sign_in(one, desk)
    yield one
    context.close()
