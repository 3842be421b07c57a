"""Which mail is no person's, and which is never answered."""

from dataclasses import replace

import pytest

from models.knowledge.screening import Check, ScreeningRule
from models.mail import DocumentText, MessageSource, Screening, ScreeningKind
from tests.unit.stages.mails import mail_saying
from triage.adapters.knowledge import screening
from triage.resources import root
from triage.stages.parse import parse
from triage.stages.screen import screen

KNOWLEDGE = screening.load(root())
DESK = "desk@agency.example"
PLAIN = b"Return-Path: <kari@firma.example>\nFrom: Kari <kari@firma.example>\nTo: desk@agency.example\nSubject: Visir\n"


def screened(header: str = "", *, base: bytes = PLAIN, body: str = "Vi har 200 visir.", **how: object) -> Screening:
    mail = parse(base + header.encode() + b"\n" + body.encode(), lambda *_: DocumentText())
    options = {"backfill": False, "own_addresses": (DESK,)} | how
    return screen(mail, knowledge=KNOWLEDGE, **options)


def by_check(*checks: Check) -> list[ScreeningRule]:
    return [rule for rule in KNOWLEDGE.rules if rule.check in checks]


def test_mail_of_a_person_may_be_answered_at_its_sender() -> None:
    found = screened()
    assert (found.kind, found.rule, found.answerable) == (ScreeningKind.PERSONAL, "", True)
    assert found.reply_to == "kari@firma.example"


@pytest.mark.parametrize(("rule", "line"), [(rule, line) for rule in by_check(Check.HEADER) for line in rule.examples])
def test_a_field_that_marks_automatic_or_list_mail_withholds_the_answer(rule: ScreeningRule, line: str) -> None:
    found = screened(line + "\n")
    assert not found.answerable
    assert (found.rule, found.kind) == (rule.id, rule.kind)
    assert found.evidence.lower().startswith(line.partition(":")[0].lower())


@pytest.mark.parametrize(
    ("rule", "line"), [(rule, line) for rule in by_check(Check.HEADER) for line in rule.counter_examples]
)
def test_a_field_that_only_resembles_one_does_not(rule: ScreeningRule, line: str) -> None:
    assert screened(line + "\n").rule != rule.id


def test_one_no_does_not_excuse_a_second_auto_submitted() -> None:
    found = screened("Auto-Submitted: no\nAuto-Submitted: auto-replied\n")
    assert found.kind is ScreeningKind.AUTOMATIC


def test_a_folded_auto_submitted_with_comments_is_read() -> None:
    assert screened("Auto-Submitted:\n (a (comment)\n auto-replied\n").kind is ScreeningKind.AUTOMATIC
    assert screened("Auto-Submitted: (by hand)\n no (really)\n").answerable


@pytest.mark.parametrize(("rule", "address"), [(rule, one) for rule in by_check(Check.SENDER) for one in rule.examples])
def test_a_system_sender_is_not_answered(rule: ScreeningRule, address: str) -> None:
    base = f"Return-Path: <{address}>\nFrom: {address}\nTo: {DESK}\nSubject: Visir\n".encode()
    assert screened(base=base).rule == rule.id


@pytest.mark.parametrize(
    ("rule", "address"), [(rule, one) for rule in by_check(Check.SENDER) for one in rule.counter_examples]
)
def test_a_person_with_a_like_address_is_answered(rule: ScreeningRule, address: str) -> None:
    base = f"Return-Path: <{address}>\nFrom: {address}\nTo: {DESK}\nSubject: Visir\n".encode()
    assert screened(base=base).answerable


@pytest.mark.parametrize(("check", "text", "holds"), KNOWLEDGE.wording_examples)
def test_wordings_of_responders_and_servers_are_known(check: str, text: str, holds: bool) -> None:
    in_subject = screen(mail_saying("", subject=text), backfill=False, own_addresses=(), knowledge=KNOWLEDGE)
    in_text = screen(mail_saying(text), backfill=False, own_addresses=(), knowledge=KNOWLEDGE)
    kinds = {in_subject.kind, in_text.kind} - {ScreeningKind.PERSONAL}
    wanted = ScreeningKind.BOUNCE if check == Check.BOUNCE_WORDING else ScreeningKind.AUTOMATIC
    assert (wanted in kinds) == holds


def test_a_delivery_report_is_a_bounce() -> None:
    report = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nfailed\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n--b--\n"
    )
    found = screened(report)
    assert found.kind is ScreeningKind.BOUNCE
    assert not found.answerable


