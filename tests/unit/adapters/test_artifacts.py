"""The registry of artifacts: what is loaded is what was saved, or nothing."""

import json
import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from classifiers.judgement import judge
from classifiers.training import train
from models.label import ArtifactManifest
from tests.unit.classifiers.judged import KNOWLEDGE, evidence, examples
from triage.adapters.artifacts import CURRENT, MANIFEST, NAMES, NUMBERS, Registry
from triage.errors import ArtifactError

CLASSIFIER = train(examples(), KNOWLEDGE, seed=1)
DAY = datetime(2020, 4, 1, tzinfo=UTC)


def manifest(name: str, score: float = 0.8, day: int = 0) -> ArtifactManifest:
    return ArtifactManifest(
        id=name,
        created_at=DAY + timedelta(days=day),
        corpus_digest="c" * 64,
        knowledge_digest="k" * 64,
        trained_on=("a" * 64, "b" * 64),
        libraries={"numpy": "2"},
        seed=1,
        scores={"category_micro_f1": score},
        files={},
    )


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "artifacts")


def saved(registry: Registry, name: str = "first", **said: float) -> str:
    return registry.save(CLASSIFIER, manifest(name, **said)).id


def test_a_round_trip_gives_identical_probabilities(registry: Registry) -> None:
    loaded = registry.load(saved(registry))
    for mail in (evidence("we sell apples", "apples"), evidence("who?"), evidence("pears and apples", "pears")):
        before, after = judge(mail, CLASSIFIER, KNOWLEDGE), judge(mail, loaded, KNOWLEDGE)
        assert before.intent_scores == after.intent_scores
        assert before.category_scores == after.category_scores
        assert after.artifact == "first"


def test_a_manifest_comes_back_as_it_was_saved(registry: Registry) -> None:
    complete = registry.save(CLASSIFIER, manifest("first"))
    assert registry.manifest("first") == complete
    assert set(complete.files) == {NAMES, NUMBERS}


def test_the_same_classifier_gives_the_same_octets(registry: Registry) -> None:
    one, other = registry.save(CLASSIFIER, manifest("first")), registry.save(CLASSIFIER, manifest("second"))
    assert one.files == other.files


@pytest.mark.parametrize("name", [NAMES, NUMBERS])
def test_an_altered_file_is_refused(registry: Registry, tmp_path: Path, name: str) -> None:
    file = tmp_path / "artifacts" / saved(registry) / name
    octets = bytearray(file.read_bytes())
    octets[len(octets) // 2] ^= 1
    file.write_bytes(octets)
    with pytest.raises(ArtifactError, match="altered"):
        registry.load("first")


def test_a_pickle_is_refused_even_when_the_manifest_vouches_for_it(registry: Registry, tmp_path: Path) -> None:
    import hashlib

    folder = tmp_path / "artifacts" / saved(registry)
    evil = pickle.dumps({"weights": [1.0]})
    (folder / NUMBERS).write_bytes(evil)
    said = json.loads((folder / MANIFEST).read_text())
    said["files"][NUMBERS] = hashlib.sha256(evil).hexdigest()
    (folder / MANIFEST).write_text(json.dumps(said))
    with pytest.raises(ArtifactError, match="another version"):
        registry.load("first")


def test_a_corrupt_artifact_is_never_promoted_and_the_old_one_stays(registry: Registry, tmp_path: Path) -> None:
    registry.promote(saved(registry), worse_by=0.01)
    saved(registry, "second", score=0.9, day=1)
    (tmp_path / "artifacts" / "second" / NUMBERS).write_bytes(b"")
    with pytest.raises(ArtifactError):
        registry.promote("second", worse_by=0.01)
    assert registry.current_id() == "first"
    current = registry.current()
    assert current is not None
    assert current.id == "first"


def test_a_worse_artifact_is_promoted_only_with_a_reason(registry: Registry) -> None:
    registry.promote(saved(registry), worse_by=0.01)
    saved(registry, "second", score=0.7, day=1)
    with pytest.raises(ArtifactError, match="worse"):
        registry.promote("second", worse_by=0.01)
    assert registry.current_id() == "first"
    comparison = registry.promote("second", worse_by=0.01, reason="the old one cannot read Danish")
    assert [(one.value, one.current, one.worse) for one in comparison] == [(0.7, 0.8, True)]
    assert registry.current_id() == "second"


def test_a_fall_within_the_tolerance_is_no_fall(registry: Registry) -> None:
    registry.promote(saved(registry), worse_by=0.01)
    registry.promote(saved(registry, "second", score=0.795, day=1), worse_by=0.01)
    assert registry.current_id() == "second"


def test_a_rollback_brings_back_the_one_before(registry: Registry) -> None:
    registry.promote(saved(registry), worse_by=0.01)
    registry.promote(saved(registry, "second", day=1), worse_by=0.01)
    assert registry.rollback() == "first"
    assert registry.current_id() == "first"
    with pytest.raises(ArtifactError, match="before"):
        registry.rollback()


def test_a_list_is_in_order_of_time_and_leaves_out_what_is_unfinished(registry: Registry, tmp_path: Path) -> None:
    saved(registry, "zzz", day=0)
    saved(registry, "aaa", day=1)
    unfinished = tmp_path / "artifacts" / ".bbb.1234"
    unfinished.mkdir()
    (unfinished / MANIFEST).write_text("{")
    assert [one.id for one in registry.list()] == ["zzz", "aaa"]


def test_an_artifact_is_never_overwritten(registry: Registry) -> None:
    saved(registry)
    with pytest.raises(ArtifactError, match="already"):
        saved(registry)


@pytest.mark.parametrize("name", ["../first", "", "x/y", ".hidden", "A"])
def test_an_id_never_leaves_the_folder(registry: Registry, name: str) -> None:
    with pytest.raises(ArtifactError):
        registry.load(name)


def test_an_empty_registry_has_no_artifact_in_use(registry: Registry) -> None:
    assert registry.current() is None
    assert registry.list() == ()


def test_the_files_are_for_their_owner_alone(registry: Registry, tmp_path: Path) -> None:
    registry.promote(saved(registry), worse_by=0.01)
    for file in [tmp_path / "artifacts" / CURRENT, *(tmp_path / "artifacts" / "first").iterdir()]:
        assert file.stat().st_mode & 0o077 == 0
