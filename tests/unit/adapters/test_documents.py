"""Attachments to text."""

import time
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from triage.adapters.documents import columns, limits, ocr, read_document

DOCX = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def zipped(**entries: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, octets in entries.items():
            archive.writestr(name, octets)
    return out.getvalue()


def docx(body: str) -> bytes:
    xml = f'<w:document xmlns:w="{DOCX}"><w:body>{body}</w:body></w:document>'
    return zipped(**{"word/document.xml": xml.encode(), "[Content_Types].xml": b"<Types/>"})


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r></w:p>"


def sheet(rows: list[list[object]]) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "Liste"
    for row in rows:
        page.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def pdf(lines: list[tuple[int, int, str]]) -> bytes:
    """A one-page PDF with texts at (x, y)."""
    shown = "".join(f"BT /F1 11 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in lines).encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (len(objects) + 1, table, len(objects) + 1, len(out))


def test_a_spreadsheet_is_a_line_a_row_under_the_name_of_its_sheet() -> None:
    found = read_document(
        "a.xlsx", "", sheet([["Vare", "Antall", "Pris"], ["Visir", 500, 30.5], [], ["Frakk", 1000.0]])
    )
    assert found.text == "Liste\nVare\tAntall\tPris\nVisir\t500\t30.5\nFrakk\t1000"


def test_a_document_is_read_by_its_octets_not_by_its_name() -> None:
    assert read_document("a.pdf", "application/pdf", sheet([["Visir"]])).text == "Liste\nVisir"
    assert read_document("a.dat", "application/octet-stream", pdf([(50, 700, "Visir")])).text == "Visir"


def test_word_keeps_tables_as_rows_and_leaves_out_hidden_text() -> None:
    row = (
        "<w:tr><w:tc>" + paragraph("Visir") + paragraph("klar") + "</w:tc><w:tc>" + paragraph("500") + "</w:tc></w:tr>"
    )
    body = paragraph("Hei") + f"<w:tbl>{row}</w:tbl>" + paragraph("skjult", "<w:vanish/>") + paragraph("Mvh")
    assert read_document("a.docx", "", docx(body)).text.split("\n") == ["Hei", "Visir klar\t500", "", "Mvh"]


def test_a_document_with_a_dtd_is_not_expanded() -> None:
    bomb = (
        b'<!DOCTYPE a [<!ENTITY x "boom">]><w:document xmlns:w="%b"><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:document>'
    )
    found = read_document("a.docx", "", zipped(**{"word/document.xml": bomb % DOCX.encode()}))
    assert found.text == ""
    assert found.unread


def test_columns_of_a_pdf_are_kept_and_wrapped_cells_put_together() -> None:
    cells = [(50, 700, "Item"), (200, 700, "Standard"), (400, 700, "Price")]
    cells += [(50, 680, "Mask"), (200, 680, "EN 14683"), (200, 668, "Type IIR"), (400, 680, "0.50")]
    found = read_document("a.pdf", "", pdf([*cells, (50, 640, "Prices in EUR")]))
    assert found.text.split("\n") == ["Item\tStandard\tPrice", "Mask\tEN 14683 Type IIR\t0.50", "Prices in EUR"]


def test_characters_side_by_side_are_one_line() -> None:
    assert list(columns.lines("ab c\r\nd", lambda n: (n * 6.0, 10.0 if n < 4 else 0.0, n * 6.0 + 6, 20.0))) == [
        "ab c",
        "d",
    ]


def test_separated_values_are_parted_by_tabs() -> None:
    octets = 'Vare;Antall;Pris\n"Visir; klar";500;30,50\n'.encode("cp1252")
    assert read_document("a.csv", "", octets).text == "Vare\tAntall\tPris\nVisir; klar\t500\t30,50"


def test_plain_text_and_html_are_read_in_any_charset() -> None:
    assert read_document("a.txt", "", "blåbær på lager".encode("latin-1")).text == "blåbær på lager"
    assert read_document("a.html", "", b"<p>Hei</p><p style='display:none'>skjult</p>").text == "Hei"


def test_an_archive_gives_its_files() -> None:
    found = read_document("a.zip", "", zipped(**{"b.txt": b"hei", "c/d.csv": b"1;2"}))
    assert [(one.name, one.content_type, one.octets) for one in found.members] == [
        ("b.txt", "text/plain", b"hei"),
        ("c/d.csv", "text/csv", b"1;2"),
    ]


def test_an_archive_that_inflates_too_much_is_not_opened() -> None:
    found = read_document("a.zip", "", zipped(zeros=b"\0" * 20_000_000))
    assert not found.members
    assert "too much" in found.unread


def test_an_office_file_that_inflates_too_much_is_not_opened() -> None:
    for name in ("word/document.xml", "xl/workbook.xml", "ppt/presentation.xml"):
        found = read_document("a", "", zipped(**{name: b" " * 20_000_000}))
        assert found.text == ""
        assert found.unread


def test_an_archive_with_too_many_entries_is_not_opened() -> None:
    many = zipped(**{f"{number}.txt": b"" for number in range(limits.MAX_ENTRIES + 1)})
    assert read_document("a.zip", "", many).unread


def test_text_is_cut() -> None:
    assert len(read_document("a.txt", "", b"hei " * 1_000_000).text) == limits.MAX_TEXT


@pytest.mark.parametrize(
    "octets",
    [
        b"%PDF-1.7\nnothing",
        b"PK\x03\x04nothing",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        b"\x78\x9f\x3e\x22\x00",
        b"\x89PNG\r\n\x1a\n",
        b"\0\1\2\3",
        b"",
    ],
)
def test_what_cannot_be_read_says_why(octets: bytes) -> None:
    found = read_document("a.bin", "application/octet-stream", octets)
    assert found.text == ""
    assert found.unread


def test_a_picture_is_left_alone_without_character_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: "")
    assert "no character recognition" in read_document("a.png", "", b"\x89PNG\r\n" + b"x" * 10_000).unread


def test_a_picture_is_read_by_tesseract_where_it_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "tesseract"
    program.write_text(
        '#!/bin/sh\nif [ "$1" = --list-langs ]; then echo eng; echo nor; exit; fi\nwc -c; echo "$@"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    ocr.installed.cache_clear()
    try:
        found = read_document("a.png", "", b"\x89PNG\r\n" + b"x" * 10_000)
    finally:
        ocr.installed.cache_clear()
    assert found.text.split() == ["10006", "stdin", "stdout", "-l", "nor+eng"]


@pytest.mark.parametrize(
    ("name", "octets", "said"),
    [
        ("a.pdf", b"MZ\x90\0\3\0", "a program"),
        ("a.pdf", b"vare;antall\nvisir;5\n", "a table of values"),
        ("a.doc", b"<html><body>hei</body></html>", "a page in HTML"),
        ("a.docx", b"%PDF-1.4", "a PDF"),
        ("a.csv", b"a;b\n1;2\n", ""),
        ("a.unknown", b"a;b\n1;2\n", ""),
    ],
)
def test_what_a_name_says_wrongly_is_told(name: str, octets: bytes, said: str) -> None:
    assert read_document(name, "application/octet-stream", octets).found == said


@pytest.mark.parametrize("name", ["a.csv", "a.txt", "a.html"])
def test_a_name_of_text_does_not_make_octets_text(name: str) -> None:
    assert read_document(name, "", bytes(range(32)) * 50).text == ""


def test_a_table_with_surplus_cells_and_an_open_quotation_is_read() -> None:
    found = read_document("a.csv", "", b'a;b\n1;2;3;4\n"' + b"x;y\n" * 60_000)
    assert found.text.split("\n")[:4] == ["a\tb", "1\t2\t3\t4", "x\ty", "x\ty"]


@pytest.mark.parametrize("bomb", [b"{", b"\\a", b"\\'e5", b"\\", b"\\u5?", b"\\f1", b"{\\field{\\fldinst "])
def test_rtf_bombs_cost_little(bomb: bytes) -> None:
    begun = time.process_time()
    read_document("a.rtf", "", b"{\\rtf1 " + bomb * (3_000_000 // len(bomb)))
    assert time.process_time() - begun < 8


def test_rtf_shows_letters_of_every_charset_and_rows_of_tables() -> None:
    fonts = rb"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset134 SimSun;}{\f2\fcharset204 Times;}}"
    text = rb"\pard p\'e5 \u8364?5 \f1\'bf\'da\'d5\'d6\f0\par {\f2\'cf\'f0}\u-10179?\u-8704?{\v skjult}\par "
    rows = rb"\trowd Visir\cell 500\cell\row {\*\unknown x}{\field{\*\fldinst HYPERLINK x}{\fldrslt lenke}}}"
    found = read_document("a.rtf", "", rb"{\rtf1\ansi\ansicpg1252" + fonts + text + rows)
    assert found.text.split("\n") == ["på €5 口罩", "Пр😀", "Visir\t500", "lenke"]
