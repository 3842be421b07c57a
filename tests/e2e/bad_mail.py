"""Octets that hurt whoever opens them without limits, each as the content of an .eml file."""

import io
import random
import zipfile
from email.message import EmailMessage

HEADER = (
    b"From: Kim <kim@firma.example>\r\nTo: mottak@sykehus.example\r\nSubject: FFP2\r\n"
    b"Date: Fri, 20 Mar 2020 10:00:00 +0100\r\nMessage-ID: <1@firma.example>\r\n"
)
GOOD = HEADER + b"\r\nWe offer 1000 FFP2 masks, EN 149.\r\n"
NO_MAIL = {
    "no mail": b"hello there\nthis is no mail\n",
    "empty": b"",
    "blank": b"\r\n \r\n",
    "random": random.Random(2020).randbytes(1_000_000),
}
"""Files that are no mail."""


def hostile() -> dict[str, bytes]:
    """Mails that must be read all the same, by what is wrong with them."""
    return {
        "nul": HEADER.replace(b"FFP2", b"FF\0P2") + b"\r\n\0\0We offer \0 1000 FFP2\0 masks\0\r\n",
        "surrogates": HEADER + b"Content-Type: text/plain; charset=utf-8\r\n\r\nFFP2 \xed\xa0\x80 \xed\xb0\x80\r\n",
        "utf-16 halves": _encoded(b"utf-16-le", b"base64", b"ANgA3EEA"),
        "utf-7 halves": _encoded(b"utf-7", b"7bit", b"+2AA- +2D0- FFP2"),
        "invalid utf-8": HEADER.replace(b"FFP2", b"\xff\xfe\xe6") + b"\r\n\xff\xfe\xe6\xf8\xe5 FFP2\r\n",
        "invalid header": b"From: =?utf-8?q?=ED=A0=80?= <a@\xff>\r\nSubject: =?utf-8?b?////?= =?x-none?q?a?=\r\n"
        b"Message-ID: <\xed\xa0\x80>\r\nDate: Fri, 99 Foo 0000 99:99:99 +9999\r\n\r\nFFP2",
        "header alone": HEADER,
        "carriage returns": HEADER.replace(b"\r\n", b"\r") + b"\rFFP2\r",
        "500 multiparts": _nested(500),
        "30000 encoded words": HEADER.replace(b"FFP2", b"\r\n ".join([b"=?utf-8?b?RkZQMg==?="] * 30_000)) + b"\r\nhi",
        "60000 fields": HEADER + b"X-A: b\r\n" * 60_000 + b"\r\nhi\r\n",
        "12000 elements": HEADER + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 12_000 + b"FFP2",
        "zip bomb": _attached("a.zip", _zipped({f"{n}.txt": b"0" * 20_000_000 for n in range(10)})),
        "xlsx bomb": _attached("a.xlsx", _zipped(_workbook(rows=100_000))),
    }


def _encoded(charset: bytes, encoding: bytes, body: bytes) -> bytes:
    return (
        HEADER + b"Content-Type: text/plain; charset=" + charset + b"\r\nContent-Transfer-Encoding: " + encoding
        + b"\r\n\r\n" + body + b"\r\n"
    )  # fmt: skip


def _nested(depth: int) -> bytes:
    opened = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))
    closed = b"".join(b"--b%d--\r\n" % n for n in reversed(range(depth)))
    return HEADER + opened + b"Content-Type: text/plain\r\n\r\nFFP2\r\n" + closed


def _attached(name: str, octets: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "kim@firma.example", "mottak@sykehus.example", "Offer"
    mail["Message-ID"] = "<2@firma.example>"
    mail.set_content("We offer 1000 FFP2 masks.\n")
    mail.add_attachment(octets, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def _zipped(contents: dict[str, bytes]) -> bytes:
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return octets.getvalue()


def _workbook(rows: int) -> dict[str, bytes]:
    form = b"http://schemas.openxmlformats.org/"
    package, sheets = form + b"package/2006/", form + b"spreadsheetml/2006/main"
    related = form + b"officeDocument/2006/relationships"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
    row = b"<row>" + b'<c t="inlineStr"><is><t>x</t></is></c>' * 50 + b"</row>"

    def relation(target: bytes, name: bytes) -> bytes:
        return (
            b'<Relationships xmlns="' + package + b'relationships"><Relationship Id="rId1" Type="' + related + b"/"
            + name + b'" Target="' + target + b'"/></Relationships>'
        )  # fmt: skip

    return {
        "[Content_Types].xml": b'<Types xmlns="' + package + b'content-types">'
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Override PartName="/xl/workbook.xml" ContentType="' + kind + b'sheet.main+xml"/>'
        b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="' + kind + b'worksheet+xml"/></Types>',
        "_rels/.rels": relation(b"xl/workbook.xml", b"officeDocument"),
        "xl/_rels/workbook.xml.rels": relation(b"worksheets/sheet1.xml", b"worksheet"),
        "xl/workbook.xml": b'<workbook xmlns="' + sheets + b'" xmlns:r="' + related + b'"><sheets>'
        b'<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": b'<worksheet xmlns="' + sheets + b'"><sheetData>' + row * rows
        + b"</sheetData></worksheet>",
    }  # fmt: skip
