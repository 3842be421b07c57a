"""A desk with a handful of realistic cases, for the tests of the pages and for their pictures. Names are invented."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path

from models.assessment import Assessment, Finding, Priority, ProofState, Reason, RiskSign
from models.case import CaseState, Triaged
from models.mail import (
    Address,
    Attachment,
    Defect,
    MessageKey,
    MessageSource,
    ParsedMail,
    RawMessage,
    Screening,
    ScreeningKind,
    Segment,
    SegmentKind,
    Separated,
)
from models.reading import Claim, Judgement, OfferLine, Polarity, Reading, Span, Supplier, Where
from models.reply import ReplyDecision, ReplyDraft, ReplyKind
from triage.adapters.store import SqlStore
from triage.ports import Absent, Cursor
from triage.web.sign_in import hash_password

NOW = datetime(2020, 3, 28, 9, 30, tzinfo=UTC)
MAILBOX, UIDVALIDITY = "INBOX", 1585000000
NAME, PASSWORD = "ingrid", "a long pass phrase for tests"
ADMIN = "astrid"
OURS = Address(name="", address="leverandor@innkjop.example")


def span(text: str, words: str, where: Where = Where.BODY, attachment: int | None = None) -> Span:
    start = text.index(words)
    return Span(where=where, start=start, end=start + len(words), text=words, attachment=attachment)


def claim(
    text: str, words: str, code: str, polarity: Polarity = Polarity.ASSERTED, category: str | None = None
) -> Claim:
    return Claim(code=code, polarity=polarity, span=span(text, words), rule=f"claim.{code}", category=category)


def segments(text: str, *cuts: tuple[str, SegmentKind]) -> tuple[Segment, ...]:
    """Segments of `text`: new until the first of the cuts' words, then each kind until the next."""
    edges = [(0, SegmentKind.NEW), *((text.index(words), kind) for words, kind in cuts)]
    ends = [start for start, _ in edges[1:]] + [len(text)]
    return tuple(Segment(kind=k, start=s, end=e) for (s, k), e in zip(edges, ends, strict=True) if s < e)


def attachment(name: str, content_type: str, text: str, *, size: int = 48_213, unread: str = "") -> Attachment:
    return Attachment(
        name=name,
        path=name,
        content_type=content_type,
        size=size,
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        inline=False,
        text=text,
        unread=unread,
    )


def mail(
    subject: str,
    sender: Address,
    text: str,
    *,
    attachments: Sequence[Attachment] = (),
    hidden: str = "",
    at: datetime = NOW,
    defects: Sequence[Defect] = (),
) -> ParsedMail:
    return ParsedMail(
        subject=subject,
        from_=(sender,),
        to=(OURS,),
        cc=(),
        reply_to=(),
        date=at,
        received=at,
        message_id=f"<{hashlib.sha256((subject + text).encode()).hexdigest()[:16]}@sender.example>",
        in_reply_to=(),
        references=(),
        return_path=sender.address,
        content_type="text/plain",
        headers=(),
        text=text,
        hidden_text=hidden,
        attachments=tuple(attachments),
        nested=(),
        defects=tuple(defects),
    )


def reason(points: float, nb: str, en: str, code: str = "reason") -> Reason:
    return Reason(code=code, points=points, texts=(("nb", nb), ("en", en)))


