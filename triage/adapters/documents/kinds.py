"""What a file is, by its first octets and, where these do not tell, by its name and type."""

import zipfile
from enum import Enum, auto
from io import BytesIO


class Kind(Enum):
    """A kind of file that has a reader of its own, or OTHER."""

    PDF = auto()
    SPREADSHEET = auto()
    WORD = auto()
    OPEN_TEXT = auto()
    SLIDES = auto()
    ARCHIVE = auto()
    TNEF = auto()
    OUTLOOK = auto()
    PICTURE = auto()
    HTML = auto()
    TABLE = auto()
    TEXT = auto()
    OTHER = auto()


_MAGIC = (
    (b"%PDF-", Kind.PDF),
    (b"\x78\x9f\x3e\x22", Kind.TNEF),
    (b"\x89PNG\r\n", Kind.PICTURE),
    (b"\xff\xd8\xff", Kind.PICTURE),
    (b"GIF8", Kind.PICTURE),
    (b"BM", Kind.PICTURE),
    (b"II*\x00", Kind.PICTURE),
    (b"MM\x00*", Kind.PICTURE),
    (b"{\\rtf", Kind.OTHER),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_INSIDE_OLE = (
    ("__properties_version1.0", Kind.OUTLOOK),
    ("Workbook", Kind.SPREADSHEET),
    ("Book", Kind.SPREADSHEET),
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
_TYPES = {"text/html": Kind.HTML, "application/xhtml+xml": Kind.HTML, "text/csv": Kind.TABLE}
PDF_WITHIN = 1_024


def kind_of(name: str, content_type: str, octets: bytes) -> Kind:
    """The kind of a file; what its octets say goes before what its name or type says."""
    if octets.startswith(b"PK\x03\x04"):
        return _inside_zip(octets)
    if octets.startswith(_OLE):
        return _inside_ole(octets)
    return _by_magic(octets) or _EXTENSIONS.get(name.lower().rpartition(".")[2]) or _by_type(content_type)


def _by_magic(octets: bytes) -> Kind | None:
    for magic, kind in _MAGIC:
        if octets.startswith(magic) and not (magic == b"BM" and b"\x00" not in octets[:64]):
            return kind
    return Kind.PDF if b"%PDF-" in octets[:PDF_WITHIN] else None


def _by_type(content_type: str) -> Kind:
    other = Kind.TEXT if content_type.startswith(("text/", "message/")) else Kind.OTHER
    return _TYPES.get(content_type, other)


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
