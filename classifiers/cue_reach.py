"""Which cues reach which words of a text: direction, reach, and what ends it (the ConText algorithm)."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classifiers.claim_words import Cue
from classifiers.word_run import WordRun, any_in, count_in
from models.knowledge.claims import CueGroup, CueKind

_MARKING = (CueKind.TERMINATOR, CueKind.JOIN)
LOOKED_AT = 8  # targets in brackets that are passed over
LEADS_WITHIN = 1  # words between a cue that speaks either way and the target that it speaks of
OVERLAP = 1  # words that a cue may share with its target


@dataclass(frozen=True, slots=True)
class Words:
    """The words [first, last) of a text."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reach:
    """A cue that reaches a target, `gap` words away."""

    cue: Cue
    gap: int


class Reaches:
    """The cues of one text. `targets` are the words of everything that a cue may speak of, in order."""

    def __init__(self, text: WordRun, cues: Sequence[Cue], targets: Sequence[Words]) -> None:
        self._text = text
        self.cues = [cue for cue in cues if cue.group.kind not in _MARKING and not cue.group.other]
        self._others = [cue for cue in cues if cue.group.other]
        self._other_starts = [cue.start for cue in self._others]
        self._starts = [cue.start for cue in self.cues]
        self._terminators = [cue.start for cue in cues if cue.group.kind is CueKind.TERMINATOR]
        self._clauses = sorted({*text.commas, *text.openings, *text.closings, *text.semicolons, *self._terminators})
        self._targets = [target.first for target in targets]
        self._window = max((cue.group.reach + cue.end - cue.start for cue in self.cues), default=0)

    def within(self, words: Words) -> Sequence[Cue]:
        """The cues that begin in `words`."""
        return self.cues[bisect_left(self._starts, words.first) : bisect_left(self._starts, words.last)]

    def of(self, here: Words, sentence: Words, counts: Callable[[CueGroup], bool]) -> list[Reach]:
        """The cues of `sentence` that reach `here` and that `counts`."""
        near = Words(max(sentence.first, here.first - self._window), min(sentence.last, here.last + self._window))
        return [reach for cue in self.within(near) if counts(cue.group) and (reach := self._reach(cue, here, sentence))]

    def others(self, words: Words) -> list[Cue]:
        """The cues in `words` that speak of another item."""
        first, last = (bisect_left(self._other_starts, at) for at in (words.first, words.last))
        found = self._others[first:last]
        return [cue for cue in found if not cue.group.final or self._ends_clause(cue, words)]

    def _ends_clause(self, cue: Cue, words: Words) -> bool:
        return cue.end >= words.last or self._text.parted(cue.end, cue.end + 1)

    def last_target(self, words: Words) -> int:
        """Where the last target in `words` begins that stands in no brackets; -1 when none is near."""
        at = bisect_left(self._targets, words.last)
        for target in reversed(self._targets[max(0, at - LOOKED_AT) : at]):
            if target >= words.first and not self._bracketed(words.first, target):
                return target
        return -1

    def _bracketed(self, first: int, word: int) -> bool:
        opened, closed = (
            bisect_right(marks, word) - bisect_right(marks, first)
            for marks in (self._text.openings, self._text.closings)
        )
        return opened > closed

    def first_target(self, words: Words) -> int:
        """Where the first target in `words` begins; where they end when there is none."""
        at = bisect_left(self._targets, words.first)
        return min(self._targets[at], words.last) if at < len(self._targets) else words.last

    def _reach(self, cue: Cue, here: Words, sentence: Words) -> Reach | None:
        before, after = here.first - cue.end, cue.start - here.last
        group = cue.group
        if group.before and -OVERLAP <= before <= group.reach and cue.start <= here.first:
            return None if self._stopped_ahead(cue, here) else Reach(cue, max(0, before))
        if group.after and -OVERLAP <= after <= group.reach and cue.end >= here.last:
            return None if self._stopped_back(cue, here, sentence) else Reach(cue, max(0, after))
        return Reach(cue, 0) if cue.start <= here.first and here.last <= cue.end else None

    def _stopped_ahead(self, cue: Cue, here: Words) -> bool:
        """A cue in brackets does not reach out of them, nor one that may speak of what is before it over commas."""
        text, beside = self._text, (cue.end, here.first + 1)
        if cue.group.question:
            return False
        if self._ended(cue.end, here.first) or self._closed(cue.end, here.first):
            return True
        if (cue.group.comma or cue.group.after) and any_in(text.commas, *beside):
            return True
        return cue.group.comma and (any_in(text.cells, *beside) or any_in(text.openings, cue.end, here.first))

    def _stopped_back(self, cue: Cue, here: Words, sentence: Words) -> bool:
        """A cue does not reach back out of its clause when there is something in it to speak of."""
        text, beside = self._text, (here.last, cue.start + 1)
        if not self._introduced(cue.group, here.last) or self._leads_on(cue):
            return True
        if (not cue.group.beyond and self._ended(here.last, cue.start)) or count_in(text.cells, *beside) > (
            1 if cue.group.comma else 2
        ):
            return True
        if (cue.group.comma and any_in(text.commas, *beside)) or self._labelled(here.last, cue.start):
            return True
        if cue.group.final and not self._ends_clause(cue, sentence):
            return True
        if not any_in(self._clauses, *beside) or any_in(text.openings, cue.start, cue.start + 1):
            return False
        clause = self._clause(cue, sentence)
        return any_in(self._targets, clause.first, clause.last)

    def _leads_on(self, cue: Cue) -> bool:
        """Whether the target right behind a cue that denies either way is the one it denies: "GB 2626 lacks CE"."""
        if not (cue.group.before and cue.group.kind is CueKind.DENIED):
            return False
        at = bisect_left(self._targets, cue.end)
        behind = self._targets[at] if at < len(self._targets) else cue.end + LEADS_WITHIN + 1
        return behind - cue.end <= LEADS_WITHIN and not self._text.parted(cue.end, behind + 1)

    def _introduced(self, group: CueGroup, word: int) -> bool:
        """Whether `word`, right behind a claim, makes the rest of the clause speak of it."""
        return not group.followed_by or self._text.forms[word] in group.followed_by or word in self._text.colons

    def _labelled(self, first: int, last: int) -> bool:
        """Whether a target in the words [first, last) is the label before a colon: what follows speaks of that."""
        at = bisect_left(self._text.colons, last + 1) - 1
        return at >= 0 and self._text.colons[at] > first and any_in(self._targets, first, self._text.colons[at])

    def _closed(self, first: int, last: int) -> bool:
        """Whether a bracket closes that was opened before the words [first, last)."""
        closing, opening = self._text.closings, self._text.openings
        at = bisect_left(closing, first)
        return at < len(closing) and closing[at] <= last and not any_in(opening, first, closing[at])

    def _ended(self, first: int, last: int) -> bool:
        return any_in(self._terminators, first, last) or any_in(self._text.semicolons, first, last + 1)

    def _clause(self, cue: Cue, sentence: Words) -> Words:
        """From the comma, bracket or terminator before the cue to the next behind it."""
        before, behind = bisect_right(self._clauses, cue.start), bisect_left(self._clauses, cue.end)
        first = self._clauses[before - 1] if before else 0
        last = self._clauses[behind] if behind < len(self._clauses) else sentence.last
        return Words(max(first, sentence.first), min(last, sentence.last))