def triaged(  # noqa: PLR0913 - it takes what a mail can say
    parsed: ParsedMail,
    *,
    language: str = "nb",
    intent: str = "offer",
    categories: Sequence[str] = (),
    claims: Sequence[Claim] = (),
    lines: Sequence[OfferLine] = (),
    supplier: Supplier | None = None,
    missing: Sequence[str] = (),
    findings: Sequence[Finding] = (),
    risk: Sequence[RiskSign] = (),
    reasons: Sequence[Reason] = (),
    band: str = "low",
    uncertain: bool = False,
    parts: Sequence[Segment] = (),
    screening: ScreeningKind = ScreeningKind.PERSONAL,
    reply: ReplyDecision | None = None,
    proof: Sequence[ProofState] = (),
) -> Triaged:
    whole = tuple(parts) or (Segment(kind=SegmentKind.NEW, start=0, end=len(parsed.text)),)
    address = parsed.from_[0].address
    judgement = Judgement(
        intent=intent,
        intent_confidence=0.58 if uncertain else 0.94,
        intent_scores={intent: 0.94},
        categories=tuple(categories),
        category_scores=dict.fromkeys(categories, 0.9),
        uncertain=uncertain,
        because=("tilbud", "på lager", "stk"),
        artifact="seed",
    )
    return Triaged(
        mail=parsed,
        screening=Screening(kind=screening, rule="", evidence="", answerable=True, reply_to=address),
        separated=Separated(
            segments=whole,
            new_text="".join(parsed.text[s.start : s.end] for s in whole if s.kind is SegmentKind.NEW),
            original_from=None,
        ),
        reading=Reading(
            language=language,
            judgement=judgement,
            claims=tuple(claims),
            offer_lines=tuple(lines),
            supplier=supplier or Supplier(email=address),
        ),
        assessment=Assessment(
            on=date(2020, 3, 28),
            proof=tuple(proof)
            or tuple(ProofState.CLAIMED if c.polarity is Polarity.ASSERTED else ProofState.NONE for c in claims),
            findings=tuple(findings),
            missing=tuple(missing),
            risk_signs=tuple(risk),
        ),
        priority=Priority(score=sum(r.points for r in reasons), band=band, reasons=tuple(reasons)),
        reply=reply or ReplyDecision(kind=ReplyKind.RECEIPT, language=language, to=address),
        knowledge="seed",
        artifact="seed",
    )


def octets(parsed: ParsedMail) -> bytes:
    """A message with the text and the attachments of `parsed`; nobody reads its header."""
    message = EmailMessage(policy=policy.SMTP)
    message["Subject"] = "seed"
    message.set_content(parsed.text.encode("utf-8", "replace").decode())
    for one in parsed.attachments:
        message.add_attachment(one.text.encode("utf-8", "replace"), maintype="application", subtype="x-seed")
    return message.as_bytes()


def read_attachment(raw: bytes, index: int, _digest: str) -> tuple[str, str, bytes]:
    """What the web is given to open attachments with: here every attachment says that it is a web page."""
    parts = list(message_from_bytes(raw, policy=policy.SMTP).iter_attachments())
    content = parts[index].get_payload(decode=True)
    return f"vedlegg {index} «prøve».html", "text/html; charset=utf-8", content if isinstance(content, bytes) else b""


def add(store: SqlStore, items: Sequence[tuple[Triaged, datetime]], first_uid: int = 1) -> list[int]:
    """Store and record each; returns the cases' ids. A mail joins the last case of the same sender and subject tail."""
    raws = [
        RawMessage(
            key=MessageKey(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, uid=uid), octets=octets(one.mail), internaldate=at
        )
        for uid, (one, at) in enumerate(items, first_uid)
    ]
    store.add_messages(Cursor(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, last_uid=first_uid + len(raws) - 1), raws)
    by_uid = {pending.raw.key.uid: pending.id for pending in store.pending(10_000)}
    cases: list[int] = []
    for uid, (one, at) in enumerate(items, first_uid):
        joined = cases[-1] if cases and one.mail.subject.startswith("Re: ") else None
        recorded = store.record(
            by_uid[uid],
            one,
            join=partial(_always, joined),
            compose=partial(_receipt, one),
            now=at + timedelta(seconds=40),
        )
        cases.append(recorded)
    return cases


def _always(case: int | None, _candidates: object) -> int | None:
    return case


def _receipt(one: Triaged, number: str) -> ReplyDraft:
    return ReplyDraft(
        kind=ReplyKind.RECEIPT,
        version=1,
        language=one.reply.language,
        subject=f"Kvittering: {number}",
        message_id=f"<{number}@innkjop.example>",
        envelope_sender="",
        recipient=one.reply.to or "",
        octets=b"",
    )


def open_store(folder: Path) -> SqlStore:
    """An empty desk with one account."""
    store = SqlStore(f"sqlite:///{folder / 'desk.db'}", case_prefix="SM")
    store.migrate()
    store.put_account(NAME, "procurement", hash_password(PASSWORD))
    store.put_account(ADMIN, "admin", hash_password(PASSWORD))
    return store


