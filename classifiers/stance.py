"""How a mail speaks of a product: the nearest cue in whose reach it stands (the ConText algorithm's idea)."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.phrasebook import Hit
from classifiers.words import Word
from models.knowledge.products import StanceCue
from models.reading import Stance

_STRENGTH = {Stance.DENIED: 0, Stance.NEEDED: 1, Stance.MENTIONED: 2, Stance.OFFERED: 3}
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
    layout = _layout(text, text_words)
    stops = [cue.start for cue in cues if rows[cue.row] is None]
    said = [(cue, row) for cue in cues if (row := rows[cue.row]) is not None]
    return [_stance(mention, said, stops, layout, reach) for mention in mentions]


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
    after = mention.start >= cue.start
    if (row.direction == "after" and not after) or (row.direction == "before" and after):
        return None
    low, high = (cue.end, mention.start) if after else (mention.end, cue.start)
    distance = max(high - low, 0)
    if layout.sentence[cue.start] == layout.sentence[mention.start]:
        stopped = any(low <= stop < high for stop in stops)
        return (0, distance) if distance <= reach and not stopped else None
    if row.scope == "list" and after and layout.block[cue.start] == layout.block[mention.start]:
        return 1, distance
    return None


def _layout(text: str, text_words: Sequence[Word]) -> _Layout:
    sentence, block, sentences, blocks = 0, 0, [], []
    introduced = False
    for number, word in enumerate(text_words):
        gap = text[text_words[number - 1].end : word.start] if number else ""
        if gap:
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
