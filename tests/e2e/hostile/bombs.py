"""C04: attachments that cost whoever opens them more than their size."""

# ruff: noqa: E501 - octets are easier to check on one line

import gzip
import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial

from tests.e2e.hostile import office, pdfs
from tests.e2e.hostile.making import TEXT, with_file, with_files

ZIP = b"application/zip"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEGABYTE = 1_000_000


def documents() -> Mapping[str, Callable[[], bytes]]:
    """A mail with each of them; and one with several and an ordinary file behind them."""
    mails: dict[str, Callable[[], bytes]] = {}
    for name, made in _files().items():
        mails[name] = partial(_mail, name.removeprefix("+"), made)
    mails["three bombs, then an ordinary file"] = _three
    return mails


def _mail(name: str, made: Callable[[], bytes]) -> bytes:
    return with_file(f"offer.{name.split(maxsplit=1)[0].strip(':')}", made())


def _three() -> bytes:
    kind = b"application/octet-stream"
    bombs = [office.sheet_xlsx(60 * MEGABYTE), office.far_cell_xlsx(), office.rows_ods(1_048_576, 16_384)]
    return with_files(
        *((f"bomb{number}.xlsx", bomb, kind) for number, bomb in enumerate(bombs)),
        ("prices.csv", b"article;price\r\nFFP2 mask;12,50\r\n", b"text/csv"),
    )


