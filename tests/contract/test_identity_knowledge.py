"""Every example in contact.toml and register_numbers.toml reads as it says, and the tables name no country twice."""

import re
from importlib import import_module

import pytest

from classifiers.identity import find_supplier
from models.knowledge.identity import IdentityKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from triage import resources
from triage.adapters.knowledge import identity
from triage.adapters.knowledge.files import read_csv, read_toml
from triage.adapters.knowledge.offers import CityRow, CountryRow

DATA = resources.root() / "data"
CONTACTS = {path.parent.name: path for path in sorted(DATA.glob("languages/*/contact.toml"))}


@pytest.fixture(scope="module")
def knowledge() -> IdentityKnowledge:
    return identity.load(resources.root())


@pytest.mark.parametrize(
    ("language", "example"),
    [
        (language, example)
        for language, path in CONTACTS.items()
        for example in read_toml(path, identity.ContactFile).examples
    ],
    ids=lambda value: value if isinstance(value, str) else "example",
)
def test_an_example_signature_reads_as_it_says(
    language: str, example: identity.ContactExample, knowledge: IdentityKnowledge
) -> None:
    text = example.text
    segments = (Segment(kind=SegmentKind.NEW, start=0, end=len(text)),)
    mail = ParsedMail(
        subject="", from_=(Address(name="", address="post@firm.example"),), to=(), cc=(), reply_to=(), date=None,
        received=None, message_id="", in_reply_to=(), references=(), return_path=None, content_type="", headers=(),
        text=text, hidden_text="", attachments=(), nested=(), defects=(),
    )  # fmt: skip
    found = find_supplier(mail, Separated(segments=segments, new_text=text, original_from=None), language, knowledge)
    assert found.contact == example.contact
    assert found.company == example.company
    assert found.org_number == example.org_number
    assert found.phone == example.phone
    assert found.country == example.country


@pytest.mark.parametrize(
    "kind", read_toml(DATA / "register_numbers.toml", identity.RegistersFile).kind, ids=lambda kind: kind.id
)
def test_a_register_s_example_has_its_form_and_passes_its_check(kind: identity.RegisterRow) -> None:
    found = re.search(kind.pattern, kind.example)
    assert found
    if kind.check:
        assert import_module(f"stdnum.{kind.check}").is_valid(found.group())


def test_no_country_or_city_stands_twice() -> None:
    countries = [row.code for row in read_csv(DATA / "countries.csv", CountryRow)]
    cities = [row.city.casefold() for row in read_csv(DATA / "cities.csv", CityRow)]
    assert len(countries) == len(set(countries))
    assert len(cities) == len(set(cities))
    assert {row.country for row in read_csv(DATA / "cities.csv", CityRow)} <= set(countries)
