"""What the stage adds to the judgements it calls."""

from dataclasses import replace

import pytest

from classifiers.training import TrainedClassifier, train
from models.knowledge import Knowledge
from models.mail import DocumentText, ParsedMail
from models.reading import Polarity
from triage import resources
from triage.adapters.knowledge import load
from triage.stages.parse import parse
from triage.stages.read import build_evidence, read
from triage.stages.screen import screen
from triage.stages.separate import separate

MAIL = b"""From: Kari Li <kari@firma.example>
To: desk@agency.example
Subject: FFP3
Content-Type: text/plain; charset=utf-8

Hei,

vi trenger 500 FFP3 etter EN 149 for de neste to ukene.

Kari
"""


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load(resources.root())


@pytest.fixture(scope="module")
def mail() -> ParsedMail:
    return parse(MAIL, lambda *_: DocumentText())


def classifier_for(intent: str, mail: ParsedMail, knowledge: Knowledge) -> TrainedClassifier:
    """A classifier that calls everything `intent`."""
    screening = screen(mail, backfill=False, own_addresses=(), knowledge=knowledge.screening)
    evidence = build_evidence(mail, screening, separate(mail, knowledge.separation), knowledge=knowledge)
    other = replace(evidence, subject="", new_text="quite another thing", products=(), claims=(), offer_lines=())
    examples = [(evidence, intent, ("respirator",)), (other, "other", ())] * 4
    return train(examples, knowledge.judging, seed=1)


@pytest.mark.parametrize(("intent", "asserted"), [("offer", True), ("need_report", False)])
def test_who_asks_for_goods_claims_nothing(intent: str, asserted: bool, mail: ParsedMail, knowledge: Knowledge) -> None:
    screening = screen(mail, backfill=False, own_addresses=(), knowledge=knowledge.screening)
    claimer = classifier_for(intent, mail, knowledge)

    reading = read(mail, screening, separate(mail, knowledge.separation), knowledge=knowledge, classifier=claimer)

    assert reading.judgement.intent == intent
    assert reading.claims
    assert any(claim.polarity is Polarity.ASSERTED for claim in reading.claims) is asserted
