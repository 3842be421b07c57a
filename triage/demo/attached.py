"""Files that made-up mail carries: the letter's list of goods as CSV, text, PDF or workbook."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from html import escape

from triage.demo.wording import Texts

Table = tuple[Texts, ...]

SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMAT = "http://schemas.openxmlformats.org"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = f"{FORMAT}/officeDocument/2006/relationships"
WORKBOOK = (
    (
        "[Content_Types].xml",
        (
            f'<Types xmlns="{FORMAT}/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/></Types>'
        ),
    ),
    (
        "_rels/.rels",
        (
            f'<Relationships xmlns="{FORMAT}/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
    ),
    (
        "xl/workbook.xml",
        (
            f'<workbook xmlns="{FORMAT}/spreadsheetml/2006/main" xmlns:r="{RELATIONS}">'
            '<sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>'
        ),
    ),
    (
        "xl/_rels/workbook.xml.rels",
        (
            f'<Relationships xmlns="{FORMAT}/package/2006/relationships">'
            f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ),
    ),
)
SHEET = f'<worksheet xmlns="{FORMAT}/spreadsheetml/2006/main"><sheetData>{{}}</sheetData></worksheet>'
CELL = '<c t="inlineStr"><is><t>{}</t></is></c>'


def as_csv(table: Table) -> bytes:
    """The table by semicolons, as spreadsheets write it in Europe."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(table)
    return out.getvalue().encode("utf-8-sig")


def as_txt(table: Table) -> bytes:
    """The table as lines of text."""
    return "\r\n".join(" - ".join(row) for row in table).encode()


def as_xlsx(table: Table) -> bytes:
    """The table as a workbook, written by hand: openpyxl puts the time of day into its files."""
    rows = "".join(f"<row>{''.join(CELL.format(escape(cell)) for cell in row)}</row>" for row in table)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (*WORKBOOK, ("xl/worksheets/sheet1.xml", SHEET.format(rows))):
            book.writestr(zipfile.ZipInfo(name), f'<?xml version="1.0" encoding="UTF-8"?>\n{content}')
    return out.getvalue()


def as_pdf(table: Table) -> bytes:
    """The table as a page of PDF with real text, in Helvetica; what Latin-1 lacks becomes a question mark."""
    lines = " ".join(f"({_escaped(' - '.join(row))}) Tj T*" for row in table)
    content = f"BT /F1 11 Tf 16 TL 56 780 Td {lines} ET".encode("latin-1", "replace")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    file, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table_of_objects = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, table_of_objects)
    return file + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, start)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


MAKERS: Mapping[str, tuple[str, Callable[[Table], bytes]]] = {
    "csv": ("text/csv", as_csv),
    "txt": ("text/plain", as_txt),
    "pdf": ("application/pdf", as_pdf),
    "xlsx": (SHEETS, as_xlsx),
}
