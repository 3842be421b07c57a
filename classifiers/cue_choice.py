"""Which of the cues that reach a claim decide how it is meant."""

from collections import defaultdict
from collections.abc import Sequence

from classifiers.claim_words import Cue
from classifiers.cue_reach import Reach
from models.knowledge.claims import CueKind

DECIDING = (CueKind.PENDING, CueKind.DENIED, CueKind.QUOTED)
TURNED_WITHIN = 1  # words between a deciding cue and the asserting one that it turns


def rank(reach: Reach) -> tuple[int, int, bool]:
    """The nearest cue first, then the longest; a demand before a lack."""
    return reach.gap, reach.cue.start - reach.cue.end, reach.cue.group.kind is not CueKind.QUOTED


def turned(cue: Cue, found: Sequence[Reach]) -> bool:
    """Whether an asserting cue stands itself right behind a deciding one, which then holds."""
    return cue.group.kind is CueKind.ASSERTED and any(
        other.cue.group.kind in DECIDING
        and not other.cue.group.question
        and other.cue.start <= cue.start
        and cue.start - other.cue.end <= TURNED_WITHIN
        for other in found
    )


def counted(found: Sequence[Reach]) -> list[Reach]:
    """The reaches of cues that need no other, else those of paired cues that make a pair."""
    alone = [reach for reach in found if not reach.cue.group.paired]
    if alone or not found:
        return alone
    told = defaultdict(set)
    for reach in found:
        told[reach.cue.group.kind].add(reach.cue.group.paired)
    return [reach for reach in found if len(told[reach.cue.group.kind]) > 1]
