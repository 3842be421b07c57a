"""Learning from the labelled mail of data/corpus, and what an evaluation may be measured on."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

import pytest

from classifiers.judgement import judge
from classifiers.scoring import score
from classifiers.training import Example, TrainedClassifier, train
from models.knowledge import Knowledge
from models.label import TrainingExample
from models.mail import DocumentText
from models.reading import Evidence
from triage.adapters.artifacts import Registry
from triage.adapters.corpus import examples, folds, read_folder
from triage.adapters.knowledge import load
from triage.errors import InputError
from triage.jobs.learning import capped, corpus_folders, ensure_artifact, evaluate, train_artifact
from triage.resources import root
from triage.stages.parse import parse
from triage.stages.read import build_evidence
from triage.stages.screen import screen
from triage.stages.separate import separate

NOW = datetime(2020, 4, 1, 12, tzinfo=UTC)
KNOWLEDGE: Knowledge = load(root())
CORPUS = root() / "data" / "corpus"


def _no_document(_name: str, _type: str, _octets: bytes) -> DocumentText:
    return DocumentText(unread="not read in this test")


@cache
def evidence(octets: bytes) -> Evidence:
    """The evidence of a mail; attachments are left out to keep the tests quick."""
    mail = parse(octets, _no_document)
    screening = screen(mail, backfill=False, own_addresses=(), knowledge=KNOWLEDGE.screening)
    return build_evidence(mail, screening, separate(mail, KNOWLEDGE.separation), knowledge=KNOWLEDGE)


def line(octets: bytes, classifier: TrainedClassifier) -> Mapping[str, object]:
    found = judge(evidence(octets), classifier, KNOWLEDGE.judging)
    return {
        "language": evidence(octets).language,
        "intent": found.intent,
        "intent_confidence": found.intent_confidence,
        "categories": list(found.categories),
        "category_scores": dict(found.category_scores),
        "uncertain": found.uncertain,
    }


@pytest.fixture(scope="module")
def labelled() -> tuple[TrainingExample, ...]:
    mails = [mail for folder in corpus_folders(CORPUS) for mail in read_folder(folder)]
    return examples(mails, KNOWLEDGE.judging.shared_domains)


def held_out(labelled: tuple[TrainingExample, ...], rows: list[Example]) -> Mapping[str, object]:
    """Figures on one fold of three, trained on the rows of the other two."""
    held = folds(labelled, 3)[0]
    others = [row for number, row in enumerate(rows) if number not in set(held)]
    classifier = train(others, KNOWLEDGE.judging, seed=1)
    gold = {
        labelled[number].source: {
            "language": "",
            "intent": labelled[number].intent,
            "categories": list(labelled[number].categories),
            "claims": [],
            "offer_lines": [],
            "supplier": {},
            "missing": [],
            "red_flags": [],
            "priority_hint": "none",
        }
        for number in held
    }
    return score(gold, {labelled[number].source: line(labelled[number].octets, classifier) for number in held})


def test_shuffled_labels_lower_held_out_f1_by_a_tenth_at_least(labelled: tuple[TrainingExample, ...]) -> None:
    true = [(evidence(one.octets), one.intent, one.categories) for one in labelled]
    order = list(range(len(true)))
    random.Random(1).shuffle(order)
    shuffled = [(row[0], true[other][1], true[other][2]) for row, other in zip(true, order, strict=True)]
    learnt, unlearnt = held_out(labelled, true), held_out(labelled, shuffled)
    for name in ("category_micro_f1", "category_macro_f1", "intent_macro_f1"):
        assert float(str(learnt[name])) - float(str(unlearnt[name])) >= 0.1, name
    assert float(str(learnt["category_micro_f1"])) >= 0.6


def test_the_corpus_is_whole_and_its_labels_are_known(labelled: tuple[TrainingExample, ...]) -> None:
    assert len(labelled) == 580
    assert {one.intent for one in labelled} <= {one.id for one in KNOWLEDGE.judging.intents}
    assert {label for one in labelled for label in one.categories} <= {one.id for one in KNOWLEDGE.judging.categories}


def few(labelled: tuple[TrainingExample, ...]) -> tuple[TrainingExample, ...]:
    return labelled[:40]


def test_an_artifact_names_what_it_was_trained_on(labelled: tuple[TrainingExample, ...], tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    shown: list[tuple[int, int]] = []
    manifest = train_artifact(
        few(labelled), evidence, KNOWLEDGE, registry, seed=3, now=NOW, progress=lambda *at: shown.append(at)
    )
    assert set(manifest.trained_on) <= {one.id for one in few(labelled)}
    assert manifest.knowledge_digest == KNOWLEDGE.digest
    assert {"scikit-learn", "numpy"} <= set(manifest.libraries)
    assert set(manifest.scores) == {"intent_accuracy", "intent_macro_f1", "category_micro_f1", "category_macro_f1"}
    assert registry.current_id() is None
    assert shown[-1] == (len(manifest.trained_on), len(manifest.trained_on))


def test_the_same_mail_gives_the_same_artifact(labelled: tuple[TrainingExample, ...], tmp_path: Path) -> None:
    build = partial(train_artifact, read_evidence=evidence, knowledge=KNOWLEDGE, seed=3, now=NOW)
    one = build(few(labelled), registry=Registry(tmp_path / "a"))
    other = build(tuple(reversed(few(labelled))), registry=Registry(tmp_path / "b"))
    assert one == other


def test_the_first_start_trains_and_later_ones_do_not(labelled: tuple[TrainingExample, ...], tmp_path: Path) -> None:
    registry = Registry(tmp_path / "artifacts")
    folder = tmp_path / "corpus" / "d"
    (folder / "mail").mkdir(parents=True)
    (folder / "gold.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="label more"):
        ensure_artifact(registry, tmp_path / "corpus", evidence, KNOWLEDGE, now=NOW)
    manifest = train_artifact(few(labelled), evidence, KNOWLEDGE, registry, seed=3, now=NOW)
    registry.promote(manifest.id, worse_by=0)
    assert ensure_artifact(registry, tmp_path / "corpus", evidence, KNOWLEDGE, now=NOW) == manifest.id


def test_look_alikes_weigh_as_a_few(labelled: tuple[TrainingExample, ...]) -> None:
    one = labelled[0]
    copies = [
        TrainingExample(
            id=f"{number:064}", octets=b"", intent="offer", categories=(), group=one.group, source="injected"
        )
        for number in range(500)
    ]
    kept = capped([*labelled, *copies], KNOWLEDGE)
    assert sum(example.group == one.group for example in kept) <= 0.02 * (len(labelled) + len(copies)) + 1


def test_an_artifact_is_not_scored_on_what_it_was_trained_on(
    labelled: tuple[TrainingExample, ...], tmp_path: Path
) -> None:
    registry = Registry(tmp_path)
    manifest = train_artifact(few(labelled), evidence, KNOWLEDGE, registry, seed=3, now=NOW)
    registry.promote(manifest.id, worse_by=0)
    with pytest.raises(InputError, match="trained on"):
        evaluate([CORPUS / "d1"], line, KNOWLEDGE, registry=registry)
    found = evaluate([CORPUS / "d3"], line, KNOWLEDGE, registry=registry)
    assert found.figures["mails"] == 60
    assert float(str(found.figures["intent_ece"])) < 0.5


def test_folds_score_every_mail_once(labelled: tuple[TrainingExample, ...]) -> None:
    found = evaluate([CORPUS / "d3"], line, KNOWLEDGE, read_evidence=evidence, fold_count=2)
    assert (found.figures["mails"], found.figures["read"]) == (60, 60)
    assert found.misses


def test_an_empty_set_is_no_evaluation(tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no labelled mail"):
        evaluate([tmp_path], line, KNOWLEDGE, read_evidence=evidence, fold_count=2)
