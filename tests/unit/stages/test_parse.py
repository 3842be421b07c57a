"""Octets to mail: limits, and what the corpus of tests/golden does not show."""

import json

import pytest

from models.mail import DocumentMember, DocumentText, Separated
from models.reading import Where
from triage.stages.mime import limits
from triage.stages.mime.names import safe_name
from triage.stages.parse import as_json, looks_like_mail, parse
from triage.stages.passages import passages

HEADER = b"From: a@b.example\nTo: c@d.example\nSubject: x\n"


def unread(name: str, content_type: str, octets: bytes) -> DocumentText:
    return DocumentText(unread="not now")


def codes(octets: bytes) -> set[str]:
    return {defect.code for defect in parse(octets, unread).defects}


def nested(depth: int) -> bytes:
    begin = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return HEADER + begin + b"Content-Type: text/plain\n\nhello\n"


def test_forty_levels_are_read_and_a_thousand_are_cut() -> None:
    assert "hello" in parse(nested(40), unread).text
    assert "nesting-cut" in codes(nested(1_000))


def test_ten_thousand_parts_are_cut() -> None:
    octets = HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000
    mail = parse(octets, unread)
    assert "parts-cut" in {defect.code for defect in mail.defects}
    assert mail.text


def test_mail_in_mail_is_read_to_a_depth() -> None:
    mail = parse(HEADER + b"Content-Type: message/rfc822\n\n" * 30 + b"From: z@z.example\n\nhello", unread)
    depth = 0
    while mail.nested:
        mail, depth = mail.nested[0], depth + 1
    assert depth == limits.MAX_MAIL_DEPTH
    assert "nesting-cut" in {defect.code for defect in mail.defects}


@pytest.mark.parametrize(
    ("octets", "code"),
    [
        (b"X-A: b\n" * 5_000 + HEADER + b"\nhei", "fields-cut"),
        (b"X-A: " + b"b" * 70_000 + b"\n" + HEADER + b"\nhei", "field-cut"),
        ((b"X-A: " + b"b" * 1_000 + b"\n") * 300 + HEADER + b"\nhei", "header-cut"),
        (HEADER + b"Content-Type: text/html\n\n" + b"<p>x" * 600_000, "html-cut"),
    ],
)
def test_what_is_over_a_limit_is_cut_and_said(octets: bytes, code: str) -> None:
    assert code in codes(octets)


def test_many_addresses_are_cut() -> None:
    octets = b"".join(b"To: a%d@b.example\n" % number for number in range(900)) + b"\nhei"
    assert len(parse(octets, unread).to) == limits.MAX_ADDRESSES


