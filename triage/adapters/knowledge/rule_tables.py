"""Loads the tables of the rules: notified bodies, issuers, price bands, rates, free-mail domains."""

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from models.knowledge.rules import InForce, Issuer, NotifiedBody, Phrase, PriceBand
from triage.adapters.knowledge.cues import phrase
from triage.adapters.knowledge.files import Row, read_csv
from triage.adapters.knowledge.patterns import any_of, compiled
from triage.errors import KnowledgeError

Confidence = Literal["high", "medium", "low", "unverified"]


class _BodyRow(Row):
    number: str = Field(pattern=r"^\d{4}$")
    name: str
    country: str
    scopes: str
    not_for: str = ""
    complete: Literal["yes", "no"]
    valid_from: date | None = None
    valid_to: date | None = None
    note: str = ""
    source: str
    confidence: Confidence


class _IssuerRow(Row):
    issuer: str
    names: str = ""
    acronyms: str = ""
    unless: str = ""
    country: str
    number: str = ""
    handling: Literal["block", "doubt", "report_only", "review"]
    why: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str
    confidence: Confidence


class _BandRow(Row):
    category: str
    claim_pattern: str | None = None
    currency: str
    low: float | None = None
    high: float | None = None
    other_product: float | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    note: str
    source: str
    confidence: Confidence


class _RateRow(Row):
    currency: str
    nok: float = Field(gt=0)
    source: str
    confidence: Confidence


class _DomainRow(Row):
    domain: str
    country: str = ""
    source: str


def load_bodies(path: Path) -> tuple[NotifiedBody, ...]:
    """Notified bodies, by number."""
    return tuple(_body(row) for row in read_csv(path, _BodyRow))


def load_test_bodies(data: Path) -> tuple[str, ...]:
    """Names of notified bodies and of issuers of papers."""
    bodies = (row.name for row in read_csv(data / "notified_bodies.csv", _BodyRow))
    issuers = (name for row in read_csv(data / "suspicious_issuers.csv", _IssuerRow) for name in row.names.split("|"))
    return tuple(name for name in (*bodies, *issuers) if name)


def load_rates(path: Path) -> dict[str, float]:
    """Kroner for one unit of each currency."""
    return {row.currency: row.nok for row in read_csv(path, _RateRow)}


def load_free_mail(path: Path) -> frozenset[str]:
    """Domains whose addresses anyone may have."""
    return frozenset(row.domain for row in read_csv(path, _DomainRow))


def _body(row: _BodyRow) -> NotifiedBody:
    return NotifiedBody(
        number=row.number,
        name=row.name,
        scopes=_parts(row.scopes),
        not_for=_parts(row.not_for),
        complete=row.complete == "yes",
        in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
        confidence=row.confidence,
    )


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def load_issuers(path: Path) -> tuple[tuple[Issuer, ...], list[Phrase]]:
    """Issuers and the phrases that name them by their place."""
    issuers: list[Issuer] = []
    phrases: list[Phrase] = []
    for row in read_csv(path, _IssuerRow):
        if row.handling == "block" and row.confidence != "high":
            raise KnowledgeError(str(path), row.issuer, "is blocked, so its source must be of high confidence")
        if not row.names and not row.acronyms:
            raise KnowledgeError(str(path), row.issuer, "needs names or acronyms")
        phrases += [phrase(name, "issuer", len(issuers)) for name in _parts(row.names)]
        acronyms = _parts(row.acronyms)
        phrases += [phrase(name, "issuer", len(issuers), exact=True, acronym=True) for name in acronyms]
        issuers.append(_issuer(row))
    return tuple(issuers), phrases


def _issuer(row: _IssuerRow) -> Issuer:
    return Issuer(
        name=row.issuer,
        handling=row.handling,
        unless=any_of(_parts(row.unless)),
        in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
        confidence=row.confidence,
    )


def load_bands(path: Path) -> tuple[PriceBand, ...]:
    """Price bands, with the claims that narrow them."""
    return tuple(
        PriceBand(
            category=row.category,
            claim_pattern=None if row.claim_pattern is None else compiled(path, row.category, row.claim_pattern),
            currency=row.currency,
            low=row.low,
            high=row.high,
            other_product=row.other_product,
            in_force=InForce(valid_from=row.valid_from, valid_to=row.valid_to),
        )
        for row in read_csv(path, _BandRow)
    )
