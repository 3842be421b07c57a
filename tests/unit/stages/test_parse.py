"""Octets to mail: limits, and what the corpus of tests/golden does not show."""

import base64
import json
import time

import pytest
from asn1crypto import cms

from models.mail import DocumentMember, DocumentText, Separated
from models.reading import Where
from triage.stages.mime import html_text, limits
from triage.stages.mime.names import safe_name
from triage.stages.parse import looks_like_mail, parse
from triage.stages.parsed_line import as_json
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


@pytest.mark.parametrize("name", ["=?utf-8?b?TGV2ZXJhbmTDu?=", "=?utf-8?B?=A===A=?=", "=?utf-8?b?A?="])
@pytest.mark.parametrize("field", ["From", "To", "Bcc", "Reply-To", "Subject"])
def test_a_name_whose_base64_is_damaged_hides_no_address(field: str, name: str) -> None:
    mail = parse(f"{field}: {name} <c@d.example>\n".encode() + HEADER + b"\nVi har visir\n", unread)
    assert mail.text.strip() == "Vi har visir"
    assert "a@b.example" in {one.address for one in mail.from_}


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


LATE = b"To: late@d.example\nMessage-ID: <late@x>\nContent-Type: text/html\n"


@pytest.mark.parametrize(
    "before",
    [
        b"Subject: " + b"hansker " * 86_000 + b"\n",
        (b"X-A: " + b"b" * 1_000 + b"\n") * 700,
        b"X-A: b\n" * 100_000,
        b"X-A: " + b"b" * 60_000 + b"\n" + b"X-B:" + b" c\n" * 200_000,
    ],
)
def test_what_stands_before_them_does_not_hide_the_fields_that_matter(before: bytes) -> None:
    mail = parse(b"From: a@b.example\n" + before + LATE + b"\n<p>hei</p>", unread)
    assert (mail.message_id, mail.text, [one.address for one in mail.to]) == ("<late@x>", "hei", ["late@d.example"])
    assert looks_like_mail(before + LATE + b"\n")


@pytest.mark.parametrize(
    "octets",
    [
        b"a:\n" * 2_000_000,
        b"\n" * 3_000_000,
        HEADER + b"\n" + b"\n" * 3_000_000,
        HEADER + b"\n" + b"boundary" * 500_000,
        HEADER + b"\n" + b"--x\n" * 1_000_000,
        HEADER + b"X-A: " + b" " * 5_000_000 + b"\n\nhei",
        b"Subject " * 600_000 + b"\n\nhei",
    ],
)
def test_hostile_headers_and_lines_cost_little(octets: bytes) -> None:
    begun = time.process_time()
    parse(octets, unread)
    assert time.process_time() - begun < 8


def test_html_nested_deep_keeps_its_text_and_hides_what_it_hides() -> None:
    deep = b"<div>" * 12_000 + b"Vi har visir<p style='display:none'>skjult</p>" + b"</div>" * 12_000 + b"<p>Mvh</p>"
    mail = parse(HEADER + b"Content-Type: text/html\n\n" + deep, unread)
    assert mail.text.split() == ["Vi", "har", "visir", "Mvh"]
    assert mail.hidden_text == "skjult"
    assert {one.code for one in mail.defects} == {"html-deep"}


def test_html_beside_plain_text_that_says_the_same_is_not_laid_out_and_what_it_hides_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(_tree: object) -> str:
        raise NotImplementedError

    monkeypatch.setattr(html_text, "laid_out", never)
    plain = b"--b\nContent-Type: text/plain\n\nVi har visir\n"
    rich = b"--b\nContent-Type: text/html\n\n<p>Vi har <b>visir</b></p><p style='display:none'>skjult</p>\n--b--\n"
    mail = parse(HEADER + b"Content-Type: multipart/alternative; boundary=b\n\n" + plain + rich, unread)
    assert (mail.text.strip(), mail.hidden_text, mail.defects) == ("Vi har visir", "skjult", ())


@pytest.mark.parametrize("bomb", ["<font color=white>", "<p style='display:none'>x", "<table><tr><td>", "<ul><li>"])
def test_html_that_hides_or_nests_without_end_costs_little(bomb: str) -> None:
    begun = time.process_time()
    parse(HEADER + b"Content-Type: text/html\n\n" + bomb.encode() * 10_000, unread)
    assert time.process_time() - begun < 8


def test_a_multipart_whose_parts_lie_in_each_other_without_boundaries_is_read_to_a_depth() -> None:
    part = b"".join(b"--b%d\nContent-Type: multipart/mixed\n\n" % number for number in range(2_000))
    mail = parse(HEADER + b"Content-Type: multipart/mixed\n\n" + part + b"Vi har visir\n", unread)
    assert "Vi har visir" in mail.text


def test_what_is_signed_in_what_is_signed_is_read_to_a_depth() -> None:
    content = b"Content-Type: text/plain\n\nVi har visir\n"
    for _ in range(30):
        inner = {"content_type": "data", "content": content}
        signed = cms.SignedData(
            {"version": "v1", "digest_algorithms": [], "encap_content_info": inner, "signer_infos": []}
        )
        octets = cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()
        content = b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n" + base64.b64encode(
            octets
        )
        if len(content) > 100_000:
            break
    mail = parse(HEADER + content, unread)
    assert "signature-unchecked" in {one.code for one in mail.defects}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?Q?p=C3?= =?utf-8?B?pQ==?= lager", "på lager"),
        (b"=??Q?p=C3=A5?=", "på"),
        (b"=?x-none?Q?p=C3=A5?=", "på"),
        (b"=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
        (b'"=?utf-8?Q?p=C3=A5?="', '"på"'),
        ("口罩报价".encode("gbk"), "口罩报价"),
        ("Прайс".encode(), "Прайс"),
    ],
)
def test_a_subject_is_read_however_it_is_written(raw: bytes, text: str) -> None:
    assert parse(b"From: a@b.example\nSubject: " + raw + b"\n\nhei", unread).subject == text


@pytest.mark.parametrize(
    ("octets", "subject"),
    [
        (b"Subject: =?utf-8\x00?B?VGls?= =?utf-8?Q?bud?=\nFrom: a@b.example\n\nx", "Tilbud"),
        (b"Subject: a\x00b\nFrom: a@b.example\n\nx", "a\ufffdb"),
        (b"Subject: =?\x00?Q?a?=\nFrom: a@b.example\n\nx", "a"),
    ],
)
def test_nul_in_the_header_costs_no_field(octets: bytes, subject: str) -> None:
    mail = parse(octets, unread)
    assert (mail.subject, mail.from_[0].address) == (subject, "a@b.example")
    assert "header-nul" in [defect.code for defect in mail.defects]
