"""What data/ says for claims: the codes, how they are written, and the cues that say how a claim is meant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCode:
    """A code that a claim may have. `about_company` claims belong to no product category. `names_product` codes (a mask
    class) stand for the product itself. `listed` is false for codes beyond the agreed list (FORMAT: extra). `implies`
    are codes that hold when this one does. A code that `shares_letters` stands beside others in the same letters.
    """

    code: str
    title: str
    category: str | None
    about_company: bool
    names_product: bool
    shares_letters: bool
    listed: bool
    implies: tuple[str, ...]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimContext:
    """A pattern of words beside which a short designation has its meaning."""

    id: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWriting:
    """One way of writing claims. `codes` maps the matched value, folded and without the letters of `strip`, to a code;
    `template` makes a code of the value; `code` is used when there is no value. `phrases` are found by words.
    """

    id: str
    pattern: re.Pattern[str] | None
    more: re.Pattern[str] | None
    codes: Mapping[str, str]
    code: str
    template: str
    strip: str
    phrases: tuple[str, ...]
    near: str
    against: str
    within: int
    languages: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    counter_examples: tuple[str, ...]


class CueKind(StrEnum):
    """What a cue does to the claims in its reach (ConText: trigger, termination, pseudo-trigger)."""

    ASSERTED = "asserted"
    PENDING = "pending"
    DENIED = "denied"
    QUOTED = "quoted"
    TERMINATOR = "terminator"  # ends the reach of other cues
    JOIN = "join"  # makes one list of the claims on both sides
    PSEUDO = "pseudo"  # looks like a cue and is none


@dataclass(frozen=True, slots=True, kw_only=True)
class CueGroup:
    """Cue phrases that work alike.

    `before` reaches claims that follow the cue, `after` claims that precede it; `reach` in words. `comma` ends the
    reach at a comma. `lead` cues reach the list that their sentence introduces. `question` cues count only in a
    question. `other` cues deny a claim of another item; a `yet` cue counts as pending beside a process that is
    named; a `final` cue counts at the end of a clause only; a `beyond` cue reaches back over terminators. One that is
    `followed_by` words reaches back to claims right behind which a colon or one of them stands ("CE has the gown
    not"). A cue `of_papers` may also speak of goods, and then does ("EN 14126 coveralls next week"). A `paired` cue
    counts beside one of its kind that is paired otherwise: what (matter) and when (time). `applies` is all, product
    (only codes that name the product) or certificate (only the others).
    """

    id: str
    kind: CueKind
    before: bool
    after: bool
    reach: int
    comma: bool
    lead: bool
    question: bool
    other: bool
    yet: bool
    final: bool
    beyond: bool
    of_papers: bool
    paired: str
    followed_by: frozenset[str]
    applies: str
    phrases: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]
    counter_examples: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCues:
    """The cues of a language; `also` are languages whose cues are read beside them."""

    language: str
    also: tuple[str, ...]
    groups: tuple[CueGroup, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ClaimKnowledge:
    """Everything that finding claims looks up; equal only to itself, so that what is built from it can be kept."""

    codes: Mapping[str, ClaimCode]
    contexts: Mapping[str, ClaimContext]
    writings: tuple[ClaimWriting, ...]
    cues: Mapping[str, LanguageCues]
    default_language: str
