"""Everything in a mail that may name the company it comes from, with the kind of evidence it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from classifiers.company_names import CAPITALS, Name, companies, is_own, like_domain, squeezed, trimmed
from classifiers.identity_names import common, person, title_pattern
from classifiers.identity_person import tokens
from classifiers.identity_source import ADDRESS, EARLIER, FOOTER, Found, Source, holder, local_part, shown_parts
from classifiers.institutions import institutions
from classifiers.introductions import acting, introduced
from classifiers.signature import Block, Piece, visible
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import ParsedMail, Separated

_TOP = 150  # characters of an attachment that are its letterhead
_FIRST = 4000  # characters of an attachment that may name the sender's company
_MOST_WORDS = 7
_SENTENCE = 3  # a line of more words than this with one capital is a sentence
_BELOW_NAME = 4  # so many lines below his name a sender gives his company
_LONGEST = 60
_LEAST_LABEL = 4
_ALIKE = {"a": "[aåäàáâ]", "o": "[oøöóô]", "e": "[eéèê]", "u": "[uü]"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be the company's name, and why: a kind of `IdentityKnowledge.company_evidence`."""

    name: Name
    kind: str


def candidates(
    mail: ParsedMail,
    separated: Separated,
    source: Source,
    block: Block,
    contact: Found | None,
    email: Found | None,
    words: ContactVocabulary,
    knowledge: IdentityKnowledge,
) -> list[Candidate]:
    """In the order of the text, own words first. The buyer's names and the sender's own are left out."""
    label = holder(email.value, knowledge) if email else ""
    found = [
        *_said(source, block, label, words, knowledge),
        *(Candidate(one, "introduced") for one in introduced(source.text, words, knowledge)),
        *(Candidate(one, "acting") for one in acting(source.text, words, knowledge)),
        *_institutions(source.text, label, words, knowledge),
        *_spelled(source.text, label, words),
        *_signed(block, contact, label, words, knowledge),
        *_shown(source, contact, label, words, knowledge),
        *_elsewhere(mail, separated, label, words, knowledge),
        *(Candidate(replace(one, start=0, end=0), "letterhead") for one in _letterheads(mail, knowledge)),
    ]
    return [
        one
        for found_ in found
        for one in (found_, *_by_domain(found_, label))
        if not is_own(one.name.text, knowledge)
        and one.name.text.casefold() not in knowledge.test_bodies
        and (one.name.form or not _persons(one.name.text, contact, words))
    ]


def _by_domain(one: Candidate, label: str) -> Iterator[Candidate]:
    if one.kind != "domain" and like_domain(one.name.text, label):
        yield Candidate(one.name, "domain")


def _persons(text: str, contact: Found | None, words: ContactVocabulary) -> bool:
    """Whether `text` is the sender's own name, or that behind his title."""
    if contact is None:
        return False
    title = text.removesuffix(contact.value).strip()
    titled = title != text and bool(title_pattern(words).fullmatch(title))
    return titled or (bool(tokens(text)) and tokens(contact.value) >= tokens(text))


