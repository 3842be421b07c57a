"""Lists of designations that one cue speaks of: "neither CE, EN 149 nor EN 166"."""

import re
from collections.abc import Sequence

from classifiers.claim_words import Cue
from classifiers.cue_reach import Words
from classifiers.word_run import WordRun, any_in
from models.knowledge.claims import CueKind

_JOINS = re.compile(r"\s?[/&+]\s?")


def joined(
    text: WordRun, targets: Sequence[Words], bare: Sequence[bool], cues: Sequence[Cue], sentences: list[int]
) -> list[Words]:
    """For each target the words of the list that it stands in, else its own. `sentences` begin at these words.

    A list ends in a word or mark that joins; before that, `bare` designations may follow one another by commas.
    """
    joins = {word for cue in cues if cue.group.kind is CueKind.JOIN for word in range(cue.start, cue.end)}
    first_of_list: list[bool] = [True] * len(targets)
    closed = False
    for number in range(len(targets) - 1, 0, -1):
        left, right = targets[number - 1], targets[number]
        between, beside = range(left.last, right.first), (left.last, right.first + 1)
        joins_here = bool(between) or _joining_mark(text, left, right)
        comma = any_in(text.commas, *beside)
        apart = not joins.issuperset(between) or any_in(sentences, *beside) or (not comma and text.parted(*beside))
        closed = not apart and (closed or (joins_here and not comma))
        first_of_list[number] = apart or (comma and not (closed and bare[number - 1]))
    return _lists(targets, first_of_list)


def _joining_mark(text: WordRun, left: Words, right: Words) -> bool:
    return left.last <= right.first and _JOINS.fullmatch(text.gap(left.last, right.first)) is not None


def _lists(targets: Sequence[Words], first_of_list: Sequence[bool]) -> list[Words]:
    runs: list[list[Words]] = []
    for target, first in zip(targets, first_of_list, strict=True):
        if first:
            runs.append([])
        runs[-1].append(target)
    wholes = [Words(run[0].first, max(one.last for one in run)) for run in runs]
    return [whole for whole, run in zip(wholes, runs, strict=True) for _ in run]
