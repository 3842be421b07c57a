"""Labelled mail and taught texts made ready once, and classifiers that learnt from all of it but one fold."""

from collections.abc import Callable, Iterator, Sequence

from classifiers.training import Row, TrainedClassifier, fit, prepared
from models.knowledge import Knowledge
from models.label import TrainingExample
from models.reading import Evidence
from triage.adapters.corpus import folds, taught

ReadEvidence = Callable[[bytes], Evidence]
"""Given a mail's octets, what intent and categories are judged by."""
Progress = Callable[[int, int], None]


def silent(_done: int, _all: int) -> None:
    """No progress is shown."""


def labelled_rows(
    labelled: Sequence[TrainingExample], read_evidence: ReadEvidence, knowledge: Knowledge, progress: Progress = silent
) -> Sequence[Row]:
    """The labelled mail, made ready."""
    rows: list[Row] = []
    for number, one in enumerate(labelled):
        rows += prepared([(read_evidence(one.octets), one.intent, one.categories)], knowledge.judging)
        progress(number + 1, len(labelled))
    return rows


def taught_rows(read_evidence: ReadEvidence, knowledge: Knowledge) -> Sequence[Row]:
    """What the texts of data/examples.toml teach beside the labelled mail; they are never scored."""
    texts = [(read_evidence(one.octets), one.intent, one.categories) for one in taught(knowledge.judging.taught)]
    return prepared(texts, knowledge.judging, weight=knowledge.judging.settings.taught_weight)


def folded(
    labelled: Sequence[TrainingExample],
    rows: Sequence[Row],
    beside: Sequence[Row],
    knowledge: Knowledge,
    count: int,
    seed: int,
) -> Iterator[tuple[Sequence[int], TrainedClassifier]]:
    """The positions of each fold with a classifier that learnt from the other folds."""
    for held in folds(labelled, min(count, len({one.group for one in labelled}))):
        out = set(held)
        others = [row for number, row in enumerate(rows) if number not in out]
        yield held, fit((*others, *beside), knowledge.judging, seed=seed)
