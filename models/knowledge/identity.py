"""What data/ says for identity: how senders sign, company forms, registers, addresses that are nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyForm:
    """A legal form; `country` is empty when several know it. It stands after or before a company's name, or is joined
    to it as in Chinese.
    """

    form: str
    country: str
    position: Literal["after", "before", "joined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNumber:
    """How a register writes its numbers.

    `check` names the module of python-stdnum that tests one, or is empty. `without_cue`: always, if_valid or never.
    `behind_company`: one counts that stands right behind a company's legal form.
    """

    id: str
    country: str
    check: str
    pattern: str
    without_cue: str
    behind_company: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContactVocabulary:
    """How senders sign in one language, neighbours' words included; all case-folded. `region` is ISO 3166 or empty;
    `dialled_in` are countries where a number is dialled when nothing tells of one.

    `direct`, `private` and `other_numbers` stand before the sender's own line, one that is no business's, and numbers
    that are no telephone's (fax, account). `title_endings` end words that are titles; `honorifics` are titles that make
    one word a person's name; `before_name` stands before a name in a signature ("v/"), `introductions` before a
    company's in a sentence ("we are"), `self_naming` before the writer's own ("my name is"), `of_company` between the
    two ("from"); `deeds` are verbs of who offers, behind his name ("has"), `heralds` words that end his introduction
    ("Fjordvern here"); `place_words` tell where ("in"); `lead_ins` are words before a company's name that are no part
    of it; `not_names` are words with capitals that name nobody. `manufacturers`, `brokers` and `dealers` are how a
    supplier says what he is; behind `no_role` it is not he.

    Compared by identity, so that what is compiled from it can be kept.
    """

    language: str
    region: str
    dialled_in: tuple[str, ...]
    closings: tuple[str, ...]
    name: tuple[str, ...]
    company: tuple[str, ...]
    email: tuple[str, ...]
    phone: tuple[str, ...]
    mobile: tuple[str, ...]
    direct: tuple[str, ...]
    private: tuple[str, ...]
    other_numbers: tuple[str, ...]
    titles: tuple[str, ...]
    greetings: tuple[str, ...]
    register_number: tuple[str, ...]
    title_endings: tuple[str, ...]
    honorifics: frozenset[str]
    before_name: tuple[str, ...]
    introductions: tuple[str, ...]
    self_naming: tuple[str, ...]
    of_company: tuple[str, ...]
    deeds: tuple[str, ...]
    heralds: tuple[str, ...]
    manufacturers: tuple[str, ...]
    brokers: tuple[str, ...]
    dealers: tuple[str, ...]
    no_role: tuple[str, ...]
    place_words: frozenset[str]
    lead_ins: frozenset[str]
    not_names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdentityKnowledge:
    """Vocabularies by language (ISO 639-1, `fallback` for any other) and what is the same in all of them.

    `company_evidence` weighs what may name a company; with less than `company_least` none is named. `particles` stand
    small inside persons' names. `home` is the buyer's country, where numbers are dialled that dial nowhere else.
    `generic_labels` are parts of domains that name no holder (co, kommune); `institutions` are words for public bodies
    and associations (kommune, sykehjem), as they stand in their names. `trades` are words of companies' names behind
    the first, `trade_endings` ends of the last, that no person's has. `test_bodies` are the case-folded names of
    notified bodies and issuers of papers, which suppliers name and are not.
    `free_mail` maps a domain to the country it serves (empty: all). `own` are the buyer's names, `machines` and
    `relays` local parts of senders that nobody is, `roles` local parts that name no person, `colleagues` parts of the
    domains of those who buy with us. `places` maps a case-folded city or country, `top_domains` a country-code
    top-level domain, to ISO 3166 alpha-2.
    """

    vocabularies: Mapping[str, ContactVocabulary] = field(default_factory=dict)
    fallback: str = ""
    forms: tuple[CompanyForm, ...] = ()
    registers: tuple[RegisterNumber, ...] = ()
    free_mail: Mapping[str, str] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    machines: frozenset[str] = frozenset()
    relays: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    colleagues: tuple[str, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    top_domains: Mapping[str, str] = field(default_factory=dict)
    particles: frozenset[str] = frozenset()
    company_evidence: Mapping[str, float] = field(default_factory=dict)
    company_least: float = 0
    home: str = ""
    generic_labels: frozenset[str] = frozenset()
    institutions: tuple[str, ...] = ()
    trades: frozenset[str] = frozenset()
    trade_endings: tuple[str, ...] = ()
    test_bodies: frozenset[str] = frozenset()
