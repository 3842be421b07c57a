"""What a file is, by its first octets and, where these do not tell, by its name and type."""

import re
import zipfile
from enum import Enum
from io import BytesIO


class Kind(Enum):
    """A kind of file, as it is called before staff. Those after TEXT have no reader."""

    PDF = "a PDF"
    SPREADSHEET = "a spreadsheet"
    OLD_SHEET = "a spreadsheet in XML"
    WORD = "a Word document"
    OPEN_TEXT = "an OpenDocument text"
    RICH_TEXT = "a text in RTF"
    SLIDES = "a presentation"
    ARCHIVE = "a ZIP archive"
    TNEF = "a winmail.dat"
    OUTLOOK = "a mail of Outlook"
    PICTURE = "a picture"
    HTML = "a page in HTML"
    TABLE = "a table of values"
    TEXT = "plain text"
    OLD_WORD = "a document of Word before 2007"
    OLD_SLIDES = "a presentation of PowerPoint before 2007"
    PROTECTED = "an Office file protected by a password"
    OTHER_ARCHIVE = "an archive that is not ZIP"
    PROGRAM = "a program"
    MEDIA = "sound or film"
    FORK = "what a Macintosh stores beside a file"
    OTHER = "a kind of file that is not read"


_MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"\x89PNG\r\n", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"BM", Kind.PICTURE),
    (b"II*\x00", Kind.PICTURE),
    (b"MM\x00*", Kind.PICTURE),
    (b"{\\rtf", Kind.RICH_TEXT),
    (b"\x00\x05\x16\x07", Kind.FORK),
    (b"\x00\x05\x16\x00", Kind.FORK),
    (b"MZ", Kind.PROGRAM),
    (b"\x7fELF", Kind.PROGRAM),
    (b"Rar!\x1a\x07", Kind.OTHER_ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", Kind.OTHER_ARCHIVE),
    (b"\x1f\x8b\x08", Kind.OTHER_ARCHIVE),
    (b"BZh", Kind.OTHER_ARCHIVE),
    (b"\xfd7zXZ", Kind.OTHER_ARCHIVE),
    (b"ID3", Kind.MEDIA),
    (b"OggS", Kind.MEDIA),
)
_AMBIGUOUS = {b"BM", b"MZ", b"BZh", b"ID3"}
"""Text may begin so; then no zero follows."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSIDE_OLE = (
    ("__properties_version1.0", Kind.OUTLOOK),
    ("Workbook", Kind.SPREADSHEET),
    ("Book", Kind.SPREADSHEET),
    ("WordDocument", Kind.OLD_WORD),
    ("PowerPoint Document", Kind.OLD_SLIDES),
    ("EncryptedPackage", Kind.PROTECTED),
)
_INSIDE_ZIP = (
    ("word/document.xml", Kind.WORD),
    ("xl/workbook.xml", Kind.SPREADSHEET),
    ("xl/workbook.bin", Kind.SPREADSHEET),
    ("ppt/presentation.xml", Kind.SLIDES),
)
_EXTENSIONS = {
    "htm": Kind.HTML,
    "html": Kind.HTML,
    "csv": Kind.TABLE,
    "tsv": Kind.TABLE,
    "txt": Kind.TEXT,
    "text": Kind.TEXT,
    "md": Kind.TEXT,
    "log": Kind.TEXT,
    "ics": Kind.TEXT,
    "vcf": Kind.TEXT,
    "xml": Kind.TEXT,
    "json": Kind.TEXT,
}
_CLAIMS = {
    "pdf": Kind.PDF,
    "xlsx": Kind.SPREADSHEET,
    "xls": Kind.SPREADSHEET,
    "xlsm": Kind.SPREADSHEET,
    "ods": Kind.SPREADSHEET,
    "docx": Kind.WORD,
    "doc": Kind.OLD_WORD,
    "odt": Kind.OPEN_TEXT,
    "rtf": Kind.RICH_TEXT,
    "pptx": Kind.SLIDES,
    "ppt": Kind.OLD_SLIDES,
    "zip": Kind.ARCHIVE,
    "msg": Kind.OUTLOOK,
    "png": Kind.PICTURE,
    "jpg": Kind.PICTURE,
    "jpeg": Kind.PICTURE,
    "gif": Kind.PICTURE,
    "bmp": Kind.PICTURE,
    "tif": Kind.PICTURE,
    "tiff": Kind.PICTURE,
    **_EXTENSIONS,
}
_TYPES = {"text/html": Kind.HTML, "application/xhtml+xml": Kind.HTML, "text/csv": Kind.TABLE}
_OLD_SHEET = re.compile(rb"<(?:ss:)?Workbook[^>]{0,500}urn:schemas-microsoft-com:office:spreadsheet")
_PAGE = re.compile(rb"(?i)\s{0,100}(?:<!doctype html|<html|<table|<body)")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
PDF_WITHIN = 1_024
SAMPLE = 4_096


def kind_of(name: str, content_type: str, octets: bytes) -> Kind:
    """The kind of a file; what its octets say goes before what its name or type says."""
    if octets.startswith(b"PK\x03\x04"):
        return _inside_zip(octets)
    if octets.startswith(_OLE):
        return _inside_ole(octets)
    by_magic = _by_magic(octets)
    if by_magic:
        return by_magic
    kind = _EXTENSIONS.get(_extension(name)) or _by_type(content_type)
    if kind is Kind.OTHER and (_extension(name) in _CLAIMS or content_type.startswith("application/vnd.")):
        return _by_contents(octets)
    return Kind.OTHER if kind is not Kind.OTHER and _is_binary(octets) else kind


def claimed(name: str) -> Kind | None:
    """The kind that a file's name promises; None when it promises none, or one of many."""
    return _CLAIMS.get(_extension(name))


