"""Made-up people and companies that write to the demo mailbox."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from triage.demo.wording import Language, fill

DOMAIN = "example"
FOLDED = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Correspondent:
    """Somebody who writes, and the company he writes for."""

    person: str
    first: str
    title: str
    company: str
    street: str
    city: str
    phone: str
    email: str
    domain: str
    org: str

    def values(self) -> dict[str, str]:
        """What texts may say of him, by name."""
        names = ("person", "first", "title", "company", "street", "city", "phone", "email", "org")
        return {name: getattr(self, name) for name in names} | {"web": f"www.{self.domain}"}


def make_correspondent(language: Language, random: Random) -> Correspondent:
    """Somebody who writes in `language`."""
    people, companies = language.people, language.companies
    first, last = random.choice(people.first), random.choice(people.last)
    latin = random.choice(people.latin) if people.latin else f"{first} {last}"
    start, kind = random.choice(companies.start), random.choice(companies.kind)
    domain = f"{ascii_name(start + random.choice(('', kind, '-' + kind)))}.{DOMAIN}"
    mailbox = random.choice((ascii_name(latin.split()[0]), ".".join(map(ascii_name, latin.split())), ascii_name(latin)))
    return Correspondent(
        person=f"{last}{first}" if people.latin else f"{first} {last}",
        first=first,
        title=random.choice(people.titles),
        company=f"{start} {kind} {random.choice(companies.legal)}",
        street=f"{random.choice(language.common.streets)} {random.randint(1, 180)}",
        city=random.choice(companies.cities),
        phone=fill(random.choice(companies.phones), random),
        email=f"{mailbox}@{domain}",
        domain=domain,
        org=_org_number(companies.country, random),
    )


def ascii_name(name: str) -> str:
    """`name` as it stands in an address: lower-case ASCII letters, digits and hyphens."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(FOLDED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9-]", "", folded).strip("-") or "post"


def _org_number(country: str, random: Random) -> str:
    """A registration number; Norwegian ones have a right check digit, but for one in twelve."""
    if country != "no":
        return fill("########", random)
    from stdnum.no import orgnr

    valid: list[str] = []
    while not valid:  # one stem in eleven has no check digit
        stem = "9" + fill("#######", random)
        valid = [stem + digit for digit in "0123456789" if orgnr.is_valid(stem + digit)]
    number = valid[0]
    wrong = str((int(number[-1]) + 1) % 10)
    number = number if random.random() < 11 / 12 else number[:-1] + wrong
    return f"{number[:3]} {number[3:6]} {number[6:]}"
