"""How a mail speaks of a product: the nearest cue in whose reach it stands (the ConText algorithm's idea)."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.phrasebook import Hit
from classifiers.words import Word
from models.knowledge.products import StanceCue
from models.reading import Stance

_STRENGTH = {Stance.DENIED: 0, Stance.NEEDED: 1, Stance.MENTIONED: 2, Stance.OFFERED: 3}
_LISTS = 3  # cues before a list that may hold for its items
_STOPS = ".!?;:。！？"


@dataclass(frozen=True, slots=True)
class _Layout:
    """For each word the number of its sentence and of its block (a paragraph, or a list with its introduction)."""

    sentence: list[int]
    block: list[int]


def stances(
    text: str,
    text_words: Sequence[Word],
    mentions: Sequence[Hit],
    cues: Sequence[Hit],
    rows: Sequence[StanceCue | None],
    reach: int,
) -> list[Stance]:
    """The stance of each mention. A row None ends a cue's reach; `reach`: words that a cue of scope sentence spans."""
    if not mentions:
        return []
    layout = _layout(text, text_words)
    stops = sorted(cue.start for cue in cues if rows[cue.row] is None)
    said = _Said([(cue, row) for cue in cues if (row := rows[cue.row]) is not None], reach)
    return [_stance(mention, said.near(mention), stops, layout, reach) for mention in mentions]


class _Said:
    """The cues of a text, found by place: a mention asks only those that may reach it."""

    def __init__(self, cues: Sequence[tuple[Hit, StanceCue]], reach: int) -> None:
        self._cues = sorted(cues, key=lambda one: one[0].start)
        self._starts = [cue.start for cue, _ in self._cues]
        self._lists = [one for one in self._cues if one[1].scope == "list"]
        self._list_starts = [cue.start for cue, _ in self._lists]
        self._everywhere = [one for one in self._cues if one[1].scope == "mail"][:1]
        self._room = reach + max((cue.end - cue.start for cue, _ in self._cues), default=0)

    def near(self, mention: Hit) -> Sequence[tuple[Hit, StanceCue]]:
        """Cues around the mention, the last list cues before it, and one that holds for the mail."""
        low = bisect_left(self._starts, mention.start - self._room)
        high = bisect_right(self._starts, mention.end + self._room)
        before = bisect_left(self._list_starts, mention.start)
        return (*self._cues[low:high], *self._lists[max(before - _LISTS, 0) : before], *self._everywhere)


def _stance(
    mention: Hit, said: Sequence[tuple[Hit, StanceCue]], stops: Sequence[int], layout: _Layout, reach: int
) -> Stance:
    best: tuple[int, int, int] | None = None
    stance = Stance.OFFERED
    for cue, row in said:
        rank = _rank(mention, cue, row, stops, layout, reach)
        if rank is not None:
            key = (*rank, _STRENGTH[row.stance])
            if best is None or key < best:
                best, stance = key, row.stance
    return stance


def _rank(
    mention: Hit, cue: Hit, row: StanceCue, stops: Sequence[int], layout: _Layout, reach: int
) -> tuple[int, int] | None:
    """(scope, distance in words) when the mention stands in the cue's reach."""
    if row.scope == "mail":
        return 2, abs(mention.start - cue.start)
    if mention.start < cue.end and cue.start < mention.end:
        return None  # a product that is part of the cue itself: "raw materials for"
    after = mention.start >= cue.end
    if (row.direction == "after" and not after) or (row.direction == "before" and after):
        return None
    low, high = (cue.end, mention.start) if after else (mention.end, cue.start)
    distance = max(high - low, 0)
    if layout.sentence[cue.start] == layout.sentence[mention.start]:
        stopped = bisect_left(stops, low) < bisect_left(stops, high)
        return (0, distance) if distance <= reach and not stopped else None
    if row.scope == "list" and after and layout.block[cue.start] == layout.block[mention.start]:
        return 1, distance
    return None


def _layout(text: str, text_words: Sequence[Word]) -> _Layout:
    sentence, block, sentences, blocks = 0, 0, [], []
    introduced = False
    for number, word in enumerate(text_words):
        gap = text[text_words[number - 1].end : word.start] if number else ""
        if gap and gap != " ":  # most are a blank, which ends nothing
            ended = _ends_sentence(gap)
            if "\n\n" in gap.replace(" ", "").replace("\r", "") and not introduced:
                block += 1
            sentence += ended
            introduced = ":" in gap if ended else introduced
        sentences.append(sentence)
        blocks.append(block)
    return _Layout(sentences, blocks)


def _ends_sentence(gap: str) -> bool:
    """Whether a sentence ends between two words: a stop before white space, a list item, a cell, an empty line."""
    if any(mark in gap for mark in _STOPS) and (gap.strip() != gap or "\n" in gap or not gap.isascii()):
        return True
    first, *further = gap.split("\n")
    return len(further) > 1 or any(line.strip() for line in further) or "\t" in first or "|" in first
