"""C01 and C02: what is wrong with the form of a message: nesting, numbers, lengths, encoded words."""

# ruff: noqa: E501 - octets are easier to check on one line

from collections.abc import Callable, Mapping
from functools import partial

from tests.e2e.hostile.making import TEXT, header, in_base64, with_file

Made = Mapping[str, Callable[[], bytes]]
PLAIN = b"Content-Type: text/plain\r\n\r\n" + TEXT


def nested() -> Made:
    """Nested and many."""
    return {
        "multiparts 1,000 deep": partial(_multiparts, 1_000),
        "multiparts 10,000 deep": partial(_multiparts, 10_000),
        "multiparts 5,000 deep, one boundary": partial(_one_boundary, 5_000),
        "mails 1,000 deep": partial(_mails, 1_000),
        "mails 10,000 deep": partial(_mails, 10_000),
        "mails 40 deep, each with 12 parts": partial(_mails_of_parts, 40),
        "100,000 parts": partial(_parts, 100_000),
        "499 mails in one": partial(_parts, 499, b"Content-Type: message/rfc822\r\n\r\nSubject: a\r\n\r\n" + TEXT),
        "100,000 fields": lambda: header() + b"X-A: b\r\n" * 100_000 + b"\r\n" + TEXT,
        "10,000 Received": partial(_received, 10_000),
        "100 Received of 2 kB": lambda: _trace(100) + header() + b"\r\n" + TEXT,
        "10,000 addresses in To": partial(_addressed, 10_000),
        "100,000 addresses in To": partial(_addressed, 100_000),
        "comments 1,000 deep in To": lambda: header(to=b"(" * 1_000 + b")" * 1_000 + b" a@b.example") + b"\r\n" + TEXT,
        "comments 30,000 deep in To": lambda: header(to=b"(" * 30_000) + b"\r\n" + TEXT,
        "quotes in From": lambda: header().replace(b"Kim", b'"' * 30_001) + b"\r\n" + TEXT,
        "20,000 angles in References": lambda: header() + b"References: " + b"<" * 20_000 + b"\r\n\r\n" + TEXT,
        "690 kB subject": lambda: header(subject=b"mask " * 138_000) + b"\r\n" + TEXT,
        "690 kB subject, folded": lambda: header(subject=b"\r\n ".join([b"mask " * 12] * 11_500)) + b"\r\n" + TEXT,
        "10 kB Message-ID": lambda: header("a" * 10_000) + b"\r\n" + TEXT,
        "Message-ID with CR LF": lambda: _id(b"<x\r\n X1 DELETE Q\r\n X2 RENAME R P@a.example>"),
        "Message-ID with encoded CR LF": lambda: _id(b"=?utf-8?q?=3Cx=0D=0AX1_DELETE_Q=40a=2Eexample=3E?="),
        "Message-ID with bare CR": lambda: _id(b'<"x\rX1 DELETE Q"@a.example>'),
        "no end to the header": lambda: header() + b"X-A: " + b"a" * 1_000_000,
        "10,000 boundaries named": lambda: (
            header()
            + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n" % n for n in range(10_000))
            + b"\r\n"
            + TEXT
        ),
        "every line a boundary": partial(_parts, 100_000, b""),
        "+50 MB of base64": lambda: with_file("a.bin", bytes(50_000_000)),
        "18 MB of base64": lambda: with_file("a.bin", bytes(18_000_000)),
        "24 MB of text": lambda: header() + b"\r\n" + TEXT * (24_000_000 // len(TEXT)),
        "24 MB in one line": lambda: header() + b"\r\n" + b"mask " * 4_800_000,
        "24 MB of quoted-printable": lambda: (
            header() + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=20=\r\n" * 4_000_000
        ),
        "24 MB of bad base64": lambda: header() + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=A=\r\n" * 4_800_000,
        "12 MB of uuencode": lambda: (
            header() + b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 644 a\r\n" + b"M" * 12_000_000
        ),
        "12 million empty lines": lambda: header() + b"\r\n" * 12_000_000,
    }


def encoded() -> Made:
    """Encoded words and parameters."""
    word = b"=?utf-8?b?RkZQMg==?="
    return {
        "30,000 encoded words": partial(_subject, b"\r\n ".join([word] * 30_000)),
        "30,000 encoded words, one line": partial(_subject, b" ".join([word] * 30_000)),
        "30,000 encoded words, 30 fields": lambda: (
            header()
            + b"".join(b"X-A%d: " % n + b"\r\n ".join([word] * 1_000) + b"\r\n" for n in range(30))
            + b"\r\n"
            + TEXT
        ),
        "encoded words in 1,400 addresses": lambda: (
            header(to=b",\r\n ".join([word + b" <a@b.example>"] * 1_400)) + b"\r\n" + TEXT
        ),
        "20,000 beginnings of encoded words": partial(_subject, b"=?utf-8?q?" * 6_000),
        "question marks": partial(_subject, b"=?" + b"?" * 60_000),
        "encoded words of unknown charsets": partial(_subject, b" ".join([b"=?x-%d?q?a?=" % n for n in range(3_500)])),
        "10,000 segments of a name": partial(_segments, 10_000),
        "10,000 encoded segments of a name": partial(_segments, 10_000, b"*", b"%C3%A6"),
        "segments numbered from 10**9": partial(_segments, 5_000, first=10**9),
        "a parameter of 60 kB": lambda: _typed(b'text/plain; charset="' + b"a" * 60_000 + b'"'),
        "20,000 parameters": lambda: _typed(b"text/plain; " + b"; ".join(b"a=b" for _ in range(10_000))),
        "60 kB of semicolons": lambda: _typed(b"text/plain" + b";" * 60_000),
        "600 kB of semicolons": lambda: _typed(b"text/plain" + b";" * 600_000),
        "a quoted parameter without end": lambda: _typed(b'text/plain; name="' + b'\\"' * 30_000),
        "a charset that inflates": lambda: _typed(b"text/plain; charset=zlib"),
        "60 kB of a Date": lambda: header().replace(b"Fri, 20 Mar", b"Fri, " * 12_000) + b"\r\n" + TEXT,
    }


def _multiparts(depth: int) -> bytes:
    opened = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    closed = (b"--b%d--\r\n" % n for n in reversed(range(depth)))
    return b"".join([header(), *opened, PLAIN, *closed])


def _one_boundary(depth: int) -> bytes:
    return header() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" * depth + PLAIN


def _mails(depth: int) -> bytes:
    return header() + b"Content-Type: message/rfc822\r\n\r\n" * depth + header() + b"\r\n" + TEXT


def _mails_of_parts(depth: int) -> bytes:
    mail = header() + b"\r\n" + TEXT
    for number in range(depth):
        edge = b"--e%d\r\n" % number
        parts = edge.join([b"Content-Type: text/html\r\n\r\n<p>" + TEXT] * 11)
        mail = (
            header() + b"Content-Type: multipart/mixed; boundary=e%d\r\n\r\n" % number + edge + parts + edge
            + b"Content-Type: message/rfc822\r\n\r\n" + mail + b"\r\n--e%d--\r\n" % number
        )  # fmt: skip
    return mail


def _parts(count: int, part: bytes = PLAIN) -> bytes:
    return header() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + part) * count + b"--b--\r\n"


