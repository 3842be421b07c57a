"""Plain text, tables of values and HTML."""

import csv
import re
from collections.abc import Iterator

from models.mail import DocumentText
from triage.adapters.documents.limits import MAX_ROWS, MAX_TEXT
from triage.stages.mime.charset import beginning, decoded, normalised
from triage.stages.mime.html_text import text_of

MAX_OCTETS = 4 * MAX_TEXT
DELIMITERS = "\t;,|"
SAMPLE_LINES = 20
MAX_CELL_LINES = 50
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n{4,20}")
_META_CHARSET = re.compile(rb"(?i)<meta[^>]{0,300}charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})")


def cleaned(text: str) -> str:
    """Text fit to be stored and shown: LF line ends, no control characters, no long runs of empty lines."""
    text = _CONTROL.sub(" ", normalised(text.replace("\x0c", "\n")))
    return _BLANK_LINES.sub("\n\n\n", text).strip("\n")


def read_text(octets: bytes) -> DocumentText:
    """Plain text in any charset."""
    return DocumentText(text=decoded(beginning(octets, MAX_OCTETS), None)[0])


def read_html(octets: bytes) -> DocumentText:
    """HTML as a reader sees it."""
    meta = _META_CHARSET.search(octets[:4096])
    label = meta.group(1).decode("ascii", "replace") if meta else None
    return DocumentText(text=text_of(decoded(beginning(octets, MAX_OCTETS), label)[0])[0])


def read_table(octets: bytes) -> DocumentText:
    """Comma- or otherwise separated values: a line a row, cells parted by tabs."""
    lines = decoded(beginning(octets, MAX_OCTETS), None)[0].split("\n")[: MAX_ROWS * 4]
    sample = lines[:SAMPLE_LINES]
    delimiter = max(DELIMITERS, key=lambda one: min((line.count(one) for line in sample if line.strip()), default=0))
    rows: list[str] = []
    for row in _rows(lines, delimiter):
        cells = [" ".join(cell.split()) for cell in row]
        if any(cells):
            rows.append("\t".join(cells).rstrip("\t"))
        if len(rows) == MAX_ROWS:
            break
    return DocumentText(text="\n".join(rows))


def _rows(lines: list[str], delimiter: str) -> Iterator[list[str]]:
    """Rows by the rules of CSV; from where they are broken, by the delimiter alone."""
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    read = 0
    try:
        for row in reader:
            if reader.line_num - read > MAX_CELL_LINES:
                raise csv.Error("a quotation mark that is not closed")
            yield row
            read = reader.line_num
    except csv.Error:
        yield from (line.replace('"', "").split(delimiter) for line in lines[read:])
