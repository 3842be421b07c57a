"""Nothing that a supplier can write runs, loads or leads away, wherever a page shows it (C08)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from models.assessment import Finding, RiskSign, Severity
from models.case import CaseState, Triaged
from models.mail import Address, Defect, MessageKey, RawMessage
from models.reading import Claim, OfferLine, Polarity, Span, Supplier, Where
from models.reply import ReplyDecision
from tests.browser import seed
from tests.browser.desk import application, sign_in
from tests.servers.desk import served
from triage.ports import Cursor

pytestmark = pytest.mark.browser

PAYLOADS = [json.loads(line) for line in (Path(__file__).parent / "payloads.jsonl").read_text("utf-8").splitlines()]

FOREIGN = ", ".join(
    f"main {one}"
    for one in (
        *(
            "iframe",
            "object",
            "embed",
            "style",
            "link",
            "base",
            "meta",
            "img",
            "video",
            "audio",
            "math",
            "marquee",
            "bdo",
        ),
        *("[onerror]", "[onload]", "[onfocus]", "[onmouseover]", "[style]", "[ping]", "[formaction]", "[autofocus]"),
        *(
            "div[hx-get]",
            "div[data-hx-get]",
            "[hx-on\\:click]",
            "a[href^='javascript']",
            "a[href^='data']",
            "svg *:not(rect)",
        ),
    )
)
"""What no page of ours has; a match was made by a supplier."""


def hostile(payload: str) -> Triaged:
    """A mail that says `payload` in every place that a page can show."""
    where = Span(where=Where.BODY, start=2, end=2 + len(payload), text=payload)
    on_paper = Span(where=Where.ATTACHMENT, start=0, end=len(payload), text=payload, attachment=0)
    said = Claim(code=payload, polarity=Polarity.ASSERTED, span=where, rule=payload, category=payload, cue=payload)
    paper = replace(said, span=on_paper, polarity=Polarity.DENIED)
    one = seed.triaged(
        seed.mail(
            payload,
            Address(name=payload, address=f"{payload}@x.example"),
            f"a {payload} z\n> {payload}",
            attachments=[replace(seed.attachment(payload, payload, payload), unread=payload)],
            hidden=payload,
            defects=[Defect(code=payload, detail=payload)],
        ),
        categories=["gown", payload],
        language=payload[:20],
        intent=payload,
        claims=[said, paper],
        lines=[
            OfferLine(
                category=payload,
                quantity=1,
                per=payload,
                quantity_unit=payload,
                price=1,
                currency=payload,
                price_unit=payload,
                lead_time_text=payload,
                stock_country=payload,
                spans=(("quantity", where),),
            )
        ],
        supplier=Supplier(
            company=payload,
            org_number=payload,
            org_number_valid=False,
            contact=payload,
            email=payload,
            phone=payload,
            country=payload,
        ),
        missing=[payload],
        findings=[
            Finding(
                rule=payload,
                severity=Severity.HIGH,
                category=payload,
                texts=(("nb", payload),),
                action=payload,
                spans=(where,),
            )
        ],
        risk=[RiskSign(code=payload, reason=payload, texts=(("nb", payload), ("en", payload)), spans=(where,))],
        reasons=[seed.reason(5, payload, payload, payload)],
        band=payload,
        reply=ReplyDecision(kind=None, language=payload, to=None, rule=payload, reason=payload),
    )
    return replace(one, reading=replace(one.reading, judgement=replace(one.reading.judgement, because=(payload,))))


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = seed.open_store(tmp_path_factory.mktemp("hostile"))
    cases = seed.add(store, [(hostile(one), seed.NOW - timedelta(minutes=n)) for n, one in enumerate(PAYLOADS)])
    for case, payload in zip(cases, PAYLOADS, strict=True):
        store.set_state(case, CaseState.RECEIVED, actor=payload, note=payload, now=seed.NOW)
    key = MessageKey(mailbox=PAYLOADS[0], uidvalidity=1, uid=1)
    store.add_messages(
        Cursor(mailbox=PAYLOADS[0], uidvalidity=1, last_uid=1),
        [RawMessage(key=key, octets=b"x", internaldate=seed.NOW)],
    )
    (waiting,) = store.pending(10)
    store.record_failure(waiting.id, "".join(PAYLOADS)[:1900], quarantine=True)
    with served(application(store)) as address:
        yield address
    store.dispose()


class Watch:
    """What a page did that it should not have done."""

    def __init__(self, page: Page, address: str) -> None:
        self.seen: list[str] = []
        own = urlsplit(address).netloc
        page.on("dialog", lambda dialog: (self.seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on(
            "request",
            lambda request: urlsplit(request.url).netloc == own or self.seen.append(f"request {request.url[:120]}"),
        )
        page.on("pageerror", lambda error: self.seen.append(f"script fault {error}"))
        page.on("popup", lambda popup: self.seen.append(f"window {popup.url}"))
        page.on("console", lambda message: "Content Security Policy" in message.text and self.seen.append(message.text))


def test_the_corpus_is_large() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 100


def test_nothing_that_a_supplier_writes_runs_or_loads(browser: Browser, hostile_desk: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch = Watch(page, hostile_desk)
    sign_in(page, hostile_desk)
    pages = -(-len(PAYLOADS) // 25)
    addresses = [f"/queue?page={n}" for n in range(1, pages + 1)] + [
        "/quarantine",
        "/queue?text=" + "%3Cscript%3Ealert(1)%3C/script%3E",
    ]
    addresses += [f"/cases/{n}" for n in range(1, len(PAYLOADS) + 1)]
    for address in addresses:
        answer = page.goto(hostile_desk + address, wait_until="load")
        assert answer, address
        assert answer.status == 200, address
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        scripts = page.evaluate("[...document.scripts].filter(one => !one.src.includes('/static/htmx')).length")
        foreign = page.locator(FOREIGN).count()
        assert (scripts, foreign, watch.seen) == (0, 0, []), address
    context.close()


def test_the_words_are_shown_as_they_were_written(browser: Browser, hostile_desk: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, hostile_desk)
    for number in (1, 9, 71, 72):
        page.goto(f"{hostile_desk}/cases/{number}")
        assert page.inner_text("h1") == PAYLOADS[number - 1]
    context.close()


def test_our_policy_stops_a_script_that_got_in(page: Page, desk: str) -> None:
    """The second fence, tried by opening the first: markup put into the page by hand."""
    watch = Watch(page, desk)
    page.goto(f"{desk}/cases/1")
    page.evaluate(
        "html => document.body.insertAdjacentHTML('beforeend', html)",
        '<img src="https://outside.example/x" onerror="alert(1)">',
    )
    page.wait_for_timeout(200)
    assert not [one for one in watch.seen if one.startswith("dialog")]
    assert [one for one in watch.seen if "Content Security Policy" in one]
