"""The company in a signature and in a display name: what is neither person, title, address nor number."""

from collections.abc import Iterator

from classifiers.company_names import Name, like_domain
from classifiers.identity_names import common, person, tells_of_trade, title_pattern
from classifiers.identity_person import tokens
from classifiers.identity_source import Found, Source, local_part, shown_parts
from classifiers.signature import Block, Piece
from classifiers.wording import folded
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge

_MOST_WORDS = 7
_SENTENCE = 3  # a line of more words than this with one capital is a sentence
_BELOW_NAME = 4  # so many lines below his name a sender gives his company
_LONGEST = 60


def signed_company(
    block: Block, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Iterator[Name]:
    """Lines of the signature, near the name, that are neither title nor address nor number."""
    named = next((piece.line for piece in block.pieces if contact and _same(piece, contact)), None)
    if named is None and not block.signed:
        return
    below = named or 0
    for piece in block.pieces:
        near = below <= piece.line <= below + _BELOW_NAME
        taken = not near or not (label or _names(piece.text)) or (contact and _same(piece, contact))
        if not taken and _company_like(piece.text, words, knowledge):
            yield Name(piece.text, piece.start, piece.start + len(piece.text))
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


def shown_company(
    source: Source, contact: Found | None, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge
) -> Iterator[Name]:
    """The display name, or the part of it that is no person."""
    if source.relayed:
        return
    for shown in shown_parts(source.sender.name, words):
        firm = like_domain(shown, label) or local_part(source.sender.address) in knowledge.roles
        named = person(shown, words, knowledge) and not firm
        if named or "@" in shown or len(shown) > _LONGEST or persons(shown, contact, words):
            continue
        firm = firm or tells_of_trade(folded(shown).split(), knowledge)
        if contact and tokens(shown) & tokens(contact.value) and not firm:
            continue
        if not title_pattern(words).search(shown) and not common(shown, words) and (label or _names(shown)):
            yield Name(shown, 0, 0)


def persons(text: str, contact: Found | None, words: ContactVocabulary) -> bool:
    """Whether `text` is the sender's own name, or that behind his title."""
    if contact is None:
        return False
    title = text.removesuffix(contact.value).strip()
    titled = title != text and bool(title_pattern(words).fullmatch(title))
    return titled or (bool(tokens(text)) and tokens(contact.value) >= tokens(text))
