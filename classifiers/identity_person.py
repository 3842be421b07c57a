"""Who signs a mail."""

import re
from collections.abc import Iterator

from classifiers.company_names import is_own, like_domain, squeezed
from classifiers.identity_names import chinese_person, chinese_signature, common, person, title_pattern
from classifiers.identity_source import Found, Source, holder, labelled, local_part, shown_parts
from classifiers.introductions import named_self
from classifiers.signature import Block
from models.knowledge.identity import ContactVocabulary, IdentityKnowledge
from models.mail import Address

_FIRM = 5  # a name that shares more letters than this with the sender's domain is the firm's
_TELLING = 3  # a shorter word may stand in any name
_SIGNED_LINES, _UNSIGNED_LINES = 4, 9  # so far into a signature, or the end of a mail, a name is the sender's
_LETTERS = re.compile(r"[^\W\d_]{1,40}")
_SHORTEST = 2  # letters of a word that is more than an initial
_STROKE = re.compile(r"/ ?([^\W\d_]{2,20})\s{0,9}$")
_END = 40  # characters at the end of a text in which a first name stands alone


def contact_of(source: Source, block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """The person: by a label, in the signature, in the display name, in a sentence, or by the first name alone."""
    given = labelled(source.text, words.name)
    if given and (named := person(given.value, words, knowledge) or chinese_person(given.value, words)):
        return Found(named, given.start, given.end)
    label = holder(source.sender.address, knowledge)
    shown = None if source.relayed else _shown_person(source.sender, label, words, knowledge)
    signed = list(_signed_names(block, words, knowledge, label))
    shared = shown and any(tokens(one.value) & tokens(shown) for one in signed)
    if shown and signed and not shared and local_part(source.sender.address) in knowledge.roles:
        shown = None
    if shown:
        return next((one for one in signed if _as_full(one.value, shown)), Found(shown))
    by_address = [
        one for one in signed if any(token in local_part(source.sender.address) for token in tokens(one.value))
    ]
    return (
        next(iter(by_address or signed), None)
        or named_self(source.text, words, knowledge)
        or _first_name(source, block, words, knowledge)
    )


def _signed_names(block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge, label: str) -> Iterator[Found]:
    """Persons named in the first lines of a signature."""
    for piece in block.pieces:
        if piece.line >= (_SIGNED_LINES if block.signed else _UNSIGNED_LINES):
            continue
        named = person(piece.text, words, knowledge) or chinese_signature(piece.text, words, signed=block.signed)
        if named and like_domain(named, label) <= _FIRM and not _role(named, knowledge):
            start = piece.start + max(piece.text.find(named), 0)
            yield Found(named, start, start + len(named) if named in piece.text else piece.start + len(piece.text))


def _shown_person(sender: Address, label: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> str | None:
    """The person in a display name, which may hold a firm too, or be written small."""
    small = sender.name.title() if sender.name.islower() and squeezed(sender.name) in squeezed(sender.address) else ""
    for part in (sender.name, *shown_parts(sender.name, words), small):
        named = person(part, words, knowledge)
        if named and not _role(named, knowledge) and not _firm(named, sender, label, knowledge):
            return named
    return None


def _role(name: str, knowledge: IdentityKnowledge) -> bool:
    return any(word.casefold() in knowledge.roles for word in name.split())


def _firm(name: str, sender: Address, label: str, knowledge: IdentityKnowledge) -> bool:
    """Whether a display name is rather a firm's: the sender's domain begins so, or is a shared mailbox's last words."""
    words = name.split()
    spelled = any(squeezed(" ".join(words[at:])) == squeezed(label) for at in range(len(words)))
    shared = spelled and local_part(sender.address) in knowledge.roles
    return shared or like_domain(name, label) > _FIRM or is_own(name, knowledge)


def _first_name(source: Source, block: Block, words: ContactVocabulary, knowledge: IdentityKnowledge) -> Found | None:
    """A single word under the greeting, or alone at the end: somebody who signs by the first name."""
    shown = source.sender.name
    label = holder(source.sender.address, knowledge)
    signers = [piece for piece in block.pieces if like_domain(piece.text, label) <= _FIRM]
    for piece in signers if not block.signed else signers[:1]:
        first = piece.text.split(" ")[0] if any(f" {at} " in piece.text for at in words.place_words) else piece.text
        own = block.signed or squeezed(first) in squeezed(local_part(source.sender.address)) or first == shown
        alone = block.signed or len(source.text.rstrip()) - piece.start < _END
        if own and alone and _may_be_first(first, words, knowledge):
            return Found(first, piece.start, piece.start + len(first))
    if stroke := _STROKE.search(source.text.rstrip()[-_END:]):
        at = len(source.text.rstrip()) - len(stroke[1])
        return Found(stroke[1], at, at + len(stroke[1]))
    single = shown.isalpha() and shown.istitle() and shown.casefold() not in knowledge.roles
    own = single and not source.relayed and not common(shown, words) and not title_pattern(words).search(shown)
    return Found(shown) if own and not like_domain(shown, label) else None


def _may_be_first(word: str, words: ContactVocabulary, knowledge: IdentityKnowledge) -> bool:
    known = title_pattern(words).search(word) or is_own(word, knowledge) or common(word, words)
    other = known or _role(word, knowledge) or word.casefold() in knowledge.places
    return not other and word.istitle() and word.replace("-", "").isalpha()


def _as_full(name: str, other: str) -> bool:
    """Whether `name` is `other`'s, as he signs, and says no less: no initials for names."""
    shared = tokens(name) & tokens(other)
    words = name.split() if name.isupper() else [word for word in name.split() if not _initials(word)]
    return bool(shared) and len(words) >= len(other.split())


def _initials(word: str) -> bool:
    return all(len(part) < _SHORTEST for part in _LETTERS.findall(word)) or (word.isupper() and len(word) <= _SHORTEST)


def tokens(name: str) -> set[str]:
    """The words of a name that tell it from others."""
    return {squeezed(word) for word in name.split() if len(word) >= _TELLING}
