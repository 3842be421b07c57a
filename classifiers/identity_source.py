"""Whose words a mail's are: the supplier's own, or those of another that somebody passes on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from classifiers.company_names import companies, is_own
from classifiers.signature import visible
from classifiers.wording import alternatives
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import Address, ParsedMail, Segment, SegmentKind, Separated

SIGNED = frozenset({SegmentKind.SIGNATURE})
WROTE = SIGNED | {SegmentKind.NEW}
PASSED_ON = SIGNED | {SegmentKind.FORWARDED}
EARLIER = frozenset({SegmentKind.QUOTATION})
FOOTER = frozenset({SegmentKind.DISCLAIMER})
_PASSED_ON_WITH = 40  # more words than these above a mail that is passed on are an offer of one's own
_PARTED = re.compile(r"\s{1,3}[-–—|/]\s{1,3}|,\s|\s{0,2}[()|]\s{0,2}")
ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the supplier speaks: his address and his text.

    `body`: positions are those of the mail's own text. `signature`: where a signature is known to begin. `relayed`: the
    address is a machine's, which sends what others write.
    """

    sender: Address
    text: str
    body: bool
    signature: int | None = None
    relayed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A value with its place in the source's text (start == end: it stands in a header field)."""

    value: str
    start: int = 0
    end: int = 0


def source_of(mail: ParsedMail, separated: Separated, knowledge: IdentityKnowledge) -> Source:
    """The supplier's words: the sender's, or those of the first sender of a mail that a colleague passed on."""
    own = mail.from_[0] if mail.from_ else Address(name="", address="")
    original = separated.original_from
    if original and _speaks_for_another(mail, separated, own, original, knowledge):
        passed_on = _from_first(separated.segments, SegmentKind.FORWARDED)
        text = visible(mail.text, passed_on, PASSED_ON)
        if any(segment.kind is SegmentKind.FORWARDED for segment in passed_on) and text.strip():
            return Source(original, text, body=True, signature=_signature_start(passed_on))
        inner = next((one for one in mail.nested if one.text.strip()), None)
        if inner:
            return Source(original, inner.text, body=False)
    own_again = original is not None and original.address.casefold() == own.address.casefold()
    text = visible(mail.text, separated.segments, WROTE | PASSED_ON if own_again else WROTE)
    relayed = _relay(own.address, knowledge)
    return Source(own, text, body=True, signature=_signature_start(separated.segments), relayed=relayed)


def _speaks_for_another(
    mail: ParsedMail, separated: Separated, own: Address, original: Address, knowledge: IdentityKnowledge
) -> bool:
    """Whether who passed a mail on is no supplier himself: a colleague, or somebody with few words and no firm."""
    domain = domain_of(own.address)
    if "@" not in original.address or domain_of(original.address) == domain:
        return False
    if is_own(domain, knowledge) or any(part in domain for part in knowledge.colleagues):
        return True
    text = visible(mail.text, separated.segments, WROTE)
    start = next((one.start for one in separated.segments if one.kind is SegmentKind.FORWARDED), len(text))
    offers = len(text[:start].split()) > _PASSED_ON_WITH
    own_firm = (one.text for one in companies(text[:start], knowledge) if not is_own(one.text, knowledge))
    return not offers and all(any(part in firm.casefold() for part in knowledge.colleagues) for firm in own_firm)


def _from_first(segments: Sequence[Segment], kind: SegmentKind) -> tuple[Segment, ...]:
    """`segments` with those before the first of `kind` marked as nobody's: they are blanked."""
    at = next((number for number, one in enumerate(segments) if one.kind is kind), len(segments))
    before = (Segment(kind=SegmentKind.DISCLAIMER, start=one.start, end=one.end) for one in segments[:at])
    return (*before, *segments[at:])


def _signature_start(segments: Sequence[Segment]) -> int | None:
    return next((one.start for one in segments if one.kind is SegmentKind.SIGNATURE), None)


def email_of(mail: ParsedMail, source: Source, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """The sender's address, unless that is a machine's or the buyer's own: then the one that the text gives."""
    sent = source.sender.address
    if sent and not _relay(sent, knowledge):
        return Found(sent)
    given = labelled(source.text, words.email)
    inside = [given] if given and ADDRESS.search(given.value) else []
    inside += [Found(found.group(), found.start(), found.end()) for found in ADDRESS.finditer(source.text)]
    for one in [*(Found(address.address) for address in mail.reply_to), *inside]:
        if not _relay(one.value, knowledge):
            return one
    return Found(sent) if sent and local_part(sent) not in knowledge.relays else None


def _relay(address: str, knowledge: IdentityKnowledge) -> bool:
    return local_part(address) in knowledge.relays or is_own(domain_of(address), knowledge)


def local_part(address: str) -> str:
    """What stands before the @."""
    return address.partition("@")[0].casefold()


def domain_of(address: str) -> str:
    """What stands behind the @, in small letters."""
    return address.rpartition("@")[2].casefold()


def holder(address: str, knowledge: IdentityKnowledge) -> str:
    """The part of a domain that names its holder; empty for free mail."""
    domain = domain_of(address)
    if domain in knowledge.free_mail or "." not in domain:
        return ""
    labels = domain.split(".")[:-1]
    return next((label for label in reversed(labels) if label not in knowledge.generic_labels), labels[-1])


def labelled(text: str, labels: tuple[str, ...]) -> Found | None:
    """The value of the first line that a label opens ("Firma: Fjordvern AS")."""
    found = _label_line(labels).search(text)
    if found is None:
        return None
    value = found["value"].rstrip()
    return Found(value, found.start("value"), found.start("value") + len(value))


@lru_cache(maxsize=128)
def _label_line(labels: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(
        rf"^[ \t*-]{{0,6}}{alternatives(labels)}[ \t.·…_]{{0,40}}[:：][ \t]{{0,6}}(?P<value>\S[^\n]{{0,99}})$",
        re.IGNORECASE | re.MULTILINE,
    )


def shown_parts(name: str, words: ContactVocabulary) -> list[str]:
    """A display name cut where a person and a firm may meet: "Kari Lie - Fjordvern", "Fjordvern v/ Kari Lie"; without
    telephone numbers.
    """
    whole = name.strip(" \"'")
    parts = [part for stretch in _PARTED.split(whole) for part in _by_words(words).split(stretch)]
    return [part.strip(" \"'") for part in parts if part and part.strip(" \"'")]


@lru_cache(maxsize=32)
def _by_words(words: ContactVocabulary) -> re.Pattern[str]:
    called = rf"(?:{alternatives((*words.phone, *words.mobile))}[.:]?\s{{0,2}})?\+?\d[\d \u00a0()./-]{{6,20}}"
    return re.compile(rf"\s{{0,2}}(?<!\S)(?:{alternatives(words.before_name)}|{called})\s{{0,2}}", re.IGNORECASE)
