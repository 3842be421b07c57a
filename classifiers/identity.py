"""Who offers: company, register number, contact, address, telephone, country of the supplier behind a mail."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from classifiers.company_names import Name, squeezed, without_form
from classifiers.contact_details import Phone, Registration, best_registration, phones, registrations
from classifiers.identity_company import company_of
from classifiers.identity_person import contact_of
from classifiers.identity_role import role_of
from classifiers.identity_source import ADDRESS, EARLIER, Found, Source, domain_of, email_of, local_part, source_of
from classifiers.signature import Block, signature_block, visible
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import ParsedMail, Separated
from models.reading import Span, Supplier, Where

_WEB = re.compile(r"(?:https?://|www\.)[^\s<>]{1,200}")
_PLACE = re.compile(r"[A-ZÆØÅÄÖÜİ][\w'’-]{2,24}(?: [A-ZÆØÅÄÖÜ][\w'’-]{1,24}){0,3}")
_NEAR = 400  # characters after a sender's name in earlier mail that are his signature
_FIRST = 4000  # characters of an attachment that may tell who sends it


def find_supplier(mail: ParsedMail, separated: Separated, language: str, knowledge: IdentityKnowledge) -> Supplier:
    """The supplier behind `mail`: its sender, or the first sender of a mail that a colleague passed on."""
    words = knowledge.vocabularies.get(language) or knowledge.vocabularies.get(knowledge.fallback)
    if words is None:
        return Supplier()
    source = source_of(mail, separated, knowledge)
    if local_part(source.sender.address) in knowledge.machines:
        return Supplier()
    block = signature_block(source.text, words, source.signature)
    registration = best_registration(list(registrations(source.text, words, knowledge)))
    email = email_of(mail, source, words, knowledge)
    contact = contact_of(source, block, words, knowledge)
    company = company_of(mail, separated, source, block, contact, email, words, knowledge)
    region = _region(source, block, registration, company, email, words, knowledge)
    regions = _dialled_in(region, source, words, knowledge)
    phone = _phone(source, block, registration, regions, words)
    others = tuple(_elsewhere(mail, separated)) if source.body else ()
    if phone is None:
        phone = next((one for text in others if (one := _phone_near(text, contact, regions, words))), None)
    if registration is None:
        registration = _registered_elsewhere(others, company, words, knowledge)
    return _supplier(source, company, registration, contact, email, phone, region, role_of(source.text, words))


def _supplier(
    source: Source,
    company: Name | None,
    registration: Registration | None,
    contact: Found | None,
    email: Found | None,
    phone: Phone | None,
    region: str,
    role: Found | None,
) -> Supplier:
    places = {
        "company": (company.start, company.end) if company else None,
        "org_number": (registration.start, registration.end) if registration else None,
        "contact": (contact.start, contact.end) if contact else None,
        "email": (email.start, email.end) if email else None,
        "phone": (phone.start, phone.end) if phone else None,
        "role": (role.start, role.end) if role else None,
    }
    spans = tuple(
        (name, Span(where=Where.BODY, start=place[0], end=place[1], text=source.text[place[0] : place[1]]))
        for name, place in places.items()
        if source.body and place and place[0] < place[1]
    )
    return Supplier(
        company=company.text if company else None,
        org_number=registration.number if registration else None,
        org_number_valid=registration.valid if registration else None,
        contact=contact.value if contact else None,
        email=email.value if email else None,
        phone=phone.number if phone else None,
        country=(phone.region if phone else "") or region or None,
        role=role.value if role else None,
        spans=spans,
    )


def _region(
    source: Source,
    block: Block,
    registration: Registration | None,
    company: Name | None,
    email: Found | None,
    words: ContactVocabulary,
    knowledge: IdentityKnowledge,
) -> str:
    """The supplier's country by register, legal form, domain, places in the address, language; of a language of many
    countries by places in the name and by an international number. Empty when nothing tells.
    """
    domain = domain_of(email.value) if email else ""
    return (
        (registration.country if registration and registration.valid else "")
        or (company.country if company else "")
        or knowledge.free_mail.get(domain, "")
        or knowledge.top_domains.get(domain.rpartition(".")[2], "")
        or _addressed(source.text[block.start : block.end], words, knowledge)
        or words.region
        or _addressed(company.text if company else "", words, knowledge)
        or _called_from(source.text, words)
    )


def _addressed(signature: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> str:
    """The country of the places that a signature names: the language's where one is there, else the last."""
    found = ""
    for one in _PLACE.finditer(signature):
        parts = one.group().split()
        for name in (one.group(), *(" ".join(parts[at : at + 2]) for at in range(len(parts) - 1)), *parts):
            country = knowledge.places.get(name.casefold(), "")
            if country and country == words.region:
                return country
            found = country or found
    return found


def _called_from(text: str, words: ContactVocabulary) -> str:
    """The country of the first international number."""
    return next((one.region for one in phones(text, (), words, [], loose=False)), "")


def _dialled_in(region: str, source: Source, words: ContactVocabulary, knowledge: IdentityKnowledge) -> tuple[str, ...]:
    """Where a national number may be dialled, the likeliest first."""
    called = _called_from(source.text, words)
    known = (region,) if region else (called, *words.dialled_in)
    return tuple(dict.fromkeys(one for one in (*known, called, knowledge.home) if one))


def _phone(
    source: Source,
    block: Block,
    registration: Registration | None,
    regions: tuple[str, ...],
    words: ContactVocabulary,
) -> Phone | None:
    taken = [(registration.start, registration.end)] if registration else []
    taken += [(found.start(), found.end()) for found in (*ADDRESS.finditer(source.text), *_WEB.finditer(source.text))]
    signed = [one for one in phones(source.text, regions, words, taken, loose=True) if one.start >= block.start]
    found = signed or list(phones(source.text, regions, words, taken, loose=False))
    found = found or [
        replace(one, start=0, end=0) for one in phones(source.sender.name, regions, words, [], loose=True)
    ]
    return min(found, key=lambda one: (one.rank, one.start), default=None)


def _elsewhere(mail: ParsedMail, separated: Separated) -> Iterator[str]:
    """His earlier mail, quoted below, and his attachments."""
    yield visible(mail.text, separated.segments, EARLIER)
    yield from (one.text[:_FIRST] for one in mail.attachments)


def _phone_near(text: str, contact: Found | None, regions: tuple[str, ...], words: ContactVocabulary) -> Phone | None:
    """The number that stands behind his name in a text of his."""
    at = text.rfind(contact.value) if contact else -1
    if contact is None or at < 0:
        return None
    found = phones(text[at : at + _NEAR], regions, words, [], loose=False)
    near = min(found, key=lambda one: (one.rank, one.start), default=None)
    return near and replace(near, start=0, end=0)


def _registered_elsewhere(
    texts: Iterable[str], company: Name | None, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Registration | None:
    """The only number that a text beside the mail's gives, when that text names the company, or no company is known."""
    for text in texts:
        found = {one.number: one for one in registrations(text, words, knowledge) if one.valid is not None}
        if len(found) == 1 and (company is None or squeezed(without_form(company)) in squeezed(text)):
            return replace(next(iter(found.values())), start=0, end=0)
    return None
