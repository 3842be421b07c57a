"""What data/languages says for parting new text from quotation, forwarded mail, signature and disclaimer."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationExample:
    """A mail's subject and text with the new text in it; runs as a test."""

    language: str
    subject: str
    text: str
    new_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeparationKnowledge:
    """Cues of all languages together, casefolded: mail is often quoted in a language other than its own.

    `from_fields` and its kin are the names that mailers give the fields of a header block put into the text;
    `wrote` the verbs of an attribution line, `wrote_last` those that only count at its end, `quoting` what begins one
    that has no verb, `sentence_words` the words that never stand in one; `on_behalf` parts a delegate from the sender;
    `original` and `forwarded` are the phrases of a separator line; `closings` end a letter and may be followed by a
    name, `closings_alone` only count when they are the whole line; `devices` begin a line that a mail program adds,
    `devices_around` are (beginning, end) of such lines. `disclaimers` are kept by a word that stands whole in each, the
    empty one for those that are too short to have one. `goods`, `units` and `currencies` tell an offer's lines.
    """

    from_fields: frozenset[str]
    sent_fields: frozenset[str]
    to_fields: frozenset[str]
    subject_fields: frozenset[str]
    wrote: tuple[str, ...]
    wrote_last: tuple[str, ...]
    quoting: tuple[str, ...]
    sentence_words: frozenset[str]
    on_behalf: tuple[str, ...]
    original: tuple[str, ...]
    forwarded: tuple[str, ...]
    reply_prefixes: frozenset[str]
    forward_prefixes: frozenset[str]
    closings: tuple[str, ...]
    closings_alone: frozenset[str]
    postscripts: tuple[str, ...]
    devices: tuple[str, ...]
    devices_around: tuple[tuple[str, str], ...]
    disclaimers: Mapping[str, tuple[str, ...]]
    contact_labels: frozenset[str]
    goods: frozenset[str]
    units: frozenset[str]
    currencies: frozenset[str]
    examples: tuple[SeparationExample, ...]
