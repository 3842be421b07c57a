"""What is read of a mail is bounded, and what was cut is told."""

from dataclasses import replace

from models.mail import Attachment
from tests.fakes.making import mail
from triage.stages import bounded as limits
from triage.stages.bounded import bounded


def attachment(text: str, unread: str = "") -> Attachment:
    return Attachment(
        name="a.csv", path="a.csv", content_type="text/csv", size=1, sha256="0", inline=False, text=text, unread=unread
    )


def test_an_ordinary_mail_stays_as_it_is() -> None:
    plain = replace(mail("Offer"), text="masks\n" * 1000, attachments=(attachment("FFP2\t12,50\n" * 5000),))
    assert bounded(plain) is not None
    assert bounded(plain) == plain


def test_subject_and_text_are_cut_and_the_cut_is_named() -> None:
    long = bounded(replace(mail("a" * 60_000), text="b" * 1_000_000))
    assert (len(long.subject), len(long.text)) == (limits.MAX_SUBJECT, limits.MAX_OWN)
    cuts = [defect.detail for defect in long.defects if defect.code == "text-cut"]
    assert cuts == [
        f"subject of 60000 characters, of which {limits.MAX_SUBJECT} are read",
        f"text of 1000000 characters, of which {limits.MAX_OWN} are read",
    ]


def test_attachments_share_what_is_read_and_say_themselves_what_is_not() -> None:
    half = limits.MAX_ATTACHED * 2 // 3
    kept = bounded(replace(mail(), attachments=(attachment("a" * half), attachment("b" * half), attachment("c", "x"))))
    first, second, third = kept.attachments
    assert (len(first.text), first.unread) == (half, "")
    assert len(second.text) == limits.MAX_ATTACHED - half
    assert second.unread == f"only the first {len(second.text)} of {half} characters are read"
    assert (third.text, third.unread) == ("", "x")
    assert [defect.code for defect in kept.defects] == ["text-cut"]


def test_mails_inside_a_mail_are_cut_too() -> None:
    inner = replace(mail("a" * 60_000), text="b" * 1_000_000)
    kept = bounded(replace(mail(), nested=(inner,))).nested[0]
    assert (len(kept.subject), len(kept.text)) == (limits.MAX_SUBJECT, limits.MAX_OWN)