def seeded(folder: Path, *, more: int = 0) -> SqlStore:
    """A desk with realistic cases, `more` plain ones, a history, a quarantined message and an unknown reply."""
    from tests.browser.seed_cases import plain, realistic

    store = open_store(folder)
    cases = add(store, realistic())
    add(store, plain(more), first_uid=1000)
    store.set_state(cases[0], CaseState.UNDER_ASSESSMENT, actor=NAME, note="Ringer leverandøren før kl. 12.", now=NOW)
    for row, state, answer in zip(
        store.claim_due(NOW, 3),
        ("sent", "sent", "unknown"),
        ("250 2.0.0 Ok", "250 Ok", "forbindelsen ble brutt"),
        strict=True,
    ):
        store.settle(row.id, state, answer, due_at=None, now=NOW)
    _quarantine(store)
    _owe(store)
    _enter(store)
    _hold_a_part(store)
    _read_in_part(store)
    return store


def _owe(store: SqlStore) -> None:
    cause = "the server names it and does not give its octets"
    owed = Absent(uid=9001, gone=False, size=2_400_000, cause=cause, retry_at=NOW + timedelta(hours=1))
    store.add_messages(Cursor(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, last_uid=9001), [], [owed])
    store.note_poll(MAILBOX, now=NOW - timedelta(minutes=1))


def _enter(store: SqlStore) -> None:
    """A call, written down."""
    text = "Kåre Ås ringte. Nordlys Verneutstyr AS har 500 visir på lager til kr 45 per stk."
    call = mail("Visir på lager", Address(name="", address=""), text)
    key = MessageKey(mailbox="entry", uidvalidity=0, uid=2**62 + 7)
    raw = RawMessage(
        key=key, octets=octets(call), internaldate=NOW - timedelta(hours=2), backfill=True, source=MessageSource.PHONE
    )
    [entered] = store.add_entries([raw], entered_by=NAME, referrer="Regionsykehuset")
    told = triaged(call, band="none", supplier=Supplier(company="Nordlys Verneutstyr AS", contact="Kåre Ås"))
    store.record(entered, told, join=partial(_always, None), compose=_silent, now=NOW)


def _hold_a_part(store: SqlStore) -> None:
    """A mail of 60 MB, of which the first part is here."""
    large = mail("Katalog", Address(name="", address="post@katalog.example"), "Katalogen ligger ved.")
    key = MessageKey(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, uid=9002)
    raw = RawMessage(key=key, octets=octets(large).ljust(2**20), internaldate=NOW, size=60 * 2**20)
    store.add_messages(Cursor(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, last_uid=9002), [raw])
    [held] = store.pending(9)
    store.record(held.id, triaged(large, band="none"), join=partial(_always, None), compose=_silent, now=NOW)


def _read_in_part(store: SqlStore) -> None:
    """A mail whose whole took too long to read, and with more text than is read."""
    cause = "reading took more than 39 seconds; the first 16384 octets were read"
    defects = (
        Defect(code="text-cut", detail="text of 250000 characters, of which 100000 are read"),
        Defect(code="read-in-part", detail=cause),
    )
    slow = mail("Prisliste", Address(name="", address="post@prisliste.example"), "Prislisten følger.", defects=defects)
    key = MessageKey(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, uid=9003)
    raw = RawMessage(key=key, octets=octets(slow), internaldate=NOW)
    store.add_messages(Cursor(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, last_uid=9003), [raw])
    [held] = store.pending(9)
    store.record(held.id, triaged(slow, band="none"), join=partial(_always, None), compose=_silent, now=NOW)


def _silent(_number: str) -> None:
    return None


def _quarantine(store: SqlStore) -> None:
    key = MessageKey(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, uid=9000)
    cursor = Cursor(mailbox=MAILBOX, uidvalidity=UIDVALIDITY, last_uid=9000)
    store.add_messages(cursor, [RawMessage(key=key, octets=b"\0" * 180_000, internaldate=NOW - timedelta(hours=3))])
    waiting = next(one for one in store.pending(10_000) if one.raw.key == key)
    store.record_failure(waiting.id, "lesingen tok mer enn 60 sekunder og ble stoppet", quarantine=True)
