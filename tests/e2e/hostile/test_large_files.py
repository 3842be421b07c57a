"""Large files that mean no harm are read, within the time that an attachment has."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.mail import NO_KEY, RawMessage
from tests.e2e.hostile import office, pdfs
from tests.e2e.hostile.making import with_file
from triage import bootstrap
from triage.adapters import apart
from triage.adapters.documents import read_document
from triage.settings import Settings

SECONDS = 10.0
AN_ATTACHMENT = SECONDS * apart.SHARE * apart.SHARE_OF_REST
"""Seconds that the first attachment of a mail has."""
PATIENCE = 120.0
"""Seconds for a message here, so that it does not matter what else the machine does."""
PAGES = 60
LINE = b"BT /F1 9 Tf 40 %d Td (FFP2 mask, article %d, EN 149, NOK 12,50 per piece, minimum 1000) Tj ET\n"


def catalogue() -> bytes:
    """A PDF of 24 MB: pages of text, each with a picture."""
    lot = random.Random(1)
    side = 632
    words = b"".join(LINE % (800 - number * 14, number) for number in range(55))
    page = pdfs.PAGE.replace(b"/Resources<<", b"/Resources<</XObject<</X %d 0 R>>")
    picture = b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray" % (side, side)
    picture += b"/BitsPerComponent 8/Length %d>>stream\n" % (side * side)
    kids = b" ".join(b"%d 0 R" % (6 + number) for number in range(PAGES))
    return pdfs.written(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % PAGES,
            b"null",
            pdfs.FONT,
            b"<</Length %d>>stream\n" % len(words) + words + b"\nendstream",
            *[page % (6 + PAGES + number) for number in range(PAGES)],
            *[picture + lot.randbytes(side * side) + b"\nendstream" for _ in range(PAGES)],
        ]
    )


def price_list() -> bytes:
    """A workbook of 20,000 rows and 5 MB."""
    lot = random.Random(2)
    cell = b'<c t="inlineStr"><is><t>FFP2 mask %d %x</t></is></c><c><v>%d.5</v></c>'
    rows = (
        b"<row>" + b"".join(cell % (row, lot.getrandbits(180), lot.getrandbits(30)) for _ in range(6)) + b"</row>"
        for row in range(20_000)
    )
    return office._workbook([b"<sheetData>" + b"".join(rows) + b"</sheetData>"])


FILES: dict[str, tuple[Callable[[], bytes], int]] = {
    "catalogue.pdf": (catalogue, 23_000_000),
    "prices.xlsx": (price_list, 4_000_000),
}


@pytest.mark.parametrize("name", FILES)
def test_a_large_ordinary_file_is_read_in_the_time_of_an_attachment(name: str) -> None:
    make, least = FILES[name]
    octets = make()
    assert len(octets) > least
    read_document(name, "", octets[:1_000])  # loads what reads it
    began = time.process_time()
    found = read_document(name, "", octets)
    took = time.process_time() - began
    assert found.unread == ""
    assert "FFP2 mask" in found.text
    assert took < AN_ATTACHMENT * 0.75, "three quarters, for a machine that is slower"


def test_a_mail_with_both_is_read_in_a_child(artifacts: Path) -> None:
    given = {"home": artifacts.parent, "own_addresses": ("mottak@sykehus.example",), "workers": 1}
    configured = Settings.model_validate(given | {"message_seconds": PATIENCE})
    with bootstrap.readers(configured) as children:
        for name, (make, _) in FILES.items():
            raw = RawMessage(key=NO_KEY, octets=with_file(name, make()), internaldate=datetime.now(UTC))
            [attachment] = children.submit(raw).result().mail.attachments
            assert "FFP2 mask" in attachment.text
            assert attachment.unread == "" or "characters are read" in attachment.unread
