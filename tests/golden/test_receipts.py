"""The receipts, word by word: a change of template or wording shows here and is read by a person.

After a change that is meant: delete the file under receipts/ and run the test again; it writes what it sees and fails.
"""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from models.case import Triaged
from models.reading import OfferLine, Polarity
from tests.unit.stages.mails import mail_saying
from tests.unit.stages.receipts import claim, reading, receipt, triaged

FOLDER = Path(__file__).parent / "receipts"
GLOVES = OfferLine(category="gloves", quantity=25000, per="week", price=0.95, currency="NOK", price_unit="piece")
CASES = {
    "nb_complete_offer": triaged(
        reading(claim("EN 455"), claim("CE"), claim("ISO 13485", Polarity.PENDING), lines=(GLOVES,)),
        mail=mail_saying("", subject="SV: Hansker på lager"),
    ),
    "nb_bare_offer": triaged(
        reading(categories=("medical_mask",), language="sv"), missing=("regulatory", "quantity", "lead_time", "price")
    ),
    "en_offer_with_gaps": triaged(
        reading(
            claim("KN95"),
            claim("EN 149", Polarity.DENIED),
            categories=("respirator", "gown"),
            language="de",
            lines=(OfferLine(category="respirator", quantity=1_500_000, per="once", price=2.1, currency="USD"),),
        ),
        missing=("contact",),
    ),
    "en_question": triaged(
        reading(intent="question", categories=(), language="en"), mail=mail_saying("", subject="=?utf-8?q?x?=")
    ),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_receipt_reads_as_it_did(name: str) -> None:
    seen = _readable(CASES[name])
    path = FOLDER / f"{name}.txt"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        path.write_text(seen, encoding="utf-8")
        pytest.fail(f"{path} was missing and has been written: read it")
    assert seen == path.read_text(encoding="utf-8")


def _readable(found: Triaged) -> str:
    message = message_from_bytes(receipt(found).octets, policy=default)
    head = "".join(f"{name}: {value}\n" for name, value in message.items())
    plain, html = (message.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    return f"{head}\n{plain}\n{html}"
