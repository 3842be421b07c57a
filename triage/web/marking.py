"""Text with marked spans as safe HTML, and text without the characters that deceive a reader."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

MOST_MARKS = 1000

_DECEPTIVE = re.compile(
    "[\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff\u00ad\U000e0000-\U000e007f]"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A stretch [start, end) of a text to mark. `kind` is its CSS class, `label` says in words what it is."""

    start: int
    end: int
    kind: str
    label: str


def clean(text: str) -> str:
    """`text` without characters that turn the direction of writing or take no room; other controls show as U+FFFD."""
    return _CONTROL.sub("\ufffd", _DECEPTIVE.sub("", text))


def marked(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> Markup:
    """The stretch [start, end) of `text` as HTML, each mark's part of it in <mark>. Marks may overlap."""
    end = len(text) if end is None else min(end, len(text))
    inside = [m for m in marks if m.start < m.end and m.start < end and m.end > start][:MOST_MARKS]
    edges = sorted({start, end, *(min(max(edge, start), end) for m in inside for edge in (m.start, m.end))})
    waiting = sorted(inside, key=lambda m: (m.start, -m.end))
    pieces, open_ = [], list[Mark]()
    for left, right in pairwise(edges):
        open_ = [m for m in open_ if m.end > left]
        new = [m for m in waiting if m.start <= left]
        waiting = waiting[len(new) :]
        open_ += new
        pieces.append(_piece(clean(text[left:right]), open_, new))
    return Markup("").join(pieces)


def _piece(text: str, marks: Sequence[Mark], begun: Sequence[Mark]) -> Markup:
    if not marks:
        return escape(text)
    spoken = Markup('<span class="sr">[{}] </span>').format(_labels(begun)) if begun else Markup("")
    follows = "" if begun else " follows"
    return Markup('<mark class="{}{}" title="{}">{}{}</mark>').format(
        marks[-1].kind, follows, _labels(marks), spoken, text
    )


def _labels(marks: Sequence[Mark]) -> str:
    return clean("; ".join(dict.fromkeys(mark.label for mark in marks)))
