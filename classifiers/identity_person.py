"""Who signs a mail."""

import re

from classifiers.identity_names import is_own, like_domain, person, squeezed, title_pattern
from classifiers.identity_source import Found, Source, holder, labelled, local_part
from classifiers.signature import Block
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import Address

_PARTED = re.compile(r"\s{1,3}[-–—|/]\s{1,3}|,\s|\s{0,2}[()]\s{0,2}")
_FIRM = 5  # a name that shares more letters than this with the sender's domain is the firm's
_TELLING = 3  # a shorter word may stand in any name
_SIGNED_LINES, _UNSIGNED_LINES = 4, 9  # so far into a signature, or the end of a mail, a name is the sender's


def contact_of(source: Source, block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """The person: by a label, in the signature, in the display name, or the first name under the greeting."""
    given = labelled(source.text, words.name)
    if given and (named := person(given.value, words, knowledge)):
        return Found(named, given.start, given.end)
    label = holder(source.sender.address, knowledge)
    shown = _shown_person(source.sender, words, knowledge)
    if shown and (like_domain(shown, label) > _FIRM or is_own(shown, knowledge)):
        shown = None
    signed = list(_signed_names(block, words, knowledge, label))
    if shown:
        return next((one for one in signed if _fuller(one.value, shown)), Found(shown))
    by_address = [
        one for one in signed if any(token in local_part(source.sender.address) for token in tokens(one.value))
    ]
    return next(iter(by_address or signed), None) or _first_name(block, words, knowledge)


def _signed_names(block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge, label: str) -> list[Found]:
    """Persons named in the first lines of a signature."""
    found = []
    for piece in block.pieces:
        named = (
            person(piece.text, words, knowledge)
            if piece.line < (_SIGNED_LINES if block.signed else _UNSIGNED_LINES)
            else None
        )
        if named and like_domain(named, label) <= _FIRM:
            start = piece.start + max(piece.text.find(named), 0)
            found.append(
                Found(named, start, start + len(named) if named in piece.text else piece.start + len(piece.text))
            )
    return found


def _shown_person(sender: Address, words: ContactVocabulary, knowledge: IdentityKnowledge) -> str | None:
    """The person in a display name, which may hold a firm too, or be written small."""
    parts = [sender.name, *_PARTED.split(sender.name)]
    small = sender.name.title() if sender.name.islower() and squeezed(sender.name) in squeezed(sender.address) else ""
    return next((named for part in (*parts, small) if (named := person(part, words, knowledge))), None)


def _first_name(block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """A single word under the greeting: somebody who signs by the first name."""
    for piece in block.pieces[:1]:
        known = title_pattern(words).search(piece.text) or is_own(piece.text, knowledge)
        if block.signed and piece.text.isalpha() and piece.text.istitle() and not known:
            return Found(piece.text, piece.start, piece.start + len(piece.text))
    return None


def _fuller(name: str, other: str) -> bool:
    """Whether `name` holds every name that `other` does."""
    return bool(tokens(other)) and tokens(name) >= tokens(other)


def tokens(name: str) -> set[str]:
    """The words of a name that tell it from others."""
    return {squeezed(word) for word in name.split() if len(word) >= _TELLING}
