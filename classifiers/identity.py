"""Who offers: company, register number, contact, address, telephone, country of the supplier behind a mail."""

import re

from classifiers.contact_details import Phone, Registration, best_registration, phones, registrations
from classifiers.identity_company import company_of
from classifiers.company_names import Name
from classifiers.identity_person import contact_of
from classifiers.identity_source import ADDRESS, EARLIER, Found, Source, domain_of, email_of, local_part, source_of
from classifiers.signature import Block, signature_block, visible
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import ParsedMail, Separated
from models.reading import Span, Supplier, Where

_WEB = re.compile(r"(?:https?://|www\.)[^\s<>]{1,200}")
_PLACE = re.compile(r"[A-ZÆØÅÄÖÜİ][\w'’-]{2,24}(?: [A-ZÆØÅÄÖÜ][\w'’-]{1,24}){0,3}")
_NEAR = 400  # characters after a sender's name in earlier mail that are his signature


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
    phone = _phone(source, block, registration, region, words)
    if phone is None and source.body:
        phone = _earlier_phone(mail, separated, contact, region, words)
    return _supplier(source, company, registration, contact, email, phone, region)


def _supplier(
    source: Source,
    company: Name | None,
    registration: Registration | None,
    contact: Found | None,
    email: Found | None,
    phone: Phone | None,
    region: str,
) -> Supplier:
    places = {
        "company": (company.start, company.end) if company else None,
        "org_number": (registration.start, registration.end) if registration else None,
        "contact": (contact.start, contact.end) if contact else None,
        "email": (email.start, email.end) if email else None,
        "phone": (phone.start, phone.end) if phone else None,
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
    """The supplier's country by register, legal form, domain, address, then language; empty when nothing tells."""
    domain = domain_of(email.value) if email else ""
    return (
        (registration.country if registration and registration.valid else "")
        or (company.country if company else "")
        or knowledge.free_mail.get(domain, "")
        or knowledge.top_domains.get(domain.rpartition(".")[2], "")
        or _addressed(source.text[block.start : block.end], knowledge)
        or words.region
    )


def _addressed(signature: str, knowledge: IdentityKnowledge) -> str:
    """The country of the last place that a signature names; empty when it names none."""
    found = ""
    for one in _PLACE.finditer(signature):
        words = one.group().split()
        for name in (one.group(), *(" ".join(words[at : at + 2]) for at in range(len(words) - 1)), *words):
            found = knowledge.places.get(name.casefold(), found)
    return found


def _phone(
    source: Source, block: Block, registration: Registration | None, region: str, words: ContactVocabulary
) -> Phone | None:
    taken = [(registration.start, registration.end)] if registration else []
    taken += [(found.start(), found.end()) for found in (*ADDRESS.finditer(source.text), *_WEB.finditer(source.text))]
    signed = [one for one in phones(source.text, region, words, taken, loose=True) if one.start >= block.start]
    found = signed or list(phones(source.text, region, words, taken, loose=False))
    return min(found, key=lambda one: (not one.mobile, one.start), default=None)


def _earlier_phone(
    mail: ParsedMail, separated: Separated, contact: Found | None, region: str, words: ContactVocabulary
) -> Phone | None:
    """His number in an earlier mail of his own, quoted below: behind his name."""
    earlier = visible(mail.text, separated.segments, EARLIER)
    at = earlier.rfind(contact.value) if contact else -1
    if contact is None or at < 0:
        return None
    stretch = earlier[at : at + _NEAR]
    found = min(
        phones(stretch, region, words, [], loose=False), key=lambda one: (not one.mobile, one.start), default=None
    )
    return found and Phone(found.number, found.region, found.mobile, at + found.start, at + found.end)
