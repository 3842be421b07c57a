"""What data/ says for identity: how senders sign, company forms, registers, addresses that are nobody's."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyForm:
    """A legal form as it stands after (or `before`) a company's name; `country` is empty when several know it."""

    form: str
    country: str
    before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterNumber:
    """How a register writes its numbers.

    `check` names the module of python-stdnum that tests one, or is empty. `without_cue`: always, if_valid or never.
    """

    id: str
    country: str
    check: str
    pattern: str
    without_cue: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ContactVocabulary:
    """How senders sign in one language, neighbours' words included; all case-folded. `region` is ISO 3166 or empty.

    Compared by identity, so that what is compiled from it can be kept.
    """

    language: str
    region: str
    closings: tuple[str, ...]
    name: tuple[str, ...]
    company: tuple[str, ...]
    email: tuple[str, ...]
    phone: tuple[str, ...]
    mobile: tuple[str, ...]
    titles: tuple[str, ...]
    greetings: tuple[str, ...]
    register: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IdentityKnowledge:
    """Vocabularies by language (ISO 639-1, `fallback` for any other) and what is the same in all of them.

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
