"""Pictures of the pages for the documentation: `python -m tests.browser.screenshots [FOLDER]`."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser

from tests.browser import seed
from tests.browser.desk import application, chromium, sign_in
from tests.servers import chromium as installed
from tests.servers.desk import served

LARGEST = 200_000
WIDE, NARROW = (1280, 900), (390, 1200)
PAGES = (
    ("sign-in", "/sign-in", WIDE),
    ("queue", "/queue", WIDE),
    ("queue-phone", "/queue", NARROW),
    ("case", "/cases/1", (1280, 860)),
    ("case-findings", "/cases/2", (1280, 860)),
    ("case-phone", "/cases/1", NARROW),
    ("quarantine", "/quarantine", (1280, 600)),
)


def take(folder: Path) -> list[Path]:
    """Take every picture in every language into `folder`."""
    program = installed.program()
    if program is None:
        sys.exit("Chromium is not installed: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as state:
        store = seed.seeded(Path(state), more=40)
        with served(application(store)) as address, chromium(program) as browser:
            taken = [one for language in ("nb", "en") for one in _pictures(browser, address, language, folder)]
        store.dispose()
    return taken


def _pictures(browser: Browser, address: str, language: str, folder: Path) -> list[Path]:
    context = browser.new_context(locale=language, timezone_id="Europe/Oslo")
    page = context.new_page()
    taken = []
    for name, path, (width, height) in PAGES:
        page.set_viewport_size({"width": width, "height": height})
        if name == "queue":
            sign_in(page, address)
        page.goto(f"{address}{path}?lang={language}")
        file = folder / f"{name}-{language}.png"
        page.screenshot(path=file)
        if file.stat().st_size > LARGEST:
            sys.exit(f"{file} has {file.stat().st_size} octets; make the picture smaller than {LARGEST}")
        taken.append(file)
    context.close()
    return taken


if __name__ == "__main__":
    for picture in take(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/screenshots")):
        print(picture)  # noqa: T201 - it says what it made
