from email import message_from_bytes
from email.policy import SMTP, default
from typing import Any

import pytest

from models.mail import ScreeningKind
from models.reading import OfferLine, Polarity
from models.reply import ReplyKind
from tests.unit.stages.mails import attachment, mail_saying
from tests.unit.stages.receipts import KNOWLEDGE, claim, reading, receipt, screened, triaged
from triage.adapters.knowledge.screening import load as load_screening
from triage.resources import root
from triage.stages.compose import decide_reply
from triage.stages.safe_headers import ascii_address, echoed_subject, is_own_msgid, references

FULL = reading(
    claim("EN 455"),
    claim("CE", Polarity.PENDING),
    claim("EN ISO 374-5", Polarity.DENIED),
    lines=(OfferLine(category="gloves", quantity=20000, per="week", price=0.95, currency="NOK", price_unit="piece"),),
)


def decided(read: Any = None, *, mail: Any = None, on: Any = True, **screening: Any) -> Any:
    return decide_reply(
        mail or mail_saying(""), screened(**screening), read or reading(), replies_on=on, knowledge=KNOWLEDGE
    )


def parsed(draft: Any) -> Any:
    return message_from_bytes(draft.octets, policy=default)


def bodies(draft: Any) -> Any:
    message = parsed(draft)
    return [message.get_body((kind,)).get_content() for kind in ("plain", "html")]


def test_a_supplier_who_may_be_answered_gets_a_receipt() -> None:
    decision = decided()
    assert (decision.kind, decision.to, decision.rule) == (ReplyKind.RECEIPT, "kari@supplier.example", "")


@pytest.mark.parametrize(
    ("decision", "rule"),
    [
        (lambda: decided(on=False), "replies-off"),
        (lambda: decided(answerable=False, rule="list-field", kind=ScreeningKind.LIST), "list-field"),
        (lambda: decided(answerable=False, rule="old-mail"), "old-mail"),
        (lambda: decided(reply_to=None), "no-address"),
        (lambda: decided(reply_to="jørn@firma.example"), "address-not-ascii"),
        (lambda: decided(reading(intent="scam")), "nothing-to-answer"),
        (lambda: decided(reading(intent="bounce")), "nothing-to-answer"),
        (lambda: decided(reading(intent="autoreply")), "nothing-to-answer"),
        (lambda: decided(reading(intent="newsletter")), "nothing-to-answer"),
        (lambda: decided(reading(intent="need_report")), "answered-by-a-person"),
        (
            lambda: decided(reading(email="ola@maker.example"), mail=mail_saying("", subject="VS: Hansker")),
            "passed-on",
        ),
    ],
)
def test_a_receipt_is_withheld_with_rule_and_reason(decision: Any, rule: Any) -> None:
    found = decision()
    assert (found.kind, found.to, found.rule) == (None, None, rule)
    assert found.reason.endswith(".")
    assert "{" not in found.reason


@pytest.mark.parametrize(
    ("language", "answer"),
    [("nb", "nb"), ("nn", "nb"), ("sv", "nb"), ("da", "nb"), ("en", "en"), ("de", "en"), ("zh", "en"), ("", "en")],
)
def test_the_receipt_is_in_a_language_the_supplier_reads(language: Any, answer: Any) -> None:
    found = triaged(reading(language=language))
    assert decided(reading(language=language)).language == answer
    assert parsed(receipt(found))["Content-Language"] == answer


def test_text_and_html_say_the_same_facts() -> None:
    for body in bodies(receipt(triaged(FULL, missing=("lead_time",)))):
        for fact in (
            "SM-000042",
            "Hansker",
            "20\xa0000",
            "0,95 NOK",
            "EN 455",
            "CE",
            "EN ISO 374-5",
            "når dere kan levere",
        ):
            assert fact in body.replace("&nbsp;", "\xa0"), fact


def test_a_receipt_names_exactly_what_is_missing() -> None:
    for language, words in KNOWLEDGE.words.items():
        for missing in ((), ("price",), ("regulatory", "quantity"), tuple(words.missing)):
            text, html = bodies(receipt(triaged(reading(language=language), missing=missing)))
            for name, sentence in words.missing.items():
                assert (sentence in text) is (name in missing)
                assert (sentence in html) is (name in missing)


def test_two_cases_never_share_their_facts() -> None:
    other = reading(
        claim("EN 149"), categories=("respirator",), lines=(OfferLine(category="respirator", quantity=512),)
    )
    ours, theirs = receipt(triaged(FULL), "SM-000001"), receipt(triaged(other), "SM-000002")
    mine, yours = bodies(ours)[0], bodies(theirs)[0]
    for fact in ("SM-000001", "EN 455", "20\xa0000", "Hansker"):
        assert fact in mine
        assert fact not in yours
    for fact in ("SM-000002", "EN 149", "512", "Åndedrettsvern:"):
        assert fact in yours
        assert fact not in mine
    assert ours.message_id != theirs.message_id


def test_a_receipt_promises_and_approves_nothing() -> None:
    text = bodies(receipt(triaged(reading(language="en"))))[0]
    assert "not an order, not an approval" in text
    assert "No answer does not mean no" in text


def test_the_header_fields_are_those_of_an_automatic_response() -> None:
    mail = mail_saying("", references=tuple(f"<{n}@a.example>" for n in range(40)))
    draft = receipt(triaged(FULL, mail=mail))
    message = parsed(draft)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["Precedence"] == "bulk"
    assert message["In-Reply-To"] == "<1@supplier.example>"
    assert message["References"].split()[-1] == "<1@supplier.example>"
    assert len(message["References"].split()) == 20
    assert message["Message-ID"] == draft.message_id
    assert draft.envelope_sender == ""
    assert message["Date"]
    assert "List-Unsubscribe" not in message