def _received(count: int) -> bytes:
    one = b"Received: from a.example (a.example [192.0.2.1]) by b.example with ESMTPS id 1;\r\n Fri, 20 Mar 2020 10:00:00 +0100\r\n"
    return one * count + header() + b"\r\n" + TEXT


def _trace(count: int) -> bytes:
    return (b"Received: from " + b"by for with id from " * 100 + b"; Fri, 20 Mar 2020 10:00:00 +0100\r\n") * count


def _addressed(count: int) -> bytes:
    return header(to=b",\r\n ".join(b"Kim %d <kim%d@firma.example>" % (n, n) for n in range(count))) + b"\r\n" + TEXT


def _id(field: bytes) -> bytes:
    return header().replace(b"<1@hostile.example>", field) + b"References: " + field + b"\r\n\r\n" + TEXT


def _subject(words: bytes) -> bytes:
    return header(subject=words) + b"\r\n" + TEXT


def _segments(count: int, mark: bytes = b"", piece: bytes = b"a", first: int = 0) -> bytes:
    begin = b"; ".join(b"filename*%d%s=%s%s" % (n, mark, b"utf-8''" if mark and not n else b"", piece)
                       for n in range(first, first + count))  # fmt: skip
    return (
        header() + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + PLAIN + b"--b\r\nContent-Type: text/csv\r\n"
        b"Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; " + begin + b"\r\n\r\n"
        + in_base64(TEXT) + b"--b--\r\n"
    )  # fmt: skip


def _typed(kind: bytes) -> bytes:
    return header() + b"Content-Type: " + kind + b"\r\n\r\n" + TEXT