@pytest.mark.parametrize("bomb", ["<a ", "<!--", "<div>", "<table><tr><td>", "<blockquote>", "&", "<p style='"])
def test_html_bombs_cost_little(bomb: str) -> None:
    parse(HEADER + b"Content-Type: text/html\n\n" + bomb.encode() * (100_000 // len(bomb)), unread)


def test_a_reader_of_documents_gets_octets_and_may_give_files_inside() -> None:
    seen: list[tuple[str, str, bytes]] = []

    def reader(name: str, content_type: str, octets: bytes) -> DocumentText:
        seen.append((name, content_type, octets))
        inner = DocumentMember(name="../in/price.csv", content_type="text/csv", octets=b"1")
        return DocumentText(text="list", members=(inner,) if name == "a.zip" else ())

    mail = parse(
        HEADER + b'Content-Type: application/zip; name="a.zip"\nContent-Transfer-Encoding: base64\n\nUEs=\n', reader
    )
    assert seen == [("a.zip", "application/zip", b"PK"), ("price.csv", "text/csv", b"1")]
    assert [one.path for one in mail.attachments] == ["a.zip", "a.zip/price.csv"]


def test_archives_in_archives_are_opened_to_a_depth() -> None:
    def reader(name: str, content_type: str, octets: bytes) -> DocumentText:
        return DocumentText(members=(DocumentMember(name="a.zip", content_type="application/zip", octets=b"x"),))

    mail = parse(HEADER + b"Content-Type: application/zip\n\nx", reader)
    assert len(mail.attachments) == limits.MAX_DOCUMENT_DEPTH + 1
    assert "archive-depth" in {defect.code for defect in mail.defects}


def test_an_inline_picture_is_an_inline_attachment() -> None:
    octets = (
        HEADER + b"Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>hei</p>\n--b\n"
        b"Content-Type: image/png\nContent-ID: <a@b>\nContent-Disposition: inline\n\nx\n--b--\n"
    )
    (picture,) = parse(octets, unread).attachments
    assert picture.inline
    assert picture.unread == "not now"


def test_the_topmost_received_counts() -> None:
    received = b"Received: from x by y; Tue, 17 Mar 2020 10:00:00 +0100\nReceived: from w by x; Mon, 1 Jan 2001 1:00\n"
    mail = parse(received + HEADER + b"\nhei", unread)
    assert mail.received is not None
    assert mail.received.isoformat() == "2020-03-17T09:00:00+00:00"


@pytest.mark.parametrize(
    ("field", "expected"), [("", None), ("Return-Path: <>\n", ""), ("Return-Path: <A@b.example>\n", "A@b.example")]
)
def test_a_null_return_path_differs_from_none(field: str, expected: str | None) -> None:
    assert parse(field.encode() + HEADER + b"\nhei", unread).return_path == expected


def test_threads_are_read() -> None:
    mail = parse(HEADER + b"In-Reply-To: <1@a> (x)\nReferences: <0@a>\n <1@a> junk <1@a>\n\nhei", unread)
    assert (mail.in_reply_to, mail.references) == (("<1@a>",), ("<0@a>", "<1@a>"))


@pytest.mark.parametrize(
    ("octets", "is_mail"),
    [
        (b"", False),
        (b"\n\n", False),
        (b"Just text.\nFrom here on: nothing.\n", False),
        (bytes(range(256)), False),
        (HEADER + b"\nhei", True),
        (b"Subject: only\n\n", True),
        (b"Received: from a by b; x\r\n\r\n", True),
    ],
)
def test_mail_is_told_from_other_files(octets: bytes, is_mail: bool) -> None:
    assert looks_like_mail(octets) == is_mail


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("\u200b.htaccess", "htaccess"),
        ("con.txt", "_con.txt"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("...", "otherwise"),
        ("", "otherwise"),
        ("a<b>?.pdf", "a_b__.pdf"),
        ("价格表.xlsx", "价格表.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 115 + ".xlsx"),
        ("x" * 300, "x" * 120),
    ],
)
def test_names_are_safe(raw: str, safe: str) -> None:
    assert safe_name(raw, "otherwise") == safe


def test_passages_are_subject_body_and_readable_attachments() -> None:
    octets = (
        HEADER + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhei\n--b\n"
        b'Content-Type: text/csv; name="a.csv"\n\nx\n--b\nContent-Type: image/png; name="b.png"\n\nx\n--b--\n'
    )
    mail = parse(octets, lambda name, *_: DocumentText(text="1" if name == "a.csv" else ""))
    found = passages(mail, Separated(segments=(), new_text="", original_from=None))
    assert [(one.where, one.text, one.attachment, one.name) for one in found] == [
        (Where.SUBJECT, "x", None, ""),
        (Where.BODY, "hei", None, ""),
        (Where.ATTACHMENT, "1", 0, "a.csv"),
    ]


def test_the_line_of_json_has_the_promised_keys() -> None:
    mail = parse(HEADER + b"\nhei", unread)
    line = json.loads(json.dumps(as_json(mail, Separated(segments=(), new_text="hei", original_from=None))))
    promised = "subject from to cc reply_to date message_id text new_text attachments nested defects"
    assert set(promised.split()) <= line.keys()
    assert line["from"] == [{"name": "", "address": "a@b.example"}]
    assert line["date"] is None
