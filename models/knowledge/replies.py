"""What data/ and reply_templates/ say for replies: who gets one, in which language, in which words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from re import Pattern

Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WithholdRule:
    """A reason not to answer, by its id: `check` names the test, `intents` what it looks at; `texts` (language,
    sentence) with `{evidence}`.
    """

    id: str
    check: str
    intents: tuple[str, ...]
    texts: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyWords:
    """Words that templates fill in, in one language. `group` and `decimal` write numbers."""

    categories: Mapping[str, str]
    missing: Mapping[str, str]
    periods: Mapping[str, str]
    units: Mapping[str, str]
    group: str
    decimal: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ReplyKnowledge:
    """Everything that `triage.stages.compose` looks up. Compared by identity, so that what is compiled from it is kept.

    `templates` are the sources by "<language>/<kind>.<format>.j2"; `reads` the language of the reply by the language of
    the mail.
    """

    templates: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, str] = field(default_factory=dict)
    default_language: str = ""
    withhold: tuple[WithholdRule, ...] = ()
    reply_subject: Pattern[str] | None = None
    forward_subject: Pattern[str] | None = None
    reason_language: str = ""
    words: Mapping[str, ReplyWords] = field(default_factory=dict)
    loop_header: str = ""
    subject_length: int = 200
    most_references: int = 20
    references_length: int = 4000
    most_lines: int = 20
    most_codes: int = 30