def not_read(kind: Kind) -> str:
    """Why a file of a kind without a reader has no text, in one sentence."""
    return kind.value if kind is Kind.OTHER else f"{kind.value}, which is not read"


def _extension(name: str) -> str:
    stem, _, extension = name.lower().rpartition(".")
    return extension if stem and extension.isalnum() and len(extension) < len(".extension") else ""


def _by_magic(octets: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if octets.startswith(magic) and not (magic in _AMBIGUOUS and b"\x00" not in octets[:64]):
            return kind
    if octets[4:8] == b"ftyp":
        return Kind.MEDIA
    return Kind.PDF if b"%PDF-" in octets[:PDF_WITHIN] else None


def _by_type(content_type: str) -> Kind:
    other = Kind.TEXT if content_type.startswith(("text/", "message/")) else Kind.OTHER
    return _TYPES.get(content_type, other)


def _by_contents(octets: bytes) -> Kind:
    """Text under the name of another kind: programs write tables and pages and call them .xls or .doc."""
    if _is_binary(octets):
        return Kind.OTHER
    if _OLD_SHEET.search(octets[:SAMPLE]):
        return Kind.OLD_SHEET
    if _PAGE.match(octets):
        return Kind.HTML
    lines = octets[:SAMPLE].split(b"\n")[:2]
    return Kind.TABLE if all(b"\t" in line or b";" in line for line in lines) else Kind.TEXT


def _is_binary(octets: bytes) -> bool:
    """Whether octets are no text; zeros in every other place are UTF-16."""
    sample = octets[:SAMPLE]
    if sample[:2] in (b"\xff\xfe", b"\xfe\xff") or min(sample[::2].count(0), sample[1::2].count(0)) == 0:
        sample = sample.replace(b"\0", b"")
    return len(_NO_TEXT.findall(sample)) > len(sample) // 50


def _inside_zip(octets: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(octets)) as archive:
            names = set(archive.namelist())
            for inner, kind in _INSIDE_ZIP:
                if inner in names:
                    return kind
            if "mimetype" in names and "content.xml" in names:
                stated = archive.open("mimetype").read(100)
                return Kind.SPREADSHEET if b"spreadsheet" in stated else Kind.OPEN_TEXT
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError):
        return Kind.ARCHIVE
    return Kind.ARCHIVE


def _inside_ole(octets: bytes) -> Kind:
    from olefile import OleFileIO  # type: ignore[import-untyped]

    try:
        with OleFileIO(octets) as compound:
            for stream, kind in _INSIDE_OLE:
                if compound.exists(stream):
                    return kind
    except (OSError, ValueError, IndexError, KeyError, RecursionError):
        return Kind.OTHER
    return Kind.OTHER