def test_a_long_msgid_is_repeated_letter_for_letter() -> None:
    answered, earlier = f"<{'A1+b=' * 20}@eurprd07.prod.outlook.example>", f"<{'9' * 110}@mail.example>"
    mail = mail_saying("", message_id=answered, references=("<0@a.example>", earlier))
    raw = message_from_bytes(receipt(triaged(FULL, mail=mail)).octets)
    assert raw["In-Reply-To"] == answered
    assert raw["References"].split("\r\n ") == ["<0@a.example>", earlier, answered]


def test_a_desk_without_a_name_signs_with_its_address() -> None:
    text = bodies(receipt(triaged(FULL), organisation=" "))[0]
    assert "desk@buyer.example har mottatt" in text


def test_screening_knows_our_own_mark() -> None:
    fields = {field for rule in load_screening(root()).rules for field in rule.fields}
    assert KNOWLEDGE.loop_header.lower() in fields


def test_the_same_case_gives_the_same_octets() -> None:
    assert receipt(triaged(FULL)).octets == receipt(triaged(FULL)).octets
    assert receipt(triaged(FULL), "SM-000043").octets != receipt(triaged(FULL)).octets


def test_our_msgid_is_known_by_its_signature_and_cannot_be_made_without_the_key() -> None:
    draft = receipt(triaged(FULL))
    assert is_own_msgid(draft.message_id, b"a key for tests")
    assert not is_own_msgid(draft.message_id, b"another key")
    assert not is_own_msgid(draft.message_id.replace("000042", "000041"), b"a key for tests")
    assert not is_own_msgid("<>", b"a key for tests")


LINE_ENDS = ("\r\n", "\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029")
INJECTIONS = [f"a{end}Bcc: evil@x.example" for end in LINE_ENDS] + [
    "A \U0001f4a9 subject=?UTF-8?Q?=0A?=Bcc: evil@x.example",
    "=?utf-8?b?DQpCY2M6IGV2aWxAeC5leGFtcGxl?=",
    "\u202egpj.exe",
    "\ud800\udfff",
    "x" * 5000,
    "{{ 7 * 7 }} {% raw %}",
    "<script>alert(1)</script>",
    "Re: " * 300,
    "\U0001f4a9" * 400,
    "",
]  # fmt: skip


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("field", ["subject", "message_id", "references", "in_reply_to"])
def test_no_value_of_the_sender_adds_a_header_field(text: Any, field: Any) -> None:
    value = (text,) if field in ("references", "in_reply_to") else text
    message = message_from_bytes(receipt(triaged(FULL, mail=mail_saying(text, **{field: value}))).octets, policy=SMTP)
    plain = {name.lower() for name, _ in parsed(receipt(triaged(FULL))).items()}
    assert {name.lower() for name, _ in message.items()} <= plain
    assert len(message.keys()) == len(set(message.keys()))
    assert "Bcc" not in message
    assert len(str(message["Subject"])) <= KNOWLEDGE.subject_length
    assert "[SM-000042]" in message["Subject"]


def test_nothing_of_the_text_and_no_attachment_name_is_repeated() -> None:
    mail = mail_saying("BUY PILLS http://spam.example", attachments=(attachment("BUY PILLS.pdf", "BUY PILLS"),))
    octets = receipt(triaged(FULL, mail=mail)).octets
    assert b"PILLS" not in octets
    assert b"spam.example" not in octets


def test_the_html_escapes_and_loads_nothing_from_elsewhere() -> None:
    html = bodies(receipt(triaged(reading(claim("<b>&\"'")))))[1]
    assert "<b>" not in html
    assert "&lt;b&gt;" in html
    assert "http" not in html
    assert "src=" not in html


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("kari@supplier.example", "kari@supplier.example"),
        ("kari@blåbær.example", "kari@xn--blbr-roah.example"),
        ("jørn@firma.example", None),
        ("a@b@c.example", None),
        ('"a b"@c.example', None),
        ("a@b.example, c@d.example", None),
        ("alice@hospital.example<bob@evil.example>", None),
        ("a..b@c.example", None),
        ("", None),
        ("a@\u2028.example", None),
    ],
)
def test_only_one_plain_address_is_answered(address: Any, plain: Any) -> None:
    assert ascii_address(address) == plain


def test_reply_marks_do_not_pile_up() -> None:
    assert echoed_subject("Re: SV: AW: RE[2]: Hansker", KNOWLEDGE.reply_subject, 100) == "Hansker"
    assert echoed_subject("Respirator: 5", KNOWLEDGE.reply_subject, 100) == "Respirator: 5"


def test_references_keep_the_newest_and_stay_short() -> None:
    assert references(["<a@b>", "bad id", "<a@b>"], "<c@d>", most=20, longest=4000) == ["<a@b>", "<c@d>"]
    assert references([f"<{'x' * 100}{n}@b>" for n in range(20)], "<c@d>", most=20, longest=300)[-1] == "<c@d>"


@pytest.mark.parametrize("character", [" ", "\t", "re:", "sv: ", "=?", "a@", "<", "\u200b", "."])
def test_subjects_and_addresses_are_made_safe_in_linear_time(character: Any) -> None:
    echoed_subject(character * 100_000, KNOWLEDGE.reply_subject, 100)
    ascii_address(character * 100_000)
