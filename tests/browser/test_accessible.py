"""Every page by axe, by keyboard alone, without JavaScript, and at a width of 320."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import seed
from tests.browser.desk import application, sign_in
from tests.servers.desk import served

pytestmark = pytest.mark.browser

PAGES = [
    "/queue",
    "/queue?category=gown",
    "/queue?text=finnes-ikke",
    "/cases/1",
    "/cases/2",
    "/cases/6",
    "/quarantine",
    "/cases/49",  # a call, entered by staff
    "/cases/50",  # a mail of which only a part is here
    "/cases/51",  # a mail of which only the beginning was read
    "/entries/new",
    "/cases/999",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]} {one['nodes'][0]['failureSummary'][:300]}" for one in found]


@pytest.fixture
def own_desk(tmp_path: object) -> Iterator[str]:
    """A desk that the test may change."""
    store = seed.seeded(tmp_path)  # type: ignore[arg-type]
    with served(application(store)) as address:
        yield address
    store.dispose()


@pytest.fixture
def troubled_desk(tmp_path: Path) -> Iterator[str]:
    """A desk with jobs in trouble."""
    store = seed.seeded(tmp_path)
    fault = "the server refused the password (AUTHENTICATIONFAILED); set TRIAGE_IMAP_PASSWORD " + "a" * 200
    store.put_trouble("poll INBOX", fault, refused=True, now=seed.NOW)
    store.put_trouble("deliver", "the SMTP server does not answer", refused=False, now=seed.NOW)
    with served(application(store)) as address:
        yield address
    store.dispose()


@pytest.mark.parametrize("language", ["nb", "en"])
def test_axe_finds_nothing_where_jobs_are_in_trouble(browser: Browser, troubled_desk: str, language: str) -> None:
    page = browser.new_page(locale=language, viewport={"width": 320, "height": 700})
    sign_in(page, troubled_desk, seed.ADMIN)
    for path in ("/operations", "/queue", "/entries/new"):
        page.goto(troubled_desk + path)
        expect(page.locator(".troubles[role=alert]")).to_contain_text("AUTHENTICATIONFAILED")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.goto(f"{troubled_desk}/entries/new")
    page.fill("#e-email", "x")
    page.click("form[action='/entries'] button")
    expect(page.locator("#w-email")).to_be_visible()
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_on(page: Page, desk: str, path: str, language: str) -> None:
    page.goto(f"{desk}{path}{'&' if '?' in path else '?'}lang={language}")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert violations(page) == []


def test_axe_finds_nothing_on_the_sign_in_form(browser: Browser, desk: str) -> None:
    page = browser.new_page()
    page.goto(f"{desk}/sign-in")
    assert violations(page) == []
    page.fill("input[name=name]", "x")
    page.fill("input[name=password]", "y")
    page.click("main button")
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []
    page.close()


@pytest.mark.parametrize("width", [320, 390])
@pytest.mark.parametrize("path", ["/sign-in", *PAGES])
def test_nothing_scrolls_sideways_on_a_narrow_screen(page: Page, desk: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(desk + path)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def press_until(page: Page, key: str, selector: str, most: int = 80) -> None:
    for _ in range(most):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"{selector} is not reached by {key}")


def test_the_day_goes_by_keyboard_alone(browser: Browser, own_desk: str) -> None:
    page = browser.new_page(locale="en")
    page.goto(f"{own_desk}/sign-in?lang=en")
    press_until(page, "Tab", "input[name=name]")
    page.keyboard.type(seed.NAME)
    page.keyboard.press("Tab")
    page.keyboard.type(seed.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    press_until(page, "Tab", ".about a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")
    press_until(page, "Tab", "select[name=state]")
    page.keyboard.type("Taken")
    page.keyboard.press("Tab")
    page.keyboard.type("Called the supplier")
    press_until(page, "Tab", "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/3")
    page.goto(f"{own_desk}/cases/1")
    expect(page.locator("select[name=state]")).to_have_value("taken_further")
    expect(page.locator(".history")).to_contain_text("Called the supplier")
    page.close()


def test_where_the_focus_is_can_be_seen(page: Page, desk: str) -> None:
    page.goto(f"{desk}/cases/1")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", page.evaluate("document.activeElement.outerHTML")


def test_a_filter_swaps_the_queue_without_loading_the_page(page: Page, desk: str) -> None:
    page.evaluate("window.same = true")
    page.select_option("#f-category", "eye_protection")
    expect(page.locator("table.queue")).not_to_contain_text("SM-000001")
    assert page.evaluate("window.same")
    assert "category=eye_protection" in page.url
    page.go_back()
    expect(page.locator("table.queue")).to_contain_text("SM-000001")


def test_a_session_that_ended_leads_to_the_sign_in_form(page: Page, desk: str) -> None:
    page.context.clear_cookies()
    page.select_option("#f-category", "gown")
    page.wait_for_url("**/sign-in**")


def test_everything_works_without_scripts(browser: Browser, own_desk: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    sign_in(page, own_desk)
    page.select_option("#f-category", "respirator")
    page.click("form.filter button")
    page.click(".about a >> nth=0")
    page.select_option("select[name=state]", "closed")
    page.click("button[value=here]")
    expect(page.get_by_role("status")).to_contain_text("The state is saved.")
    page.click("text=Correct what was read >> nth=0")
    page.select_option(".correct select >> nth=0", "donation")
    page.click("text=Save intent >> nth=0")
    expect(page.get_by_role("status")).to_contain_text("The correction is saved")
    page.goto(f"{own_desk}/cases/11?state=received")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_role("status")).to_contain_text("read again at the next round")
    expect(page.locator("details.message[open]")).to_contain_text("It waits to be read again.")
    page.goto(f"{own_desk}/quarantine")
    page.get_by_role("button", name="Read message").click()
    expect(page.get_by_role("status")).to_contain_text("being read again")
    page.click("text=Sign out")
    page.goto(f"{own_desk}/queue")
    assert "/sign-in" in page.url
    context.close()


def test_a_call_is_entered_by_keyboard_alone(browser: Browser, own_desk: str) -> None:
    page = browser.new_page(locale="en")
    sign_in(page, own_desk)
    press_until(page, "Tab", "a[href='/entries/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/entries/new")
    press_until(page, "Tab", "input[name=source]")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "#e-company")
    page.keyboard.type("Fjordvik AS")
    press_until(page, "Tab", "#e-subject")
    page.keyboard.type("Visors")
    page.keyboard.press("Tab")
    page.keyboard.type("They have 500 visors.")
    press_until(page, "Tab", "form[action='/entries'] button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/entries/\d+$"))
    expect(page.get_by_role("status")).to_contain_text("It is being read.")
    assert violations(page) == []
    page.close()


def test_entries_work_without_scripts(browser: Browser, own_desk: str, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en")
    page = context.new_page()
    sign_in(page, own_desk)
    page.goto(f"{own_desk}/entries/new")
    page.fill("#e-company", "Fjordvik AS")
    page.fill("#e-subject", "Visors")
    page.click("text=Save the entry")
    expect(page.locator("#w-text")).to_be_visible()
    expect(page.locator("#e-company")).to_have_value("Fjordvik AS")
    page.fill("#e-text", "They have 500 visors.")
    page.click("text=Save the entry")
    page.wait_for_url(re.compile(r"/entries/\d+$"))
    place = page.url
    page.click("text=See whether the case is ready")
    assert page.url == place
    page.click("text=Enter another")
    file = tmp_path / "mail.eml"
    file.write_bytes(b"From: a@firma.example\r\nSubject: Visors\r\n\r\n500 visors\r\n")
    page.set_input_files("#e-file", file)
    page.click("text=Hand in the mail")
    page.wait_for_url(re.compile(r"/entries/\d+$"))
    assert page.url != place
    context.close()


def test_an_entry_opens_its_case_by_itself(browser: Browser, tmp_path: Path) -> None:
    store = seed.open_store(tmp_path)
    with served(application(store)) as address:
        page = browser.new_page(locale="en")
        sign_in(page, address)
        page.goto(f"{address}/entries/new")
        for field, text in (("company", "Fjordvik AS"), ("subject", "Visors"), ("text", "500 visors")):
            page.fill(f"#e-{field}", text)
        page.click("text=Save the entry")
        page.wait_for_url(re.compile(r"/entries/\d+$"))
        [entered] = store.pending(9)
        told = seed.triaged(seed.mail("Visors", seed.OURS, "500 visors"), band="none")
        store.record(entered.id, told, join=lambda _: None, compose=lambda _: None, now=seed.NOW)
        page.wait_for_url("**/cases/*", timeout=15_000)
        expect(page.locator(".source")).to_contain_text("Telephone call · entered by ingrid")
        page.close()
    store.dispose()


def test_a_download_is_saved_under_a_safe_name(page: Page, desk: str) -> None:
    page.goto(f"{desk}/cases/1")
    with page.expect_download() as waiting:
        page.click(".attachments a >> nth=0")
    assert waiting.value.suggested_filename.endswith(".html")
    assert page.url.endswith("/cases/1")
