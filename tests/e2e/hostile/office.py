"""Office documents made to hurt: small on disk, large in memory."""

# ruff: noqa: E501 - octets are easier to check on one line

import io
import random
import zipfile

_FORM = b"http://schemas.openxmlformats.org/"
_PACKAGE, _SHEETS = _FORM + b"package/2006/", _FORM + b"spreadsheetml/2006/main"
_RELATED = _FORM + b"officeDocument/2006/relationships"
_KIND = b"application/vnd.openxmlformats-officedocument.spreadsheetml."
_CELL = b'<c t="inlineStr"><is><t>x</t></is></c>'
LAUGHING = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n + 1, b"&a%d;" % n * 10) for n in range(9))
    + b"]>"
)


def zipped(contents: dict[str, bytes]) -> bytes:
    """A ZIP of the contents by their names."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return octets.getvalue()


def sheet_xlsx(size: int) -> bytes:
    """A workbook with a sheet of `size` octets of XML, full of numbers that differ."""
    lot = random.Random(7)
    rows = [
        b"<row>" + b"".join(b"<c><v>%d</v></c>" % lot.getrandbits(40) for _ in range(50)) + b"</row>" for _ in range(22)
    ]
    block = b"".join(rows)
    return _workbook([b"<sheetData>" + block * (size // len(block) + 1) + b"</sheetData>"])


def row_xlsx(size: int) -> bytes:
    """A workbook with one row of `size` octets."""
    return _workbook([b"<sheetData><row>" + _CELL * (size // len(_CELL)) + b"</row></sheetData>"])


def far_cell_xlsx() -> bytes:
    """A workbook with a cell in its first corner and one in its last."""
    cell = b'<row r="%d"><c r="%s%d"><v>1</v></c></row>'
    data = b"<sheetData>" + cell % (1, b"A", 1) + cell % (1_048_576, b"XFD", 1_048_576) + b"</sheetData>"
    return _workbook([b'<dimension ref="A1:XFD1048576"/>' + data])


def strings_xlsx(size: int) -> bytes:
    """A workbook with `size` octets of shared strings."""
    lot = random.Random(8)
    strings = b"".join(b"<si><t>%d</t></si>" % lot.getrandbits(60) for _ in range(size // 33))
    shared = b'<sst xmlns="' + _SHEETS + b'">' + strings + b"</sst>"
    return _workbook([b'<sheetData><row><c t="s"><v>0</v></c></row></sheetData>'], {"xl/sharedStrings.xml": shared})


def laughing_xlsx() -> bytes:
    """A workbook whose sheet expands entities."""
    return _workbook([b'<sheetData><row><c t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData>'], before=LAUGHING)


def sheets_xlsx(count: int) -> bytes:
    """A workbook of many sheets."""
    return _workbook([b"<sheetData>" + (b"<row>" + _CELL * 20 + b"</row>") * 200 + b"</sheetData>"] * count)


def _workbook(sheets: list[bytes], more: dict[str, bytes] | None = None, before: bytes = b"") -> bytes:
    numbers = range(1, len(sheets) + 1)
    override = b'<Override PartName="/xl/%s" ContentType="' + _KIND + b'%s+xml"/>'
    relation = b'<Relationship Id="rId%d" Type="' + _RELATED + b'/%s" Target="%s"/>'
    relations = b'<Relationships xmlns="' + _PACKAGE + b'relationships">%s</Relationships>'
    related = [relation % (n, b"worksheet", b"worksheets/sheet%d.xml" % n) for n in numbers]
    if more:
        related.append(relation % (len(sheets) + 1, b"sharedStrings", b"sharedStrings.xml"))
    return zipped({
        "[Content_Types].xml": b'<Types xmlns="' + _PACKAGE + b'content-types"><Default Extension="rels" '
        b'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + override % (b"workbook.xml", b"sheet.main")
        + b"".join(override % (b"worksheets/sheet%d.xml" % n, b"worksheet") for n in numbers) + b"</Types>",
        "_rels/.rels": relations % (relation % (1, b"officeDocument", b"xl/workbook.xml")),
        "xl/_rels/workbook.xml.rels": relations % b"".join(related),
        "xl/workbook.xml": b'<workbook xmlns="' + _SHEETS + b'" xmlns:r="' + _RELATED + b'"><sheets>'
        + b"".join(b'<sheet name="s%d" sheetId="%d" r:id="rId%d"/>' % (n, n, n) for n in numbers) + b"</sheets></workbook>",
        **{f"xl/worksheets/sheet{n}.xml": before + b'<worksheet xmlns="' + _SHEETS + b'">' + sheet + b"</worksheet>"
           for n, sheet in zip(numbers, sheets, strict=True)},
        **(more or {}),
    })  # fmt: skip


def docx(body: bytes, before: bytes = b"") -> bytes:
    """A document with that body."""
    return zipped(
        {"word/document.xml": before + b'<w:document xmlns:w="w"><w:body>' + body + b"</w:body></w:document>"}
    )


def laughing_docx() -> bytes:
    """A document that expands entities."""
    return docx(b"<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", LAUGHING)


def external_docx() -> bytes:
    """A document that asks for a file of the machine."""
    declared = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    return docx(b"<w:p><w:r><w:t>&a;</w:t></w:r></w:p>", declared)


def headed_docx(count: int) -> bytes:
    """A document with many headers of 60 kB."""
    head = b'<w:hdr xmlns:w="w"><w:p><w:r><w:t>' + random.Random(9).randbytes(1_000).hex().encode() * 30
    part = head + b"</w:t></w:r></w:p></w:hdr>"
    return zipped({"word/document.xml": b"<a/>"} | {f"word/header{n}.xml": part for n in range(count)})


def pptx(count: int) -> bytes:
    """A presentation of many slides."""
    slide = b'<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:r><a:t>' + b"mask " * 200 + b"</a:t></a:r></a:p></p:sld>"
    lot = random.Random(10)
    slides = {f"ppt/slides/slide{n}.xml": slide + b"<!--%d-->" % lot.getrandbits(500) for n in range(count)}
    return zipped({"ppt/presentation.xml": b"<a/>"} | slides)


def odt(body: bytes) -> bytes:
    """A text document with that body."""
    form = b'<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body>'
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text",
                   "content.xml": form + body + b"</office:body></office:document-content>"})  # fmt: skip


def rows_ods(rows: int, columns: int) -> bytes:
    """A table of one cell, repeated."""
    return _ods(
        b'<table:table-row table:number-rows-repeated="%d"><table:table-cell table:number-columns-repeated="%d" '
        b'office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>' % (rows, columns)
    )


def sheet_ods(size: int) -> bytes:
    """A table of `size` octets of XML."""
    lot = random.Random(11)
    cell = b'<table:table-cell office:value-type="float" office:value="%d"><text:p>1</text:p></table:table-cell>'
    rows = [b"<table:table-row>" + b"".join(cell % lot.getrandbits(40) for _ in range(20)) + b"</table:table-row>"
            for _ in range(14)]  # fmt: skip
    block = b"".join(rows)
    return _ods(block * (size // len(block) + 1))


def _ods(rows: bytes) -> bytes:
    name = b"urn:oasis:names:tc:opendocument:xmlns:"
    form = b"<office:document-content" + b"".join(
        b' xmlns:%s="%s%s:1.0"' % (short, name, short) for short in (b"office", b"table", b"text")
    )
    return zipped({
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "META-INF/manifest.xml": b'<manifest:manifest xmlns:manifest="' + name + b'manifest:1.0"/>',
        "content.xml": form + b'><office:body><office:spreadsheet><table:table table:name="a">' + rows
        + b"</table:table></office:spreadsheet></office:body></office:document-content>",
    })  # fmt: skip
