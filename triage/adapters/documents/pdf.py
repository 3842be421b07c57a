"""PDF: the text of its pages, or when it has none, what character recognition sees."""

from typing import Any, TypeAlias

from models.mail import DocumentText
from triage.adapters.documents import columns, ocr
from triage.adapters.documents.limits import MAX_OCR_PAGES, MAX_PAGES, MAX_TEXT

RESOLUTION = 150
Pdfium: TypeAlias = Any
"""pypdfium2 has no types."""
MAX_POINTS = 3_000
MAX_MEASURED = 200_000


def read(octets: bytes) -> DocumentText:
    """A page after another, a form feed between them. PDFium is not thread-safe: one document at a time."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(octets)
    except pypdfium2.PdfiumError as fault:
        return DocumentText(unread="protected by a password" if "assword" in str(fault) else "a damaged PDF")
    try:
        texts: list[str] = []
        length = 0
        for number in range(min(len(document), MAX_PAGES)):
            texts.append(_page_text(document[number], keep_columns=length < MAX_MEASURED))
            length += len(texts[-1])
            if length > MAX_TEXT:
                break
        if any(text.strip() for text in texts):
            return DocumentText(text="\x0c".join(texts))
        return _scanned(document)
    finally:
        document.close()


def _page_text(page: Pdfium, *, keep_columns: bool) -> str:
    shown = page.get_textpage()
    try:
        text: str = shown.get_text_range()
        if not keep_columns or len(text) != shown.count_chars():
            return text
        return "\n".join(columns.lines(text, shown.get_charbox))
    finally:
        shown.close()
        page.close()


def _scanned(document: Pdfium) -> DocumentText:
    """A PDF without text is most often a scan."""
    if not ocr.installed():
        return DocumentText(unread="a PDF without text (scanned?), and no character recognition is installed")
    texts: list[str] = []
    for number in range(min(len(document), MAX_OCR_PAGES)):
        page = document[number]
        if max(page.get_size()) > MAX_POINTS:
            continue
        picture = page.render(scale=RESOLUTION / 72, grayscale=True)
        texts.append(ocr.recognised(_portable(picture.width, picture.height, picture.stride, bytes(picture.buffer))))
        page.close()
    text = "\n".join(texts)
    return DocumentText(text=text, unread="" if text.strip() else "a PDF without text that could be recognised")


def _portable(width: int, height: int, stride: int, grey: bytes) -> bytes:
    """A grey picture as PGM, which needs no library to write."""
    rows = (grey[line * stride : line * stride + width] for line in range(height))
    return b"P5 %d %d 255\n" % (width, height) + b"".join(rows)
