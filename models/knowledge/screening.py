"""What data/ says for screening: which mail is no person's, and which mail must not be answered."""

import re
from dataclasses import dataclass
from enum import StrEnum

from models.mail import ScreeningKind


class Check(StrEnum):
    """What a screening rule looks at."""

    HEADER = "header"  # a field named in `fields` whose value `pattern` matches
    CONTENT_TYPE = "content_type"  # the mail's own type, or that of one of its parts
    SENDER = "sender"  # the From address
    BOUNCE_WORDING = "bounce_wording"  # subject or text as data/languages has them
    AUTOMATIC_SUBJECT = "automatic_subject"  # subject as data/languages has them
    NULL_RETURN_PATH = "null_return_path"
    NO_RETURN_PATH = "no_return_path"
    OWN_ADDRESS = "own_address"
    SEVERAL_FROM = "several_from"
    NO_SENDER = "no_sender"
    REPLY_TO_ELSEWHERE = "reply_to_elsewhere"
    NOT_ADDRESSED = "not_addressed"
    BACKFILL = "backfill"
    IMPORT = "import"  # it came from a file
    ENTRY = "entry"  # staff wrote it down or passed it in


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningRule:
    """A reason not to answer. The first that holds, in the order of the file, decides kind and evidence.

    `fields` are lower-case field names, a last "*" standing for any ending. `pattern` is searched in the casefolded
    value without comments and parameters; without one, any value counts.
    """

    id: str
    check: Check
    kind: ScreeningKind
    source: str
    fields: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreeningKnowledge:
    """Rules in their order, and how automatic mail without a marking header words itself, in all languages, casefolded.

    `recipient_fields` name whom the mail was delivered to. `bounce_texts` stand in the first lines of the text.
    """

    rules: tuple[ScreeningRule, ...]
    recipient_fields: tuple[str, ...]
    automatic_subjects: tuple[str, ...]
    bounce_subjects: tuple[str, ...]
    bounce_texts: tuple[str, ...]
    wording_examples: tuple[tuple[str, str, bool], ...]
