"""Loads what data/ says for identity: contact.toml per language, company forms, registers, free mail, own names."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from models.knowledge.identity import CompanyForm, ContactVocabulary, IdentityKnowledge, RegisterNumber
from triage.adapters.knowledge.files import Row, read_csv, read_toml
from triage.adapters.knowledge.offers import FALLBACK, CountryRow, places
from triage.adapters.knowledge.rule_tables import load_test_bodies
from triage.errors import KnowledgeError

SETS = ("honorifics", "place_words", "lead_ins", "not_names")
"""Lists that are only asked whether they hold a word."""


class ContactCues(Row):
    closings: tuple[str, ...]
    name: tuple[str, ...]
    company: tuple[str, ...]
    email: tuple[str, ...]
    phone: tuple[str, ...]
    mobile: tuple[str, ...]
    direct: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    other_numbers: tuple[str, ...] = ()
    titles: tuple[str, ...]
    greetings: tuple[str, ...]
    register_number: tuple[str, ...]
    title_endings: tuple[str, ...] = ()
    honorifics: tuple[str, ...] = ()
    before_name: tuple[str, ...] = ()
    introductions: tuple[str, ...] = ()
    self_naming: tuple[str, ...] = ()
    of_company: tuple[str, ...] = ()
    deeds: tuple[str, ...] = ()
    heralds: tuple[str, ...] = ()
    place_words: tuple[str, ...] = ()
    lead_ins: tuple[str, ...] = ()
    manufacturers: tuple[str, ...] = ()
    brokers: tuple[str, ...] = ()
    dealers: tuple[str, ...] = ()
    no_role: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()


class ContactExample(Row):
    text: str
    contact: str | None = None
    company: str | None = None
    org_number: str | None = None
    phone: str | None = None
    country: str | None = None
    role: str | None = None


class ContactFile(Row):
    source: str
    also: list[str]
    region: str
    dialled_in: tuple[str, ...] = ()
    cues: ContactCues
    examples: list[ContactExample]


class FormRow(Row):
    form: str
    country: str = ""
    position: Literal["after", "before", "joined"]
    source: str


class DomainRow(Row):
    domain: str
    country: str = ""
    source: str


class RegisterRow(Row):
    id: str
    country: str
    check: str
    pattern: str
    without_cue: Literal["always", "if_valid", "never"]
    behind_company: bool = False
    source: str
    example: str


class RegistersFile(Row):
    kind: list[RegisterRow]


Evidence = Literal[
    "labelled", "domain", "formed", "signed", "introduced", "institution", "acting", "subject", "shown", "shown_word",
    "earlier", "attached", "footer", "letterhead",
]  # fmt: skip


class SendersFile(Row):
    source: str
    machines: list[str]
    relays: list[str]
    own: list[str]
    roles: list[str]
    colleagues: list[str]
    particles: list[str]
    home: str
    generic_labels: list[str]
    institutions: list[str]
    trades: list[str]
    trade_endings: list[str]
    company_least: float
    company_evidence: dict[Evidence, float]


def load(root: Path) -> IdentityKnowledge:
    """Read below `root` (the folder that holds data/ and reply_templates/)."""
    data = root / "data"
    files = {path.parent.name: read_toml(path, ContactFile) for path in sorted(data.glob("languages/*/contact.toml"))}
    if FALLBACK not in files:
        raise KnowledgeError(
            str(data / "languages" / FALLBACK), "contact.toml", "is missing; other languages lean on it"
        )
    senders = read_toml(data / "senders.toml", SendersFile)
    return IdentityKnowledge(
        vocabularies={language: _vocabulary(language, files) for language in files},
        fallback=FALLBACK,
        forms=tuple(
            CompanyForm(form=row.form, country=row.country, position=row.position)
            for row in read_csv(data / "company_forms.csv", FormRow)
        ),
        registers=_registers(data / "register_numbers.toml"),
        free_mail={row.domain: row.country for row in read_csv(data / "free_mail_domains.csv", DomainRow)},
        own=tuple(name.casefold() for name in senders.own),
        machines=frozenset(senders.machines),
        relays=frozenset(senders.relays),
        roles=frozenset(senders.roles),
        colleagues=tuple(senders.colleagues),
        places=places(data),
        top_domains=_top_domains(data / "countries.csv"),
        particles=frozenset(senders.particles),
        company_evidence={str(kind): weight for kind, weight in senders.company_evidence.items()},
        company_least=senders.company_least,
        home=senders.home,
        generic_labels=frozenset(senders.generic_labels),
        institutions=tuple(map(str.lower, senders.institutions)),
        trades=frozenset(map(str.casefold, senders.trades)),
        trade_endings=tuple(map(str.casefold, senders.trade_endings)),
        test_bodies=frozenset(map(str.casefold, load_test_bodies(data))),
    )


def _registers(path: Path) -> tuple[RegisterNumber, ...]:
    kinds = read_toml(path, RegistersFile).kind
    for kind in kinds:
        try:
            re.compile(kind.pattern)
        except re.error as fault:
            raise KnowledgeError(str(path), f"kind.{kind.id}.pattern", f"is no regular expression: {fault}") from None
    return tuple(
        RegisterNumber(
            id=kind.id,
            country=kind.country,
            check=kind.check,
            pattern=kind.pattern,
            without_cue=kind.without_cue,
            behind_company=kind.behind_company,
        )
        for kind in kinds
    )


def _top_domains(path: Path) -> dict[str, str]:
    """RFC 1591: the code of ISO 3166, but uk for the United Kingdom."""
    return {row.code.lower(): row.code for row in read_csv(path, CountryRow)} | {"uk": "GB"}


def _vocabulary(language: str, files: Mapping[str, ContactFile]) -> ContactVocabulary:
    own = files[language]
    read = [own.cues, *(files[other].cues for other in own.also)]
    lists = {name: _merged(getattr(cues, name) for cues in read) for name in ContactCues.model_fields}
    sets: dict[str, Any] = {name: frozenset(lists.pop(name)) for name in SETS}
    listed: dict[str, Any] = {**lists}
    return ContactVocabulary(language=language, region=own.region, dialled_in=own.dialled_in, **listed, **sets)


def _merged(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Each word as it is folded and as it is written small: patterns know no "ß" that became "ss"."""
    return tuple(dict.fromkeys(form for words in lists for word in words for form in (word.casefold(), word.lower())))
