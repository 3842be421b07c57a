"""A trained classifier as JSON names and plain arrays of numbers, and back. Nothing in either can run."""

import io
import json
import zipfile
from typing import TYPE_CHECKING, BinaryIO

from classifiers.linear import LinearModel, TermWeights
from classifiers.training import TrainedClassifier

if TYPE_CHECKING:
    from classifiers.linear import Numbers

VERSION = 1
MODELS = ("intent", "words", "category")


def names_of(classifier: TrainedClassifier) -> bytes:
    """The names of terms, features and classes."""
    models = {name: getattr(classifier, name) for name in MODELS}
    names = {
        "version": VERSION,
        "terms": classifier.terms.terms,
        **{
            name: {"classes": model.classes, "features": model.features, "exclusive": model.exclusive}
            for name, model in models.items()
        },
    }
    return json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode()


def numbers_of(classifier: TrainedClassifier) -> bytes:
    """The weights, each array a .npy member of an archive with fixed dates: equal numbers, equal octets."""
    import numpy as np

    arrays = {"idf": classifier.terms.idf}
    for name in MODELS:
        model: LinearModel = getattr(classifier, name)
        arrays |= {f"{name}.weights": model.weights, f"{name}.intercepts": model.intercepts}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            member = io.BytesIO()
            np.save(member, np.ascontiguousarray(array, dtype=np.float64), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), member.getvalue(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def rebuilt(names: bytes, numbers: BinaryIO) -> TrainedClassifier:
    """The classifier, without an id. Raises ValueError, KeyError or TypeError when they do not belong together."""
    import numpy as np

    said = json.loads(names)
    if said["version"] != VERSION:
        raise ValueError(f"form {said['version']}, not {VERSION}")
    try:
        with np.load(numbers, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except zipfile.BadZipFile as fault:
        raise ValueError(str(fault)) from None
    terms = tuple(map(str, said["terms"]))
    return TrainedClassifier(
        id="",
        terms=TermWeights(terms=terms, idf=_shaped(arrays["idf"], (len(terms),))),
        intent=_model(said["intent"], arrays["intent.weights"], arrays["intent.intercepts"]),
        words=_model(said["words"], arrays["words.weights"], arrays["words.intercepts"]),
        category=_model(said["category"], arrays["category.weights"], arrays["category.intercepts"]),
    )


def _model(said: dict[str, object], weights: "Numbers", intercepts: "Numbers") -> LinearModel:
    classes, features = _strings(said["classes"]), _strings(said["features"])
    return LinearModel(
        classes=classes,
        features=features,
        weights=_shaped(weights, (len(classes), len(features))),
        intercepts=_shaped(intercepts, (len(classes),)),
        exclusive=bool(said["exclusive"]),
    )


def _strings(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("names are a list")
    return tuple(map(str, value))


def _shaped(array: "Numbers", shape: tuple[int, ...]) -> "Numbers":
    import numpy as np

    if array.dtype != np.float64 or array.shape != shape or not np.isfinite(array).all():
        raise ValueError("numbers that do not fit the names")
    return array
