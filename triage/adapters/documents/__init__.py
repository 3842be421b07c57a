"""Attachments to text: PDF, office documents, plain text, pictures, and the files inside archives and mails.

To be run where memory and time are limited: the limits here bound what is inflated and returned, not what a
hostile file costs the library that opens it.
"""

from collections.abc import Callable, Mapping

from models.mail import DocumentText
from triage.adapters.documents import archives, ocr, office, outlook, pdf, plain, rtf, tnef
from triage.adapters.documents.kinds import Kind, claimed, kind_of, not_read
from triage.adapters.documents.limits import MAX_DOCUMENT, MAX_TEXT

_READERS: Mapping[Kind, Callable[[bytes], DocumentText]] = {
    Kind.PDF: pdf.read,
    Kind.SPREADSHEET: office.read_spreadsheet,
    Kind.WORD: office.read_word,
    Kind.OPEN_TEXT: office.read_open_text,
    Kind.SLIDES: office.read_slides,
    Kind.ARCHIVE: archives.read,
    Kind.TNEF: tnef.read,
    Kind.OUTLOOK: outlook.read,
    Kind.RICH_TEXT: rtf.read,
    Kind.OLD_SHEET: office.read_old_sheet,
    Kind.PICTURE: ocr.read_picture,
    Kind.HTML: plain.read_html,
    Kind.TABLE: plain.read_table,
    Kind.TEXT: plain.read_text,
}


def read_document(name: str, content_type: str, octets: bytes) -> DocumentText:
    """The text of a document and the files inside it, or why it was not read. Never raises."""
    if not octets:
        return DocumentText(unread="empty file")
    if len(octets) > MAX_DOCUMENT:
        return DocumentText(unread=f"larger than {MAX_DOCUMENT // 1_000_000} MB")
    kind = kind_of(name, content_type, octets)
    said = claimed(name)
    found = kind.value if said not in (None, kind) and kind is not Kind.FORK else ""
    reader = _READERS.get(kind)
    if reader is None:
        return DocumentText(unread=not_read(kind), found=found)
    document = _read(reader, octets)
    text = plain.cleaned(document.text)[:MAX_TEXT]
    return DocumentText(text=text, unread=document.unread, found=found, members=document.members)


def _read(reader: Callable[[bytes], DocumentText], octets: bytes) -> DocumentText:
    try:
        return reader(octets)
    except MemoryError:
        return DocumentText(unread="needs too much memory")
    except Exception as fault:  # noqa: BLE001 - libraries for foreign formats raise anything; the outcome is shown to staff
        return DocumentText(unread=f"damaged or protected ({type(fault).__name__})")
