"""Any octets give a mail, and its segments cover its text."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.mail import ParsedMail
from tests.unit.stages.mails import mail_saying
from triage.adapters.documents import read_document
from triage.adapters.knowledge import screening, separation
from triage.resources import root
from triage.stages.parse import as_json, looks_like_mail, parse
from triage.stages.passages import passages
from triage.stages.screen import screen
from triage.stages.separate import separate

SEPARATION = separation.load(root())
SCREENING = screening.load(root())
SLOW = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=150)

PIECES = st.sampled_from(
    [
        b"From: ",
        b"To: a@b.example\n",
        b"Subject: =?utf-8?B?",
        b"?=",
        b"\n\n",
        b"\r\n",
        b"Content-Type: multipart/mixed; ",
        b"boundary=b\n",
        b'boundary="b"\n',
        b"--b\n",
        b"--b--\n",
        b"Content-Type: message/rfc822\n\n",
        b"charset=gb2312\n",
        b"Content-Type: text/html; charset=unknown-8bit\n\n",
        b"Content-Transfer-Encoding: base64\n\n",
        b"=?x?Q?=FF?=",
        b"<b>",
        b"Content-Disposition: attachment; filename*0*=utf-8''%FF; filename=\"../x\"\n",
        b"<div style='display:none'>",
        b"Date: Mon, 99 Foo 2020\n",
        b"Received: from ; ;\n",
        b"<>",
        b"\xc3",
        b"\xff\xfe",
        b"\x00",
        b"\x1b$B",
        b"format=flowed ",
        b"Content-Type: multipart/alternative; boundary=b\n\n",
        b"Content-Type: message/delivery-status\n\n",
        b"\xed\xa0\x80",
    ]
)
OCTETS = st.one_of(
    st.binary(max_size=400), st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=25).map(b"".join)
)
LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "> a",
                ">> b",
                "-- ",
                "Mvh",
                "Kari",
                "Fra: a@b.example",
                "Sendt: 1.1.2020",
                "Emne: SV: x",
                "Til: c",
                "",
                "____________________",
                "-----Original Message-----",
                "---------- Forwarded message ---------",
                "Den 1.1.2020 10:00 skrev A <a@b.c>:",
                "Sendt fra min iPhone",
                "This e-mail may contain confidential information",
                "Tlf. 22 33 44 55",
                "200 visir",
            ]
        ),
        st.text(max_size=30),
    ),
    max_size=30,
).map("\n".join)


def fit_for_every_store(mail: ParsedMail) -> None:
    line = json.dumps(as_json(mail, separate(mail, SEPARATION)), ensure_ascii=False)
    line.encode("utf-8")
    assert "\\u0000" not in line


@SLOW
@given(OCTETS)
def test_any_octets_give_a_mail(octets: bytes) -> None:
    mail = parse(octets, read_document)
    looks_like_mail(octets)
    fit_for_every_store(mail)
    screen(mail, backfill=False, own_addresses=("a@b.example",), knowledge=SCREENING)
    for passage in passages(mail, separate(mail, SEPARATION)):
        assert "".join(passage.text[one.start : one.end] for one in passage.segments) == passage.text


@SLOW
@given(
    st.binary(max_size=300), st.sampled_from(["a.pdf", "a.xlsx", "a.docx", "a.csv", "a.html", "winmail.dat", "a.zip"])
)
def test_any_octets_are_a_document_or_say_why_not(octets: bytes, name: str) -> None:
    magic = {"a.pdf": b"%PDF-", "a.zip": b"PK\x03\x04", "winmail.dat": b"\x78\x9f\x3e\x22"}
    read_document(name, "application/octet-stream", magic.get(name, b"") + octets)


@SLOW
@given(LINES, st.sampled_from(["Offer", "SV: a", "VS: a", "Fwd: Re: b", "转发：c", ""]))
def test_segments_follow_each_other_and_cover_the_text(text: str, subject: str) -> None:
    found = separate(mail_saying(text, subject=subject), SEPARATION)
    assert "".join(text[one.start : one.end] for one in found.segments) == text
    assert all(one.end == two.start for one, two in zip(found.segments, found.segments[1:], strict=False))
    assert all(one.start < one.end for one in found.segments)
