"""Offers as people of many countries and trades write them (offer_wordings.toml), read as a careful buyer does."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from models.knowledge.offers import OfferKnowledge
from models.reading import OfferLine
from tests.unit.classifiers.offer_mails import lines_of
from triage import resources
from triage.adapters.knowledge import offers

MAILS = tomllib.loads(Path(__file__).with_name("offer_wordings.toml").read_text(encoding="utf-8"))["mail"]


@pytest.fixture(scope="module")
def knowledge() -> OfferKnowledge:
    return offers.load(resources.root())


def _facts(line: OfferLine) -> list[Any]:
    said = (line.category, line.quantity, line.per, line.price, line.currency, line.lead_time_days)
    return ["-" if value is None else value for value in said]


@pytest.mark.parametrize("mail", MAILS, ids=range(len(MAILS)))
def test_a_wording_reads_as_a_careful_buyer_reads_it(mail: dict[str, Any], knowledge: OfferKnowledge) -> None:
    assert [_facts(line) for line in lines_of(mail["text"], mail["language"], knowledge)] == mail["lines"]
