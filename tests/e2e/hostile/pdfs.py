"""PDFs made to hurt."""

# ruff: noqa: E501 - octets are easier to check on one line

import random
import zlib
from collections.abc import Callable, Mapping
from functools import partial

WORDS = b"BT /F1 9 Tf 10 10 Td (mask) Tj ET\n"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 4 0 R>>>>/Contents 5 0 R>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def pdfs() -> Mapping[str, Callable[[], bytes]]:
    """What is wrong with each, and its octets."""
    return {
        "a stream of 300 MB": lambda: one_page(_stream(bytes(300_000_000).replace(b"\0", b" "))),
        "a stream packed twice": lambda: one_page(_stream(WORDS * 3_000_000, 2)),
        "a stream packed 60 times": lambda: one_page(_stream(WORDS, 60)),
        "34 MB of words": lambda: one_page(_stream(WORDS * 1_000_000)),
        "words one upon the other": lambda: one_page(_stream(b"BT /F1 9 Tf " + b"(mask) Tj " * 1_000_000 + b"ET")),
        "10,000 pages": partial(pages, 10_000, _stream(WORDS)),
        "50 pages of 4 MB": partial(pages, 50, _stream(WORDS * 120_000)),
        "pages in a ring": lambda: written([_catalog(), b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>"]),
        "a page that is its own form": lambda: one_page(_stream(b"/X Do " * 50), _form(b"/X Do " * 50)),
        "forms 30 deep, ten in each": lambda: one_page(_stream(b"/X Do"), *_forms(30)),
        "objects in a ring": lambda: written([_catalog(), b"2 0 R"]),
        "a stream as long as itself": lambda: one_page(b"<</Length 5 0 R>>stream\n" + WORDS + b"endstream"),
        "a table of 10**9 objects": lambda: one_page(_stream(WORDS)).replace(b"0 6\n", b"0 999999999\n"),
        "1 MB of [": lambda: written([_catalog(), b"[" * 1_000_000]),
        "1 MB of <<": lambda: written([_catalog(), b"<<" * 500_000]),
        "a page 10**9 points wide": lambda: one_page(_stream(b"0 0 9 9 re f")).replace(b"595 842", b"999999999 999999999"),
        "a picture of 10**10 points": _picture,
        "no text on 10,000 points": lambda: one_page(_stream(b"0 0 9 9 re f\n" * 500_000)),
        "garbage": lambda: b"%PDF-1.7\n" + random.Random(12).randbytes(5_000_000),
        "a cross-reference stream of 10**9": _cross,
    }  # fmt: skip


def written(objects: list[bytes]) -> bytes:
    """A file of those objects, numbered from one."""
    out, places = [b"%PDF-1.7\n"], []
    at = len(out[0])
    for number, one in enumerate(objects, 1):
        places.append(at)
        out.append(b"%d 0 obj\n" % number + one + b"\nendobj\n")
        at += len(out[-1])
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table)
    out.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, at))
    return b"".join(out)


def one_page(contents: bytes, *forms: bytes) -> bytes:
    """A file of one page; the first form is /X on it."""
    named = PAGE.replace(b"/Resources<<", b"/Resources<</XObject<</X 6 0 R>>") if forms else PAGE
    return written([_catalog(), b"<</Type/Pages/Kids[3 0 R]/Count 1>>", named, FONT, contents, *forms])


def pages(count: int, contents: bytes) -> bytes:
    """A file of pages that share their contents."""
    kids = b" ".join(b"%d 0 R" % (n + 6) for n in range(count))
    tree = b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count
    return written([_catalog(), tree, b"null", FONT, contents, *[PAGE] * count])


def _catalog() -> bytes:
    return b"<</Type/Catalog/Pages 2 0 R>>"


def _stream(content: bytes, times: int = 1, head: bytes = b"") -> bytes:
    for _ in range(times):
        content = zlib.compress(content, 1)
    filters = b"/FlateDecode" * times
    return b"<<" + head + b"/Length %d/Filter[%s]>>stream\n" % (len(content), filters) + content + b"\nendstream"


def _form(content: bytes, number: int = 6) -> bytes:
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>" % number
    return _stream(content, head=head)


def _forms(depth: int) -> list[bytes]:
    return [_form(b"/X Do " * 10, 6 + n + 1) for n in range(depth)]


def _picture() -> bytes:
    head = b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/ColorSpace/DeviceGray/BitsPerComponent 8"
    return one_page(_stream(b"q 595 0 0 842 0 0 cm /X Do Q"), _stream(bytes(1_000_000), head=head))


def _cross() -> bytes:
    head = b"/Type/XRef/Size 1000000000/W[1 2 2]/Index[0 1000000000]/Root 1 0 R"
    return b"%PDF-1.7\n1 0 obj\n" + _stream(bytes(100), head=head) + b"\nendobj\nstartxref\n9\n%%EOF\n"
