"""Spreadsheets, word processing and slides: a line a paragraph or row, cells parted by tabs."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from xml.etree.ElementTree import Element

from models.mail import DocumentText
from triage.adapters.documents.archives import TooMuchError, inflated, opened
from triage.adapters.documents.limits import MAX_COLUMNS, MAX_INFLATED, MAX_ROWS, MAX_SHEETS, MAX_TEXT

ZIP = b"PK\x03\x04"
EXACT = 1e15
TOO_MUCH = "holds too much to be opened"
_PARTS = re.compile(r"word/(?:header|footer)\d{0,3}\.xml")
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,4})\.xml")
_SKIPPED = {"Fallback", "instrText", "delText", "annotation", "tracked-changes"}
_BLOCKS = {"p", "h"}


def read_spreadsheet(octets: bytes) -> DocumentText:
    """xlsx, xls and ods. The sheet's name is a line of its own; numbers keep their value, not their format."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    if octets.startswith(ZIP):
        try:
            opened(octets)
        except TooMuchError:
            return DocumentText(unread=TOO_MUCH)
    book = CalamineWorkbook.from_filelike(BytesIO(octets))
    visible = [one.name for one in book.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    lines: list[str] = []
    for title in visible[:MAX_SHEETS]:
        rows = list(_rows(book.get_sheet_by_name(title).iter_rows()))
        if rows:
            lines += [title, *rows, ""]
    return DocumentText(text="\n".join(lines), unread="" if lines else "a spreadsheet without contents")


def read_old_sheet(octets: bytes) -> DocumentText:
    """The XML that Excel wrote in 2003 and that programs still call .xls: a line a row."""
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

    rows = (one for one in fromstring(octets[:MAX_INFLATED], forbid_dtd=True).iter() if _name(one) == "Row")
    lines: list[str] = []
    for row in islice(rows, MAX_ROWS):
        cells = [_cell("".join(cell.itertext())) for cell in islice(row, MAX_COLUMNS) if _name(cell) == "Cell"]
        if any(cells):
            lines.append("\t".join(cells).rstrip("\t"))
    return DocumentText(text="\n".join(lines), unread="" if lines else "a spreadsheet without contents")


def _rows(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        if number >= MAX_ROWS:
            return
        line = "\t".join(_cell(cell) for cell in row[:MAX_COLUMNS]).rstrip("\t")
        if line.strip():
            yield line


def _cell(value: object) -> str:
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXACT else f"{value:.10g}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return " ".join(str(value).split()) if value is not None else ""


def read_word(octets: bytes) -> DocumentText:
    """docx: header, body and footer; hidden and deleted text is left out."""
    return _from_zip(octets, ["word/document.xml"], _PARTS)


def read_open_text(octets: bytes) -> DocumentText:
    """Odt and its kin."""
    return _from_zip(octets, ["content.xml"], None)


def read_slides(octets: bytes) -> DocumentText:
    """pptx, slide after slide."""
    return _from_zip(octets, [], _SLIDE)


def _from_zip(octets: bytes, first: list[str], others: re.Pattern[str] | None) -> DocumentText:
    try:
        archive = opened(octets)
        more = [one for one in archive.namelist() if others and others.fullmatch(one)]
        texts = [_xml_text(archive, one) for one in [*first, *sorted(more, key=lambda one: (len(one), one))]]
    except TooMuchError:
        return DocumentText(unread=TOO_MUCH)
    text = "\n".join(one for one in texts if one.strip())
    return DocumentText(text=text, unread="" if text.strip() else "holds no text (pictures only?)")


def _xml_text(archive: zipfile.ZipFile, name: str) -> str:
    from defusedxml.ElementTree import fromstring

    lines: list[str] = []
    length = 0
    for line in _lines(fromstring(inflated(archive, name), forbid_dtd=True)):
        lines.append(line)
        length += len(line)
        if length > MAX_TEXT:
            break
    return "\n".join(lines)


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _lines(element: Element) -> Iterator[str]:
    """A line for each paragraph outside tables and each row of a table, in the order of the document."""
    for child in element:
        name = _name(child)
        if name in _SKIPPED:
            continue
        if name in ("tr", "table-row"):
            cells = [" ".join("".join(_pieces(cell)).split()) for cell in child if _name(cell) in ("tc", "table-cell")]
            if any(cells):
                yield "\t".join(cells).rstrip("\t")
        elif name in _BLOCKS:
            yield "".join(_pieces(child)).strip()
            yield from _boxes(child)
        else:
            yield from _lines(child)


def _boxes(paragraph: Element) -> Iterator[str]:
    """Text boxes are anchored in paragraphs, each twice: as a choice and as its fallback."""
    for choice in paragraph.iter():
        if _name(choice) == "Choice":
            for box in choice.iter():
                if _name(box) == "txbxContent":
                    yield from _lines(box)


def _pieces(element: Element) -> Iterator[str]:
    for child in element:
        name = _name(child)
        if name in _SKIPPED or name == "AlternateContent" or (name == "r" and _is_hidden(child)):
            continue
        if name == "t" or (name in ("span", "a", "p", "h") and child.text):
            yield child.text or ""
        elif name in ("tab", "br", "cr", "line-break", "s"):
            yield "\t" if name == "tab" else " " if name == "s" else "\n"
        yield from _pieces(child)
        if name == "p":
            yield " "
        if child.tail and name in ("span", "a", "s", "tab", "line-break"):
            yield child.tail


def _is_hidden(run: Element) -> bool:
    return any(_name(one) == "vanish" for properties in run if _name(properties) == "rPr" for one in properties)