def test_a_report_that_somebody_passes_on_is_no_bounce() -> None:
    inner = "From: mailer-daemon@mx.example\nContent-Type: multipart/report; boundary=i\n\n--i\n\nfailed\n--i--\n"
    begin = 'Content-Type: multipart/mixed; boundary="b"\n\n--b\n\nSee below.\n--b\n'
    mail = f"{begin}Content-Type: message/rfc822\n\n{inner}--b--\n"
    assert screened(mail).kind is ScreeningKind.PERSONAL


@pytest.mark.parametrize("path", ["<>", "", "garbage", "<kari@@firma>"])
def test_without_a_return_path_nobody_is_answered(path: str) -> None:
    base = f"Return-Path: {path}\nFrom: kari@firma.example\nTo: {DESK}\nSubject: Visir\n".encode()
    assert not screened(base=base).answerable


def test_without_a_return_path_field_nobody_is_answered() -> None:
    assert not screened(base=f"From: kari@firma.example\nTo: {DESK}\nSubject: Visir\n".encode()).answerable


def test_our_own_mail_is_not_answered_under_any_detail_or_alias() -> None:
    base = b"Return-Path: <x@firma.example>\nFrom: Desk+out@AGENCY.example\nTo: desk@agency.example\nSubject: a\n"
    assert not screened(base=base).answerable
    assert not screened(base=base, own_addresses=("@agency.example",)).answerable


def test_mail_that_does_not_name_us_is_not_answered() -> None:
    base = b"Return-Path: <kari@firma.example>\nFrom: kari@firma.example\nTo: undisclosed-recipients:;\nSubject: a\n"
    assert not screened(base=base).answerable
    assert screened("Delivered-To: desk@agency.example\n", base=base).answerable
    assert screened("Cc: Desk <desk+covid@agency.example>\n", base=base).answerable
    assert screened(base=base, own_addresses=()).answerable


@pytest.mark.parametrize(
    "sender",
    [
        "a@b.example, c@d.example",
        "kari@firma.example\nFrom: other@evil.example",
        "undisclosed:;",
        "kari",
        '"alice@hospital.example<bob@evil.example>"',
        "",
    ],
)
def test_without_exactly_one_sender_nobody_is_answered(sender: str) -> None:
    base = f"Return-Path: <kari@firma.example>\nFrom: {sender}\nTo: {DESK}\nSubject: a\n".encode()
    found = screened(base=base)
    assert not found.answerable
    assert found.kind is ScreeningKind.PERSONAL


def test_a_reply_goes_elsewhere_only_within_the_same_registered_domain() -> None:
    assert screened("Reply-To: sales@mail.firma.example\n").reply_to == "sales@mail.firma.example"
    found = screened("Reply-To: someone@freemail.example\n")
    assert found.reply_to is None
    assert not found.answerable


def test_old_mail_is_not_answered_and_stays_personal() -> None:
    found = screened(backfill=True)
    assert (found.kind, found.answerable) == (ScreeningKind.PERSONAL, False)


def test_a_suppliers_mail_house_is_list_mail_with_a_sender() -> None:
    found = screened("List-Unsubscribe: <mailto:out@firma.example>\n")
    assert found.kind is ScreeningKind.LIST
    assert found.reply_to == "kari@firma.example"


def test_every_rule_has_a_source_and_an_id_of_its_own() -> None:
    ids = [rule.id for rule in KNOWLEDGE.rules]
    assert len(ids) == len(set(ids))
    assert all(rule.source for rule in KNOWLEDGE.rules)


def test_every_rule_with_a_pattern_has_an_example_and_a_counter_example() -> None:
    for rule in by_check(Check.HEADER, Check.SENDER, Check.CONTENT_TYPE):
        assert rule.examples, rule.id
        assert rule.counter_examples, rule.id


@pytest.mark.parametrize("char", "(a-; @.")
def test_long_runs_cost_little(char: str) -> None:
    long = char * 100_000
    mail = replace(
        mail_saying(long, subject=long), headers=(("auto-submitted", long), ("precedence", long)), return_path=long
    )
    screen(mail, backfill=False, own_addresses=(DESK,), knowledge=KNOWLEDGE)


@pytest.mark.parametrize("source", [MessageSource.IMPORT, MessageSource.PHONE, MessageSource.DIRECT])
def test_what_came_by_another_way_than_a_mailbox_is_never_answered_and_its_rule_says_why(source: MessageSource) -> None:
    found = screened(source=source)
    assert (found.kind, found.answerable) == (ScreeningKind.PERSONAL, False)
    assert found.rule == ("imported-mail" if source is MessageSource.IMPORT else "entered-by-staff")


def test_an_imported_bounce_stays_a_bounce() -> None:
    found = screened("X-Failed-Recipients: a@b.example\n", source=MessageSource.IMPORT)
    assert found.kind is ScreeningKind.BOUNCE
