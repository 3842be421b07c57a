"""What the layout of a clause says: whether it is a row of a list, and what stands before its first number."""

import re

from classifiers.items import Clause, ClauseKind
from classifiers.offer_grammar import grammar
from models.knowledge.offers import OfferVocabulary

_ROW = 160  # a line of its own that is no longer may be a row of a list
_LEAD = 40  # a label before or behind the amount of a row is no longer
_LEADING = 4  # characters before a number that begins a row
_SHORT_BESIDE = 3  # letters of "ca." beside a time or price
_MARKS = ",;.()–—-"
_GAP = re.compile(r" {3}")
_LABEL = re.compile(r"[^\W\d_]{4}")


def is_row(text: str, clause: Clause) -> bool:
    """Whether a clause is a list item, a row, or a short line of its own."""
    if clause.kind is not ClauseKind.TEXT:
        return True
    alone = text[clause.start - 1 : clause.start] in ("", "\n") and text[clause.end : clause.end + 1] in ("", "\n")
    return alone and clause.end - clause.start <= _ROW


def is_labelled(text: str, clause: Clause, at: int, words: OfferVocabulary) -> bool:
    """Whether a clause begins, before `at`, with words that may name a product: others than those of offers."""
    left = text[clause.start : at]
    if not _LABEL.search(left):
        return False
    known = grammar(words)
    for terms in (known.counting, known.costing, known.heads, known.periods):
        left = terms.blotted(left)
    return _LABEL.search(left) is not None


def lies_under(text: str, clause: Clause, at: int) -> bool:
    """Whether the line of a clause is indented deeper than the line of `at`, above it."""
    return _indent(text, clause.start) > _indent(text, at) and "\n" in text[at : clause.start + 1]


def _indent(text: str, at: int) -> int:
    line = text[text.rfind("\n", 0, at) + 1 : at + 1]
    return len(line) - len(line.lstrip(" \t"))


def counts_first(text: str, clause: Clause, start: int, end: int) -> bool:
    """Whether a clause begins with the amount at [start, end), with what it counts behind it."""
    return start - clause.start <= _LEADING and _LABEL.search(text, end, min(clause.end, end + _LEAD)) is not None


def opens_with(text: str, clause: Clause, at: int) -> bool:
    """Whether the amount at `at` opens a row: in a list or table, first on its line, behind a label or a gap."""
    lead = text[clause.start : at].strip(" -–—*•·\t")
    labelled = len(lead) <= _LEAD and lead.endswith(":")
    return clause.kind is not ClauseKind.TEXT or not lead or labelled or _GAP.search(text, clause.start, at) is not None


def speaks_of_least(text: str, clause: Clause, words: OfferVocabulary) -> bool:
    """Whether a clause is on smallest orders from its first word on: "MOQ: gowns 500 pcs, masks 3000 pcs"."""
    cue = grammar(words).counting.first(text, clause.start, clause.end)
    if cue is None or cue.meaning != "moq" or is_labelled(text, clause, cue.start, words):
        return False
    return text[cue.end : clause.end].lstrip()[:1] in (":", "：")


def says_only(text: str, clause: Clause, start: int, end: int) -> bool:
    """Whether a clause says nothing but what stands at [start, end): "2-3 wks."."""
    beside = text[clause.start : start] + text[end : clause.end]
    return sum(sign.isalnum() for sign in beside) <= _SHORT_BESIDE


def is_member(text: str, clause: Clause, start: int, end: int) -> bool:
    """Whether what stands at [start, end) is a member of an enumeration: "6,000 kits, USD 162 a kit, 4 days."."""
    left, right = text[clause.start : start].rstrip()[-1:], text[end : clause.end].lstrip()[:1]
    return left in _MARKS and (not right or right in _MARKS)
