"""Any octets give a mail and a decision, and its segments cover its text."""

import base64
import json
import quopri
import unicodedata
from datetime import UTC, datetime
from functools import cache

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from classifiers.training import Example, train
from models.mail import NO_KEY, ParsedMail, RawMessage
from tests.unit.stages.mails import mail_saying
from triage.adapters.documents import read_document
from triage.adapters.knowledge import load
from triage.adapters.triaged_json import from_json, to_json
from triage.pipeline import Desk, examine, triage
from triage.resources import root
from triage.stages.mime.names import safe_name
from triage.stages.parse import looks_like_mail, parse
from triage.stages.parsed_line import as_json
from triage.stages.passages import passages
from triage.stages.screen import screen
from triage.stages.separate import separate

KNOWLEDGE = load(root())
SEPARATION = KNOWLEDGE.separation
SCREENING = KNOWLEDGE.screening
NOW = datetime(2020, 4, 1, 9, 0, tzinfo=UTC)
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
BODIES = st.sampled_from(
    ["Vi har 500 visir på lager, EN 166, 30,50 kr per stk.", "<p>200 hansker</p><table><tr><td>EN 455<td>1</table>",
     "我们可以提供医用口罩", "a\0b\ud800", "", "vare;antall\nvisir;500", "begin 644 a.csv\n#8;S$*\n`\nend"]
)  # fmt: skip
TYPES = st.sampled_from(["text/plain", "text/html", "text/csv", "application/pdf", "application/ms-tnef", "image/png",
    "application/octet-stream", "application/pkcs7-mime", "text", "", "multipart/mixed", "message/rfc822"])  # fmt: skip
LABELS = st.sampled_from(["utf-8", "iso-8859-1", "gb2312", "big5", "utf-7", "utf-16", "iso-2022-jp", "x-none", "zlib"])
NAMES = st.sampled_from(
    ["a.pdf", "../../b.xls", "winmail.dat", "c.zip", "d.eml", "CON", "\u202efdp.exe", "e.msg", "f.rtf"]
)
ENCODINGS = st.sampled_from([None, "base64", "quoted-printable", "x-uuencode", "8bit", "nonsense"])


@st.composite
def leaves(draw: st.DrawFn) -> bytes:
    """A part whose labels need not be true."""
    charset, errors = draw(
        st.sampled_from([("utf-8", "surrogatepass"), ("gb18030", "replace"), ("utf-16-le", "replace")])
    )
    octets = draw(BODIES).encode(charset, errors)
    head = f"Content-Type: {draw(TYPES)}; charset={draw(LABELS)}\n"
    encoding = draw(ENCODINGS)
    if encoding:
        head += f"Content-Transfer-Encoding: {encoding}\n"
        coats = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}
        octets = coats[encoding](octets) if encoding in coats and draw(st.booleans()) else octets
    if draw(st.booleans()):
        head += f'Content-Disposition: attachment; filename="{draw(NAMES)}"\n'
    return head.encode() + b"\n" + octets + b"\n"


def branches(inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """A multipart, its boundary perhaps another or never closed, or a mail inside."""

    def multipart(kind: str, said: str, used: str, parts: list[bytes], closed: bool) -> bytes:
        lines = b"".join(b"--" + used.encode() + b"\n" + part for part in parts)
        end = b"--" + used.encode() + b"--\n" if closed else b""
        return f'Content-Type: multipart/{kind}; boundary="{said}"\n\n'.encode() + lines + end

    kinds = st.sampled_from(["mixed", "alternative", "related", "digest", "signed", "encrypted", "appledouble"])
    boundaries = st.sampled_from(["b", "b", "b", "cc", ""])
    return st.one_of(
        st.builds(multipart, kinds, boundaries, boundaries, st.lists(inner, max_size=4), st.booleans()),
        inner.map(lambda one: b"Content-Type: message/rfc822\n\nFrom: z@y.example\nSubject: inner\n" + one),
    )


def damaged(octets: bytes, place: float, junk: bytes, ends: float) -> bytes:
    """With junk at a place, and cut off after another."""
    at = int(place * len(octets))
    return (octets[:at] + junk + octets[at:])[: max(1, int((0.2 + ends) * len(octets)))]


HEADS = st.sampled_from(
    [b"", b"From: Kari <k@firma.example>\nSubject: =?utf-8?B?VGls?= =?utf-8?Q?bud_p=C3?=\n", b"Subject: x\nno field\n"]
)
TREES = st.builds(lambda head, tree: head + tree, HEADS, st.recursive(leaves(), branches, max_leaves=6))
DAMAGED = st.builds(
    damaged,
    TREES,
    st.floats(0, 1),
    st.sampled_from([b"", b"\0", b"--b\n", b"\r", b"\xff\xfe", b"\n\n"]),
    st.floats(0, 1),
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


@cache
def desk() -> Desk:
    """A desk whose classifier has learnt from two mails."""
    offer = b"From: k@firma.example\nSubject: Tilbud\n\nVi har 500 visir, EN 166, 30 kr per stk."
    other = b"From: k@firma.example\nSubject: Lunsj\n\nKommer du i dag?"
    examples: list[Example] = [
        (examine(offer, KNOWLEDGE, read_document, ()), "offer", ("face_shield",)),
        (examine(other, KNOWLEDGE, read_document, ()), "other", ()),
    ]
    return Desk(
        knowledge=KNOWLEDGE,
        classifier=train(examples * 4, KNOWLEDGE.judging, seed=1),
        read_document=read_document,
        own_addresses=("desk@agency.example",),
        replies_on=True,
    )


@settings(SLOW, max_examples=50)
@given(st.one_of(DAMAGED, OCTETS))
@example(b"Content-Type: messa\0ge/rfc822\n\nFrom: z@y.example\n\nVi har 500 visir\n")
def test_any_octets_give_a_decision_that_every_store_takes(octets: bytes) -> None:
    found = triage(RawMessage(key=NO_KEY, octets=octets, internaldate=NOW), desk())
    fit_for_every_store(found.mail)
    kept = to_json(found)
    assert b"\\u0000" not in kept
    assert b"\\ud8" not in kept
    assert from_json(kept).priority == found.priority


@SLOW
@given(DAMAGED)
def test_names_of_files_are_safe_whatever_the_mail_says(octets: bytes) -> None:
    for one in parse(octets, read_document).attachments:
        assert one.name == safe_name(one.name, "otherwise")
        assert "/" not in one.name
        assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in one.name)


@SLOW
@given(
    st.binary(max_size=300),
    st.sampled_from(["a.pdf", "a.xlsx", "a.docx", "a.csv", "a.html", "winmail.dat", "a.zip", "a.rtf"]),
)
def test_any_octets_are_a_document_or_say_why_not(octets: bytes, name: str) -> None:
    magic = {"a.pdf": b"%PDF-", "a.zip": b"PK\x03\x04", "winmail.dat": b"\x78\x9f\x3e\x22", "a.rtf": b"{\\rtf1"}
    read_document(name, "application/octet-stream", magic.get(name, b"") + octets)


@SLOW
@given(LINES, st.sampled_from(["Offer", "SV: a", "VS: a", "Fwd: Re: b", "转发：c", ""]))
def test_segments_follow_each_other_and_cover_the_text(text: str, subject: str) -> None:
    found = separate(mail_saying(text, subject=subject), SEPARATION)
    assert "".join(text[one.start : one.end] for one in found.segments) == text
    assert all(one.end == two.start for one, two in zip(found.segments, found.segments[1:], strict=False))
    assert all(one.start < one.end for one in found.segments)
