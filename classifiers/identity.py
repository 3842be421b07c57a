"""Who offers: company, register number, contact, address, telephone, country of the supplier behind a mail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifiers.contact_details import Phone, Registration, best_registration, phones, registrations
from classifiers.identity_names import Name, companies, is_own, like_domain, person, squeezed
from classifiers.signature import Block, Piece, signature_block, visible
from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated
from models.reading import Span, Supplier, Where

_WROTE = frozenset({SegmentKind.NEW, SegmentKind.SIGNATURE})
_SIGNED = frozenset({SegmentKind.SIGNATURE})
_FORWARDED = frozenset({SegmentKind.FORWARDED})
_EARLIER = frozenset({SegmentKind.QUOTATION})
_FOOTER = frozenset({SegmentKind.DISCLAIMER})
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_WEB = re.compile(r"(?:https?://|www\.)[^\s<>]{1,200}")
_FIRST = 4000  # characters of an attachment that may name the sender's company
_PARTED = re.compile(r"\s{1,3}[-–—|/]\s{1,3}|,\s|\s{0,2}[()]\s{0,2}")
_PLACE = re.compile(r"[A-ZÆØÅÄÖÜİ][\w'’-]{2,24}(?: [A-ZÆØÅÄÖÜ][\w'’-]{1,24}){0,3}")
_NEAR = 400  # characters after a sender's name in earlier mail that are his signature


@dataclass(frozen=True, slots=True)
class Source:
    """Where the supplier speaks: his address and his text.

    `body`: positions are those of the mail's own text. `signature`: where a signature is known to begin.
    """

    sender: Address
    text: str
    body: bool
    signature: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its place in the source's text (start == end: it stands in a header field)."""

    value: str
    start: int = 0
    end: int = 0


def find_supplier(mail: ParsedMail, separated: Separated, language: str, knowledge: IdentityKnowledge) -> Supplier:
    """The supplier behind `mail`: its sender, or the first sender of a mail that a colleague passed on."""
    words = knowledge.vocabularies.get(language) or knowledge.vocabularies.get(knowledge.fallback)
    if words is None:
        return Supplier()
    source = _source(mail, separated, words, knowledge)
    if _local(source.sender.address) in knowledge.machines:
        return Supplier()
    block = signature_block(source.text, words, source.signature)
    registration = best_registration(list(registrations(source.text, words, knowledge)))
    email = _email(mail, source, block, words, knowledge)
    contact = _contact(source, block, words, knowledge)
    company = _company(mail, separated, source, block, contact, email, words, knowledge)
    region = _region(source, block, registration, company, email, words, knowledge)
    phone = _phone(source, block, registration, region, words)
    if phone is None and source.body:
        phone = _earlier_phone(mail, separated, contact, region, words)
    return _supplier(source, company, registration, contact, email, phone, region, language)


