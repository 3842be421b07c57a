from dataclasses import replace
from typing import Any

import pytest

from models.case import ThreadCandidate
from models.mail import Address
from tests.unit.stages.mails import mail_saying
from triage.adapters.knowledge.replies import load
from triage.resources import root
from triage.stages.thread import decide_join, hints

KNOWLEDGE = load(root())
CASE = ThreadCandidate(
    case_id=7,
    number="SM-000007",
    addresses=("kari@supplier.example",),
    message_ids=("first@supplier.example",),
    our_message_ids=("SM-000007.receipt.1.0123456789abcdef@buyer.example",),
)
STRANGER = (Address(name="", address="stranger@elsewhere.example"),)


def joined(mail: Any, *cases: Any) -> Any:
    return decide_join(mail, cases or (CASE,), KNOWLEDGE)


def test_a_reply_to_a_message_of_the_case_by_its_sender_joins() -> None:
    assert joined(mail_saying("", in_reply_to=("<first@supplier.example>",))) == 7
    assert joined(mail_saying("", references=("<x@y>", "<first@supplier.example>"))) == 7


def test_the_sender_is_known_in_any_spelling_of_case() -> None:
    sender = (Address(name="", address="Kari@Supplier.example"),)
    assert joined(mail_saying("", from_=sender, in_reply_to=("<first@supplier.example>",))) == 7


def test_a_stranger_who_names_a_msgid_or_a_case_number_changes_nothing() -> None:
    assert joined(mail_saying("SM-000007", from_=STRANGER, subject="Re: SM-000007")) is None
    assert joined(mail_saying("", from_=STRANGER, in_reply_to=("<first@supplier.example>",))) is None


def test_a_colleague_who_answers_our_receipt_joins() -> None:
    assert joined(mail_saying("", from_=STRANGER, in_reply_to=(f"<{CASE.our_message_ids[0]}>",))) == 7


def test_a_guessed_msgid_of_ours_changes_nothing() -> None:
    guess = "<SM-000007.receipt.1.0000000000000000@buyer.example>"
    assert joined(mail_saying("", from_=STRANGER, in_reply_to=(guess,))) is None


def test_the_case_number_and_the_sender_together_join() -> None:
    assert joined(mail_saying("Se SM-000007", subject="Dokumenter")) == 7


@pytest.mark.parametrize("text", ["xSM-000007", "SM-0000071", "SM-000007-1", "sm-000007", "SM-00007"])
def test_what_only_resembles_a_case_number_is_none(text: Any) -> None:
    assert hints(mail_saying(text)).case_numbers == ()


def test_the_same_subject_alone_never_joins() -> None:
    assert joined(mail_saying("hei", subject="Offer")) is None


def test_the_nearest_answered_message_decides() -> None:
    other = replace(CASE, case_id=8, number="SM-000008", message_ids=("second@supplier.example",), our_message_ids=())
    mail = mail_saying("", references=("<first@supplier.example>", "<second@supplier.example>"))
    assert joined(mail, CASE, other) == 8


def test_a_mail_without_sender_or_ids_gives_no_hints() -> None:
    found = hints(mail_saying("", from_=(), in_reply_to=("", "<>"), references=(" ",)))
    assert (found.address, found.message_ids, found.case_numbers) == ("", (), ())
    assert joined(mail_saying("", from_=())) is None
