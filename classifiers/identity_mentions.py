"""Everything in a mail that may name the company it comes from, with the kind of evidence it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from classifiers.company_names import CAPITALS, Name, companies, is_own, like_domain, squeezed, trimmed
from classifiers.identity_names import title_pattern
from classifiers.identity_signed import persons, shown_company, signed_company
from classifiers.identity_source import ADDRESS, EARLIER, FOOTER, Found, Source, holder
from classifiers.institutions import institutions
from classifiers.introductions import acting, introduced
from classifiers.signature import Block, visible
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import ParsedMail, Separated

_TOP = 150  # characters of an attachment that are its letterhead
_FIRST = 4000  # characters of an attachment that may name the sender's company
_LEAST_LABEL = 4
_LONGEST_LABEL = 40  # letters of a domain that are compared
_PLAIN = str.maketrans("åäàáâøöóôéèêüıſς", "aaaaaooooeeeuisσ")
_BETWEEN = frozenset(" &.-")  # may stand between the letters of a domain
_GOES_ON = re.compile(r"[\w@/-]")


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
        *(Candidate(one, "signed") for one in signed_company(block, contact, label, words, knowledge)),
        *(
            Candidate(one, "shown" if " " in one.text else "shown_word")
            for one in shown_company(source, contact, label, words, knowledge)
        ),
        *_elsewhere(mail, separated, label, words, knowledge),
        *(Candidate(replace(one, start=0, end=0), "letterhead") for one in _letterheads(mail, knowledge)),
    ]
    return [
        one
        for found_ in found
        for one in (found_, *_by_domain(found_, label))
        if not is_own(one.name.text, knowledge)
        and one.name.text.casefold() not in knowledge.test_bodies
        and (one.name.form or not persons(one.name.text, contact, words))
    ]


def _by_domain(one: Candidate, label: str) -> Iterator[Candidate]:
    if one.kind != "domain" and like_domain(one.name.text, label):
        yield Candidate(one.name, "domain")


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
    for start, end in _written_as(squeezed(label)[:_LONGEST_LABEL], text):
        inside = any(one.start() <= start < one.end() for one in ADDRESS.finditer(text))
        if not inside and text[end : end + 1] not in (".", "@") and text[start - 1] != ".":
            yield Candidate(Name(text[start:end], start, end), "domain")


def _written_as(name: str, text: str) -> Iterator[tuple[int, int]]:
    """Where the letters of a domain stand as words of their own, with or without marks and one sign between any two."""
    if len(name) < _LEAST_LABEL:
        return
    letters, end = _plain(text), 0
    for found in _beginning(name[0]).finditer(letters):
        stop = _end_of(name, letters, found.start()) if found.start() >= end else None
        if stop and not _GOES_ON.match(letters, stop):
            end = stop
            yield found.start(), stop


def _end_of(name: str, letters: str, at: int) -> int | None:
    """Where `name` ends that is written from `at` on."""
    for number, letter in enumerate(name):
        if number and letters[at : at + 1] in _BETWEEN:
            at += 1
        if letters[at : at + 1] != letter:
            return None
        at += 1
    return at


@lru_cache(maxsize=4)
def _plain(text: str) -> str:
    """`text` in small letters without marks, letter for letter."""
    return text.replace("İ", "i").lower().translate(_PLAIN)


@lru_cache(maxsize=256)
def _beginning(letter: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.@/-]){re.escape(letter)}")


def _without_place(found: re.Match[str], words: ContactVocabulary) -> Name:
    """The words with capitals up to a preposition: "Sveisbua" of "Sveisbua i Mo i Rana"."""
    parts = found.group().rstrip(" .,-").split(" ")
    end = next((at for at, part in enumerate(parts) if at and part in words.place_words), len(parts))
    text = " ".join(parts[:end])
    return Name(text, found.start(), found.start() + len(text))


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
