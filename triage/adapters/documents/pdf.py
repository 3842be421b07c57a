"""PDF: the text of its pages, or when it has none, what character recognition sees."""

from models.mail import DocumentText
from triage.adapters.documents import ocr
from triage.adapters.documents.limits import MAX_OCR_PAGES, MAX_PAGES, MAX_TEXT

RESOLUTION = 150
MAX_POINTS = 3_000


def read(name: str, octets: bytes) -> DocumentText:
    """A page after another; "\f" between them. PDFium is not thread-safe: one document at a time in a process."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(octets)
    except pypdfium2.PdfiumError as fault:
        return DocumentText(unread="protected by a password" if "assword" in str(fault) else "a damaged PDF")
    try:
        texts: list[str] = []
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            shown = page.get_textpage()
            texts.append(shown.get_text_bounded())
            shown.close()
            page.close()
            if sum(map(len, texts)) > MAX_TEXT:
                break
        if any(text.strip() for text in texts):
            return DocumentText(text="\x0c".join(texts))
        return _scanned(document)
    finally:
        document.close()


def _scanned(document: object) -> DocumentText:
    """A PDF without text is most often a scan."""
    if not ocr.installed():
        return DocumentText(unread="a PDF without text (scanned?), and no character recognition is installed")
    texts: list[str] = []
    for number in range(min(len(document), MAX_OCR_PAGES)):  # type: ignore[arg-type]
        page = document[number]  # type: ignore[index]
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