def _supplier(
    source: Source,
    company: Name | None,
    registration: Registration | None,
    contact: Found | None,
    email: Found | None,
    phone: Phone | None,
    region: str,
    language: str,
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


# whose words


def _source(
    mail: ParsedMail, separated: Separated, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Source:
    own = mail.from_[0] if mail.from_ else Address(name="", address="")
    original = separated.original_from
    if original and _speaks_for_another(mail, separated, own, original, knowledge):
        passed_on = _from_first(separated.segments, SegmentKind.FORWARDED)
        text = visible(mail.text, passed_on, _FORWARDED | _SIGNED)
        if any(segment.kind is SegmentKind.FORWARDED for segment in passed_on) and text.strip():
            return Source(original, text, body=True, signature=_signature_start(passed_on))
        inner = next((one for one in mail.nested if one.text.strip()), None)
        if inner:
            return Source(original, inner.text, body=False)
    text = visible(mail.text, separated.segments, _WROTE)
    return Source(own, text, body=True, signature=_signature_start(separated.segments))


def _speaks_for_another(
    mail: ParsedMail, separated: Separated, own: Address, original: Address, knowledge: IdentityKnowledge
) -> bool:
    """Whether who passed a mail on is no supplier himself: a colleague, or somebody who names no firm of his own."""
    domain = _domain(own.address)
    if "@" not in original.address or _domain(original.address) == domain:
        return False
    if is_own(domain, knowledge) or any(part in domain for part in knowledge.colleagues):
        return True
    text = visible(mail.text, separated.segments, _WROTE)
    start = next((one.start for one in separated.segments if one.kind is SegmentKind.FORWARDED), len(text))
    return not any(not is_own(one.text, knowledge) for one in companies(text[:start], knowledge))


def _from_first(segments: Sequence[Segment], kind: SegmentKind) -> tuple[Segment, ...]:
    """`segments` with those before the first of `kind` marked as nobody's: they are blanked."""
    at = next((number for number, one in enumerate(segments) if one.kind is kind), len(segments))
    before = (Segment(kind=SegmentKind.DISCLAIMER, start=one.start, end=one.end) for one in segments[:at])
    return (*before, *segments[at:])


def _signature_start(segments: Sequence[Segment]) -> int | None:
    return next((one.start for one in segments if one.kind is SegmentKind.SIGNATURE), None)


def _email(
    mail: ParsedMail, source: Source, block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Found | None:
    """The sender's address, unless that is a machine's or the buyer's own: then the one that the text gives."""
    sent = source.sender.address
    if sent and not _relay(sent, knowledge):
        return Found(sent)
    labelled = _labelled(source.text, words.email)
    inside = [labelled] if labelled and _ADDRESS.search(labelled.value) else []
    inside += [Found(found.group(), found.start(), found.end()) for found in _ADDRESS.finditer(source.text)]
    for one in [*(Found(address.address) for address in mail.reply_to), *inside]:
        if not _relay(one.value, knowledge):
            return one
    return Found(sent) if sent and not is_own(_domain(sent), knowledge) else None


def _relay(address: str, knowledge: IdentityKnowledge) -> bool:
    return _local(address) in knowledge.relays or is_own(_domain(address), knowledge)


def _local(address: str) -> str:
    return address.partition("@")[0].casefold()


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _label(address: str, knowledge: IdentityKnowledge) -> str:
    """The part of a domain that names its holder; empty for free mail."""
    domain = _domain(address)
    return "" if domain in knowledge.free_mail or "." not in domain else domain.rsplit(".", 1)[0].rsplit(".", 1)[-1]


# person


def _contact(source: Source, block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    labelled = _labelled(source.text, words.name)
    if labelled and (named := person(labelled.value, words, knowledge)):
        return Found(named, labelled.start, labelled.end)
    label = _label(source.sender.address, knowledge)
    shown = _shown_person(source.sender, words, knowledge)
    if shown and (like_domain(shown, label) > 5 or is_own(shown, knowledge)):
        shown = None
    signed = list(_signed_names(block, words, knowledge, label))
    for one in signed:
        if shown and _fuller(one.value, shown):
            return one
    if shown:
        return Found(shown)
    by_address = [one for one in signed if any(token in _local(source.sender.address) for token in _tokens(one.value))]
    return next(iter(by_address or signed), None) or _first_name(block, words, knowledge)


def _shown_person(sender: Address, words: ContactVocabulary, knowledge: IdentityKnowledge) -> str | None:
    """The person in a display name, which may hold a firm too, or be written small."""
    parts = [sender.name, *_PARTED.split(sender.name)]
    small = sender.name.title() if sender.name.islower() and squeezed(sender.name) in squeezed(sender.address) else ""
    return next((named for part in (*parts, small) if (named := person(part, words, knowledge))), None)


def _first_name(block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """A single word under the greeting: somebody who signs by the first name."""
    for piece in block.pieces[:1]:
        known = _title(words).search(piece.text) or is_own(piece.text, knowledge)
        if block.signed and piece.text.isalpha() and piece.text.istitle() and not known:
            return Found(piece.text, piece.start, piece.start + len(piece.text))
    return None


def _signed_names(
    block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge, label: str
) -> list[Found]:
    """Persons named in the first lines of a signature."""
    found = []
    for piece in block.pieces:
        named = person(piece.text, words, knowledge) if piece.line < (4 if block.signed else 9) else None
        if named and like_domain(named, label) <= 5:
            start = piece.start + max(piece.text.find(named), 0)
            found.append(Found(named, start, start + len(named) if named in piece.text else piece.start + len(piece.text)))
    return found


def _fuller(name: str, other: str) -> bool:
    """Whether `name` holds every name that `other` does."""
    return bool(_tokens(other)) and _tokens(name) >= _tokens(other)


def _tokens(name: str) -> set[str]:
    return {squeezed(word) for word in name.split() if len(word) > 2}


# company


def _company(
    mail: ParsedMail,
    separated: Separated,
    source: Source,
    block: Block,
    contact: Found | None,
    email: Found | None,
    words: ContactVocabulary,
    knowledge: IdentityKnowledge,
) -> Name | None:
    labelled = _labelled(source.text, words.company)
    if labelled and 2 < len(labelled.value) <= 60 and not is_own(labelled.value, knowledge):
        return Name(labelled.value, labelled.start, labelled.end)
    label = _label(email.value, knowledge) if email else ""
    formed = [one for one in companies(source.text, knowledge) if not is_own(one.text, knowledge)]
    if formed:
        return max(formed, key=lambda one: (like_domain(one.text, label), one.start >= block.start, -one.start))
    spelled = _named_like_domain(source.text, label, contact, knowledge)
    signed = _signed_company(block, contact, label, words, knowledge)
    if spelled and signed and spelled.start < block.start and " " not in spelled.text:
        spelled = None  # one word of the prose; the signature knows better
    return (
        spelled
        or signed
        or _known_elsewhere(mail, separated, label, knowledge)
        or _shown_company(source, contact, label, words, knowledge)
        or _footer_company(mail, separated, knowledge)
    )


def _known_elsewhere(mail: ParsedMail, separated: Separated, label: str, knowledge: IdentityKnowledge) -> Name | None:
    """The company that earlier mail or an attachment names and that the sender's domain spells."""
    texts = [visible(mail.text, separated.segments, _EARLIER), *(one.text[:_FIRST] for one in mail.attachments)]
    named = (one for text in texts for one in companies(text, knowledge))
    found = next((one for one in named if like_domain(one.text, label) and not is_own(one.text, knowledge)), None)
    return found and Name(found.text, 0, 0, found.country)


def _named_like_domain(
    text: str, label: str, contact: Found | None, knowledge: IdentityKnowledge
) -> Name | None:
    """The words with capitals that spell the sender's domain, the longest such."""
    best: tuple[int, int, Name] | None = None
    if not label:
        return None
    for found in _CAPITALS.finditer(text):
        shared = like_domain(found.group(), label)
        written = _without_place(found.group().rstrip(" .,-"), knowledge)
        name = Name(written, found.start(), found.start() + len(written))
        if shared and not is_own(name.text, knowledge) and not (contact and squeezed(name.text) in squeezed(contact.value)):
            rank = (shared, -found.start())
            if best is None or rank > best[:2]:
                best = (*rank, name)
    return best[2] if best else None


def _without_place(name: str, knowledge: IdentityKnowledge) -> str:
    """`name` without "in <town>" at its end."""
    words = name.split(" ")
    if len(words) > 2 and words[-1].casefold() in knowledge.places and words[-2].islower():
        return " ".join(words[:-2])
    return name


_CAPITALS = re.compile(
    r"(?<![\w.@/])[A-ZÆØÅÄÖÜ][\w&'’-]{1,30}(?:[ \u00a0](?:(?:&|og|och|und|and|i|of|de)[ \u00a0])?[A-ZÆØÅÄÖÜ][\w&'’-]{1,30}){0,4}"
)


def _signed_company(
    block: Block, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Name | None:
    """A line of the signature, behind the name, that is neither title nor address nor number."""
    named = next((piece.line for piece in block.pieces if contact and _same(piece, contact)), None)
    if named is None and not block.signed:
        return None
    named = named or 0
    for piece in block.pieces:
        if piece.line < named or piece.line > named + 4 or (contact and _same(piece, contact)):
            continue
        if _company_like(piece.text, words, knowledge):
            return Name(piece.text, piece.start, piece.start + len(piece.text))
    return None


def _same(piece: Piece, contact: Found) -> bool:
    return bool(_tokens(piece.text)) and _tokens(contact.value) >= _tokens(piece.text) or contact.value in piece.text


def _company_like(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> bool:
    tokens = text.split()
    if not 1 <= len(tokens) <= 7 or not text[0].isupper() or any(sign.isdigit() or sign in "@:!?<" for sign in text):
        return False
    lowered = text.casefold()
    if text.endswith(".") or is_own(text, knowledge) or lowered in knowledge.places:
        return False
    return not _title(words).search(lowered)


@lru_cache(maxsize=32)
def _title(words: ContactVocabulary) -> re.Pattern[str]:
    cues = (*words.titles, *words.phone, *words.mobile, *words.email, *words.closings, *words.greetings)
    return re.compile(alternatives(cues), re.IGNORECASE)


def _shown_company(
    source: Source, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Name | None:
    """The sender's display name when it is no person."""
    shown = source.sender.name.strip(" \"'")
    if not shown or "@" in shown or is_own(shown, knowledge) or (contact and _tokens(shown) & _tokens(contact.value)):
        return None
    return Name(shown, 0, 0) if len(shown) <= 60 and not person(shown, words, knowledge) or like_domain(shown, label) else None


def _footer_company(mail: ParsedMail, separated: Separated, knowledge: IdentityKnowledge) -> Name | None:
    footer = visible(mail.text, separated.segments, _FOOTER)
    return next((one for one in companies(footer, knowledge) if not is_own(one.text, knowledge)), None)


# numbers and country


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
    domain = _domain(email.value) if email else ""
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
    taken += [(found.start(), found.end()) for found in (*_ADDRESS.finditer(source.text), *_WEB.finditer(source.text))]
    signed = [one for one in phones(source.text, region, words, taken, loose=True) if one.start >= block.start]
    found = signed or list(phones(source.text, region, words, taken, loose=False))
    return min(found, key=lambda one: (not one.mobile, one.start), default=None)


def _earlier_phone(
    mail: ParsedMail, separated: Separated, contact: Found | None, region: str, words: ContactVocabulary
) -> Phone | None:
    """His number in an earlier mail of his own, quoted below: behind his name."""
    earlier = visible(mail.text, separated.segments, _EARLIER)
    at = earlier.rfind(contact.value) if contact else -1
    if contact is None or at < 0:
        return None
    stretch = earlier[at : at + _NEAR]
    found = min(phones(stretch, region, words, [], loose=False), key=lambda one: (not one.mobile, one.start), default=None)
    return found and Phone(found.number, found.region, found.mobile, at + found.start, at + found.end)


def _labelled(text: str, labels: tuple[str, ...]) -> Found | None:
    """The value of the first line that a label opens ("Firma: Fjordvern AS")."""
    found = _label_line(labels).search(text)
    return Found(found["value"].strip(), found.start("value"), found.start("value") + len(found["value"].rstrip())) if found else None


@lru_cache(maxsize=128)
def _label_line(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"^[ \t*-]{{0,6}}{alternatives(labels)}[ \t]{{0,3}}[:：][ \t]{{0,6}}(?P<value>\S[^\n]{{0,99}})$",
        re.IGNORECASE | re.MULTILINE,
    )