def _said(
    source: Source, block: Block, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Iterator[Candidate]:
    """Names with a legal form in the sender's own words."""
    for one in companies(source.text, knowledge):
        name = _untitled(trimmed(one, label, words, knowledge), words)
        yield Candidate(name, "formed")
        if one.start >= block.start:
            yield Candidate(name, "signed")


def _untitled(name: Name, words: ContactVocabulary) -> Name:
    """`name` without the title of somebody in it: "Head of Fjordvern AS"."""
    parts = name.text.split(" ")
    for at in range(1, len(parts) - 1):
        if parts[at] in words.lead_ins and title_pattern(words).search(" ".join(parts[:at])):
            text = " ".join(parts[at + 1 :])
            return replace(name, text=text, start=name.end - len(text))
    return name


def _institutions(text: str, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Iterator[Candidate]:
    """Public bodies, associations and works; of one within another the first, for both their domains."""
    for name, within in institutions(text, words, knowledge):
        yield Candidate(name, "institution")
        if within and like_domain(within, label):
            yield Candidate(name, "domain")


def _spelled(text: str, label: str, words: ContactVocabulary) -> Iterator[Candidate]:
    """Words with capitals that begin as the sender's domain does, and words of any case that are it."""
    if not label:
        return
    for found in CAPITALS.finditer(text):
        if like_domain(found.group(), label):
            yield Candidate(_without_place(found, words), "domain")
    if len(squeezed(label)) >= _LEAST_LABEL:
        for found in _spelling(squeezed(label)).finditer(text):
            inside = any(one.start() <= found.start() < one.end() for one in ADDRESS.finditer(text))
            if not inside and text[found.end() : found.end() + 1] not in (".", "@") and text[found.start() - 1] != ".":
                yield Candidate(Name(found.group(), found.start(), found.end()), "domain")


@lru_cache(maxsize=256)
def _spelling(label: str) -> re.Pattern[str]:
    letters = (_ALIKE.get(sign, re.escape(sign)) for sign in label[:40])
    return re.compile(rf"(?<![\w.@/-]){'[ &.-]?'.join(letters)}(?![\w@/-])", re.IGNORECASE)


def _without_place(found: re.Match[str], words: ContactVocabulary) -> Name:
    """The words with capitals up to a preposition: "Sveisbua" of "Sveisbua i Mo i Rana"."""
    parts = found.group().rstrip(" .,-").split(" ")
    end = next((at for at, part in enumerate(parts) if at and part in words.place_words), len(parts))
    text = " ".join(parts[:end])
    return Name(text, found.start(), found.start() + len(text))


def _signed(
    block: Block, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Iterator[Candidate]:
    """Lines of the signature, near the name, that are neither title nor address nor number."""
    named = next((piece.line for piece in block.pieces if contact and _same(piece, contact)), None)
    if named is None and not block.signed:
        return
    below = named or 0
    for piece in block.pieces:
        near = below <= piece.line <= below + _BELOW_NAME
        taken = not near or not (label or _names(piece.text)) or (contact and _same(piece, contact))
        if not taken and _company_like(piece.text, words, knowledge):
            yield Candidate(Name(piece.text, piece.start, piece.start + len(piece.text)), "signed")
            return


def _names(text: str) -> bool:
    """Whether several words of `text` have capitals, or a script without any: a line of one tells of his town."""
    return sum(not part[0].islower() for part in text.split()) > 1


def _same(piece: Piece, contact: Found) -> bool:
    return (bool(tokens(piece.text)) and tokens(contact.value) >= tokens(piece.text)) or contact.value in piece.text


def _company_like(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> bool:
    parts = text.split()
    if (
        not 1 <= len(parts) <= _MOST_WORDS
        or not text[0].isupper()
        or text.endswith(".")
        or any(sign.isdigit() or sign in "@:!?<" for sign in text)
    ):
        return False
    if len(parts) > _SENTENCE and sum(part[0].isupper() for part in parts) == 1:
        return False
    lowered = text.casefold()
    return lowered not in knowledge.places and not title_pattern(words).search(lowered) and not common(text, words)


def _shown(
    source: Source, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Iterator[Candidate]:
    """The display name, or the part of it that is no person."""
    if source.relayed:
        return
    for shown in shown_parts(source.sender.name, words):
        firm = like_domain(shown, label) or local_part(source.sender.address) in knowledge.roles
        persons = person(shown, words, knowledge) and not firm
        if persons or "@" in shown or len(shown) > _LONGEST or _persons(shown, contact, words):
            continue
        if contact and tokens(shown) & tokens(contact.value) and not like_domain(shown, label):
            continue
        if not title_pattern(words).search(shown) and not common(shown, words) and (label or _names(shown)):
            yield Candidate(Name(shown, 0, 0), "shown" if " " in shown else "shown_word")


def _letterheads(mail: ParsedMail, knowledge: IdentityKnowledge) -> Iterator[Name]:
    """Names with a legal form on top of an attachment."""
    for attachment in mail.attachments:
        yield from companies(attachment.text[:_TOP], knowledge)


def _elsewhere(
    mail: ParsedMail, separated: Separated, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Iterator[Candidate]:
    """Names in earlier mail, attachments and the footer; those with a legal form, or that spell the sender's domain."""
    texts = [(visible(mail.text, separated.segments, FOOTER), "footer")]
    if label:
        texts += [(visible(mail.text, separated.segments, EARLIER), "earlier"), (mail.subject, "subject")]
        texts += [(one.text[:_FIRST], "attached") for one in mail.attachments]
    for text, kind in texts:
        if not text.strip():
            continue
        formed = (trimmed(one, label, words, knowledge) for one in companies(text, knowledge))
        spelled = (one.name for one in _spelled(text, label, words))
        bodies = _institutions(text, label, words, knowledge) if kind == "subject" else ()
        named = (one.name for one in bodies)
        for one in (*formed, *spelled, *named):
            if kind == "footer" or like_domain(one.text, label):
                yield Candidate(Name(one.text, 0, 0, one.country, one.form), kind)
