"""Learning: labelled mail → an artifact with held-out figures, and how well whole readings agree with labelled mail."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from math import isfinite
from pathlib import Path

from classifiers.calibration import expected_calibration_error
from classifiers.judgement import judge
from classifiers.scoring import scored
from classifiers.training import Row, TrainedClassifier, fit
from models.knowledge import Knowledge
from models.label import ArtifactManifest, TrainingExample
from triage.adapters.artifacts import Registry
from triage.adapters.corpus import LabelledMail, content_hash, examples, read_folder, regrouped
from triage.errors import ArtifactError, InputError
from triage.jobs.teaching import Progress, ReadEvidence, folded, labelled_rows, silent, taught_rows

ReadMail = Callable[[bytes, TrainedClassifier], Mapping[str, object]]
"""Given a mail's octets and a classifier, the line of `triage read`."""

LIBRARIES = ("scikit-learn", "numpy", "scipy", "spacy")
FOLDS = 5
SCORES = ("intent_accuracy", "intent_macro_f1", "category_micro_f1", "category_macro_f1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Figures by name, over all folders and by folder, and a line on each miss by kind."""

    figures: Mapping[str, object]
    by_folder: Mapping[str, Mapping[str, object]]
    misses: Mapping[str, Sequence[str]]


def train_artifact(
    labelled: Sequence[TrainingExample],
    read_evidence: ReadEvidence,
    knowledge: Knowledge,
    registry: Registry,
    *,
    seed: int,
    now: datetime,
    progress: Progress = silent,
) -> ArtifactManifest:
    """Train on the labelled mail, score by folds that share no group, and save (not promote) the artifact.

    No group weighs more than its share (data/judging.toml). The artifact's id comes from what it is made of: made
    again, it is the same one. Raises InputError when there is too little to learn from.
    """
    kept = capped(regrouped(labelled, knowledge.judging.shared_domains), knowledge)
    corpus = corpus_digest(kept)
    libraries = {name: version(name) for name in LIBRARIES}
    identity = _sha256(corpus, knowledge.digest, str(seed), *libraries.values())[:12]
    if registry.holds(identity):
        return registry.manifest(identity)
    if not kept:
        raise InputError("cannot train: no labelled mail; label more mail")
    rows = labelled_rows(kept, read_evidence, knowledge, progress)
    beside = taught_rows(read_evidence, knowledge)
    try:
        classifier = fit((*rows, *beside), knowledge.judging, seed=seed)
        scores = held_out_scores(kept, rows, beside, knowledge, seed=seed)
    except ValueError as fault:
        raise InputError(f"cannot train: {fault}; label more mail") from None
    manifest = ArtifactManifest(
        id=identity,
        created_at=now,
        corpus_digest=corpus,
        knowledge_digest=knowledge.digest,
        trained_on=tuple(sorted(example.id for example in kept)),
        libraries=libraries,
        seed=seed,
        scores=scores,
        files={},
    )
    return registry.save(classifier, manifest)


def ensure_artifact(
    registry: Registry,
    corpus: Path,
    read_evidence: ReadEvidence,
    knowledge: Knowledge,
    *,
    now: datetime,
    progress: Progress = silent,
) -> str:
    """The id of the artifact in use, trained first where there is none.

    It is trained from the folders in `corpus`. One trained from nothing else is trained anew when the knowledge
    is no longer the one it was trained with, for the evidence is then read otherwise.
    """
    current = registry.current_id()
    if current is not None and registry.manifest(current).knowledge_digest == knowledge.digest:
        return current
    mails = [mail for folder in corpus_folders(corpus) for mail in read_folder(folder)]
    labelled = examples(mails, knowledge.judging.shared_domains)
    if current is not None and not set(registry.manifest(current).trained_on) <= {one.id for one in labelled}:
        return current
    settings = knowledge.judging.settings
    manifest = train_artifact(
        labelled, read_evidence, knowledge, registry, seed=settings.seed, now=now, progress=progress
    )
    registry.promote(manifest.id, worse_by=settings.worse_by, reason="the knowledge has changed")
    return manifest.id


def corpus_folders(corpus: Path) -> Sequence[Path]:
    """The folders of labelled mail in a corpus, by name."""
    return tuple(sorted(gold.parent for gold in corpus.glob("*/gold.jsonl")))


def evaluate(
    folders: Sequence[Path],
    read_mail: ReadMail,
    knowledge: Knowledge,
    *,
    read_evidence: ReadEvidence | None = None,
    registry: Registry | None = None,
    fold_count: int = 0,
    progress: Progress = silent,
) -> Evaluation:
    """Score whole readings of the labelled mail in `folders`.

    With folds, each mail is read by a classifier trained (over `read_evidence`) on mail of other groups. Without, by
    the artifact in use; InputError when that was trained on some of the mail.
    """
    mails = [mail for folder in folders for mail in read_folder(folder)]
    if not mails:
        raise InputError("no labelled mail in these folders")
    if fold_count:
        if read_evidence is None:
            raise TypeError("folds are trained over read_evidence")
        lines = _by_folds(mails, read_mail, read_evidence, knowledge, fold_count, progress)
    else:
        if registry is None:
            raise TypeError("without folds the artifact in use reads")
        lines = _by_artifact(mails, read_mail, registry, progress)
    readings = dict(lines)
    figures, misses = _scored(mails, readings)
    by_folder = {folder.name: _scored(_of(folder, mails), readings)[0] for folder in folders}
    return Evaluation(figures=figures, by_folder=by_folder, misses=misses)


def _of(folder: Path, mails: Sequence[LabelledMail]) -> Sequence[LabelledMail]:
    return [mail for mail in mails if mail.name.startswith(f"{folder.name}/")]


def _scored(
    mails: Sequence[LabelledMail], readings: Mapping[str, Mapping[str, object]]
) -> tuple[dict[str, object], Mapping[str, Sequence[str]]]:
    figures, misses = scored({mail.name: mail.gold for mail in mails}, readings)
    return figures | _calibration(mails, readings), misses


def _calibration(mails: Sequence[LabelledMail], readings: Mapping[str, Mapping[str, object]]) -> dict[str, float]:
    """Expected calibration errors of intent and categories, and the share of mail that was left to a person."""
    sure, right, scores, present, uncertain = [], [], [], [], 0
    for mail in mails:
        line, labels = readings[mail.name], mail.gold["categories"]
        confidence, by_category = line.get("intent_confidence"), line.get("category_scores")
        if isinstance(confidence, float):
            sure.append(confidence)
            right.append(line.get("intent") == mail.gold["intent"])
        if isinstance(by_category, Mapping) and isinstance(labels, list):
            scores += list(by_category.values())
            present += [category in labels for category in by_category]
        uncertain += bool(line.get("uncertain"))
    return {
        "intent_ece": expected_calibration_error(sure, right),
        "category_ece": expected_calibration_error(scores, present),
        "uncertain": uncertain / len(mails),
    }


def capped(labelled: Sequence[TrainingExample], knowledge: Knowledge) -> Sequence[TrainingExample]:
    """The examples without doubles, and of no group more than its share: five hundred look-alikes weigh as a few."""
    settings = knowledge.judging.settings
    most = max(settings.group_least, round(settings.group_share * len(labelled)))
    seen: Counter[str] = Counter()
    kept: dict[str, TrainingExample] = {}
    for example in sorted(labelled, key=lambda one: (one.group, one.id)):
        if example.id not in kept and seen[example.group] < most:
            kept[example.id] = example
            seen[example.group] += 1
    return tuple(kept[one] for one in sorted(kept))


def corpus_digest(labelled: Sequence[TrainingExample]) -> str:
    """sha256 over contents and labels, whatever their order."""
    return _sha256(*sorted("\t".join((one.id, one.intent, ",".join(one.categories))) for one in labelled))


def held_out_scores(
    labelled: Sequence[TrainingExample], rows: Sequence[Row], beside: Sequence[Row], knowledge: Knowledge, *, seed: int
) -> Mapping[str, float]:
    """Figures of judgements by folds that share no group: the higher the better. `beside` teaches in every fold."""
    gold, readings = {}, {}
    for held, classifier in folded(labelled, rows, beside, knowledge, FOLDS, seed):
        for number in held:
            judgement = judge(rows[number].evidence, classifier, knowledge.judging)
            gold[str(number)] = _as_gold(labelled[number])
            readings[str(number)] = {"intent": judgement.intent, "categories": list(judgement.categories)}
    figures, _ = scored(gold, readings)
    return {name: value for name in SCORES if isinstance(value := figures[name], float) and isfinite(value)}


def _as_gold(example: TrainingExample) -> Mapping[str, object]:
    return {
        "language": "",
        "intent": example.intent,
        "categories": list(example.categories),
        "claims": [],
        "offer_lines": [],
        "supplier": {},
        "missing": [],
        "red_flags": [],
        "priority_hint": "none",
    }


def _by_folds(
    mails: Sequence[LabelledMail],
    read_mail: ReadMail,
    read_evidence: ReadEvidence,
    knowledge: Knowledge,
    fold_count: int,
    progress: Progress,
) -> Iterator[tuple[str, Mapping[str, object]]]:
    labelled = examples(mails, knowledge.judging.shared_domains)
    rows, beside = labelled_rows(labelled, read_evidence, knowledge), taught_rows(read_evidence, knowledge)
    done = 0
    for held, classifier in folded(labelled, rows, beside, knowledge, fold_count, knowledge.judging.settings.seed):
        for number in held:
            yield mails[number].name, read_mail(mails[number].octets, classifier)
            done += 1
            progress(done, len(mails))


def _by_artifact(
    mails: Sequence[LabelledMail], read_mail: ReadMail, registry: Registry, progress: Progress
) -> Iterator[tuple[str, Mapping[str, object]]]:
    artifact = registry.current_id()
    if artifact is None:
        raise ArtifactError("no artifact is in use; run `triage train --promote`, or evaluate by folds")
    known = set(registry.manifest(artifact).trained_on)
    seen = [mail.name for mail in mails if content_hash(mail.octets) in known]
    if seen:
        raise InputError(
            f"artifact {artifact} was trained on {len(seen)} of these mails ({seen[0]} first), so that a figure says "
            "nothing; evaluate by folds (--folds 5) or on other mail"
        )
    classifier = registry.load(artifact)
    for number, mail in enumerate(mails, 1):
        yield mail.name, read_mail(mail.octets, classifier)
        progress(number, len(mails))


def _sha256(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
