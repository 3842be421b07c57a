"""What data/languages says for parting new text from quotation, forwarded mail, signature and disclaimer."""

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
    `wrote` the verbs of an attribution line; `original` and `forwarded` the phrases of a separator line;
    `closings` end a letter and may be followed by a name, `closings_alone` only count when they are the whole line.
    """

    from_fields: frozenset[str]
    sent_fields: frozenset[str]
    to_fields: frozenset[str]
    subject_fields: frozenset[str]
    wrote: tuple[str, ...]
    original: tuple[str, ...]
    forwarded: tuple[str, ...]
    reply_prefixes: frozenset[str]
    forward_prefixes: frozenset[str]
    closings: tuple[str, ...]
    closings_alone: frozenset[str]
    postscripts: tuple[str, ...]
    devices: tuple[str, ...]
    disclaimers: tuple[str, ...]
    contact_labels: tuple[str, ...]
    examples: tuple[SeparationExample, ...]