def _files() -> Mapping[str, Callable[[], bytes]]:
    return {
        "xlsx: 20 MB of rows": partial(office.sheet_xlsx, 20 * MEGABYTE),
        "xlsx: 95 MB of rows": partial(office.sheet_xlsx, 95 * MEGABYTE),
        "+xlsx: 200 MB of rows": partial(office.sheet_xlsx, 200 * MEGABYTE),
        "xlsx: 100 MB of one row, packed to nothing": partial(office.row_xlsx, 100 * MEGABYTE),
        "xlsx: a cell at the far end": office.far_cell_xlsx,
        "xlsx: 20 MB of shared strings": partial(office.strings_xlsx, 20 * MEGABYTE),
        "xlsx: entities that expand": office.laughing_xlsx,
        "xlsx: 400 sheets": partial(office.sheets_xlsx, 400),
        "xlsx: sizes that lie": lambda: lying(office.sheet_xlsx(60 * MEGABYTE)),
        "xlsb: garbage": lambda: zipped({"xl/workbook.bin": random.Random(1).randbytes(MEGABYTE)}),
        "ods: a million rows of a million columns": partial(office.rows_ods, 1_048_576, 1_048_576),
        "ods: 16,384 columns, 20,000 rows": partial(office.rows_ods, 20_000, 16_384),
        "ods: 60 MB of rows": partial(office.sheet_ods, 60 * MEGABYTE),
        "docx: 90 MB of one letter": partial(
            office.docx, b"<w:p><w:r><w:t>" + b"a" * 90_000_000 + b"</w:t></w:r></w:p>"
        ),
        "docx: 90 MB of empty paragraphs": lambda: office.docx(b"<w:p/>" * 15_000_000),
        "docx: 9 MB of empty paragraphs": lambda: office.docx(_salted(b"<w:p/>", 1_500_000)),
        "docx: 60 MB of elements": lambda: office.docx(_salted(b"<w:a/>", 10_000_000)),
        "docx: elements 100,000 deep": lambda: office.docx(b"<w:p>" * 100_000 + b"</w:p>" * 100_000),
        "docx: 20,000 boxes in boxes": lambda: office.docx(
            b"<w:p><w:r><Choice><w:txbxContent>" * 2_000 + b"</w:txbxContent></Choice></w:r></w:p>" * 2_000
        ),
        "docx: entities that expand": office.laughing_docx,
        "docx: an entity from a file": office.external_docx,
        "docx: 999 headers": partial(office.headed_docx, 998),
        "pptx: 999 slides": partial(office.pptx, 998),
        "odt: 60 MB of spans": lambda: office.odt(_salted(b"<text:p><text:span>a</text:span></text:p>", 1_500_000)),
        "zip: flat": lambda: zipped({f"{n}.txt": bytes(20 * MEGABYTE) for n in range(10)}),
        "zip: one file of 99 MB": lambda: zipped({"a.txt": _salted(b"mask ", 20 * MEGABYTE)[: 99 * MEGABYTE]}),
        "zip: 30 files of 3 MB": lambda: zipped({f"{n}.csv": _salted(b"mask;1\n", 430_000) for n in range(30)}),
        "zip: nested 100 deep": partial(_nested, 100),
        "zip: quine-like, ten in each of ten": _tens,
        "zip: overlapping": partial(_overlapping, 900),
        "zip: overlapping in full": partial(_overlapping, 16_000),
        "zip: sizes that lie": lambda: lying(zipped({"a.txt": bytes(300 * MEGABYTE)})),
        "zip: 10,000 entries": lambda: zipped({f"{n}": b"a" for n in range(10_000)}),
        "zip: 60,000 entries": lambda: zipped({f"{n}": b"" for n in range(60_000)}),
        "zip: 100 workbooks": lambda: zipped({f"{n}.xlsx": office.sheet_xlsx(MEGABYTE // 2) for n in range(99)}),
        "zip: 20 bombs of workbooks": lambda: zipped({f"{n}.xlsx": office.far_cell_xlsx() for n in range(20)}),
        "zip: methods nobody knows": lambda: zipped({"a": b"a"}).replace(b"\x08\0\0\0", b"\x63\0\0\0"),
        "zip: garbage": lambda: b"PK\x03\x04" + random.Random(2).randbytes(MEGABYTE),
        "zip: a directory of 20 MB": lambda: zipped({"n" * 65_000 + str(n): b"" for n in range(280)}),
        "gz: 1 GB": lambda: gzip.compress(bytes(1_000 * MEGABYTE), 9),
        "tar: garbage": lambda: b"a" * MEGABYTE,
        **{f"pdf: {name}": made for name, made in pdfs.pdfs().items()},
        "png: 30,000 by 30,000": partial(_png, 30_000),
        "png: a header alone": lambda: _png(30_000)[:100] + bytes(10_000),
        "gif: garbage": lambda: b"GIF89a\xff\xff\xff\xff" + bytes(10_000),
        "csv: 18 MB in one line": lambda: b"mask;" * 3_600_000,
        "+csv: 30 MB in one line": lambda: b"mask;" * 5_999_999,
        "csv: 18 MB of quotes": lambda: b'"' * 18_000_000,
        "csv: a quote without end": lambda: b'"a\n' * 6_000_000,
        "csv: 4 MB of delimiters": lambda: b";" * 4_000_000,
        "txt: 18 MB without a line end": lambda: b"a" * 18_000_000,
        "txt: 10 MB in every charset": lambda: bytes(range(128, 256)) * 80_000,
        "html: 18 MB of tags": lambda: b"<div>" * 3_600_000,
        "xml: entities that expand": lambda: office.LAUGHING + b"<a>&a9;</a>",
        "ics: 10 MB": lambda: b"BEGIN:VEVENT\r\n" * 700_000,
        "xls: sectors in a ring": lambda: _ole(0, "Workbook"),
        "xls: sectors that are not there": lambda: _ole(0x7FFFFFF0, "Workbook"),
        "xls: garbage": lambda: OLE + random.Random(3).randbytes(MEGABYTE),
        "msg: sectors in a ring": lambda: _ole(0, "__properties_version1.0"),
        "msg: garbage": lambda: _ole(0, "__properties_version1.0")[:600] + random.Random(4).randbytes(MEGABYTE),
        "doc: 10 MB of garbage": lambda: OLE + random.Random(5).randbytes(10 * MEGABYTE),
        "dat: TNEF of absurd lengths": partial(_tnef, 0x7FFFFFFF),
        "dat: TNEF of negative lengths": partial(_tnef, 0xFFFFFFFF),
        "dat: TNEF of 100,000 attributes": lambda: _tnef(2) + b"\x02\x05\x80\x06\x00\x00\x00\x00\x00\x00\x00" * 100_000,
        "dat: TNEF of a million properties": lambda: _tnef(0) + _properties(1_000_000),
        "rtf: garbage": lambda: b"{\\rtf" * 200_000,
        "eml: nested 500 deep": lambda: b"Content-Type: message/rfc822\r\n\r\n" * 500 + b"Subject: a\r\n\r\n" + TEXT,
    }


def zipped(contents: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of the contents by their names."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return octets.getvalue()


def lying(archive: bytes) -> bytes:
    """The archive, every entry of which says that it is ten octets large."""
    octets = bytearray(archive)
    for mark, size_at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = octets.find(mark)
        while at >= 0:
            octets[at + size_at : at + size_at + 4] = struct.pack("<I", 10)
            at = octets.find(mark, at + 4)
    return bytes(octets)


def _salted(piece: bytes, count: int) -> bytes:
    """`count` pieces with enough chance between them that they pack to a fiftieth, not to nothing."""
    lot = random.Random(6)
    return b"".join(piece * 400 + b"<!--%d-->" % lot.getrandbits(2_000) for _ in range(count // 400))


def _nested(depth: int) -> bytes:
    octets = TEXT
    for _ in range(depth):
        octets = zipped({"inner.zip": octets})
    return octets


def _tens() -> bytes:
    inner = zipped({f"{n}.txt": bytes(MEGABYTE) for n in range(10)})
    for _ in range(3):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    return inner


def _overlapping(count: int) -> bytes:
    """Entries that share one compressed stream (CVE-2024-0450)."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = bytes(100_000)
    stream = packed.compress(content) + packed.flush()
    fixed = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0, zlib.crc32(content), len(stream), len(content), 1, 0)
    local = b"PK\x03\x04" + fixed + b"a" + stream
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + fixed + struct.pack("<HHHII", 0, 0, 0, 0, 0) + b"a"
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, count, count, len(entry) * count, len(local), 0)
    return local + entry * count + end


def _png(side: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    picture = zlib.compress(bytes((side // 8 + 1) * side), 1)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", picture) + chunk(b"IEND", b"")


def _ole(next_sector: int, stream: str) -> bytes:
    """A compound file whose sector table names `next_sector` after every sector."""
    head = OLE + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4_096, 1, 1, 0xFFFFFFFE, 0, 0)[:40]
    head = head.ljust(76, b"\0") + struct.pack("<I", 0) + b"\xff" * (108 * 4)
    table = struct.pack("<I", next_sector) * 128
    names = [("Root Entry", 5), (stream, 2)]
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<HBBIII", len(name) * 2 + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1)
        + bytes(36) + struct.pack("<IQ", 1, 0x7FFFFFFF)
        for name, kind in names
    )  # fmt: skip
    return head[:512].ljust(512, b"\0") + table + entries.ljust(512, b"\0") + bytes(4_096)


def _tnef(length: int) -> bytes:
    return b"\x78\x9f\x3e\x22\x01\x00" + b"\x02\x05\x90\x06\x00" + struct.pack("<I", length) + bytes(20_000)


def _properties(count: int) -> bytes:
    body = struct.pack("<I", count) + struct.pack("<HHI", 3, 0x1000, 1) * 2_000
    return b"\x01\x03\x90\x06\x00" + struct.pack("<I", len(body)) + body + struct.pack("<H", sum(body) % 65_536)
