"""The company that a mail comes from."""

import re

from classifiers.identity_names import Name, companies, is_own, like_domain, person, squeezed, title_pattern
from classifiers.identity_person import tokens
from classifiers.identity_source import EARLIER, FOOTER, Found, Source, holder, labelled
from classifiers.signature import Block, Piece, visible
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import ParsedMail, Separated

_FIRST = 4000  # characters of an attachment that may name the sender's company
_LONGEST = 60
_MOST_WORDS = 7
_BELOW_NAME = 4  # so many lines below his name a sender gives his company
_CAPITAL = r"[A-ZÆØÅÄÖÜ][\w&'’-]{1,30}"
_CAPITALS = re.compile(rf"(?<![\w.@/]){_CAPITAL}(?:[ \u00a0](?:(?:&|[a-zåøö]{{1,3}})[ \u00a0])?{_CAPITAL}){{0,4}}")


def company_of(
    mail: ParsedMail,
    separated: Separated,
    source: Source,
    block: Block,
    contact: Found | None,
    email: Found | None,
    words: ContactVocabulary,
    knowledge: IdentityKnowledge,
) -> Name | None:
    """The company: by a label, its legal form, the sender's domain, the signature, earlier mail or the display name."""
    given = labelled(source.text, words.company)
    if given and len(given.value) <= _LONGEST and not is_own(given.value, knowledge):
        return Name(given.value, given.start, given.end)
    label = holder(email.value, knowledge) if email else ""
    formed = [one for one in companies(source.text, knowledge) if not is_own(one.text, knowledge)]
    if formed:
        return max(formed, key=lambda one: (like_domain(one.text, label), one.start >= block.start, -one.start))
    spelled = _named_like_domain(source.text, label, contact, knowledge)
    signed = _signed_company(block, contact, words, knowledge)
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
    texts = [visible(mail.text, separated.segments, EARLIER), *(one.text[:_FIRST] for one in mail.attachments)]
    named = (one for text in texts for one in companies(text, knowledge))
    found = next((one for one in named if like_domain(one.text, label) and not is_own(one.text, knowledge)), None)
    return found and Name(found.text, 0, 0, found.country)


def _named_like_domain(text: str, label: str, contact: Found | None, knowledge: IdentityKnowledge) -> Name | None:
    """The words with capitals that spell the sender's domain, the longest such."""
    if not label:
        return None
    best, most = None, 0
    for found in _CAPITALS.finditer(text):
        shared = like_domain(found.group(), label)
        written = _without_place(found.group().rstrip(" .,-"), knowledge)
        persons = contact is not None and squeezed(written) in squeezed(contact.value)
        if shared > most and not persons and not is_own(written, knowledge):
            best, most = Name(written, found.start(), found.start() + len(written)), shared
    return best


def _without_place(name: str, knowledge: IdentityKnowledge) -> str:
    """`name` without "in <town>" at its end."""
    words = name.split(" ")
    if words[2:] and words[-1].casefold() in knowledge.places and words[-2].islower():
        return " ".join(words[:-2])
    return name


def _signed_company(
    block: Block, contact: Found | None, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Name | None:
    """A line of the signature, behind the name, that is neither title nor address nor number."""
    named = next((piece.line for piece in block.pieces if contact and _same(piece, contact)), None)
    if named is None and not block.signed:
        return None
    below = named or 0
    for piece in block.pieces:
        if piece.line < below or piece.line > below + _BELOW_NAME or (contact and _same(piece, contact)):
            continue
        if _company_like(piece.text, words, knowledge):
            return Name(piece.text, piece.start, piece.start + len(piece.text))
    return None


def _same(piece: Piece, contact: Found) -> bool:
    return (bool(tokens(piece.text)) and tokens(contact.value) >= tokens(piece.text)) or contact.value in piece.text


def _company_like(text: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> bool:
    tokens = text.split()
    if (
        not 1 <= len(tokens) <= _MOST_WORDS
        or not text[0].isupper()
        or any(sign.isdigit() or sign in "@:!?<" for sign in text)
    ):
        return False
    lowered = text.casefold()
    if text.endswith(".") or is_own(text, knowledge) or lowered in knowledge.places:
        return False
    return not title_pattern(words).search(lowered)


def _shown_company(
    source: Source, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Name | None:
    """The sender's display name when it is no person."""
    shown = source.sender.name.strip(" \"'")
    if not shown or "@" in shown or is_own(shown, knowledge) or (contact and tokens(shown) & tokens(contact.value)):
        return None
    firm = like_domain(shown, label) or not person(shown, words, knowledge)
    return Name(shown, 0, 0) if firm and len(shown) <= _LONGEST else None


def _footer_company(mail: ParsedMail, separated: Separated, knowledge: IdentityKnowledge) -> Name | None:
    footer = visible(mail.text, separated.segments, FOOTER)
    return next((one for one in companies(footer, knowledge) if not is_own(one.text, knowledge)), None)
