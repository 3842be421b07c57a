"""Trained classifiers in a folder: numbers and words only, never code, verified before they are loaded.

<folder>/current                 id of the artifact in use, and before it those used before, newest first
<folder>/<id>/manifest.json      what it was made from, held-out figures, sha256 of the files beside it
<folder>/<id>/names.json         names of terms, features and classes
<folder>/<id>/numbers.npz        the weights
"""

import hashlib
import io
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from classifiers.training import TrainedClassifier
from models.label import ArtifactManifest
from triage.adapters.artifact_form import names_of, numbers_of, rebuilt
from triage.errors import ArtifactError

MANIFEST, NAMES, NUMBERS, CURRENT = "manifest.json", "names.json", "numbers.npz", "current"
_ID = re.compile(r"[0-9a-z][0-9a-z-]{2,60}")
_KEPT = 20  # former artifacts that the pointer remembers
_LARGEST = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A held-out figure of an artifact beside that of the one in use; `worse` when it falls by more than is allowed."""

    name: str
    value: float
    current: float | None
    worse: bool


class Registry:
    """The artifacts below one folder. Everything raises ArtifactError when an artifact cannot be trusted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, classifier: TrainedClassifier, manifest: ArtifactManifest) -> ArtifactManifest:
        """Write the artifact whole or not at all; the manifest comes back with the sha256 of its files."""
        place = self._place(manifest.id)
        if place.exists():
            raise ArtifactError(f"artifact {manifest.id} is there already; artifacts are never overwritten")
        contents = {NAMES: names_of(classifier), NUMBERS: numbers_of(classifier)}
        complete = replace(manifest, files={name: _sha256(octets) for name, octets in contents.items()})
        unfinished = self._folder / f".{manifest.id}.{secrets.token_hex(4)}"
        try:
            unfinished.mkdir(parents=True)
            for name, octets in {**contents, MANIFEST: _manifest_octets(complete)}.items():
                _write(unfinished / name, octets)
            unfinished.rename(place)
            _sync(self._folder)
        except OSError as fault:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise ArtifactError(
                f"{self._folder}: cannot write an artifact ({fault.strerror or fault}); "
                "let this user write there, or set TRIAGE_HOME"
            ) from None
        return complete

    def load(self, artifact: str) -> TrainedClassifier:
        """The classifier, after its files were found as the manifest says."""
        manifest = self.manifest(artifact)
        if set(manifest.files) != {NAMES, NUMBERS}:
            raise ArtifactError(f"artifact {artifact}: its manifest names other files than {NAMES} and {NUMBERS}")
        contents = {name: self._verified(artifact, name, digest) for name, digest in manifest.files.items()}
        try:
            return replace(rebuilt(contents[NAMES], io.BytesIO(contents[NUMBERS])), id=artifact)
        except (ValueError, KeyError, TypeError, OSError, EOFError) as fault:
            raise ArtifactError(f"artifact {artifact}: of another version ({fault}); train again") from None

    def holds(self, artifact: str) -> bool:
        """Whether there is such an artifact."""
        return (self._place(artifact) / MANIFEST).is_file()

    def manifest(self, artifact: str) -> ArtifactManifest:
        """What the artifact says of itself."""
        try:
            fields = json.loads((self._place(artifact) / MANIFEST).read_bytes())
            fields["created_at"] = datetime.fromisoformat(fields["created_at"])
            fields["trained_on"] = tuple(fields["trained_on"])
            manifest = ArtifactManifest(**fields)
        except FileNotFoundError:
            raise ArtifactError(f"no artifact {artifact} in {self._folder}") from None
        except (OSError, ValueError, KeyError, TypeError) as fault:
            raise ArtifactError(f"artifact {artifact}: its manifest cannot be read ({fault})") from None
        if manifest.id != artifact:
            raise ArtifactError(f"artifact {artifact}: its manifest is that of {manifest.id}")
        return manifest

    def current(self) -> TrainedClassifier | None:
        """The artifact in use, or None when none was promoted yet."""
        artifact = self.current_id()
        return None if artifact is None else self.load(artifact)

    def current_id(self) -> str | None:
        """The id of the artifact in use."""
        return next(iter(self._pointer()), None)

    def list(self) -> Sequence[ArtifactManifest]:
        """The manifests of all artifacts that can be read, oldest first."""
        found = []
        for place in sorted(self._folder.glob(f"*/{MANIFEST}")):
            if not place.parent.name.startswith("."):
                try:
                    found.append(self.manifest(place.parent.name))
                except ArtifactError:
                    continue
        return tuple(sorted(found, key=lambda manifest: (manifest.created_at, manifest.id)))

    def compared(self, artifact: str, *, worse_by: float) -> Sequence[Compared]:
        """The artifact's held-out figures beside those of the one in use."""
        held = self.current_id()
        now = self.manifest(held).scores if held else {}
        return tuple(
            Compared(
                name=name,
                value=value,
                current=now.get(name),
                worse=name in now and value < now[name] - worse_by,
            )
            for name, value in sorted(self.manifest(artifact).scores.items())
        )

    def promote(self, artifact: str, *, worse_by: float, reason: str = "") -> Sequence[Compared]:
        """Use this artifact from now on; returns the comparison.

        ArtifactError when a held-out figure falls by more than `worse_by` and no `reason` is given, or the artifact
        cannot be loaded; then the one in use stays.
        """
        comparison = self.compared(artifact, worse_by=worse_by)
        fallen = [f"{one.name} {one.value:.3f} (now {one.current:.3f})" for one in comparison if one.worse]
        if fallen and not reason.strip():
            raise ArtifactError(
                f"artifact {artifact} is worse: {', '.join(fallen)}; promote it with a reason, or train again"
            )
        self.load(artifact)
        self._point([artifact, *(one for one in self._pointer() if one != artifact)])
        return comparison

    def rollback(self) -> str:
        """Use the artifact that was in use before. Returns its id."""
        _, *former = self._pointer() or ("",)
        if not former:
            raise ArtifactError("no artifact was in use before this one")
        self.load(former[0])
        self._point(former)
        return former[0]

    def _pointer(self) -> tuple[str, ...]:
        try:
            return tuple((self._folder / CURRENT).read_text(encoding="ascii").split())
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as fault:
            raise ArtifactError(
                f"{self._folder / CURRENT}: cannot be read ({fault}); promote an artifact again"
            ) from None

    def _point(self, ids: Sequence[str]) -> None:
        """Switched by a rename: after a crash the pointer names the old artifact or the new one."""
        unfinished = self._folder / f".{CURRENT}.{secrets.token_hex(4)}"
        _write(unfinished, "".join(f"{one}\n" for one in ids[:_KEPT]).encode("ascii"))
        unfinished.replace(self._folder / CURRENT)
        _sync(self._folder)

    def _place(self, artifact: str) -> Path:
        if not _ID.fullmatch(artifact):
            raise ArtifactError(f"{artifact!r} is no artifact's id; `triage artifacts list` shows them")
        return self._folder / artifact

    def _verified(self, artifact: str, name: str, digest: str) -> bytes:
        file = self._place(artifact) / name
        try:
            if file.stat().st_size > _LARGEST:
                raise ArtifactError(f"artifact {artifact}: {name} is larger than any artifact")
            octets = file.read_bytes()
        except OSError as fault:
            raise ArtifactError(f"artifact {artifact}: {name} cannot be read ({fault})") from None
        if _sha256(octets) != digest:
            raise ArtifactError(f"artifact {artifact}: {name} was altered; roll back, or train again")
        return octets


def _manifest_octets(manifest: ArtifactManifest) -> bytes:
    fields: dict[str, object] = asdict(manifest)
    fields["created_at"] = manifest.created_at.isoformat()
    return json.dumps(fields, indent=1, sort_keys=True, default=_plain).encode()


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} does not belong into a manifest")


def _write(file: Path, octets: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(octets)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()
